/** What a policy's author has written reaches the person and the agent: reason, contact, and how long a yes may count. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Ending } from '../../../main/contract/approval.ts';
import type { Outcome } from '../../../main/contract/verdict.ts';
import { questionOf } from '../../../main/engine/approvals/question.ts';
import { createGuard } from '../../../main/engine/guard/guard.ts';
import type { Inquiry } from '../../../main/engine/guard/world.ts';
import { createPolicy } from '../../../main/engine/policy/engine.ts';
import { explain } from '../../../main/engine/protocols/explain.ts';
import { ORIGIN, PERMIT_ALL, understood } from '../../unit/engine/policy/build.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'holdpoint-told-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const MISSED: Ending = { kind: 'missed' };
const call = { id: '1', tool: 'Bash', input: { command: 'terraform apply' } };

async function judged(policies: string): Promise<{ outcome: Outcome; asked: Inquiry[] }> {
  await writeFile(join(dir, 'a.cedar'), PERMIT_ALL + policies);
  const policy = await createPolicy({ dir });
  const asked: Inquiry[] = [];
  const guard = createGuard({
    world: {
      understand: async () => understood({ text: 'terraform apply', programs: ['terraform'] }),
      decide: policy.decide,
      ask: async (inquiry) => {
        asked.push(inquiry);
        return MISSED;
      },
      record: async () => {},
    },
  });
  const outcome = await guard.judgeCall({ origin: ORIGIN, call, place: '1', signal: new AbortController().signal });
  await policy.close();
  return { outcome, asked };
}

const rule = (id: string, annotations: string) =>
  `@id("${id}") ${annotations} forbid (principal, action == Action::"call_tool", resource) when { context.programs.contains("terraform") };\n`;
const frame = { id: 'q', nonce: 'n', askedAt: 0, expiresAt: 1_000 };

it('in the question: every policy’s reason and contact, the gravest first, and no more than all of them let a person grant', async () => {
  const { asked } = await judged(
    rule('low', '@effect("ask") @reason("It costs money.") @severity("low") @remember("workspace") @contact("finance@example.com")') +
      rule('high', '@effect("ask") @reason("Others use it.") @severity("high") @remember("session") @contact("Ask in #ops.")'),
  );
  expect(questionOf(asked[0]!, frame)).toMatchObject({
    reason: 'Others use it.',
    policies: [
      { id: 'high', reason: 'Others use it.', contact: 'Ask in #ops.' },
      { id: 'low', reason: 'It costs money.', contact: 'finance@example.com' },
    ],
    grants: ['session'],
  });
});

it.each([
  ['never', []],
  ['session', ['session']],
  ['workspace', ['session', 'workspace']],
  ['8h', ['session', 'workspace']],
])('as the answers that may be given: @remember("%s")', async (remember, grants) => {
  const { asked } = await judged(rule('a', `@effect("ask") @reason("R.") @remember("${remember}")`));
  expect(questionOf(asked[0]!, frame).grants).toEqual(grants);
});

it('in what the agent reads in place of a refused call', async () => {
  const { outcome } = await judged(rule('no', '@reason("Others use it.") @contact("Ask in #ops.")'));
  if (outcome.kind !== 'refuse') throw new Error('released');
  expect(explain(call, outcome.why)).toContain('Others use it. (policy: no) To ask for it: Ask in #ops. Do not try');
});

it('in what the agent reads where nobody answered', async () => {
  const { outcome } = await judged(rule('a', '@effect("ask") @reason("Others use it.") @contact("ops@example.com")'));
  if (outcome.kind !== 'refuse') throw new Error('released');
  expect(explain(call, outcome.why)).toContain(
    'Others use it. Nobody answered in time. (policy: a) To ask for it: ops@example.com. Do not try',
  );
});
