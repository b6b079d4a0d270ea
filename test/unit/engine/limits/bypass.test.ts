import { describe, expect, it } from 'vitest';
import { facts, finding, limitsWith, NOON, originOf, prompt, says, toolCall, understanding } from './support.ts';

const MINUTE = 60_000;
const ALLOWED = { bypass: { allowed: true, maxMinutes: 30 } };
const tenMinutes = { minutes: 10, reason: 'The policy is wrong about our build' };

function bypassed(settings: object = ALLOWED) {
  const given = limitsWith(settings);
  given.limits.bypass.begin(tenMinutes, 'terminal');
  return given;
}

describe('a bypass', () => {
  it('is refused where settings do not permit it, or not for so long, and names whom to ask', () => {
    expect(() => limitsWith({}).limits.bypass.begin(tenMinutes, 'app')).toThrow(/do not permit a bypass.*Ask #help/);
    expect(() => limitsWith(ALLOWED).limits.bypass.begin({ ...tenMinutes, minutes: 31 }, 'app')).toThrow(/30 minutes at most/);
  });

  it('lets pass what policy would ask about or deny, and says in the decision what that was', async () => {
    const { decide, state } = bypassed();
    for (const verdict of ['ask', 'deny'] as const) {
      state.decision = says(verdict);
      expect(await decide(toolCall())).toEqual({
        verdict: 'allow',
        policies: [{ id: 'bypass', effect: 'allow', remember: 'never' }],
        observed: [{ id: `test.${verdict}`, effect: verdict, reason: `Policy says ${verdict}.` }],
        reason: 'Enforcement is suspended by a person: The policy is wrong about our build',
      });
    }
  });

  it.each<[string, Parameters<typeof says>[1], ReturnType<typeof understanding>]>([
    ['a policy that lasts', { policies: [{ id: 'a', effect: 'deny', remember: 'never', lasting: true }] }, understanding()],
    ['a policy that could not be evaluated', { policies: [], failure: 'worker gone' }, understanding()],
    [
      'a call that would get rid of the guard',
      {},
      understanding({ facts: facts([{ effect: 'disable-guard', risk: 'risk', says: 'stops Holdpoint' }]) }),
    ],
  ])('does not count for %s', async (_what, more, known) => {
    const { decide, state } = bypassed();
    state.decision = says('deny', more);
    expect(await decide(toolCall(), known)).toMatchObject({ verdict: 'deny' });
  });

  it('leaves redactions, the off switch, allow-lists and budgets in force', async () => {
    const { decide, state, set } = bypassed();
    state.decision = says('redact');
    expect(await decide(prompt())).toBe(state.decision);
    state.decision = says('deny');
    const secret = understanding({ findings: [finding('secret.github-token')] });
    expect(await decide(prompt(), secret)).toMatchObject({ verdict: 'redact', policies: [{ id: 'bypass', labels: ['secret'] }] });
    state.decision = says('allow');
    for (const limit of [{ off: { all: true } }, { allowed: { models: [] } }]) {
      set({ ...ALLOWED, ...limit });
      expect(await decide(prompt())).toMatchObject({ verdict: 'deny' });
    }
    set({ ...ALLOWED, budgets: [{ name: 'One', requests: 1 }] });
    await decide(prompt());
    expect(await decide(prompt(originOf()))).toMatchObject({ verdict: 'deny', policies: [{ id: 'limits.budget' }] });
  });

  it('is told of in the status while it is on, and in the log with who, why and how long', () => {
    const { limits, entries, state } = bypassed();
    const until = new Date(NOON + 10 * MINUTE).toISOString();
    expect(limits.bypass.state()).toEqual({ until, reason: tenMinutes.reason });
    expect(limits.notes()[0]).toMatch(/^Enforcement is suspended until 12:10: The policy is wrong/);
    state.now += 5 * MINUTE;
    limits.bypass.end('app');
    expect(limits.bypass.state()).toBeUndefined();
    expect(() => limits.bypass.end('app')).toThrow(/No bypass is on/);
    expect(entries).toMatchObject([
      { kind: 'policy', verdict: 'bypass-begun', data: { by: 'terminal', reason: tenMinutes.reason, minutes: 10, until } },
      { kind: 'policy', verdict: 'bypass-ended', data: { by: 'app', how: 'ended', seconds: 300 } },
    ]);
  });

  it('ends by itself', async () => {
    const { decide, state, pass, entries } = bypassed();
    state.decision = says('deny');
    pass(10 * MINUTE);
    expect(await decide(toolCall())).toBe(state.decision);
    expect(entries.at(-1)).toMatchObject({ verdict: 'bypass-ended', data: { how: 'over' } });
  });

  it.each([
    ['the clock is set back', { now: -60 * MINUTE, monotonic: 10 * MINUTE }],
    ['the computer slept', { now: 10 * MINUTE, monotonic: 0 }],
  ])('ends when its time is over though %s', async (_what, moved) => {
    const { decide, state } = bypassed();
    state.decision = says('deny');
    state.now += moved.now;
    state.monotonic += moved.monotonic;
    expect(await decide(toolCall())).toMatchObject({ verdict: 'deny' });
  });

  it('says when it ends by the clock as it is now', () => {
    const { limits, state } = bypassed();
    state.now -= 60 * MINUTE;
    expect(limits.bypass.state()?.until).toBe(new Date(NOON - 50 * MINUTE).toISOString());
    state.now += 65 * MINUTE;
    expect(limits.bypass.state()?.until).toBe(new Date(NOON + 10 * MINUTE).toISOString());
  });

  it('cannot be drawn out by beginning it again while it is on', () => {
    const { limits, pass, entries } = bypassed();
    pass(9 * MINUTE);
    expect(limits.bypass.begin({ ...tenMinutes, minutes: 30 }, 'terminal').until).toBe(new Date(NOON + 30 * MINUTE).toISOString());
    pass(20 * MINUTE);
    expect(limits.bypass.begin({ ...tenMinutes, minutes: 30 }, 'terminal').until).toBe(new Date(NOON + 30 * MINUTE).toISOString());
    expect(entries.filter(({ verdict }) => verdict === 'bypass-begun')).toHaveLength(3);
  });

  it('ends at once when settings no longer permit it', async () => {
    const { decide, state, set } = bypassed();
    set({});
    state.decision = says('deny');
    expect(await decide(toolCall())).toMatchObject({ verdict: 'deny' });
  });

  it('does not outlive the engine, also one that was killed', () => {
    const { limits, entries, start } = bypassed();
    limits.bypass.close();
    expect(entries.at(-1)).toMatchObject({ verdict: 'bypass-ended', data: { how: 'stopped' } });
    const next = start();
    next.bypass.recall({ verdict: 'bypass-begun', data: { reason: 'x' } });
    expect(next.bypass.state()).toBeUndefined();
    expect(entries.at(-1)).toMatchObject({ verdict: 'bypass-ended', data: { reason: 'x' } });
    next.bypass.recall({ verdict: 'bypass-ended', data: {} });
    expect(entries).toHaveLength(3);
  });
});
