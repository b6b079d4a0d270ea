/** Understanding: an action's facts and findings, as the guard asks for them. */

import type { Action, Facts, Origin, Understanding } from '../../contract/action.ts';
import { missingCase } from '../../contract/errors.ts';
import type { Scan, ScannedText } from '../detection/scanner.ts';
import type { Where } from './facts/paths.ts';
import { understandCall } from './facts/understand-call.ts';
import { mcpFacts } from './mcp-facts.ts';

export interface UnderstandingOptions {
  /** Detectors, one scan a text. Where they throw or reject, the action is `unresolved`: it was not scanned. */
  readonly scan: ScanTexts;
  /** Where paths lead for whose agent it is; where absent, for this process. */
  readonly lookUp?: (origin: Origin) => Promise<Where['realpath']>;
}

export type ScanTexts = (texts: readonly ScannedText[]) => Promise<readonly Scan[]>;

/** Never rejects: what cannot be understood is the effect `unresolved`. */
export function createUnderstanding({ scan, lookUp }: UnderstandingOptions): (action: Action) => Promise<Understanding> {
  return async (action) => understandWith(factsOf(action, await lookUp?.(action.origin)), action, scan);
}

/** The action's facts with what detectors find in its texts. Never rejects. */
export async function understandWith(facts: Facts, action: Action, scan: ScanTexts): Promise<Understanding> {
  const texts = textsOf(action, facts);
  if (texts.length === 0) return { facts, findings: [] };
  const scans = await scan(texts).catch((): readonly Scan[] => []);
  const findings = scans.flatMap(({ findings }, content) =>
    action.kind === 'send_prompt' ? findings.map((finding) => ({ ...finding, content })) : findings,
  );
  const unscanned = scans.length < texts.length ? 'failed' : scans.find(({ unscanned }) => unscanned !== undefined)?.unscanned;
  return unscanned === undefined ? { facts, findings } : { facts: unresolved(facts), findings, unscanned };
}

/** `realpath` stands in for the disk. */
export function factsOf(action: Action, realpath?: Where['realpath']): Facts {
  switch (action.kind) {
    case 'call_tool':
      return understandCall(action.call, { workspace: action.origin.workspace, home: action.origin.home, realpath });
    case 'call_mcp_tool':
      return mcpFacts(action, realpath);
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

/** What detectors look at. Findings' `content` counts them. */
function textsOf(action: Action, { text }: Facts): readonly ScannedText[] {
  switch (action.kind) {
    case 'send_prompt':
      return action.contents ?? [];
    case 'receive_result':
      return text === '' ? [] : [{ role: 'tool_result', text }];
    default:
      return text === '' ? [] : [{ role: 'tool_call', text }];
  }
}

/** A prompt does nothing by itself. */
function promptFacts(uninspected?: string): Facts {
  const effects: Facts['effects'] =
    uninspected === undefined ? [] : [{ effect: 'unresolved', risk: 'risk', says: `can’t be told: it could not be read (${uninspected})` }];
  return { tool: '', toolKind: 'other', text: '', effects, programs: [], paths: [], hosts: [] };
}

/** The facts still hold, and so does that nobody looked for secrets. */
function unresolved(facts: Facts): Facts {
  return { ...facts, effects: [...facts.effects, { effect: 'unresolved', risk: 'risk', says: 'could not be searched for secrets' }] };
}
