import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Json } from '../../../../main/contract/record.ts';
import { dayOf } from '../../../../main/engine/limits/ledger.ts';
import { HOUR, limitsWith, NOON, originOf, prompt } from './support.ts';

afterEach(() => void vi.unstubAllEnvs());

const REQUESTS = { budgets: [{ name: 'Interns', requests: 3 }] };
const TOKENS = { budgets: [{ name: 'Interns', tokens: 1000 }] };
const pastOf = (counted: Json, at: number) => ({ at: new Date(at).toISOString(), data: { counted } });

describe('a budget', () => {
  it('is used up by so many requests: the refusal says which, how much, until when, and whom to ask', async () => {
    const { exchange, decide } = limitsWith(REQUESTS);
    for (let count = 0; count < 3; count += 1) expect(await exchange()).toMatchObject({ verdict: 'allow' });
    expect(await decide(prompt())).toMatchObject({
      verdict: 'deny',
      reason: 'Today’s budget “Interns” of 3 model calls is used up. It starts anew at midnight.',
      policies: [{ id: 'limits.budget', contact: '#help' }],
    });
  });

  it('counts tokens as the provider tells them', async () => {
    const { exchange } = limitsWith(TOKENS);
    for (let count = 0; count < 10; count += 1) expect(await exchange()).toMatchObject({ verdict: 'allow', counted: { tokens: 100 } });
    expect(await exchange()).toMatchObject({ verdict: 'deny', reason: expect.stringContaining('1,000 tokens'), counted: null });
  });

  it('counts money in millionths of a dollar, and tells of models without a price', async () => {
    const { exchange, limits } = limitsWith({ budgets: [{ name: 'Money', costUsd: 0.001 }] });
    // 60 × 3 + 40 × 15
    expect(await exchange()).toMatchObject({ counted: { costMicroUsd: 780 } });
    expect(await exchange(originOf({ model: 'house-model' }))).toMatchObject({ counted: { costMicroUsd: null } });
    expect(limits.notes()).toContain('One model call of today cost nothing in budgets, for want of a price: house-model. Set prices.');
    expect(await exchange()).toMatchObject({ verdict: 'allow' });
    expect(await exchange()).toMatchObject({ verdict: 'deny', reason: expect.stringContaining('US$ 0.001') });
  });

  it('is one for each user, and only for the models and agents that it names', async () => {
    const { exchange } = limitsWith({ budgets: [{ name: 'Opus', per: 'user', model: '*opus*', requests: 1 }] });
    const opus = (user: string) => originOf({ model: 'claude-opus-4-5', user });
    expect(await exchange(opus('ana'))).toMatchObject({ verdict: 'allow' });
    expect(await exchange(opus('ana'))).toMatchObject({ verdict: 'deny', reason: expect.stringContaining('for ana') });
    expect(await exchange(opus('ben'))).toMatchObject({ verdict: 'allow' });
    expect(await exchange()).toMatchObject({ verdict: 'allow' });
  });

  it('counts what an agent’s own programs ask for as the agent’s', async () => {
    const { exchange } = limitsWith({ budgets: [{ name: 'Claude', agent: 'Claude Code', requests: 1 }] });
    await exchange(originOf({ agent: { name: 'curl', startedBy: 'Claude Code' } }));
    expect(await exchange()).toMatchObject({ verdict: 'deny' });
  });

  it('warns once a day, for each of whom it is counted', async () => {
    const { exchange, entries, limits, pass } = limitsWith({ budgets: [{ name: 'Ten', per: 'user', requests: 10, warnAt: 0.2 }] });
    for (const user of ['ana', 'ana', 'ana', 'ben', 'ben']) await exchange(originOf({ user }));
    expect(entries.map(({ verdict, data }) => `${verdict} ${data.subject}`)).toEqual(['budget-warning ana', 'budget-warning ben']);
    expect(limits.notes()[0]).toBe('Today’s budget “Ten” for ana of 10 model calls is 30 % used.');
    expect(limits.notes('ben')).toEqual(['Today’s budget “Ten” for ben of 10 model calls is 20 % used.']);
    pass(24 * HOUR);
    expect(limits.notes()).toEqual([]);
    for (const user of ['ana', 'ana']) await exchange(originOf({ user }));
    expect(entries).toHaveLength(3);
  });
});

describe('what is counted', () => {
  it.each<[string, object, Json]>([
    ['nothing told: an estimate by length', { usage: undefined, asked: 400, written: 40 }, { tokens: 110, estimated: true }],
    ['a stream that was broken off: what came of it', { how: 'client-gone', written: 4000 }, { tokens: 1060, estimated: true }],
    ['an answer of an open socket', { status: 101 }, { tokens: 100, estimated: false }],
    ['an agent that went away before the answer', { status: 0, usage: undefined, how: 'client-gone' }, { tokens: 28, estimated: true }],
  ])('%s', async (_what, answer, counted) => {
    expect(await limitsWith({}).exchange(originOf(), answer)).toMatchObject({ counted });
  });

  it.each<[string, object]>([
    ['a request that the provider refuses', { status: 429, usage: undefined }],
    ['a request that did not reach the provider', { status: 502, usage: undefined, how: 'upstream-failed' }],
    ['a request that only counts tokens', { asked: undefined }],
  ])('nothing of %s', async (_what, answer) => {
    const { exchange } = limitsWith({ budgets: [{ name: 'One', requests: 1 }] });
    for (let count = 0; count < 3; count += 1)
      expect(await exchange(originOf(), answer)).toMatchObject({ verdict: 'allow', counted: null });
  });
});

describe('requests at the same time', () => {
  it('cannot have more than a budget of requests has room for', async () => {
    const { decide } = limitsWith(REQUESTS);
    const verdicts = await Promise.all(Array.from({ length: 50 }, () => decide(prompt())));
    expect(verdicts.filter(({ verdict }) => verdict === 'allow')).toHaveLength(3);
  });

  it('have room taken for what they are likely to use, which is given back at their end', async () => {
    const { decide, limits } = limitsWith({ budgets: [{ name: 'Tokens', tokens: 10_000 }] });
    const origins = Array.from({ length: 50 }, () => originOf());
    const verdicts = await Promise.all(origins.map((origin) => decide(prompt(origin, 'x'.repeat(4000)))));
    // 1,000 tokens of input and a guess of 1,000 for the answer, each.
    expect(verdicts.filter(({ verdict }) => verdict === 'allow')).toHaveLength(5);
    for (const origin of origins) limits.unsent(origin.exchange);
    expect(await decide(prompt())).toMatchObject({ verdict: 'allow' });
  });

  it('take no room where policy refuses them', async () => {
    const { decide, state } = limitsWith({ budgets: [{ name: 'One', requests: 1 }] });
    state.decision = { ...state.decision, verdict: 'deny' };
    await decide(prompt());
    state.decision = { ...state.decision, verdict: 'allow' };
    expect(await decide(prompt())).toMatchObject({ verdict: 'allow' });
  });
});

describe('a day', () => {
  it('ends at midnight by local time', async () => {
    const { exchange, pass } = limitsWith({ budgets: [{ name: 'One', requests: 1 }] });
    await exchange();
    pass(11.9 * HOUR);
    expect(await exchange()).toMatchObject({ verdict: 'deny' });
    pass(0.2 * HOUR);
    expect(await exchange()).toMatchObject({ verdict: 'allow' });
  });

  it.each([
    ['the first half hour of a day of 25 hours', Date.UTC(2026, 9, 24, 22, 30), '2026-10-25'],
    ['its last half hour', Date.UTC(2026, 9, 25, 22, 30), '2026-10-25'],
    ['the day after', Date.UTC(2026, 9, 25, 23, 0), '2026-10-26'],
    ['the last half hour of a day of 23 hours', Date.UTC(2026, 2, 29, 21, 30), '2026-03-29'],
    ['the day after that', Date.UTC(2026, 2, 29, 22, 0), '2026-03-30'],
  ])('is the calendar’s: %s', (_what, time, day) => {
    vi.stubEnv('TZ', 'Europe/Berlin');
    expect(dayOf(time)).toBe(day);
  });

  it('has one budget, whichever way the clock is set', async () => {
    const { exchange, state } = limitsWith({ budgets: [{ name: 'One', requests: 1 }] });
    await exchange();
    state.now = NOON - 2 * HOUR;
    expect(await exchange()).toMatchObject({ verdict: 'deny' });
    state.now = NOON + 24 * HOUR;
    expect(await exchange()).toMatchObject({ verdict: 'allow' });
    state.now = NOON;
    expect(await exchange()).toMatchObject({ verdict: 'deny' });
    state.now = NOON + 25 * HOUR;
    expect(await exchange()).toMatchObject({ verdict: 'deny' });
  });
});

it('another engine goes on from what the records say, and does not warn again', async () => {
  const { exchange, start, decide, entries } = limitsWith({ budgets: [{ name: 'Two', per: 'user', requests: 2, warnAt: 0.5 }] });
  const { counted } = await exchange();
  expect(entries).toHaveLength(1);
  const next = start();
  next.recall([pastOf(counted, NOON - 24 * HOUR), pastOf(counted, NOON), pastOf(null, NOON), pastOf({ tokens: -5 }, NOON)]);
  expect(await decide(prompt(), undefined, next)).toMatchObject({ verdict: 'allow' });
  expect(await decide(prompt(), undefined, next)).toMatchObject({ verdict: 'deny' });
  expect(entries).toHaveLength(1);
});
