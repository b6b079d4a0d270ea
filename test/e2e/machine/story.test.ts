/**
 * The whole story on a fresh Debian: IT installs the package, people go on as before, their agents are held, they answer, and when the
 * package is purged the machine is as it was. Nobody types anything of ours, and nothing of the machine is set for it.
 */

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Desktop, startDesktop } from '../../support/machine/desktop.ts';
import { LATER_VERSION, type Laptop, startLaptop } from '../../support/machine/laptop.ts';
import { canStartMachines, type Machine } from '../../support/machine/machine.ts';
import { differences, type Snapshot } from '../../support/machine/snapshot.ts';
import { DONE, please } from '../../support/model.ts';

const PICTURES = join(import.meta.dirname, '../../../test-results');

interface Listed {
  readonly id: string;
  readonly agent: string;
  readonly summary: string;
}

describe.skipIf(!canStartMachines)('on a fresh Debian', () => {
  let laptop: Laptop;
  let machine: Machine;
  let before: Snapshot;
  let desktop: Desktop;

  beforeAll(async () => {
    laptop = await startLaptop({ later: true });
    ({ machine } = laptop);
    before = await machine.snapshot();
  });
  afterAll(() => laptop?.stop());

  const questions = async (user?: string) => {
    const listed = await machine.must('holdpoint approvals list --json', { ...(user !== undefined && { user }) });
    return (JSON.parse(listed) as { approvals: Listed[] }).approvals;
  };
  const asked = async (user: string) => {
    await expect.poll(() => questions(user), { timeout: 60_000 }).toHaveLength(1);
    const [question] = await questions(user);
    return question!;
  };
  /** What is typed in the popup's first moment counts for nothing, so it is typed until it counts. */
  const press = async (...keys: string[]) => {
    await expect
      .poll(
        async () => {
          await desktop.keys('ctrl+alt+Return');
          await desktop.keys(...keys);
          return questions('dev');
        },
        { timeout: 30_000, interval: 500 },
      )
      .toEqual([]);
  };
  const precious = async () => machine.must('mkdir -p ~/precious && echo mine > ~/precious/file', { user: 'dev' });
  const isThere = async (path: string) => (await machine.run(`test -e ${path}`)).code === 0;
  const mainPid = async () => (await machine.must('systemctl show --property MainPID --value holdpoint')).trim();

  it('is installed by apt with no network and no question, and serves as a user of its own', async () => {
    const { code, out, err } = await laptop.apt(`install ${laptop.deb}`);
    expect(code, `${out}\n${err}`).toBe(0);
    expect((await machine.must('systemctl is-active holdpoint && systemctl is-enabled holdpoint')).trim()).toBe('active\nenabled');
    expect((await machine.must(`ps -o user= -p ${await mainPid()}`)).trim()).toBe('holdpoint');
    expect(await machine.must("stat -c '%A %U %n' /var/lib/holdpoint /run/holdpoint /run/holdpoint/control.sock")).toBe(
      'drwx------ holdpoint /var/lib/holdpoint\ndrwxr-xr-x holdpoint /run/holdpoint\nsrw-rw-rw- holdpoint /run/holdpoint/control.sock\n',
    );
    expect(await machine.run('ls /var/lib/holdpoint', { user: 'dev' })).toMatchObject({ code: 2 });
  });

  it('has units that systemd finds nothing wrong with, and little that they could do', async () => {
    const units = ['holdpoint.service', 'holdpoint-failsafe.service'];
    expect(await machine.run(`systemd-analyze verify ${units.join(' ')}`)).toMatchObject({ code: 0, err: '' });
    for (const unit of units) {
      const { out } = await machine.run(`systemd-analyze security --no-pager ${unit}`);
      expect(Number(/exposure level for \S+: ([\d.]+)/.exec(out)?.[1])).toBeLessThanOrEqual(3);
    }
  });

  it('leads programs to it however a person comes in, and leaves other sites alone', async () => {
    for (const comes of ['login', 'interactive', 'service', 'desktop'] as const) {
      const proxy = (await machine.run('echo "$HTTPS_PROXY"', { user: 'dev', comes })).out.trim();
      expect([comes, proxy]).toEqual([comes, 'http://127.0.0.1:18377']);
    }
    const issuer = `curl -sSv https://api.anthropic.com/ 2>&1 | grep -o 'issuer: .*'`;
    expect(await machine.must(issuer, { user: 'dev' })).toContain('CN=Holdpoint on laptop');
    expect(await machine.must(`${issuer.replace('api.anthropic.com', 'outside.example')}`, { user: 'dev' })).toContain('Everybody');
  });

  it('is found in order by the doctor, as the person asks it', async () => {
    expect(await machine.must('holdpoint doctor', { user: 'dev' })).toContain('Nothing is wrong.');
  });

  it('starts the app with the person’s session, in its sandbox, at the machine’s service', async () => {
    desktop = await startDesktop(machine, 'dev');
    await expect
      .poll(() => machine.must('holdpoint status', { user: 'dev' }), { timeout: 60_000, interval: 500 })
      .toContain('somebody is asked');
    const bounds = await machine.must(
      `for pid in $(pgrep -u dev -f -- --type=renderer); do grep -hE '^(CapEff|Seccomp):' /proc/$pid/status 2>/dev/null; done; true`,
    );
    expect(new Set(bounds.trim().split('\n'))).toEqual(new Set(['CapEff:\t0000000000000000', 'Seccomp:\t2']));
    expect(await machine.must('ps -u dev -o args=')).not.toMatch(/holdpoint.* --no-sandbox/);
    // The service's engine is the only one.
    expect((await machine.must("pgrep -fc '[h]oldpoint.js engine'")).trim()).toBe('1');
  });

  it('holds what Claude Code was told, asks its person and nobody else, and a no has no effect', async () => {
    await precious();
    const running = laptop.claude('dev', please('rm -rf ~/precious'));
    const { agent, summary } = await asked('dev');
    expect({ agent, summary }).toEqual({ agent: 'Claude Code', summary: expect.stringContaining('rm -rf ~/precious') });
    expect(await questions('other')).toEqual([]);
    expect(await questions()).toHaveLength(1);
    await expect.poll(() => desktop.titles()).toContain('Holdpoint asks');
    await desktop.picture(join(PICTURES, 'machine-popup.png'));
    await press('Return');
    const { code, out } = await running;
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('Holdpoint refused this Bash call') });
    expect(await isThere('/home/dev/precious/file')).toBe(true);
  });

  it('lets it happen when its person says yes', async () => {
    await precious();
    const running = laptop.claude('dev', please('rm -rf ~/precious'), { comes: 'interactive' });
    await asked('dev');
    await press('ctrl+Return');
    expect(await running).toMatchObject({ code: 0, out: expect.stringContaining(DONE) });
    expect(await isThere('/home/dev/precious')).toBe(false);
  });

  it('asks nobody else where the person is not there', async () => {
    await machine.must('mkdir -p ~/precious', { user: 'other' });
    const { out } = await laptop.claude('other', please('rm -rf ~/precious'));
    expect(out).toContain('Nobody was there to be asked');
    expect(await isThere('/home/other/precious')).toBe(true);
    expect(await machine.must('holdpoint approvals list', { user: 'dev' })).not.toContain('rm -rf');
    expect(await machine.must('holdpoint approvals list', { user: 'other' })).toContain('rm -rf');
  });

  it('comes back when its engine is killed, and the agent’s own retry succeeds', async () => {
    const killed = await mainPid();
    await machine.must('systemctl kill --signal=KILL holdpoint');
    expect(await laptop.claude('dev', please('echo again'))).toMatchObject({ code: 0, out: expect.stringContaining(DONE) });
    expect(await mainPid()).not.toBe(killed);
    await expect
      .poll(() => machine.must('holdpoint status', { user: 'dev' }), { timeout: 60_000, interval: 500 })
      .toContain('somebody is asked');
  });

  it('keeps authority and log over an upgrade in place, and proves the log whole', async () => {
    const kept = async () =>
      machine.must('sha256sum /run/holdpoint/ca.pem /usr/local/share/ca-certificates/holdpoint.crt /etc/holdpoint/service.json');
    const records = async () => Number(/(\d+) records/.exec(await machine.must('holdpoint audit verify'))?.[1]);
    const [had, then, ran] = [await kept(), await records(), await mainPid()];
    const { code, out, err } = await laptop.apt(`install ${laptop.laterDeb}`);
    expect(code, `${out}\n${err}`).toBe(0);
    expect(await machine.must('dpkg --status holdpoint')).toContain(`\nVersion: ${LATER_VERSION}\n`);
    expect(await mainPid()).not.toBe(ran);
    expect(await kept()).toBe(had);
    expect(await records()).toBeGreaterThan(then);
    expect(await laptop.claude('dev', please('echo still'))).toMatchObject({ code: 0, out: expect.stringContaining(DONE) });
  });

  it('is purged while an agent waits: the agent is told, and of all the rest nothing is left', async () => {
    await precious();
    const running = laptop.claude('dev', please('rm -rf ~/precious'));
    await asked('dev');
    const { code, out, err } = await laptop.apt('purge holdpoint');
    expect(code, `${out}\n${err}`).toBe(0);
    expect(await running).toMatchObject({ code: 0, out: expect.stringContaining('The question was withdrawn') });
    expect(await isThere('/home/dev/precious/file')).toBe(true);

    // systemd's own clock service, which the doctor has asked, would go by itself in half a minute, and its folder for temporary files with it.
    await machine.must('systemctl stop systemd-timedated');
    // What people's own programs wrote into their homes is theirs.
    const changed = differences(before, await machine.snapshot()).filter((line) => !/^\w+: \/home\//.test(line));
    expect(changed).toEqual([]);
    await expect.poll(async () => (await machine.run('pgrep -fa "[h]oldpoint"')).out).toBe('');
    expect(
      await machine.must('systemctl list-units --all --no-legend "holdpoint*"; getent passwd holdpoint || getent group holdpoint || true'),
    ).toBe('');
    expect(await machine.must('nft list ruleset')).toBe('');
    expect(await machine.must('ls /run')).not.toContain('holdpoint');
    const { out: direct } = await machine.run('curl -sSv https://api.anthropic.com/ 2>&1 | grep -o "issuer: .*"', { user: 'other' });
    expect(direct).toContain('Everybody');
  });
});
