/** The ways in which Cedar, or what is built on it, would say allow where nobody meant it: each ends in a deny. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { checkPolicies } from '../../../main/engine/policy/check.ts';
import { createPolicy, type Policy } from '../../../main/engine/policy/engine.ts';
import { createEvaluator } from '../../../main/engine/policy/evaluator.ts';
import { policyRequest } from '../../../main/engine/policy/request.ts';
import { call, compiled, effect, forbid, ORIGIN, PERMIT_ALL, SCHEMA, understood } from '../../unit/engine/policy/build.ts';

let dir: string;
const opened: Policy[] = [];
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'holdpoint-traps-'));
});
afterEach(() => Promise.all(opened.splice(0).map((policy) => policy.close())));
afterAll(() => rm(dir, { recursive: true, force: true }));

async function inForce(text: string): Promise<Policy> {
  await writeFile(join(dir, 'a.cedar'), text);
  const policy = await createPolicy({ dir });
  opened.push(policy);
  return policy;
}

describe('Cedar would allow', () => {
  it('where the forbid that should have matched errs: it skips the policy', async () => {
    const policy = await inForce(PERMIT_ALL + forbid('sum', '9223372036854775807 + context.refusals < 0'));
    const session = { untrusted: false, injected: false, sensitive: false, refusals: 1 };
    expect(await policy.decide(call(), { ...understood(), session }, false)).toMatchObject({
      verdict: 'deny',
      failure: expect.stringMatching(/^policy sum could not be evaluated/),
    });
    expect((await policy.decide(call(), understood(), false)).verdict).toBe('allow');
  });

  it('where the user that a rule is for is not among the entities', async () => {
    const policies = compiled(PERMIT_ALL + forbid('user', 'principal in User::"dev"'));
    const evaluator = await createEvaluator({ schema: SCHEMA, policies });
    const request = policyRequest(call(), understood(), false);
    expect(await evaluator.evaluate(request)).toMatchObject({ denies: ['user'] });
    const without = { ...request, entities: request.entities.filter(({ uid }) => uid.type !== 'User') };
    expect(await evaluator.evaluate(without)).toMatchObject({ failure: expect.stringContaining('User::"dev" is missing'), permits: [] });
    await evaluator.close();
  });

  it('where a fact is missing', async () => {
    const evaluator = await createEvaluator({ schema: SCHEMA, policies: compiled(PERMIT_ALL) });
    const request = policyRequest(call(), understood(), false);
    const { effects: _, ...context } = request.context;
    expect(await evaluator.evaluate({ ...request, context })).toMatchObject({ failure: expect.stringContaining('effects'), permits: [] });
    await evaluator.close();
  });

  it.each([
    ['full-width letters', '\uFF52\uFF4D -rf /'],
    ['a zero-width space', 'r\u200Bm -rf /'],
    ['a soft hyphen', 'r\u00ADm -rf /'],
    ['a variation selector', 'rm\uFE0F -rf /'],
    ['a lone surrogate', 'rm -rf /\uD800'],
  ])('where a text has %s, since like compares bytes', async (_, text) => {
    const policy = await inForce(PERMIT_ALL + forbid('rm', 'context.text like "*rm -rf*"'));
    expect(await policy.decide(call(), understood({ text }), false)).toMatchObject({ verdict: 'deny', policies: [{ id: 'rm' }] });
  });

  it('where accents are written in two characters', async () => {
    const policy = await inForce(PERMIT_ALL + forbid('cafe', 'context.text like "*café*"'));
    expect((await policy.decide(call(), understood({ text: 'cat cafe\u0301' }), false)).verdict).toBe('deny');
  });

  it('where a text is so long that its middle is cut: it is labelled', async () => {
    const policy = await inForce(PERMIT_ALL + forbid('cut', 'context.labels.contains("truncated")'));
    expect((await policy.decide(call(), understood({ text: 'x'.repeat(16 * 1024) }), false)).verdict).toBe('allow');
    expect((await policy.decide(call(), understood({ text: 'x'.repeat(16 * 1024 + 1) }), false)).verdict).toBe('deny');
  });

  it('where a set is so large that a part is left out: it is unresolved', async () => {
    const policy = await inForce(PERMIT_ALL + forbid('open', 'context.effects.contains("unresolved")'));
    const programs = Array.from({ length: 2_000 }, (_, index) => `p${index}`);
    expect((await policy.decide(call(), understood({ programs }), false)).verdict).toBe('deny');
  });

  it('where nothing permits and a policy only asks', async () => {
    const policy = await inForce(forbid('ask', 'true', '@effect("ask")'));
    expect(await policy.decide(call(), understood(), false)).toMatchObject({ verdict: 'deny', policies: [] });
  });
});

describe('an approval', () => {
  it('never passes a hard deny, also one that is met only with it', async () => {
    const policy = await inForce(
      PERMIT_ALL + forbid('ask', 'context.effects.contains("destructive")', '@effect("ask")') + forbid('never', 'context.approved'),
    );
    const risky = understood({ effects: [effect('destructive', 'risk')] });
    expect((await policy.decide(call(), risky, false)).verdict).toBe('ask');
    expect((await policy.decide(call(), risky, true)).verdict).toBe('deny');
  });
});

describe('policy text that would end the WebAssembly for good', () => {
  it.each([
    ['200 nested parentheses', `${'('.repeat(200)}true${')'.repeat(200)}`],
    ['3,000 alternatives', Array.from({ length: 3_000 }, (_, index) => `context.text == "${index}"`).join(' || ')],
  ])('such as %s is found out in a thread that is thrown away, and what is in force goes on', async (_, condition) => {
    const policy = await inForce(PERMIT_ALL);
    await writeFile(join(dir, 'a.cedar'), `${PERMIT_ALL}\n${forbid('deep', condition)}`);
    const { ok, problems } = await checkPolicies({ dir });
    // Where this version of Cedar survives it, it is a policy like any other.
    if (!ok)
      expect(problems).toMatchObject([{ file: 'a.cedar', line: 3, message: expect.stringMatching(/crashed|recursion|nest|limit/i) }]);
    expect((await policy.decide(call(), understood({ text: 'after' }), false)).verdict).toBe('allow');
  });
});

it('a broken action denies, and never throws', async () => {
  const policy = await inForce(PERMIT_ALL);
  for (const broken of [undefined, {}, { ...call(), kind: 'wish' }, { ...call(), origin: { ...ORIGIN, agent: undefined } }])
    expect(await policy.decide(broken as never, understood(), false)).toMatchObject({
      verdict: 'deny',
      failure: expect.stringMatching(/./),
    });
});
