/** A bundle's own tests, and that it is not put in force where they fail. */

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { judge } from '../../../main/cli/judging.ts';
import { checkPolicies, testPolicies } from '../../../main/engine/policy/check.ts';
import { createPolicy } from '../../../main/engine/policy/engine.ts';
import { call, forbid, PERMIT_ALL, understood } from '../../unit/engine/policy/build.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'holdpoint-bundle-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

async function put(files: Record<string, unknown>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(dir, name)), { recursive: true });
    await writeFile(join(dir, name), typeof content === 'string' ? content : JSON.stringify(content, null, 2));
  }
}

const POLICIES =
  PERMIT_ALL +
  forbid('rm', 'context.programs.contains("rm")', '@effect("ask")') +
  forbid('watched', 'context.programs.contains("git")', '@mode("observe")') +
  forbid('rule-of-two', 'context.untrustedSeen && context.labels.contains("taint")');
const bash = (command: string, more: object = {}) => ({ kind: 'tool_call', tool: 'Bash', arguments: { command }, cwd: '/p', ...more });
const test = (given: unknown, verdict: string, more: object = {}) => ({ given, expect: { verdict, ...more } });

describe('the tests of a bundle', () => {
  it('are read from its folder and from the folder tests, one or many in a file, and pass', async () => {
    await put({
      'a.cedar': POLICIES,
      'one.test.json': test(bash('ls'), 'allow', { policies: ['all'], findings: [], observed: [] }),
      'tests/many.json': [
        test(bash('rm -rf x'), 'ask', { policies: ['rm'], effects: ['delete'] }),
        test(bash('git status'), 'allow', { observed: ['watched'] }),
        test(bash('ls', { session: { untrustedSeen: true }, labels: ['taint.url'] }), 'deny', {
          policies: ['rule-of-two'],
          findings: ['taint'],
        }),
        test({ kind: 'prompt', text: 'hello' }, 'allow'),
      ],
      'tests/readme.md': 'not a test',
    });
    expect(await testPolicies({ dir }, judge)).toMatchObject({ ok: true, tests: 5, passed: 5, failed: 0, failures: [], problems: [] });
  });

  it('that fail are told with their place, what was expected, and what came', async () => {
    await put({
      'a.cedar': POLICIES,
      'tests/a.json': [
        test(bash('ls'), 'allow'),
        { name: 'rm passes', ...test(bash('rm x'), 'allow', { policies: ['nobody'], effects: [], observed: ['watched'] }) },
      ],
    });
    const result = await testPolicies({ dir }, judge);
    expect(result).toMatchObject({ ok: false, passed: 1, failed: 1, failures: [{ file: 'tests/a.json', name: 'rm passes', column: 3 }] });
    const [failure] = result.failures;
    expect(failure?.line).toBeGreaterThan(10);
    expect(failure?.reasons).toEqual([
      'Expected allow, got ask (rm: Because of rm.)',
      'Expected the policy nobody, and there is rm.',
      'Expected no effect, and there is delete.',
      'Expected the observed policy watched, and there is none.',
    ]);
    expect(result.problems).toMatchObject([{ severity: 'error', message: expect.stringContaining('The test "rm passes" fails') }]);
  });

  it.each<[string, unknown, RegExp]>([
    ['no JSON', '[{"given":', /is not JSON/],
    ['a comment in it', '// x\n[]', /is not JSON/],
    ['nesting without end', '['.repeat(200_000), /cannot be read|is not JSON/],
    ['nothing expected', [{ given: bash('ls') }], /This is no test\. "expect"/],
    ['a misspelt expectation', [{ given: bash('ls'), expect: { verdict: 'allow', policy: ['a'] } }], /policy/],
    ['an unknown verdict', [test(bash('ls'), 'refuse')], /expect\.verdict/],
    ['a misspelt key of what is given', [test(bash('ls', { sesion: {} }), 'allow')], /"sesion" is no key/],
    ['an unknown kind of action', [test({ kind: 'wish' }, 'allow')], /cannot be judged/],
  ])('are refused where there is %s', async (_, content, message) => {
    await put({ 'a.cedar': POLICIES, 'tests/a.json': content });
    const { ok, problems } = await checkPolicies({ dir }, judge);
    expect(ok).toBe(false);
    expect(problems).toMatchObject([{ file: 'tests/a.json', message: expect.stringMatching(message) }]);
  });

  it('are not run where the policies have mistakes', async () => {
    await put({ 'a.cedar': 'permit (principal, action, resource);', 'a.test.json': test(bash('ls'), 'deny') });
    expect(await testPolicies({ dir }, judge)).toMatchObject({ ok: false, tests: 1, passed: 0, failed: 0 });
  });

  it('may not hide policies', async () => {
    await put({ 'a.cedar': POLICIES, 'tests/b.cedar': PERMIT_ALL });
    expect((await checkPolicies({ dir })).problems).toMatchObject([
      { file: 'tests/b.cedar', message: expect.stringContaining('among the tests') },
    ]);
  });
});

describe('a bundle', () => {
  it('whose tests fail is not put in force, and says which', async () => {
    await put({ 'a.cedar': POLICIES, 'a.test.json': [test(bash('ls'), 'allow'), test(bash('rm x'), 'allow')] });
    await expect(createPolicy({ dir, judge })).rejects.toMatchObject({
      code: 'policy-invalid',
      message: expect.stringMatching(/a\.test\.json:\d+:3: error: The test .* fails: Expected allow, got ask \(rm: Because of rm\.\)/),
    });
  });

  it('whose tests pass is put in force, with its rollouts as they are on this device', async () => {
    const policies = PERMIT_ALL + forbid('new', 'context.programs.contains("rm")', '@rollout("0%")');
    await put({ 'a.cedar': policies, 'a.test.json': test(bash('rm x'), 'deny', { policies: ['new'] }) });
    const policy = await createPolicy({ dir, judge, device: 'this one' });
    expect(await policy.decide(call(), understood({ programs: ['rm'] }), false)).toMatchObject({
      verdict: 'allow',
      observed: [{ id: 'new' }],
    });
    await policy.close();
  });
});
