/** `holdpoint inspect`, one line at a time. */

import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Action, Understanding } from '../../../../../main/contract/action.ts';
import type { Decision } from '../../../../../main/contract/verdict.ts';
import { type InspectJudge, inspectLine } from '../../../../../main/engine/guard/inspect.ts';

/** Asks about everything destructive, and keeps what it was asked with. */
function judge(scan: InspectJudge['scan'] = async () => [{ findings: [] }]) {
  const seen: { action: Action; understanding: Understanding; approved: boolean }[] = [];
  const decide = async (action: Action, understanding: Understanding, approved: boolean): Promise<Decision> => {
    seen.push({ action, understanding, approved });
    const asks = understanding.facts.effects.some(({ effect }) => effect === 'destructive');
    return {
      verdict: asks ? 'ask' : 'allow',
      policies: asks ? [{ id: 'ask-destructive', effect: 'ask', remember: 'never' }] : [],
      reason: asks ? 'It can’t be undone.' : 'Nothing speaks against it.',
    };
  };
  return { seen, decide, scan };
}

it('judges a tool call in its folder', async () => {
  const using = judge();
  const line = {
    kind: 'tool_call',
    tool: 'Bash',
    arguments: { command: 'rm -rf ../x' },
    shell: 'bash',
    cwd: '/home/dev/proj',
    home: '/home/dev',
  };
  expect(await inspectLine(JSON.stringify(line), using)).toEqual({
    verdict: 'ask',
    effects: ['delete', 'destructive'],
    findings: [],
    policies: ['ask-destructive'],
    reason: 'It can’t be undone.',
  });
  expect(using.seen).toMatchObject([
    {
      approved: false,
      action: { kind: 'call_tool', origin: { workspace: { state: 'known', root: '/home/dev/proj' }, home: '/home/dev' } },
    },
  ]);
});

it('has no workspace without a folder', async () => {
  const using = judge();
  const answer = await inspectLine('{"kind":"tool_call","tool":"Write","arguments":{"file_path":"a.ts","content":"x"}}', using);
  expect(answer).toMatchObject({ verdict: 'allow', effects: ['unresolved'] });
  expect(using.seen[0]?.action.origin.workspace).toEqual({ state: 'unresolved' });
});

it('takes the shell from the line', async () => {
  expect(
    await inspectLine('{"kind":"tool_call","tool":"Bash","arguments":{"command":"rd /s /q .."},"shell":"cmd","cwd":"/w/proj"}', judge()),
  ).toMatchObject({ effects: ['delete', 'destructive'] });
});

it.each(['prompt', 'tool_result'])('scans the text of a %s', async (kind) => {
  const using = judge(async (texts) =>
    texts.map(({ text }) => ({
      findings: [{ detector: 'secrets', label: 'secret.test', severity: 'high', start: 3, end: text.length }],
    })),
  );
  expect(await inspectLine(JSON.stringify({ kind, text: 'my secret' }), using)).toEqual({
    verdict: 'allow',
    effects: [],
    findings: [{ label: 'secret.test', start: 3, end: 9 }],
    policies: [],
    reason: 'Nothing speaks against it.',
  });
  expect(using.seen[0]?.action.kind).toBe('send_prompt');
});

describe('a line that is wrong is never an allow', () => {
  it.each([
    ['not JSON', '{"kind":', 'not JSON'],
    ['an empty line', '', 'not JSON'],
    ['no object', '7', 'not a tool call'],
    ['an unknown kind', '{"kind":"wish"}', '"kind"'],
    ['no tool', '{"kind":"tool_call","arguments":{}}', '"tool"'],
    ['an unknown shell', '{"kind":"tool_call","tool":"Bash","shell":"fish"}', '"shell"'],
    ['a folder that is no text', '{"kind":"tool_call","tool":"Bash","cwd":7}', '"cwd"'],
    ['no text', '{"kind":"prompt"}', '"text"'],
  ])('%s', async (_, line, names) => {
    const using = judge();
    expect(await inspectLine(line, using)).toEqual({ error: expect.stringContaining(names) });
    expect(using.seen).toEqual([]);
  });

  it('a policy that fails', async () => {
    const answer = await inspectLine('{"kind":"prompt","text":"x"}', {
      scan: async () => [{ findings: [] }],
      decide: () => Promise.reject(new Error('the worker is gone')),
    });
    expect(answer).toEqual({ error: expect.stringContaining('the worker is gone') });
  });

  it('a detector that fails', async () => {
    const answer = await inspectLine(
      '{"kind":"prompt","text":"x"}',
      judge(() => Promise.reject(new Error('time'))),
    );
    expect(answer).toMatchObject({ effects: ['unresolved'] });
  });
});

it('takes what the session has seen, who it is and what was found elsewhere from the line', async () => {
  const using = judge();
  const line = {
    kind: 'tool_call',
    tool: 'Bash',
    arguments: { command: 'ls' },
    session: { untrustedSeen: true, refusals: 2 },
    labels: ['taint.url'],
    agent: 'Codex',
    user: 'dev',
    model: 'gpt-5',
    approved: true,
  };
  expect(await inspectLine(JSON.stringify(line), using)).toMatchObject({ findings: [{ label: 'taint.url' }] });
  expect(using.seen).toMatchObject([
    {
      approved: true,
      action: { origin: { agent: { name: 'Codex', process: { user: 'dev' } }, model: 'gpt-5' } },
      understanding: { session: { untrusted: true, injected: false, sensitive: false, refusals: 2 } },
    },
  ]);
});

it('takes what could not be read from the line', async () => {
  const using = judge();
  await inspectLine('{"kind":"prompt","text":"","uninspected":"undecodable"}', using);
  await inspectLine('{"kind":"tool_call","tool":"Bash","uninspected":"malformed"}', using);
  expect(using.seen.map(({ action }) => action)).toMatchObject([{ uninspected: 'undecodable' }, { call: { uninspected: 'malformed' } }]);
});

it('tells of a key that is none, where it is to', async () => {
  const line = '{"kind":"tool_call","tool":"Bash","sesion":{"untrustedSeen":true}}';
  expect(await inspectLine(line, judge())).toMatchObject({ verdict: 'allow' });
  expect(await inspectLine(line, { ...judge(), strict: true })).toEqual({ error: '"sesion" is no key of a line of this kind.' });
  expect(await inspectLine('{"kind":"tool_call","tool":"Bash","session":{"untrusted":true}}', judge())).toMatchObject({
    error: expect.stringContaining('"session"'),
  });
});

it('tells what policies that are only watched would have said', async () => {
  const observed = [{ id: 'team.new', effect: 'deny', reason: 'No.' }] as const;
  const decide = async (): Promise<Decision> => ({ verdict: 'allow', policies: [], reason: 'Yes.', observed });
  expect(await inspectLine('{"kind":"prompt","text":"x"}', { ...judge(), decide })).toMatchObject({ verdict: 'allow', observed });
});

it('as a test does not look at this computer’s disk', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'holdpoint-inspect-'));
  symlinkSync('/etc', join(dir, 'link'));
  const lines = [
    { kind: 'tool_call', tool: 'Write', arguments: { file_path: 'link/hosts', content: 'x' }, cwd: dir },
    { kind: 'mcp_call', server: 'files', tool: 'write_file', arguments: { path: 'link/hosts', content: 'x' }, cwd: dir },
  ].map((line) => JSON.stringify(line));
  const effects = async (strict: boolean) =>
    await Promise.all(
      lines.map(async (line) => {
        const answer = await inspectLine(line, { ...judge(), strict });
        return 'error' in answer ? answer.error : answer.effects;
      }),
    );
  expect(await effects(false)).toEqual([expect.arrayContaining(['write-outside']), expect.arrayContaining(['write-outside'])]);
  expect(await effects(true)).toEqual([['write-workspace'], ['write-workspace']]);
  rmSync(dir, { recursive: true });
});
