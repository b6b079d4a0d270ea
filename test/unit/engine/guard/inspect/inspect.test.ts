/** `holdpoint inspect`, one line at a time. */

import { describe, expect, it } from 'vitest';
import type { Action, Understanding } from '../../../../../main/contract/action.ts';
import type { Decision } from '../../../../../main/contract/verdict.ts';
import { type InspectJudge, inspectLine } from '../../../../../main/engine/guard/inspect.ts';

/** Asks about everything destructive, and keeps what it was asked with. */
function judge(scan: InspectJudge['scan'] = () => []) {
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
  const using = judge((text) => [{ detector: 'secrets', label: 'secret.test', severity: 'high', start: 3, end: text.length }]);
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
      scan: () => [],
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
