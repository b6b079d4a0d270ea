/** A session of the corpus, replayed: what the guard decides at each of its calls. */

import { callsOf, type SessionCase } from './cases.ts';
import { inspected, judgeOf } from './judge.ts';

const CWD = '/home/dev/proj';
const HOME = '/home/dev';

/**
 * The verdicts on the session's calls, in order. An expected stop does not end the session: the calls behind it are judged too.
 * For now each call is judged alone, with nothing known of what was said or read before it.
 */
export async function judgeSession(session: SessionCase, policyDir?: string): Promise<readonly string[]> {
  const judge = await judgeOf(policyDir);
  const verdicts: string[] = [];
  for (const { call } of callsOf(session.steps)) {
    const line = { kind: 'tool_call', ...call, shell: 'bash', cwd: CWD, home: HOME };
    verdicts.push((await inspected(line, judge)).verdict);
  }
  return verdicts;
}
