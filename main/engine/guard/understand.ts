/** Understanding: an action's facts and findings, as the guard asks for them. */

import type { Action, Facts, Finding, Understanding } from '../../contract/action.ts';
import { missingCase } from '../../contract/errors.ts';
import { understandCall } from './facts/understand-call.ts';
import { mcpFacts } from './mcp-facts.ts';

export interface UnderstandingOptions {
  /** Detectors. Where they throw or reject, the action is `unresolved`: it was not scanned. */
  readonly scan: (text: string) => Promise<readonly Finding[]> | readonly Finding[];
}

/** Never rejects: what cannot be understood is the effect `unresolved`. Findings' offsets are into `facts.text`. */
export function createUnderstanding({ scan }: UnderstandingOptions): (action: Action) => Promise<Understanding> {
  return async (action) => {
    const facts = factsOf(action);
    try {
      return { facts, findings: facts.text === '' ? [] : await scan(facts.text) };
    } catch {
      return { facts: unscanned(facts), findings: [] };
    }
  };
}

export function factsOf(action: Action): Facts {
  switch (action.kind) {
    case 'call_tool':
      return understandCall(action.call, { workspace: action.origin.workspace, home: action.origin.home });
    case 'call_mcp_tool':
      return mcpFacts(action);
    case 'send_prompt':
      return promptFacts(action.uninspected);
    case 'receive_result':
      return { ...promptFacts(action.uninspected), tool: action.tool, text: action.text };
    case 'connect':
      return { ...promptFacts(), hosts: [action.host] };
    default:
      return missingCase(action);
  }
}

/** A prompt does nothing by itself; its content is scanned where it is redacted. */
function promptFacts(uninspected?: string): Facts {
  const effects: Facts['effects'] =
    uninspected === undefined ? [] : [{ effect: 'unresolved', risk: 'risk', says: `can’t be told: it could not be read (${uninspected})` }];
  return { tool: '', toolKind: 'other', text: '', effects, programs: [], paths: [], hosts: [] };
}

/** The facts still hold, and so does that nobody looked for secrets. */
export function unscanned(facts: Facts): Facts {
  return { ...facts, effects: [...facts.effects, { effect: 'unresolved', risk: 'risk', says: 'could not be searched for secrets' }] };
}
