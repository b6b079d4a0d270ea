/** What would happen if: an action that nobody asked for, judged by the live path's own code, and nothing kept of it. */

import type { CallToolAction, Understanding } from '../../contract/action.ts';
import type { ControlParams } from '../../contract/control.ts';
import { missingCase } from '../../contract/errors.ts';
import type { WhatIf } from '../../contract/policy-desk.ts';
import type { Decision } from '../../contract/verdict.ts';
import { questionOf } from '../approvals/question.ts';
import { visibleLine, visibleText } from '../approvals/visible.ts';
import { type StaleMode, whenStale } from '../fleet/stale.ts';
import type { Where } from '../guard/facts/paths.ts';
import { understandCall } from '../guard/facts/understand-call.ts';
import { CANNOT_REDACT } from '../guard/guard.ts';
import { refusalOf } from '../guard/refusals.ts';
import { titleOf } from '../guard/title.ts';
import { type ScanTexts, understandWith } from '../guard/understand.ts';
import type { Policy } from '../policy/engine.ts';
import { type ExplainedPolicy, explain } from '../policy/explain.ts';
import { explain as explainRefusal } from '../protocols/explain.ts';
import { givenCall, givenOrigin } from './given-call.ts';

export interface WhatIfOptions {
  readonly policy: Pick<Policy, 'decide' | 'find'>;
  readonly scan: ScanTexts;
  readonly staleMode: StaleMode | undefined;
  /** Of the person who asks: `~` means this. */
  readonly home: string;
  /** Where paths lead for that person; where absent, for this process. */
  readonly realpath?: Where['realpath'];
}

const MAX_SENTENCE = 2_000;
const MAX_TOLD = 8_000;

export async function whatIf(given: ControlParams<'whatIf'>, { policy, scan, staleMode, home, realpath }: WhatIfOptions): Promise<WhatIf> {
  const origin = givenOrigin(given, home);
  const read = givenCall(given);
  if ('says' in read) return { state: 'not-understood', says: read.says };
  if ('says' in origin) return { state: 'not-understood', says: origin.says };
  const action: CallToolAction = { kind: 'call_tool', id: 'what-if', origin, call: read.call, place: 'what-if' };
  const facts = understandCall(action.call, { workspace: origin.workspace, home, shell: read.shell, realpath });
  const understanding = await understandWith(facts, action, scan);
  const decision = whenStale(await policy.decide(action, understanding, false), action.kind, staleMode);
  return judged(action, understanding, decision, policy);
}

function judged(action: CallToolAction, understanding: Understanding, decision: Decision, policy: Pick<Policy, 'find'>): WhatIf {
  const title = titleOf(action.origin.agent.name, understanding.facts);
  const { signal } = new AbortController();
  // The person's own question, of which nothing is open.
  const shown = questionOf(
    { action, understanding, decision, title, remember: 'never', content: '', signal },
    { id: '', nonce: '', askedAt: 0, expiresAt: 0 },
  );
  const explained = explain(action, understanding, decision, policy);
  const deciding = ({ id, effect, reason, contact, file, line }: ExplainedPolicy) => ({
    ...{ id, effect, file, line },
    says: policy.find(id)?.says ?? null,
    reason: reason ?? null,
    contact: contact ?? null,
  });
  const told = toldOf(action, decision);
  return {
    state: 'judged',
    verdict: decision.verdict,
    because: visibleLine(explained.sentence, MAX_SENTENCE),
    title: shown.title,
    workspace: shown.workspace,
    action: shown.action,
    effects: shown.effects,
    reason: shown.reason,
    policies: explained.policies.map(deciding),
    observed: explained.observed.map(deciding),
    told: told === null ? null : visibleText(told, MAX_TOLD).text,
    failed: decision.failure !== undefined,
  };
}

/** What stands in the call's place in the model's answer. */
function toldOf({ call }: CallToolAction, decision: Decision): string | null {
  switch (decision.verdict) {
    case 'allow':
      return null;
    case 'ask':
      return explainRefusal(call, refusalOf(decision, 'The person at this computer said no.'));
    case 'redact':
      return explainRefusal(call, refusalOf(decision, CANNOT_REDACT));
    case 'deny':
      return explainRefusal(call, refusalOf(decision));
    default:
      return missingCase(decision.verdict);
  }
}
