/** A fleet as a company has it: one repository, two rings, three laptops, one collector, and a network that comes and goes. */

import { afterEach, describe, expect, it } from 'vitest';
import { anthropicTurn } from '../../../main/cli/demo/turns.ts';
import { aRepository, type ServedRepository, type TestRepository } from '../../support/fleet-repository.ts';
import { type GuardProcess, startGuardProcess } from '../../support/guard-process.ts';
import { type OtlpReceiver, startOtlpReceiver, tallyOf } from '../../support/otlp-receiver.ts';
import { fetchThrough } from '../../support/proxied-fetch.ts';

const PERMIT = `@id("acme.requests") permit(principal, action == Action::"send_prompt", resource);
@id("acme.calls") permit(principal, action == Action::"call_tool", resource);\n`;
const NO_CALLS = `${PERMIT}@id("acme.frozen") @reason("Nothing runs today.") forbid(principal, action == Action::"call_tool", resource);\n`;
const ASK_ABOUT_CALLS = `${PERMIT}@id("acme.ask") @effect("ask") @reason("A person decides.") forbid(principal, action == Action::"call_tool", resource);\n`;
const CALL = { id: 'toolu_marker', tool: 'Bash', input: { command: 'ls marker' } };

const guards: GuardProcess[] = [];
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(guards.splice(0).map((guard) => guard.stop()));
  for (const close of closing.splice(0).reverse()) await close();
});

async function aFleet(): Promise<{ repository: TestRepository; server: ServedRepository; collector: OtlpReceiver }> {
  const repository = await aRepository();
  closing.push(async () => await repository[Symbol.asyncDispose]());
  const server = await repository.serve();
  const collector = await startOtlpReceiver();
  closing.push(() => collector.close());
  return { repository, server, collector };
}

async function laptop(ring: string, { root }: TestRepository, { url }: ServedRepository, collector: OtlpReceiver): Promise<GuardProcess> {
  const guard = await startGuardProcess({
    reply: () => anthropicTurn({ text: 'Listing.', calls: [CALL] }),
    config: {
      fleet: { url, root, ring, enrolmentToken: 'token-of-ours', intervalSeconds: 3600 },
      audit: { upload: { url: collector.url, batchSeconds: 0.05, headers: { authorization: 'Bearer collector-key' } } },
    },
  });
  guards.push(guard);
  return guard;
}

/** Whether a model's call reaches the agent. */
async function isReleased(guard: GuardProcess): Promise<boolean> {
  const answer = await (await fetchThrough(guard.ready))('https://api.anthropic.com/v1/messages', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'claude-sonnet-4-5', stream: true, max_tokens: 10, messages: [{ role: 'user', content: 'go' }] }),
  });
  return (await answer.text()).includes('toolu_marker');
}

const synced = async (guard: GuardProcess) => JSON.parse((await guard.cli('sync', '--json')).stdout).fleet as { [key: string]: unknown };
const status = async (guard: GuardProcess) => JSON.parse((await guard.cli('status', '--json')).stdout);

describe('a fleet', { timeout: 180_000 }, () => {
  it('follows what is published for each ring, keeps it while the network is gone, and its trail has every record', async () => {
    const { repository, server, collector } = await aFleet();
    await repository.publish({ ring: 'stable', policies: { 'acme.cedar': PERMIT }, settings: { contact: 'it@example.com' } });
    await repository.publish({ ring: 'canary', policies: { 'acme.cedar': PERMIT } });
    const [one, two, canary] = await Promise.all(['stable', 'stable', 'canary'].map((ring) => laptop(ring, repository, server, collector)));
    if (!one || !two || !canary) throw new Error('a laptop is missing');
    const all = [one, two, canary];

    // Everybody has what is published, and calls are let through.
    expect((await Promise.all(all.map(synced))).map(({ revision, state }) => [revision, state])).toEqual([
      [1, 'current'],
      [1, 'current'],
      [2, 'current'],
    ]);
    expect(await Promise.all(all.map(isReleased))).toEqual([true, true, true]);
    expect((await status(one)).policy).toMatchObject({ source: 'fleet', name: 'Policy of your company, revision 1' });

    // First the canary.
    await repository.publish({ ring: 'canary', policies: { 'acme.cedar': NO_CALLS } });
    await Promise.all(all.map(synced));
    expect(await Promise.all(all.map(isReleased))).toEqual([true, true, false]);

    // The network goes, both of it; one laptop is started anew meanwhile.
    await repository.publish({ ring: 'stable', policies: { 'acme.cedar': NO_CALLS } });
    await server.close();
    collector.answer({ kind: 'refuse', status: 503 });
    const lost = await synced(one);
    expect(lost).toMatchObject({ revision: 1, state: 'offline', problem: expect.stringContaining('127.0.0.1') });
    expect((await status(one)).notes.join()).toContain(String(lost.problem));
    await canary.kill();
    await canary.restart();
    expect((await status(canary)).fleet).toMatchObject({ revision: 3 });
    expect(await Promise.all(all.map(isReleased))).toEqual([true, true, false]);

    // It comes back.
    await repository.serve(server.port);
    collector.answer({ kind: 'accept' });
    await Promise.all(all.map(synced));
    expect(await Promise.all(all.map(isReleased))).toEqual([false, false, false]);
    expect((await one.cli('settings', 'explain', 'contact', '--json')).stdout).toContain('null');

    // Every record of every laptop is at the collector, under its device's own name.
    await Promise.all(all.map((guard) => guard.end()));
    await Promise.all(all.map((guard) => guard.restart()));
    const counts = async () => Promise.all(all.map(async (guard) => (await status(guard)).audit.records as number));
    const sum = async () => (await counts()).reduce((one, other) => one + other, 0);
    await expect
      .poll(
        async () => {
          const { records, passed } = tallyOf(collector.kept);
          return [passed, (await sum()) - records];
        },
        { timeout: 60_000 },
      )
      .toEqual([0, 0]);
    const devices = new Set(collector.kept.map(({ resource }) => resource['device.id']));
    const known = await Promise.all(all.map(async (guard) => (await status(guard)).fleet.device as string));
    expect(devices).toEqual(new Set(known));
    const wire = JSON.stringify(collector.kept);
    expect(wire).not.toContain('token-of-ours');
    expect(wire).not.toContain('ls marker');
    const told = (verdict: string) =>
      collector.kept
        .filter(({ attributes }) => attributes['holdpoint.record.kind'] === 'fleet' && attributes['holdpoint.verdict'] === verdict)
        .map(({ attributes }) => JSON.parse(String(attributes['holdpoint.data'])));
    expect(told('enrolled')).toHaveLength(3);
    expect(told('enrolled')[0]).toMatchObject({ publicKey: expect.stringMatching(/=$/), proof: expect.stringMatching(/^[0-9a-f]{64}$/) });
    const reports = told('status');
    expect(reports.map(({ policy }) => policy.revision)).toContain(4);
    expect(reports.at(-1)).toMatchObject({ versions: { node: expect.any(String) }, health: { writable: true }, agents: { total: 1 } });
    const verdicts = collector.kept.filter(({ attributes }) => attributes['holdpoint.record.kind'] === 'fleet');
    expect(new Set(verdicts.map(({ attributes }) => attributes['holdpoint.verdict']))).toEqual(
      new Set(['enrolled', 'accepted', 'unreachable', 'status']),
    );
  });

  it('decides what is held already by a policy that comes meanwhile, and no connection is dropped', async () => {
    const { repository, server, collector } = await aFleet();
    await repository.publish({ policies: { 'acme.cedar': ASK_ABOUT_CALLS } });
    const guard = await laptop('stable', repository, server, collector);
    await synced(guard);
    const person = await guard.control(true);
    const released = isReleased(guard);
    await expect.poll(() => person.call('questions', {})).toHaveLength(1);
    await repository.publish({ policies: { 'acme.cedar': NO_CALLS } });
    await synced(guard);
    expect(await released).toBe(false);
    expect(await person.call('questions', {})).toEqual([]);
    expect((await guard.cli('audit', 'search', 'Nothing runs today')).stdout).toContain('Refused: Nothing runs today.');
    const failed = (await person.call('records', { limit: 100 })).filter(
      ({ verdict }) => verdict === 'client-gone' || verdict === 'upstream-failed',
    );
    expect(failed).toEqual([]);
  });
});
