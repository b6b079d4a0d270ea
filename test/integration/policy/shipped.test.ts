/** The policies that ship with Holdpoint: what they share is one text, and each keeps what its tests say. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judge } from '../../../main/cli/judging.ts';
import { SHIPPED_POLICIES } from '../../../main/contract/settings.ts';
import { shippedDir } from '../../../main/engine/policy/bundle.ts';
import { testPolicies } from '../../../main/engine/policy/check.ts';
import { createPolicy, type Policy } from '../../../main/engine/policy/engine.ts';
import { statementsOf } from '../../../main/engine/policy/statements.ts';
import { call, effect, finding, prompt, understood } from '../../unit/engine/policy/build.ts';

const read = (policy: (typeof SHIPPED_POLICIES)[number], file: string) => readFileSync(join(shippedDir(policy), file), 'utf8');
const RULES = readdirSync(shippedDir('starter')).filter((name) => /^[2-4]\d-.*\.cedar$/.test(name));
const COPY = '// A copy of the starter policy’s file of this name; a test sees to it that it stays one.\n\n';
const WATCHED = '// The starter policy’s file of this name, with every rule only watched; a test sees to it that it stays so.\n\n';

/** Every forbid of the text in observe mode. */
function watched(text: string): string {
  return statementsOf(text)
    .reverse()
    .reduce((rest, { start, text: statement, annotations }) => {
      if (annotations.has('mode') || !/\bforbid\s*\(/.test(statement)) return rest;
      const end = start + statement.indexOf('\n') + 1;
      return `${rest.slice(0, end)}@mode("observe")\n${rest.slice(end)}`;
    }, text);
}

describe('the policies that ship with Holdpoint', () => {
  it.each(RULES)('strict and watch-only have the starter’s %s', async (file) => {
    // When the starter was changed: vitest run -u shipped.test.ts writes them anew.
    await expect(COPY + read('starter', file)).toMatchFileSnapshot(join(shippedDir('strict'), file));
    await expect(WATCHED + watched(read('starter', file))).toMatchFileSnapshot(join(shippedDir('watch-only'), file));
  });

  it('watch-only permits as the starter does', async () => {
    await expect(`${COPY}${read('starter', '10-permit.cedar')}`).toMatchFileSnapshot(join(shippedDir('watch-only'), '10-permit.cedar'));
  });

  it.each(SHIPPED_POLICIES)('%s is sound and passes its tests, of which it has some for each of its policies', async (use) => {
    const { problems, passed, failed } = await testPolicies({ use }, judge);
    expect({ problems, failed }).toEqual({ problems: [], failed: 0 });
    expect(passed).toBeGreaterThan(10);
    const policy = await createPolicy({ use });
    const tests = readdirSync(join(shippedDir(use), 'tests')).map((name) => readFileSync(join(shippedDir(use), 'tests', name), 'utf8'));
    const own = [...policy.policies()].filter(
      ({ id, mode }) => id.startsWith(use === 'strict' ? 'strict.' : 'starter.') && mode !== 'observe',
    );
    // What the facts of a call cannot bring about in words has its test beside this one.
    expect(own.map(({ id }) => id).filter((id) => !tests.some((text) => text.includes(`"${id}"`)))).toEqual([]);
    expect(policy.summary.name).toMatch(/policy$/);
    await policy.close();
  });
});

describe('watch-only', () => {
  let watchOnly: Policy;
  beforeAll(async () => {
    watchOnly = await createPolicy({ use: 'watch-only' });
  });
  afterAll(() => watchOnly.close());

  it('has no policy in force that could stop anything', () => {
    const stopping = [...watchOnly.policies()].filter(({ effect, mode }) => effect !== 'allow' && mode === 'enforce');
    expect(stopping).toEqual([]);
  });

  it('lets everything pass, and tells what the starter policy would have said', async () => {
    const destroys = understood({ effects: [effect('destructive', 'risk')] }, [finding('secret.x')]);
    expect(await watchOnly.decide(call(), destroys, false)).toMatchObject({ verdict: 'allow', observed: [{ id: 'starter.destructive' }] });
    const unread = call('Bash', { call: { uninspected: 'malformed' } });
    expect(await watchOnly.decide(unread, understood(), false)).toMatchObject({
      verdict: 'allow',
      observed: [{ id: 'starter.uninspected' }],
    });
    expect(await watchOnly.decide(prompt(), understood({}, [finding('secret.x')]), false)).toMatchObject({
      verdict: 'allow',
      observed: [{ id: 'starter.redact-secrets', effect: 'redact' }],
    });
  });
});
