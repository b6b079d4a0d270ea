/** What no person is asked about: requests, results and connections. Policy lets them pass, takes something out of them, or refuses. */

import type { ConnectAction, Content, ReceiveResultAction, SendPromptAction, Understanding } from '../../contract/action.ts';
import type { Outcome } from '../../contract/verdict.ts';
import { createNewFindings } from './new-findings.ts';
import { cannotJudge, refusalOf } from './refusals.ts';
import { createTold, sensitiveIn } from './sensitive.ts';
import type { SessionSense } from './session/sense.ts';
import { findingEntry, redactionEntry, unscannedEntry, verdictEntry } from './story.ts';
import type { World } from './world.ts';

export type AloneAction = SendPromptAction | ReceiveResultAction | ConnectAction;

/** Decides on an action; `what` begins the record of a refusal: "Request refused". Never rejects: what goes wrong refuses. */
export function createAloneJudge({ world, sense }: { world: Omit<World, 'ask'>; sense: SessionSense }) {
  const told = createTold();
  const newFindings = createNewFindings();

  return decideAlone;

  /** An action that no person is asked about. What is allowed, nothing was found in and no watched policy met leaves no record here. */
  async function decideAlone(action: AloneAction, what: string): Promise<Outcome> {
    try {
      const understanding = await world.understand(action);
      if (action.kind === 'send_prompt') sense.note(action.origin.session, action.contents ?? [], understanding.findings);
      const decision = await world.decide(action, understanding, false);
      await recordFindings(action, understanding);
      if (decision.verdict === 'allow') {
        // A watched policy is there to be read about before it is put in force.
        if (decision.observed) await world.record(verdictEntry(action, decision));
        return { kind: 'release' };
      }
      const redact = decision.verdict === 'redact' ? sensitiveIn(contentsOf(action), understanding.findings, decision) : [];
      if (redact.length > 0) {
        if (told.isNews(action.origin.session, redact)) await world.record(redactionEntry(action, decision, redact));
        return { kind: 'release', redact };
      }
      const outcome: Outcome = { kind: 'refuse', why: refusalOf(decision, CANNOT[decision.verdict]?.(WHAT[action.kind])) };
      await world.record({ ...verdictEntry(action, decision), summary: `${what}: ${outcome.why.reason}` });
      return outcome;
    } catch (thrown) {
      return cannotJudge(thrown);
    }
  }

  async function recordFindings(action: AloneAction, understanding: Understanding): Promise<void> {
    const isPrompt = action.kind === 'send_prompt';
    const untold = isPrompt ? newFindings.of(action, understanding) : understanding;
    const entries = [
      ...(untold.findings.length > 0 ? [findingEntry(action, untold)] : []),
      ...(untold.unscanned !== undefined ? [unscannedEntry(action, untold.unscanned)] : []),
    ];
    await Promise.all(entries.map((entry) => world.record(entry)));
    if (isPrompt && entries.length > 0) newFindings.told(action, untold);
  }
}

const CANNOT = {
  deny: undefined,
  ask: (what: string) => `Policy wants a person to be asked about this ${what}, which this version cannot do, so it is refused.`,
  redact: (what: string) => `Policy wants this ${what} redacted, but nothing in it could be told from the rest, so it is refused.`,
} as const;
const WHAT = { send_prompt: 'request', receive_result: 'result', connect: 'connection' } as const;

function contentsOf(action: AloneAction): readonly Content[] {
  if (action.kind === 'receive_result') return [{ role: 'tool_result', text: action.text }];
  return action.kind === 'send_prompt' ? (action.contents ?? []) : [];
}
