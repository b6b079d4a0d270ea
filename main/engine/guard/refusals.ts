/** Refusals in words: why, and whom to ask. */

import { messageOf } from '../../contract/errors.ts';
import type { Decision, Outcome, Refusal } from '../../contract/verdict.ts';

export function refusalOf(decision: Decision, reason = decision.reason): Refusal {
  const contact = decision.policies.find((policy) => policy.contact)?.contact;
  return { policy: decision.policies[0]?.id ?? 'holdpoint', reason: sentence(reason), ...(contact !== undefined && { contact }) };
}

/** A call that could not be judged, or not be recorded, has not been released. */
export function cannotJudge(thrown: unknown): Outcome {
  return { kind: 'refuse', why: { policy: 'holdpoint', reason: `It could not be judged: ${sentence(messageOf(thrown))}` } };
}

/** With a full stop at its end. */
export function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
