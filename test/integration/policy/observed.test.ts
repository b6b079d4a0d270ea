/** Policies that are only watched: recorded as "would have", and without a part in any verdict, whatever becomes of them. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPolicy, type Policy } from '../../../main/engine/policy/engine.ts';
import { createEvaluator } from '../../../main/engine/policy/evaluator.ts';
import { policyRequest } from '../../../main/engine/policy/request.ts';
import { call, compiled, effect, forbid, ORIGIN, PERMIT_ALL, SCHEMA, understood } from '../../unit/engine/policy/build.ts';

let dir: string;
const opened: { close(): Promise<void> }[] = [];
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'holdpoint-observed-'));
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
  await rm(dir, { recursive: true, force: true });
});

async function open(text: string, device?: string): Promise<Policy> {
  await writeFile(join(dir, 'a.cedar'), text);
  const policy = await createPolicy({ dir, ...(device !== undefined && { device }) });
  opened.push(policy);
  return policy;
}

const watched = (id: string, when: string, more = '') => forbid(id, when, `@mode("observe") ${more}`);
const DESTROYS = understood({ effects: [effect('destructive', 'risk')], programs: ['rm'] });
const IS_DESTRUCTIVE = 'context.effects.contains("destructive")';

describe('an observed policy', () => {
  it('is told beside the verdict, and does not change it', async () => {
    const policy = await open(
      PERMIT_ALL +
        watched('would-deny', IS_DESTRUCTIVE, '@severity("low")') +
        watched('would-ask', 'context.programs.contains("rm")', '@effect("ask") @severity("high")') +
        watched('would-not', 'context.programs.contains("ls")'),
    );
    expect(await policy.decide(call(), DESTROYS, false)).toEqual({
      verdict: 'allow',
      policies: [{ id: 'all', effect: 'allow', remember: 'never' }],
      reason: 'Policy all decided this.',
      observed: [
        { id: 'would-ask', effect: 'ask', reason: 'Because of would-ask.' },
        { id: 'would-deny', effect: 'deny', reason: 'Because of would-deny.' },
      ],
    });
    expect(await policy.decide(call(), understood(), false)).not.toHaveProperty('observed');
  });

  it.each([
    ['deny', ''],
    ['ask', '@effect("ask")'],
    ['redact', '@effect("redact")'],
  ])('is told beside a verdict of %s too', async (verdict, annotation) => {
    const policy = await open(PERMIT_ALL + forbid('real', IS_DESTRUCTIVE, annotation) + watched('would-deny', 'true'));
    const decision = await policy.decide(call(), DESTROYS, false);
    expect(decision).toMatchObject({ verdict, policies: [{ id: 'real' }], observed: [{ id: 'would-deny' }] });
  });

  it('counts no more as a question once a person has said yes, as those in force', async () => {
    const policy = await open(PERMIT_ALL + watched('would-ask', 'true', '@effect("ask")') + watched('would-deny', 'true'));
    expect((await policy.decide(call(), DESTROYS, true)).observed).toMatchObject([{ id: 'would-deny' }]);
  });

  it('that permits lets nothing pass, and is told where it would have', async () => {
    const policy = await open(
      '@id("calls") permit (principal, action, resource == Tool::"Read"); @id("maybe") @mode("observe") permit (principal, action, resource);',
    );
    expect(await policy.decide(call('Bash'), understood(), false)).toMatchObject({
      verdict: 'deny',
      policies: [],
      observed: [{ id: 'maybe', effect: 'allow' }],
    });
    expect(await policy.decide(call('Read'), understood(), false)).not.toHaveProperty('observed');
  });

  it('of connections does not make connections need a permit', async () => {
    const policy = await open(
      `${PERMIT_ALL.replace('action,', 'action == Action::"call_tool",')}
       @id("net") @mode("observe") @reason("No pasting.") forbid (principal, action == Action::"connect", resource == Host::"paste.example");`,
    );
    const connect = (host: string) =>
      policy.decide({ kind: 'connect', id: '1', origin: ORIGIN, host, port: 443 }, understood({ hosts: [host] }), false);
    expect(policy.speaksOf('connect')).toBe(true);
    expect(await connect('paste.example')).toMatchObject({ verdict: 'allow', observed: [{ id: 'net', effect: 'deny' }] });
    expect(await connect('other.example')).toEqual({ verdict: 'allow', policies: [], reason: 'No policy speaks of this.' });
  });

  it('that errs denies nothing, and is told as one that would have', async () => {
    const policy = await open(PERMIT_ALL + watched('errs', '9223372036854775807 + 1 > 0') + watched('works', 'true'));
    const decision = await policy.decide(call(), understood(), false);
    expect(decision).toMatchObject({ verdict: 'allow', observed: [{ id: 'works' }, { id: 'errs', effect: 'deny' }] });
    expect(decision.observed?.[1]?.failure).toMatch(/overflow/);
    expect(decision.failure).toBeUndefined();
  });

  it('that ends the thread it runs in takes back no verdict', async () => {
    const worker = new URL('./workers/observing-worker.ts', import.meta.url);
    const evaluator = await createEvaluator({ schema: SCHEMA, policies: compiled(PERMIT_ALL), worker });
    opened.push(evaluator);
    const evaluation = await evaluator.evaluate(policyRequest(call('crash'), understood(), false));
    expect(evaluation).toMatchObject({ permits: ['all'], observed: { failures: [{ failure: expect.stringContaining('crashed') }] } });
    expect(evaluation.failure).toBeUndefined();
    expect(await evaluator.evaluate(policyRequest(call('Bash'), understood(), false))).toMatchObject({ permits: ['all'] });
  });
});

describe('a rollout', () => {
  it('is in force on some devices and observed on the others', async () => {
    const text = PERMIT_ALL + forbid('new', 'true', '@rollout("50%")');
    const decisions = [];
    for (let index = 0; index < 12; index += 1)
      decisions.push(await (await open(text, `device-${index}`)).decide(call(), understood(), false));
    const kinds = new Set(decisions.map(({ verdict, observed }) => `${verdict} ${observed?.map(({ id }) => id).join() ?? ''}`));
    expect([...kinds].sort()).toEqual(['allow new', 'deny ']);
  });
});
