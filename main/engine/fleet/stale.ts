/** What a verdict becomes when the fleet's policy is older than permitted (`fleet.whenStale`). */

import type { Decision } from '../../contract/verdict.ts';

export type StaleMode = 'keep' | 'ask' | 'block';

/**
 * `kind` is the action's. Only what acts is asked about or refused: a tool call. Never is anything let through that was not before.
 * `approved`: a person has said yes already, which answers that question.
 */
export function whenStale(decision: Decision, kind: string, mode: StaleMode | undefined, approved = false): Decision {
  if (mode === undefined || mode === 'keep') return decision;
  if (kind !== 'call_tool' && kind !== 'call_mcp_tool') return decision;
  if (mode === 'block') return decision.verdict === 'deny' ? decision : withStale(decision, 'deny', BLOCKED);
  return decision.verdict === 'allow' && !approved ? withStale(decision, 'ask', ASKED) : decision;
}

const ASKED = 'The fleet’s policy on this device is older than permitted, so a person is asked.';
const BLOCKED = 'The fleet’s policy on this device is older than permitted, so no tool is called until it is renewed.';

function withStale(decision: Decision, verdict: 'ask' | 'deny', reason: string): Decision {
  return { ...decision, verdict, reason, policies: [{ id: 'fleet.stale', effect: verdict, reason, remember: 'never' }] };
}
