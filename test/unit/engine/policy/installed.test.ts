import { describe, expect, it } from 'vitest';
import { installPolicies } from '../../../../main/engine/policy/installed.ts';
import { type PolicyRequest, policyRequest } from '../../../../main/engine/policy/request.ts';
import { call, compiled, effect, forbid, PERMIT_ALL, prompt, SCHEMA, understood } from './build.ts';

function evaluate(text: string, request: PolicyRequest) {
  return installPolicies(SCHEMA, compiled(text)).evaluate(request);
}

const request = policyRequest(call(), understood({ effects: [effect('destructive')], programs: ['rm'] }), false);
const DELETES = 'context.effects.contains("destructive")';

describe('evaluation', () => {
  it('names every policy that matches, by what it does', () => {
    const text =
      PERMIT_ALL +
      forbid('ask1', DELETES, '@effect("ask")') +
      forbid('ask2', 'true', '@effect("ask")') +
      forbid('red', DELETES, '@effect("redact")');
    expect(evaluate(text, request)).toEqual({ permits: ['all'], denies: [], softs: expect.arrayContaining(['ask1', 'ask2', 'red']) });
  });

  it('tells of denies alone where there are some', () => {
    const text = PERMIT_ALL + forbid('ask', DELETES, '@effect("ask")') + forbid('deny', DELETES);
    expect(evaluate(text, request)).toEqual({ permits: [], denies: ['deny'], softs: [] });
  });

  it('does not ask about what nothing permits', () => {
    expect(evaluate(forbid('ask', DELETES, '@effect("ask")'), request)).toEqual({ permits: [], denies: [], softs: [] });
  });

  it('keeps the actions apart', () => {
    const text = '@id("p") permit (principal, action == Action::"send_prompt", resource);';
    expect(evaluate(text, request).permits).toEqual([]);
    expect(evaluate(text, policyRequest(prompt(), understood(), false)).permits).toEqual(['p']);
  });

  it('knows the agent’s user', () => {
    const text = '@id("p") permit (principal in User::"dev", action, resource);';
    expect(evaluate(text, request).permits).toEqual(['p']);
  });

  it.each(['principal', 'resource'] as const)('fails where the %s is not among the entities, instead of missing a rule', (which) => {
    const { id } = request[which];
    const without = { ...request, entities: request.entities.filter(({ uid }) => uid.id !== id) };
    expect(evaluate(PERMIT_ALL, without)).toMatchObject({ failure: expect.stringContaining('is missing'), permits: [] });
  });

  it('fails where a parent is not among the entities', () => {
    const without = { ...request, entities: request.entities.filter(({ uid }) => uid.type !== 'User') };
    expect(evaluate(PERMIT_ALL, without).failure).toContain('User::"dev"');
  });

  it.each<[string, Record<string, unknown>]>([
    ['a missing fact', { effects: undefined }],
    ['an unknown fact', { surprise: 'x' }],
    ['a fact of the wrong type', { effects: 'destructive' }],
    ['null', { model: null }],
    ['a fraction', { model: 1.5 }],
  ])('fails on %s', (_, change) => {
    const context = Object.fromEntries(Object.entries({ ...request.context, ...change }).filter(([, value]) => value !== undefined));
    const wrong = { ...request, context } as unknown as PolicyRequest;
    expect(evaluate(PERMIT_ALL + forbid('deny', DELETES), wrong)).toMatchObject({
      failure: expect.stringMatching(/./),
      permits: [],
      softs: [],
    });
  });

  it('fails where a policy errs, which Cedar itself would skip', () => {
    // Strict validation cannot see that this sum is too great for 64 bits.
    const text = PERMIT_ALL + forbid('errs', '9223372036854775807 + 1 > 0');
    expect(evaluate(text, request)).toMatchObject({ failure: expect.stringContaining('policy errs'), permits: [] });
  });

  it('says the same of hundreds of policies in slices as of each by itself', () => {
    const effects = ['read', 'destructive', 'network', 'privilege'];
    const rules = Array.from({ length: 300 }, (_, index) => {
      const condition =
        index % 3 === 0
          ? `context.programs.contains("p${index}")`
          : `context.effects.containsAny(["${effects[index % 4]}", "${effects[(index + 1) % 4]}"])`;
      return forbid(
        `r${index}`,
        index % 50 === 7 ? 'context.text like "rm*"' : condition,
        index % 2 === 0 ? '@effect("ask")' : '@effect("redact")',
      );
    });
    const all = installPolicies(SCHEMA, compiled(PERMIT_ALL + rules.join('')));
    const asked = policyRequest(
      call(),
      understood({ text: 'rm x', effects: [effect('destructive'), effect('read')], programs: ['p30', 'p31', 'rm'] }),
      false,
    );
    const together = [...all.evaluate(asked).softs].sort();
    const alone = rules.flatMap((rule) => evaluate(PERMIT_ALL + rule, asked).softs).sort();
    expect(together).toEqual(alone);
    expect(alone).toContain('r30');
    expect(alone).toContain('r57');
    expect(alone).not.toContain('r33');
  });

  it('finds hard rules in slices too', () => {
    const rules = Array.from({ length: 150 }, (_, index) => forbid(`d${index}`, `context.programs.contains("p${index}")`)).join('');
    const installed = installPolicies(SCHEMA, compiled(PERMIT_ALL + rules));
    const running = (program: string) => installed.evaluate(policyRequest(call(), understood({ programs: [program] }), false));
    expect(running('p7')).toEqual({ permits: [], denies: ['d7'], softs: [] });
    expect(running('ls')).toEqual({ permits: ['all'], denies: [], softs: [] });
  });

  it('finds observed rules in slices, apart from those in force', () => {
    const rules = Array.from({ length: 150 }, (_, index) =>
      forbid(`o${index}`, `context.programs.contains("p${index}")`, '@mode("observe")'),
    ).join('');
    const installed = installPolicies(SCHEMA, compiled(PERMIT_ALL + rules + forbid('d', 'context.programs.contains("p7")')));
    const running = (program: string) => policyRequest(call(), understood({ programs: [program] }), false);
    expect(installed.evaluate(running('p7'))).toEqual({ permits: [], denies: ['d'], softs: [] });
    expect(installed.observe(running('p7'))).toEqual({ permits: [], forbids: ['o7'], failures: [] });
    expect(installed.observe(running('ls'))).toBeUndefined();
  });
});
