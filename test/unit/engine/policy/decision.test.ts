import { describe, expect, it } from 'vitest';
import type { CompiledPolicy } from '../../../../main/engine/policy/compile.ts';
import { decisionOf } from '../../../../main/engine/policy/decision.ts';

const policy = (id: string, effect: CompiledPolicy['effect'], more: Partial<CompiledPolicy> = {}): [string, CompiledPolicy] => [
  id,
  {
    id,
    effect,
    remember: 'never',
    severity: 'medium',
    mode: 'enforce',
    rollout: 100,
    reason: `Because of ${id}.`,
    text: '',
    file: 'a.cedar',
    line: 1,
    actions: ['call_tool'],
    mentions: [],
    says: '',
    ...more,
  },
];
const BUNDLE = new Map([
  policy('permit', 'allow'),
  policy('deny', 'deny'),
  policy('ask', 'ask', { remember: 'session' }),
  policy('ask-high', 'ask', { severity: 'high', contact: 'it@example.com' }),
  policy('redact', 'redact'),
]);

describe('a decision', () => {
  it.each([
    ['a deny beats all', { permits: ['permit'], denies: ['deny'], softs: ['ask', 'redact'] }, false, 'deny', ['deny']],
    ['an ask beats redact and permit', { permits: ['permit'], denies: [], softs: ['redact', 'ask'] }, false, 'ask', ['ask']],
    ['a redact beats permit', { permits: ['permit'], denies: [], softs: ['redact'] }, false, 'redact', ['redact']],
    ['a permit allows', { permits: ['permit'], denies: [], softs: [] }, false, 'allow', ['permit']],
    ['nothing permits', { permits: [], denies: [], softs: [] }, false, 'deny', []],
    ['an ask without a permit is a deny', { permits: [], denies: [], softs: ['ask'] }, false, 'deny', []],
    ['approved, an ask counts no more', { permits: ['permit'], denies: [], softs: ['ask'] }, true, 'allow', ['permit']],
    ['approved, a deny still holds', { permits: ['permit'], denies: ['deny'], softs: ['ask'] }, true, 'deny', ['deny']],
    ['approved, a redact still holds', { permits: ['permit'], denies: [], softs: ['ask', 'redact'] }, true, 'redact', ['redact']],
    ['approved, nothing permits still', { permits: [], denies: [], softs: ['ask'] }, true, 'deny', []],
    ['a failure is a deny whatever else is said', { failure: 'x', permits: ['permit'], denies: [], softs: [] }, false, 'deny', []],
    ['a policy that nobody knows is a failure', { permits: ['permit'], denies: [], softs: ['stranger'] }, false, 'deny', []],
  ] as const)('%s', (_, evaluation, approved, verdict, policies) => {
    const decision = decisionOf(evaluation, BUNDLE, approved);
    expect(decision.verdict).toBe(verdict);
    expect(decision.policies.map(({ id }) => id)).toEqual(policies);
    expect(decision.reason).toMatch(/^[A-Z].*\.$/);
  });

  it('gives the gravest policy’s reason and names all that decided', () => {
    expect(decisionOf({ permits: ['permit'], denies: [], softs: ['ask', 'ask-high'] }, BUNDLE, false)).toEqual({
      verdict: 'ask',
      reason: 'Because of ask-high.',
      policies: [
        { id: 'ask-high', effect: 'ask', remember: 'never', reason: 'Because of ask-high.', contact: 'it@example.com' },
        { id: 'ask', effect: 'ask', remember: 'session', reason: 'Because of ask.' },
      ],
    });
  });

  it('keeps a failure’s cause for the log and tells a person that it is refused', () => {
    expect(decisionOf({ failure: 'trap', permits: [], denies: [], softs: [] }, BUNDLE, false)).toEqual({
      verdict: 'deny',
      policies: [],
      failure: 'trap',
      reason: 'The policy could not be evaluated, so this is refused.',
    });
  });
});
