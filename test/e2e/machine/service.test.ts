/** The service on a fresh Debian: started, hardened, killed, stopped dead, unable to run, and gone without a trace. */

import { existsSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canStartMachines, type Machine, startMachine } from '../../support/machine/machine.ts';
import { differences, type Snapshot } from '../../support/machine/snapshot.ts';

const ENGINE = '/opt/Holdpoint/resources/engine';
const HOLDPOINT = `${ENGINE}/node_modules/.bin/node ${ENGINE}/main/cli/holdpoint.ts`;
/** What Node is linked with, and a fresh Debian does not have: packages depend on it. */
const LIBRARY = '/usr/lib/x86_64-linux-gnu/libatomic.so.1';
const PROXY = 'http://127.0.0.1:18377';

describe.skipIf(!canStartMachines)('the service', () => {
  let machine: Machine;
  let before: Snapshot;

  beforeAll(async () => {
    const shows = { [ENGINE]: resolve(import.meta.dirname, '../../..'), ...(existsSync(LIBRARY) && { [LIBRARY]: realpathSync(LIBRARY) }) };
    machine = await startMachine({ shows });
    before = await machine.snapshot();
    await machine.must(`${HOLDPOINT} service install --yes`, { timeoutMs: 120_000 });
  });
  afterAll(() => machine?.stop());

  const property = async (name: string, unit = 'holdpoint') =>
    (await machine.must(`systemctl show --property ${name} --value ${unit}`)).trim();
  const pid = async () => Number(await property('MainPID'));
  const isActive = async (unit = 'holdpoint') => (await machine.run(`systemctl is-active ${unit}`)).out.trim();
  /** As an agent's library does: a connection that is refused is tried again. */
  const answered = async () =>
    (await machine.run(`curl --silent --retry 100 --retry-all-errors --retry-delay 0 --retry-max-time 60 ${PROXY}/`)).out;

  it('runs as a user of its own, with what it needs and nothing else', async () => {
    const { code, out } = await machine.run(`${HOLDPOINT} service status`);
    expect([code, out]).toEqual([0, expect.not.stringContaining('NO')]);
    expect(await property('UnitFileState')).toBe('enabled');
    const status = await machine.must(`cat /proc/${await pid()}/status`);
    // CAP_DAC_READ_SEARCH (2) and CAP_SYS_PTRACE (19), to see whose a connection is.
    expect(status).toMatch(/^CapEff:\s+0000000000080004$/m);
    expect(status).toMatch(/^CapBnd:\s+0000000000080004$/m);
    expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
    // With CAP_SYS_PTRACE each of these would be a way into other processes.
    const calls = (await property('SystemCallFilter')).split(' ');
    expect(calls).toContain('read');
    for (const call of ['ptrace', 'pidfd_getfd', 'process_vm_readv', 'process_vm_writev']) expect(calls).not.toContain(call);
    expect((await machine.must("stat -c '%U %a' /var/lib/holdpoint /run/holdpoint /run/holdpoint/ca.pem")).trim().split('\n')).toEqual([
      'holdpoint 700',
      'holdpoint 755',
      'holdpoint 644',
    ]);
    const exposure = Number(/exposure level for \S+: ([\d.]+)/.exec(await machine.must('systemd-analyze security holdpoint'))?.[1]);
    expect(exposure).toBeLessThan(3);
  });

  it('is there again at once when it is killed, and a program that tries again gets through', async () => {
    const killed = await pid();
    await machine.must(`kill -KILL ${killed}`);
    expect(await answered()).toContain('This port is a proxy');
    expect(await pid()).not.toBe(killed);
    expect(await property('NRestarts')).toBe('1');
  });

  it('is started anew when it runs and does nothing any more', async () => {
    await machine.must('mkdir /run/systemd/system/holdpoint.service.d');
    await machine.put('/run/systemd/system/holdpoint.service.d/watchdog.conf', '[Service]\nWatchdogSec=6\n');
    await machine.must('systemctl daemon-reload && systemctl restart holdpoint', { timeoutMs: 120_000 });
    const stopped = await pid();
    // It lives longer than it may without a sign of life.
    await expect
      .poll(async () => Number(await machine.must(`ps -o etimes= -p ${stopped}`)), { timeout: 60_000, interval: 500 })
      .toBeGreaterThan(8);
    expect(await pid()).toBe(stopped);
    await machine.must(`kill -STOP ${stopped}`);
    await expect.poll(pid, { timeout: 60_000, interval: 200 }).not.toBe(stopped);
    expect(await answered()).toContain('This port is a proxy');
    expect(await machine.must('journalctl --unit holdpoint')).toContain("Failed with result 'watchdog'");
    await machine.must('rm -r /run/systemd/system/holdpoint.service.d && systemctl daemon-reload');
  });

  it('has a stand-in when it cannot run, which makes way as soon as it can', async () => {
    await machine.must('cp -p /var/lib/holdpoint/device.key /root/device.key && echo damaged > /var/lib/holdpoint/device.key');
    await machine.must(`kill -KILL ${await pid()}`);
    await expect.poll(() => isActive('holdpoint-failsafe'), { timeout: 120_000, interval: 500 }).toBe('active');
    const refused = await machine.run(
      `curl --silent --verbose --retry 100 --retry-all-errors --retry-delay 0 --retry-max-time 60 --proxy ${PROXY} https://api.openai.com/`,
    );
    expect(refused.err).toContain('HTTP/1.1 503');
    const { code, out } = await machine.run(`${HOLDPOINT} service status`);
    expect([code, out]).toEqual([1, expect.stringContaining('the failsafe stands in for it')]);
    await expect.poll(async () => (await machine.run('stat -c %a /run/holdpoint/failsafe-state.json')).out.trim()).toBe('644');

    await machine.must('cp -p /root/device.key /var/lib/holdpoint/device.key && rm /root/device.key');
    expect(await property('NextElapseUSecMonotonic', 'holdpoint-retry.timer')).not.toBe('');
    // As the timer does within a minute.
    await machine.must('systemctl reset-failed holdpoint && systemctl start holdpoint', { timeoutMs: 120_000 });
    expect([await isActive(), await isActive('holdpoint-failsafe'), await isActive('holdpoint-retry.timer')]).toEqual([
      'active',
      'inactive',
      'inactive',
    ]);
  });

  it('has its stand-in at once where its configuration is refused, since trying again would change nothing', async () => {
    await machine.must('cp /etc/holdpoint/service.json /root/service.json');
    await machine.put('/etc/holdpoint/service.json', '{"proxy":{"port":18377},"approvals":{"timeoutSeconds":"soon"}}');
    await machine.run('systemctl restart holdpoint', { timeoutMs: 120_000 });
    await expect.poll(() => isActive('holdpoint-failsafe'), { timeout: 60_000 }).toBe('active');
    expect(await machine.must('journalctl --unit holdpoint')).toContain('approvals.timeoutSeconds');
    await machine.must('mv /root/service.json /etc/holdpoint/service.json');
    await machine.must('systemctl reset-failed holdpoint && systemctl start holdpoint', { timeoutMs: 120_000 });
  });

  it('goes without a trace but the log', async () => {
    await machine.must(`${HOLDPOINT} service remove --yes`, { timeoutMs: 120_000 });
    expect((await machine.run('getent passwd holdpoint')).code).toBe(2);
    expect((await machine.must('stat -c "%U %a" /var/lib/holdpoint')).trim()).toBe('root 700');
    await machine.must('rm -r /var/lib/holdpoint');
    expect((await machine.must('systemctl list-units --all --plain --no-legend "holdpoint*"')).trim()).toBe('');
    const left = differences(before, await machine.snapshot());
    expect(left).toEqual([]);
  });
});
