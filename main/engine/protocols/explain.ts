/** What the model and the person at the agent read in place of what was refused. */

import type { ToolCall } from '../../contract/action.ts';
import type { Refusal } from '../../contract/verdict.ts';
import { UNREAD_TOOL } from './line.ts';

/** Stands where the call stood. The tool's name is all of the call that it repeats, and only a name that looks like one. */
export function explain(call: ToolCall, refusal: Refusal): string {
  return (
    `Holdpoint refused ${named(call)}; it was not run. ${because(refusal)} ` +
    'Do not try it again or look for a way around this: tell the user what you wanted to do and why, and ask how to go on.'
  );
}

/** Answers a request that does not leave. */
export function explainRequest(refusal: Refusal): string {
  return `Holdpoint refused this request; nothing was sent. ${because(refusal)}`;
}

function because({ reason, policy, contact }: Refusal): string {
  return `${reason} (policy: ${policy})${contact === undefined ? '' : ` To ask for it: ${contact.replace(/\.$/, '')}.`}`;
}

function named({ tool, uninspected }: ToolCall): string {
  if (tool !== UNREAD_TOOL && /^[\w.:/-]{1,64}$/.test(tool)) return `this ${tool} call`;
  return uninspected ? 'a part of this answer that it could not read' : 'this tool call';
}
