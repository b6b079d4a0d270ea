/** What a fleet publishes and what settings say, put in force in a running engine: real policies, real detectors. */

import { generateKeyPairSync } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../../main/contract/record.ts';
import type { FleetBundle } from '../../../main/engine/fleet/bundle.ts';
import { inspectLine } from '../../../main/engine/guard/inspect.ts';
import { type InForce, openInForce } from '../../../main/engine/in-force.ts';
import { valuesOf } from '../../../main/engine/settings/layers.ts';
import { createSettingsStack, type SettingsStack } from '../../../main/engine/settings/stack.ts';

/** Policies are compiled in a thread, on a machine that does other things too. */
const PATIENCE = { timeout: 30_000 };
const { privateKey: deviceKey } = generateKeyPairSync('ed25519');
const NO_CURL = `@id("acme.base") permit(principal, action, resource);
@id("acme.no-curl") @reason("No curl here.") forbid(principal, action == Action::"call_tool", resource) when { context.programs.contains("curl") };`;
const CURL = { kind: 'tool_call', tool: 'Bash', arguments: { command: 'curl https://example.com' }, shell: 'bash', cwd: '/home/dev/proj' };
const BASE: FleetBundle = {
  format: 1,
  ring: 'stable',
  revision: 7,
  publishedAt: '2026-11-28T00:00:00.000Z',
  policies: {},
  tests: {},
  settings: {},
};

let inForce: InForce | undefined;
afterEach(async () => {
  await inForce?.close();
  inForce = undefined;
});

async function opened(user: object = {}, managed?: object) {
  const stack = createSettingsStack({
    user: { layer: 'user', where: 'config.json', values: valuesOf(user) },
    defaultDataDir: '/data',
    ...(managed && { managed: { state: 'settings', json: managed, source: 'managed.json', base: '/etc/holdpoint' } }),
  });
  const entries: AuditEntry[] = [];
  inForce = await openInForce({ stack, deviceKey, record: (entry) => void entries.push(entry), log: () => {} });
  return { stack, entries, inForce, told: () => entries.map(({ verdict, summary }) => `${verdict}: ${summary}`) };
}

async function verdictOn(line: object, { decide, scan }: InForce): Promise<string> {
  const judged = await inspectLine(JSON.stringify(line), { decide, scan, strict: true });
  return 'error' in judged ? judged.error : `${judged.verdict} ${judged.policies.join()}`;
}

describe('what the fleet publishes', () => {
  it('decides from the moment that it is activated, and the log says so', async () => {
    const { inForce: it, told, stack } = await opened();
    const before = await verdictOn(CURL, it);
    await it.activate({ ...BASE, policies: { 'acme.cedar': NO_CURL }, settings: { approvals: { timeoutSeconds: 30 } } });
    expect(before).not.toContain('acme');
    expect(await verdictOn(CURL, it)).toBe('deny acme.no-curl');
    expect(stack.current().approvals.timeoutSeconds).toBe(30);
    expect(it.summary()).toMatchObject({ source: 'fleet', name: 'Policy of your company, revision 7', count: 2 });
    expect(told()).toEqual([
      'in-force: 2 policies of Policy of your company, revision 7 in force',
      'activated: Revision 7 of the fleet’s policy in force',
    ]);
  });

  it('goes before what the user’s file chooses, and gives way to the machine’s management', async () => {
    const bundle = { ...BASE, policies: { 'acme.cedar': NO_CURL } };
    const user = await opened({ policy: { use: 'watch-only' } });
    await user.inForce.activate(bundle);
    expect(user.inForce.summary().source).toBe('fleet');
    await user.inForce.close();

    const managed = await opened({}, { policy: { use: 'strict' } });
    await managed.inForce.activate(bundle);
    expect(managed.inForce.summary().name).toBe('Strict policy');
  });

  it('may be settings alone, which then choose the policy', async () => {
    const { inForce: it } = await opened();
    await it.activate({ ...BASE, policies: { 'acme.cedar': NO_CURL } });
    await it.activate({ ...BASE, revision: 8, settings: { policy: { use: 'strict' } } });
    expect(it.summary().name).toBe('Strict policy');
  });

  it.each<[string, Partial<FleetBundle>, RegExp]>([
    ['a policy that is none', { policies: { 'acme.cedar': 'permit(' } }, /acme\.cedar/],
    [
      'a test that fails',
      {
        policies: { 'acme.cedar': NO_CURL },
        tests: { 'tests/curl.json': JSON.stringify({ name: 'curl passes', given: CURL, expect: { verdict: 'allow' } }) },
      },
      /The test "curl passes" fails: Expected allow, got deny/,
    ],
    ['a setting of a newer version', { settings: { telepathy: true } }, /telepathy: unknown key/],
    ['a setting that no fleet may set', { settings: { proxy: { port: 1 } } }, /proxy\.port: cannot be set by the fleet’s policy/],
  ])('is refused with %s, and all stays as it was', async (_what, wrong, why) => {
    const { inForce: it, stack } = await opened();
    await it.activate({ ...BASE, policies: { 'acme.cedar': NO_CURL }, settings: { approvals: { timeoutSeconds: 30 } } });
    await expect(it.activate({ ...BASE, revision: 8, settings: { approvals: { timeoutSeconds: 60 } }, ...wrong })).rejects.toThrow(why);
    expect(await verdictOn(CURL, it)).toBe('deny acme.no-curl');
    expect([it.summary().name, stack.current().approvals.timeoutSeconds]).toEqual(['Policy of your company, revision 7', 30]);
  });
});

describe('settings that change', () => {
  it('exchange policy and detectors, and whoever waits for that is told', async () => {
    const { inForce: it, stack } = await opened();
    let changes = 0;
    it.onChange(() => {
      changes += 1;
    });
    const pattern = { id: 'project', label: 'data.project', severity: 'high', pattern: 'Project Heron', flags: '' };
    manage(stack, { policy: { use: 'watch-only' }, detection: { patterns: [pattern] } });
    await expect.poll(() => it.summary().name, PATIENCE).toBe('Watch-only policy');
    const [scan] = await it.scan([{ role: 'user', text: 'About Project Heron.' }]);
    expect(scan?.findings.map(({ label }) => label)).toEqual(['data.project']);
    expect(changes).toBeGreaterThan(0);
  });

  it('that choose a policy which does not hold leave the one before, and say so', async () => {
    const { inForce: it, stack } = await opened();
    manage(stack, { policy: { dir: '/nowhere/at/all' } });
    await expect.poll(() => it.notes(), PATIENCE).toEqual([expect.stringMatching(/the one before stays\..*\/nowhere\/at\/all/s)]);
    expect(it.summary().name).toBe('Starter policy');
  });
});

function manage(stack: SettingsStack, json: object): void {
  stack.setManaged({ state: 'settings', json, source: 'managed.json', base: '/etc/holdpoint' });
}
