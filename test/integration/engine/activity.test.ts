import { afterEach, describe, expect, it } from 'vitest';
import { anthropicTurn } from '../../../main/cli/demo/turns.ts';
import { ASK_ALL, type GuardProcess, startGuardProcess } from '../../support/guard-process.ts';
import { fetchThrough } from '../../support/proxied-fetch.ts';

let guard: GuardProcess;
afterEach(() => guard.stop());

const POLL = { timeout: 20_000 };

describe('what an engine tells of its log', { timeout: 60_000 }, () => {
  it('is the session that an agent has just had: what was asked, said, held and answered, counted and found again', async () => {
    guard = await startGuardProcess({
      policy: ASK_ALL,
      reply: () => anthropicTurn({ text: 'Tidying up.', calls: [{ id: 'toolu_1', tool: 'Bash', input: { command: 'rm -rf build' } }] }),
    });
    const control = await guard.control(true);
    control.on('questions', async (open) => {
      // A question that has just ended may still be told of.
      for (const { id, nonce, shown } of open)
        await control.call('answer', { id, nonce, shown, answer: { choice: 'allow', for: 'once' } }).catch(() => {});
    });
    const fetchIt = await fetchThrough(guard.ready);
    const messages = [{ role: 'user', content: '<system-reminder>Be brief.</system-reminder>Tidy up, please' }];
    const body = JSON.stringify({ model: 'claude-sonnet-4-5', stream: true, max_tokens: 10, messages });
    const headers = { 'content-type': 'application/json' };
    const answer = await fetchIt('https://api.anthropic.com/v1/messages', { method: 'POST', headers, body });
    expect(await answer.text()).toContain('rm -rf build');

    const newest = async () => (await control.call('sessions', { limit: 10 })).sessions.find(({ calls }) => calls > 0);
    await expect.poll(async () => (await newest())?.model, POLL).toBe('claude-sonnet-4-5');
    const session = await newest();
    expect(session).toMatchObject({ calls: 1, refused: 0, releasedByPerson: 1, opening: 'Tidy up, please' });
    const story = await control.call('session', { key: session!.key, limit: 100 });
    expect(story.records.map(({ record }) => record.kind).sort()).toEqual(['action', 'approval', 'exchange', 'hold', 'outcome', 'verdict']);
    expect(story.records.flatMap(({ said }) => said.map(({ role, text }) => [role, text]))).toContainEqual(['assistant', 'Tidying up.']);

    const { matches } = await control.call('search', { filter: { text: 'tidying', kind: 'exchange' }, limit: 10 });
    expect(matches).toMatchObject([{ record: { session: session!.key }, found: 'Tidying up.' }]);
    const filter = { end: 'released', agent: session!.agent! } as const;
    expect((await control.call('sessions', { filter, limit: 10 })).sessions).toMatchObject([{ key: session!.key, matches: 1 }]);
    expect(await control.call('filterChoices', {})).toMatchObject({ agents: expect.arrayContaining([session!.agent]) });
    expect(await control.call('recordProof', { seq: matches[0]!.record.seq })).toMatchObject({ body: 'kept', record: matches[0]!.record });

    const from = new Date(Date.parse(session!.from) - 3_600_000).toISOString();
    const to = new Date(Date.parse(session!.to) + 3_600_000).toISOString();
    const figures = await control.call('figures', { from, to, step: 'hour', offsetMinutes: 60 });
    expect(figures.steps.reduce((sum, { released }) => sum + released, 0)).toBe(1);
    expect(figures.waits).toMatchObject({ asked: 1, missed: 0, median: expect.any(Number) });
    expect(figures.models).toMatchObject([{ model: 'claude-sonnet-4-5', exchanges: 1 }]);
    await expect(control.call('recordProof', { seq: 10_000_000 })).rejects.toMatchObject({ code: 'not-found' });
  });
});
