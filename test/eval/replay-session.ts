/** A session of the corpus, replayed through the guard: what it decides at each of its calls. */

import { randomUUID } from 'node:crypto';
import type { Content, Origin } from '../../main/contract/action.ts';
import { createGuard } from '../../main/engine/guard/guard.ts';
import { createUnderstanding } from '../../main/engine/guard/understand.ts';
import type { SessionCase } from './cases.ts';
import { judgeOf } from './judge.ts';

const CWD = '/home/dev/proj';

/**
 * The verdicts on the session's calls, in order: `allow`, `ask` or `deny`. An expected stop does not end the session: the calls behind it
 * are judged too. Nobody answers a question.
 */
export async function judgeSession(session: SessionCase, policyDir?: string): Promise<readonly string[]> {
  const { decide, scan } = await judgeOf(policyDir);
  let asked = false;
  const guard = createGuard({
    world: {
      understand: createUnderstanding({ scan }),
      decide,
      ask: async () => {
        asked = true;
        return { kind: 'unattended' };
      },
      record: async () => {},
    },
  });
  const origin = originOf(session.id);
  const contents: Content[] = [];
  const verdicts: string[] = [];
  for (const step of session.steps) {
    if ('user' in step) contents.push({ role: 'user', text: step.user });
    else if ('result' in step) contents.push(...resultOf(step.result, contents));
    else {
      await guard.judgeRequest(origin, { contents: [...contents] });
      asked = false;
      const { tool, arguments: input } = step.call;
      const call = { id: randomUUID(), tool, input };
      const outcome = await guard.judgeCall({ origin, call, place: randomUUID(), signal: new AbortController().signal });
      verdicts.push(outcome.kind === 'release' ? 'allow' : asked ? 'ask' : 'deny');
      contents.push({ role: 'tool_call', text: JSON.stringify({ name: tool, input }) });
    }
  }
  return verdicts;
}

/** A result that stands without its call has one put before it. */
function resultOf({ tool, text }: { readonly tool: string; readonly text: string }, before: readonly Content[]): Content[] {
  const result: Content = { role: 'tool_result', text };
  return before.at(-1)?.role === 'tool_call' ? [result] : [{ role: 'tool_call', text: JSON.stringify({ name: tool, input: {} }) }, result];
}

function originOf(session: string): Origin {
  return {
    exchange: session,
    session,
    agent: { name: 'Claude Code' },
    protocol: 'anthropic-messages',
    provider: 'Anthropic',
    host: 'api.anthropic.com',
    workspace: { state: 'known', root: CWD, cwd: CWD, source: 'protocol' },
    home: '/home/dev',
  };
}
