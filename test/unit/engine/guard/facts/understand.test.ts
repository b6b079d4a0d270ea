/** Understanding an action: facts and findings, and never a rejection. */

import { describe, expect, it } from 'vitest';
import type { Action, Finding, Origin } from '../../../../../main/contract/action.ts';
import type { ScannedText } from '../../../../../main/engine/detection/scanner.ts';
import { createUnderstanding, type ScanTexts } from '../../../../../main/engine/guard/understand.ts';
import { HOME, WORKSPACE } from './reading.ts';

const ORIGIN: Origin = {
  exchange: 'e',
  session: 's',
  agent: { name: 'Claude Code' },
  protocol: 'anthropic-messages',
  provider: 'Anthropic',
  host: 'api.anthropic.com',
  workspace: WORKSPACE,
  home: HOME,
};
const CALL: Action = {
  kind: 'call_tool',
  id: 'a',
  origin: ORIGIN,
  call: { id: '1', tool: 'Bash', input: { command: 'rm -rf ~/x' } },
  place: 'p',
};
const FINDING: Finding = { detector: 'secrets', label: 'secret.test', severity: 'high', start: 0, end: 2 };

it('gives the facts of a call in its workspace, and what detectors found in its text', async () => {
  const scanned: ScannedText[] = [];
  const understand = createUnderstanding({
    scan: async (texts) => {
      scanned.push(...texts);
      return [{ findings: [FINDING] }];
    },
  });
  const { facts, findings } = await understand(CALL);
  expect(facts.effects).toContainEqual(expect.objectContaining({ says: 'deletes ~/x, not in this project' }));
  expect(findings).toEqual([FINDING]);
  expect(scanned).toEqual([{ role: 'tool_call', text: facts.text }]);
});

it.each<[string, ScanTexts]>([
  [
    'throws',
    async () => {
      throw new Error('broken');
    },
  ],
  ['gives nothing', async () => []],
  ['took too long', async () => [{ findings: [], unscanned: 'timeout' }]],
])('keeps the facts, and says that nobody looked for secrets, where the scan %s', async (_, scan) => {
  const { facts, findings, unscanned } = await createUnderstanding({ scan })(CALL);
  expect(findings).toEqual([]);
  expect(unscanned).toBeDefined();
  expect(facts.effects.map(({ effect }) => effect)).toEqual(['delete', 'destructive', 'unresolved']);
});

it('finds nothing done by a prompt, and cannot tell one that was not read', async () => {
  const understand = createUnderstanding({ scan: async () => [] });
  expect((await understand({ kind: 'send_prompt', id: 'a', origin: ORIGIN })).facts.effects).toEqual([]);
  expect((await understand({ kind: 'send_prompt', id: 'a', origin: ORIGIN, uninspected: 'malformed' })).facts.effects).toMatchObject([
    { effect: 'unresolved', risk: 'risk' },
  ]);
});

describe('a prompt', () => {
  const prompt: Action = {
    kind: 'send_prompt',
    id: 'a',
    origin: ORIGIN,
    contents: [
      { role: 'user', text: 'one' },
      { role: 'tool_result', text: 'two' },
    ],
  };

  it('is scanned piece by piece, and its findings tell in which piece they are', async () => {
    const scanned: ScannedText[] = [];
    const understand = createUnderstanding({
      scan: async (texts) => {
        scanned.push(...texts);
        return texts.map((_, index) => ({ findings: index === 1 ? [FINDING] : [] }));
      },
    });
    expect((await understand(prompt)).findings).toEqual([{ ...FINDING, content: 1 }]);
    expect(scanned).toEqual(prompt.contents);
  });

  it('is unresolved where one piece was not scanned, and keeps what was found in the others', async () => {
    const understand = createUnderstanding({
      scan: async () => [{ findings: [FINDING] }, { findings: [], unscanned: 'too-long' }],
    });
    const { facts, findings, unscanned } = await understand(prompt);
    expect(facts.effects).toMatchObject([{ effect: 'unresolved', risk: 'risk' }]);
    expect(findings).toEqual([{ ...FINDING, content: 0 }]);
    expect(unscanned).toBe('too-long');
  });
});
