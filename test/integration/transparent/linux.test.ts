import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../support/guard-process.ts';
import type { Seen } from './scenario.ts';

/** No listener and no redirection: the namespace's own kernel says no. */
const REFUSED_BY_KERNEL = 7;

let seen: Seen;
beforeAll(async () => {
  // Users other than root need a second user id in the namespace, which --map-auto takes from /etc/subuid.
  const rights = process.getuid?.() === 0 ? [] : ['--map-root-user', '--map-auto'];
  const scenario = join(import.meta.dirname, 'scenario.ts');
  const { code, stdout, stderr } = await run('unshare', [...rights, '--net', process.execPath, scenario], { timeout: 110_000 });
  expect(stderr).toBe('');
  expect(code).toBe(0);
  seen = JSON.parse(stdout) as Seen;
}, 120_000);

describe('transparent mode on Linux', () => {
  it('leads a user’s call to the guard, over IPv4 and IPv6, from a program that knows no proxy', () => {
    expect(seen.before.code).toBe(REFUSED_BY_KERNEL);
    for (const { code, stdout, stderr } of [seen.v4, seen.v6]) {
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(/I will clean.* up\./s);
      expect(stdout).not.toContain('/srv/kept');
    }
    expect(seen.records.stdout.match(/"kind":"outcome".*?"verdict":"refused"/g)).toHaveLength(2);
  });

  it('knows which program of which user it was, though that believes to speak with the provider itself', () => {
    const { records } = JSON.parse(seen.records.stdout) as { records: { kind: string; data: unknown }[] };
    const exchanges = records.filter(({ kind }) => kind === 'exchange');
    expect(exchanges).toHaveLength(2);
    for (const { data } of exchanges)
      expect(data).toMatchObject({ process: { user: 'nobody', executable: expect.stringMatching(/curl$/) } });
  });

  it('leaves other users and connections within this machine as they are', () => {
    expect(seen.ofOthers.code).toBe(REFUSED_BY_KERNEL);
    expect(seen.withinMachine.code).toBe(REFUSED_BY_KERNEL);
  });

  it('rejects HTTP/3, so that programs fall back', () => {
    expect(seen.http3.stderr).toMatch(/refused|not permitted|unreachable/i);
  });

  it('says every change before it makes it, and makes none unless told to', () => {
    expect(seen.unconfirmed.code).toBe(1);
    expect(seen.unconfirmed.stdout).toMatch(/TCP connections to port 443 of the user \d+ are led to 127\.0\.0\.1 or ::1, port \d+/);
    expect(seen.unconfirmed.stdout).toMatch(/Nothing was changed\. With --yes/);
    expect(seen.tablesUnconfirmed).toBe('');
    expect(seen.installed.stdout).toMatch(/^A table of its own, inet holdpoint, .*\nDone\./s);
  });

  it('refuses the user that the engine runs as, whose connections would come back to it', () => {
    expect(seen.ofEngineUser.code).toBe(2);
    expect(seen.ofEngineUser.stderr).toMatch(/The engine runs as user \d+ itself/);
  });

  it('can be installed again, with other users', () => {
    expect([seen.again.code, seen.again.stderr]).toEqual([0, '']);
    expect(seen.tables).toBe('table inet holdpoint\n');
    expect(seen.status).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Installed: .* of the users \d+, \d+ are led to port \d+\.$/m),
    });
  });

  it('tells when somebody changed its rules', () => {
    expect(seen.meddled).toMatchObject({ code: 1, stdout: expect.stringContaining('not as Holdpoint makes it') });
  });

  it('leaves nothing when it is removed', () => {
    expect(seen.removed).toMatchObject({ code: 0, stdout: expect.stringMatching(/is removed from .*\nDone\.$/m) });
    expect(seen.removedAgain).toMatchObject({ code: 0, stdout: 'There is nothing to remove.\n' });
    expect(seen.rulesAfter).toBe('');
    expect(seen.statusAfter).toMatchObject({ code: 1, stdout: 'Not installed: nobody’s connections are led to the engine.\n' });
    expect(seen.after.code).toBe(REFUSED_BY_KERNEL);
  });
});
