/** Understanding an action: facts and findings, and never a rejection. */

import { expect, it } from 'vitest';
import type { Action, Finding, Origin } from '../../../../../main/contract/action.ts';
import { createUnderstanding } from '../../../../../main/engine/guard/understand.ts';
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
  const scanned: string[] = [];
  const understand = createUnderstanding({
    scan: async (text) => {
      scanned.push(text);
      return [FINDING];
    },
  });
  const { facts, findings } = await understand(CALL);
  expect(facts.effects).toContainEqual(expect.objectContaining({ says: 'deletes ~/x, not in this project' }));
  expect(findings).toEqual([FINDING]);
  expect(scanned).toEqual([facts.text]);
});

it.each([
  [
    'throws',
    () => {
      throw new Error('broken');
    },
  ],
  ['rejects', () => Promise.reject(new Error('broken'))],
])('keeps the facts, and says that nobody looked for secrets, where the scan %s', async (_, scan) => {
  const { facts, findings } = await createUnderstanding({ scan })(CALL);
  expect(findings).toEqual([]);
  expect(facts.effects.map(({ effect }) => effect)).toEqual(['delete', 'destructive', 'unresolved']);
});

it('finds nothing done by a prompt, and cannot tell one that was not read', async () => {
  const understand = createUnderstanding({ scan: () => [] });
  expect((await understand({ kind: 'send_prompt', id: 'a', origin: ORIGIN })).facts.effects).toEqual([]);
  expect((await understand({ kind: 'send_prompt', id: 'a', origin: ORIGIN, uninspected: 'malformed' })).facts.effects).toMatchObject([
    { effect: 'unresolved', risk: 'risk' },
  ]);
});
