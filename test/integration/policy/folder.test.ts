import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { STARTER_DIR } from '../../../main/engine/policy/bundle.ts';
import { checkPolicies } from '../../../main/engine/policy/check.ts';
import { createPolicy, type Policy } from '../../../main/engine/policy/engine.ts';
import { call, effect, finding, forbid, PERMIT_ALL, understood } from '../../unit/engine/policy/build.ts';

let dir: string;
const opened: Policy[] = [];
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'holdpoint-policy-'));
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((policy) => policy.close()));
  await rm(dir, { recursive: true, force: true });
});

async function put(files: Record<string, string | Uint8Array>): Promise<void> {
  for (const [name, content] of Object.entries(files)) await writeFile(join(dir, name), content);
}

async function open(files: Record<string, string>, log?: (message: string) => void): Promise<Policy> {
  await put(files);
  const policy = await createPolicy({ dir, ...(log && { log }) });
  opened.push(policy);
  return policy;
}

describe('a policy folder in force', () => {
  it('decides, and can be identified', async () => {
    const policy = await open({ 'a.cedar': PERMIT_ALL, 'b.cedar': forbid('no', 'context.effects.contains("privilege")') });
    expect((await policy.decide(call(), understood(), false)).verdict).toBe('allow');
    expect(await policy.decide(call(), understood({ effects: [effect('privilege')] }), false)).toEqual({
      verdict: 'deny',
      reason: 'Because of no.',
      policies: [{ id: 'no', effect: 'deny', remember: 'never', reason: 'Because of no.' }],
    });
    expect(policy.summary).toMatchObject({ source: 'folder', dir, count: 2, hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(policy.find('no')).toMatchObject({ file: 'b.cedar', line: 1 });
  });

  it('has a hash that follows its content', async () => {
    await put({ 'a.cedar': PERMIT_ALL });
    const first = await checkPolicies({ dir });
    expect((await checkPolicies({ dir })).hash).toBe(first.hash);
    await put({ 'a.cedar': `${PERMIT_ALL}// changed` });
    expect((await checkPolicies({ dir })).hash).not.toBe(first.hash);
    expect((await open({ 'a.cedar': PERMIT_ALL })).summary.hash).toBe(first.hash);
  });

  it('asks, takes a yes, and still refuses what is refused', async () => {
    const policy = await open({
      'a.cedar':
        PERMIT_ALL +
        forbid('ask', 'context.effects.contains("destructive")', '@effect("ask") @remember("session")') +
        forbid('never', 'context.programs.contains("mkfs")'),
    });
    const risky = understood({ effects: [effect('destructive', 'risk')] });
    expect(await policy.decide(call(), risky, false)).toMatchObject({ verdict: 'ask', policies: [{ id: 'ask', remember: 'session' }] });
    expect(await policy.decide(call(), risky, true)).toMatchObject({ verdict: 'allow', policies: [{ id: 'all' }] });
    const worse = understood({ effects: [effect('destructive', 'risk')], programs: ['mkfs'] });
    expect(await policy.decide(call(), worse, true)).toMatchObject({ verdict: 'deny', policies: [{ id: 'never' }] });
  });

  it('tells policies that a person has approved', async () => {
    const policy = await open({ 'a.cedar': `${PERMIT_ALL}${forbid('unapproved', '!context.approved')}` });
    expect((await policy.decide(call(), understood(), false)).verdict).toBe('deny');
    expect((await policy.decide(call(), understood(), true)).verdict).toBe('allow');
  });

  it('refuses what nothing permits', async () => {
    const policy = await open({ 'a.cedar': '@id("p") permit (principal, action, resource == Tool::"Read");' });
    expect(await policy.decide(call('Bash'), understood(), false)).toEqual({
      verdict: 'deny',
      policies: [],
      reason: 'No policy permits this.',
    });
  });

  it('refuses, and does not fail, on text that WebAssembly cannot take and on text without end', async () => {
    const policy = await open({ 'a.cedar': PERMIT_ALL + forbid('rm', 'context.text like "*rm -rf*"', '@effect("ask")') });
    const odd = understood({ text: `\uD800 \uFF52\uFF4D\u200B -rf / ${'x'.repeat(3_000_000)}`, programs: ['\uDFFF'], hosts: ['\u0000'] }, [
      finding('secret.\uD800'),
    ]);
    expect(await policy.decide(call('\uD83D'), odd, false)).toMatchObject({ verdict: 'ask', policies: [{ id: 'rm' }] });
  });

  it('denies with a failure where the action itself is broken', async () => {
    const policy = await open({ 'a.cedar': PERMIT_ALL });
    const broken = { ...call(), origin: undefined } as never;
    expect(await policy.decide(broken, understood(), false)).toMatchObject({ verdict: 'deny', failure: expect.stringMatching(/./) });
  });

  it('decides many at once, and nothing after it is closed', async () => {
    const policy = await open({ 'a.cedar': PERMIT_ALL + forbid('no', 'context.programs.contains("p7")') });
    const verdicts = await Promise.all(
      Array.from({ length: 40 }, (_, index) => policy.decide(call(), understood({ programs: [`p${index}`] }), false)),
    );
    expect(verdicts.map(({ verdict }, index) => (verdict === 'deny' ? index : -1)).filter((index) => index >= 0)).toEqual([7]);
    await Promise.all([policy.close(), policy.close()]);
    expect(await policy.decide(call(), understood(), false)).toMatchObject({ verdict: 'deny', failure: expect.stringContaining('closed') });
  });

  it('passes warnings to the log', async () => {
    const said: string[] = [];
    await open({ 'a.cedar': PERMIT_ALL + forbid('never', 'false') }, (message) => said.push(message));
    expect(said.join('\n')).toContain('a.cedar:2:1: warning: policy is impossible');
  });

  it('does not start with mistakes, and tells them all', async () => {
    await put({ 'a.cedar': 'permit (principal, action, resource);', 'b.cedar': forbid('x', 'context.efects.isEmpty()') });
    await expect(createPolicy({ dir })).rejects.toMatchObject({
      code: 'policy-invalid',
      message: expect.stringMatching(/a\.cedar:1:1: error: .*@id[\s\S]*b\.cedar:1:\d+: error: .*efects/),
    });
  });
});

describe('checking a policy folder', () => {
  it('finds nothing wrong with the starter policy', async () => {
    expect(await checkPolicies({ dir: STARTER_DIR })).toMatchObject({ ok: true, problems: [] });
  });

  it('names the policy whose nesting crashes Cedar, and Holdpoint lives on', async () => {
    await put({ 'a.cedar': `${PERMIT_ALL}\n${forbid('deep', `${'('.repeat(300)}true${')'.repeat(300)}`)}` });
    expect(await checkPolicies({ dir })).toMatchObject({
      ok: false,
      problems: [{ file: 'a.cedar', line: 3, message: expect.stringContaining('crashed') }],
    });
    await put({ 'a.cedar': PERMIT_ALL });
    expect((await checkPolicies({ dir })).ok).toBe(true);
  });

  it('counts a warning as no obstacle', async () => {
    await put({ 'a.cedar': PERMIT_ALL + forbid('never', 'false') });
    expect(await checkPolicies({ dir })).toMatchObject({ ok: true, count: 2, problems: [{ severity: 'warning' }] });
  });

  it.each<[string, () => Promise<unknown>, RegExp]>([
    ['there is no folder', () => rm(dir, { recursive: true }), /cannot be read/],
    ['there is no policy', () => put({ 'readme.md': 'x' }), /no \*\.cedar file/],
    ['a file is not UTF-8', () => put({ 'a.cedar': Buffer.from([0x2f, 0x2f, 0xff, 0xfe]) }), /not UTF-8/],
    ['a file is too long', () => put({ 'a.cedar': `//${' '.repeat(1024 * 1024)}` }), /longer than 1 MB/],
    [
      'there are too many files',
      () => put(Object.fromEntries(Array.from({ length: 201 }, (_, index) => [`${index}.cedar`, '']))),
      /at most 200/,
    ],
    ['a link leads out', () => symlink('/etc/hostname', join(dir, 'a.cedar')), /link out of/],
    ['a link leads nowhere', () => symlink(join(dir, 'gone'), join(dir, 'a.cedar')), /cannot be read/],
    ['policies lie in a folder below', () => mkdir(join(dir, 'team')), /is a folder/],
    ['a policy file is a folder', () => mkdir(join(dir, 'a.cedar')), /is a folder/],
  ])('says so where %s', async (_, prepare, message) => {
    await prepare();
    const { ok, problems } = await checkPolicies({ dir });
    expect(ok).toBe(false);
    expect(problems.map((problem) => problem.message).join('\n')).toMatch(message);
  });

  it('follows links that stay in the folder, and ignores hidden files', async () => {
    await put({ '.hidden.cedar': 'nonsense', 'real.txt': PERMIT_ALL });
    await symlink('real.txt', join(dir, 'a.cedar'));
    expect(await checkPolicies({ dir })).toMatchObject({ ok: true, files: 1, count: 1 });
  });
});
