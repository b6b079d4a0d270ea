/** The machine that the other tests here are made in: that it is one, that it tells what changed, and that nothing of it stays. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ran } from '../../../build/commands.ts';
import { canStartMachines, type Machine, startMachine } from '../../support/machine/machine.ts';
import { differences } from '../../support/machine/snapshot.ts';

describe.skipIf(!canStartMachines)('a fresh Debian', () => {
  let machine: Machine;
  beforeAll(async () => {
    machine = await startMachine();
    await machine.addUser('dev');
  });
  afterAll(() => machine?.stop());

  it('runs, with a system, a bus, a loopback and no other network', async () => {
    expect((await machine.run('systemctl is-system-running')).out.trim()).toBe('running');
    expect(await machine.must('ip -brief address')).toMatch(/^lo +UNKNOWN +127\.0\.0\.1\/8 ::1\/128 *\n$/);
    expect(await machine.must('. /etc/os-release && echo $ID $VERSION_CODENAME')).toBe('debian bookworm\n');
    expect((await machine.must('cat /etc/machine-id')).trim()).toMatch(/^[0-9a-f]{32}$/);
  });

  it('lets a person in by a console, a terminal window, their own services and a desktop', async () => {
    const asks = 'echo $(id -un) $HOME $(ps -o args= -p $PPID | head -c 40)';
    for (const comes of ['login', 'interactive', 'service', 'desktop'] as const) {
      const { code, out } = await machine.run(asks, { user: 'dev', comes, env: {} });
      expect([comes, code, out.split(' ').slice(0, 2)]).toEqual([comes, 0, ['dev', '/home/dev']]);
    }
    expect(await machine.must('systemctl --user is-system-running', { user: 'dev', comes: 'desktop' })).toBe('running\n');
    const interactive = await machine.must('echo $-; shopt -q login_shell || echo window', { user: 'dev', comes: 'interactive' });
    expect(interactive).toMatch(/i.*\nwindow\n$/);
  });

  it('hands over what it is given, and gives back what it has, to the byte', async () => {
    const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => (index * 7) % 256);
    await machine.put('/root/new/a file', bytes, '0600');
    expect(await machine.read('/root/new/a file')).toEqual(Buffer.from(bytes));
    expect((await machine.must("stat -c '%a %U' '/root/new/a file'")).trim()).toBe('600 root');
    await machine.must('rm -r /root/new');
  });

  it('ends a command that does not end', async () => {
    expect(await machine.run('sleep 1000', { timeoutMs: 100 })).toMatchObject({ code: null });
  });

  it('sees every change of a file, and none where none was made', async () => {
    const before = await machine.snapshot();
    expect(before.size).toBeGreaterThan(10_000);
    await machine.must('systemctl daemon-reload && touch /etc/hosts');
    expect(differences(before, await machine.snapshot())).toEqual([]);

    await machine.must(`
      chmod 0600 /etc/hosts
      chown dev /etc/debian_version
      rm /etc/issue
      echo more >> /etc/issue.net
      mkdir -p /opt/new && touch /opt/new/file
      ln -sfn /nowhere /etc/os-release
      setcap cap_net_admin+ep /bin/true 2>/dev/null || python3 -c 'import os; os.setxattr("/bin/true", "user.x", b"1")'
      cp -p /etc/fstab /etc/fstab.again && mv /etc/fstab.again /etc/fstab`);
    const seen = differences(before, await machine.snapshot()).map((line) => line.split(' (')[0]);
    expect(seen).toEqual([
      'changed: /etc/debian_version',
      'changed: /etc/hosts',
      'gone: /etc/issue',
      'changed: /etc/issue.net',
      'changed: /etc/os-release',
      'new: /opt/new',
      'new: /opt/new/file',
      'changed: /usr/bin/true',
    ]);
  });

  it('leaves nothing when it ends: no process, no mount, no folder, no control group', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'holdpoint-test-'));
    vi.stubEnv('TMPDIR', folder);
    const other = await startMachine({ name: 'gone' });
    vi.unstubAllEnvs();
    other.start('sleep 100000');
    const mine = async () => (await ran('pgrep', ['-f', 'machine=gone'])).out.trim().split('\n').filter(Boolean);
    const [group = ''] = await readdir(folder);
    const groups = async () => (await ran('find', ['/sys/fs/cgroup', '-maxdepth', '2', '-name', group])).out;
    expect(await mine()).not.toEqual([]);
    expect(await groups()).not.toBe('');
    await other.stop();
    expect(await mine()).toEqual([]);
    expect(await groups()).toBe('');
    expect(await readdir(folder)).toEqual([]);
    expect((await ran('cat', ['/proc/mounts'])).out).not.toContain(group);
    await rm(folder, { recursive: true });
  });

  it('ends with whoever started it, however that ended', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'holdpoint-test-'));
    const starter = join(import.meta.dirname, '../../support/machine/machine.ts');
    const script = `import { startMachine } from ${JSON.stringify(starter)}; await startMachine({ name: 'orphan' }); console.log('up');`;
    const owner = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, TMPDIR: folder },
    });
    await once(owner.stdout, 'data');
    const mine = async () => (await ran('pgrep', ['-f', 'machine=orphan'])).out.trim().split('\n').filter(Boolean);
    expect((await mine()).length).toBeGreaterThan(1);
    owner.kill('SIGKILL');
    await expect.poll(mine).toEqual([]);
    await rm(folder, { recursive: true });
  });
});
