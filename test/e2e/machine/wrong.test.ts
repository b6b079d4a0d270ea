/** What goes wrong on a machine that the package is installed on: told clearly, nothing half-done, and what was there before is back. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { providerAuthority } from '../../support/guard-process.ts';
import { type Laptop, startLaptop } from '../../support/machine/laptop.ts';
import { canStartMachines, type Machine } from '../../support/machine/machine.ts';
import { differences, type Snapshot } from '../../support/machine/snapshot.ts';

describe.skipIf(!canStartMachines)('on a machine where something is wrong', () => {
  let laptop: Laptop;
  let machine: Machine;

  beforeEach(async () => {
    laptop = await startLaptop();
    ({ machine } = laptop);
  });
  afterEach(() => laptop?.stop());

  const done = async (words: string) => {
    const { code, out, err } = await laptop.apt(words);
    expect(code, `${out}\n${err}`).toBe(0);
  };
  const since = async (before: Snapshot) => differences(before, await machine.snapshot());
  const proxyOf = async (user: string) => (await machine.must('echo "$HTTPS_PROXY"', { user })).trim();

  it('takes another port where its own is taken, trusts no older authority of its own, and knows the company’s proxy', async () => {
    const holder = machine.start(
      `python3 -c 'import socket, time; s = socket.socket(); s.bind(("127.0.0.1", 18377)); s.listen(); print("bound", flush=True); time.sleep(10000)'`,
    );
    await new Promise((resolve) => holder.stdout?.once('data', resolve));
    const old = '/usr/local/share/ca-certificates/holdpoint-old.crt';
    const folder = await mkdtemp(join(tmpdir(), 'holdpoint-test-'));
    const { certificatePem } = await providerAuthority(join(folder, 'old'));
    await rm(folder, { recursive: true });
    await machine.put(old, certificatePem);
    await machine.must('update-ca-certificates');
    await machine.must(`echo 'https_proxy="http://203.0.113.10:8080"' >> /etc/environment`);
    const before = await machine.snapshot();

    await done(`install ${laptop.deb}`);
    expect(await proxyOf('dev')).toBe('http://127.0.0.1:18378');
    expect(await machine.run(`test -e ${old}`)).toMatchObject({ code: 1 });
    expect(await machine.must('holdpoint status')).toContain('http://127.0.0.1:18378');

    await done('purge holdpoint');
    // An authority of ours whose key is gone is no use to anybody: it is the one thing that does not come back.
    expect((await since(before)).filter((line) => !line.includes('holdpoint-old') && !line.includes('/etc/ssl/certs/'))).toEqual([]);
    expect(await machine.must('cat /etc/environment')).toContain('203.0.113.10:8080');
  });

  it('says what is wrong where the disk is full, leaves the machine as it was, and goes on when there is room', async () => {
    const before = await machine.snapshot();
    await machine.must('mkdir -p /var/lib/holdpoint && mount -t tmpfs -o size=16k full /var/lib/holdpoint');
    await machine.run('head -c 1M /dev/zero > /var/lib/holdpoint/filler');
    const { code, out, err } = await laptop.apt(`install ${laptop.deb}`);
    expect(code).not.toBe(0);
    expect(`${out}${err}`).toMatch(/could not be set up/);
    expect(await proxyOf('dev')).toBe('');
    expect(await machine.run('test -e /usr/local/share/ca-certificates/holdpoint.crt')).toMatchObject({ code: 1 });

    await machine.must('umount /var/lib/holdpoint');
    expect(await machine.run('dpkg --configure --pending', { timeoutMs: 120_000 })).toMatchObject({ code: 0 });
    expect(await proxyOf('dev')).toBe('http://127.0.0.1:18377');
    await done('purge holdpoint');
    expect(await since(before)).toEqual([]);
  });

  it('is finished by dpkg where it was killed half-way', async () => {
    const before = await machine.snapshot();
    const installing = laptop.apt(`install ${laptop.deb}`);
    await expect
      .poll(() => machine.run('test -e /etc/holdpoint/installed.json'), { timeout: 60_000, interval: 20 })
      .toMatchObject({ code: 0 });
    await machine.must(
      'pkill -KILL apt-get; pkill -KILL dpkg; pkill -KILL -f "[h]oldpoint.postinst"; pkill -KILL -f "[h]oldpoint.js install"; true',
    );
    await installing;
    await machine.run('dpkg --configure -a', { timeoutMs: 120_000 });
    expect(await machine.must('dpkg --status holdpoint')).toContain('Status: install ok installed');
    expect(await proxyOf('dev')).toBe('http://127.0.0.1:18377');
    expect(await machine.must('holdpoint status', { user: 'dev' })).toContain('is protecting');
    await done('purge holdpoint');
    expect(await since(before)).toEqual([]);
  });

  it('leaves what an administrator has changed by hand, and says so', async () => {
    const before = await machine.snapshot();
    await done(`install ${laptop.deb}`);
    await machine.must(`echo 'export OURS=1' >> /etc/profile.d/zz-holdpoint.sh; echo '# a line of ours' >> /etc/bash.bashrc`);
    const { code, out, err } = await laptop.apt('purge holdpoint');
    expect(code, `${out}\n${err}`).toBe(0);
    expect(`${out}${err}`).toContain('/etc/profile.d/zz-holdpoint.sh was changed by somebody else and stays as it is.');
    expect((await since(before)).map((line) => line.split(' (')[0])).toEqual([
      'changed: /etc/bash.bashrc',
      'new: /etc/profile.d/zz-holdpoint.sh',
    ]);
    expect(await machine.must('tail -n 1 /etc/bash.bashrc')).toBe('# a line of ours\n');
    expect(await machine.must('cat /etc/bash.bashrc')).not.toContain('zz-holdpoint');
  });

  it('does nothing for who has no rights', async () => {
    await done(`install ${laptop.deb}`);
    const before = await machine.snapshot();
    for (const command of ['holdpoint uninstall --yes', 'holdpoint install --yes', 'holdpoint service remove --yes']) {
      const { code, err, out } = await machine.run(command, { user: 'dev' });
      expect([command, code === 0, `${out}${err}` !== '']).toEqual([command, false, true]);
    }
    // The service goes on meanwhile, and writes its log.
    expect((await since(before)).filter((line) => !line.includes(' /var/lib/holdpoint/'))).toEqual([]);
  });
});
