import { describe, expect, it } from 'vitest';
import type { Decision, VerdictKind } from '../../../../main/contract/verdict.ts';
import { whenStale } from '../../../../main/engine/fleet/stale.ts';

const decided = (verdict: VerdictKind): Decision => ({
  verdict,
  policies: [{ id: 'a', effect: verdict, remember: 'never' }],
  reason: 'Because.',
});

describe('a verdict of a policy that is older than permitted', () => {
  it.each(['allow', 'redact', 'ask', 'deny'] as const)('stays %s while nothing else is wanted', (verdict) => {
    for (const mode of [undefined, 'keep'] as const) expect(whenStale(decided(verdict), 'call_tool', mode)).toEqual(decided(verdict));
  });

  it.each(['call_tool', 'call_mcp_tool'])('of %s is asked about where it would be let through', (kind) => {
    expect(whenStale(decided('allow'), kind, 'ask')).toMatchObject({
      verdict: 'ask',
      policies: [{ id: 'fleet.stale', effect: 'ask', remember: 'never' }],
      reason: expect.stringMatching(/older than permitted/),
    });
    for (const verdict of ['redact', 'ask', 'deny'] as const) expect(whenStale(decided(verdict), kind, 'ask')).toEqual(decided(verdict));
  });

  it('is not asked about again once a person has said yes', () => {
    expect(whenStale(decided('allow'), 'call_tool', 'ask', true)).toEqual(decided('allow'));
  });

  it.each(['call_tool', 'call_mcp_tool'])('of %s is refused whatever it was, where that is wanted', (kind) => {
    for (const verdict of ['allow', 'redact', 'ask'] as const)
      for (const approved of [false, true])
        expect(whenStale(decided(verdict), kind, 'block', approved)).toMatchObject({ verdict: 'deny', policies: [{ id: 'fleet.stale' }] });
    expect(whenStale(decided('deny'), kind, 'block')).toEqual(decided('deny'));
  });

  it.each(['send_prompt', 'receive_result', 'connect', 'use_model'])('of %s stays as it is', (kind) => {
    for (const mode of ['ask', 'block'] as const) expect(whenStale(decided('allow'), kind, mode)).toEqual(decided('allow'));
  });
});
