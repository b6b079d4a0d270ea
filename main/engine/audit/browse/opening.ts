/** How a conversation begins: the person's first words, without what agents put around them. */

import { beginning } from './said.ts';

/** UTF-16 units. */
const LENGTH = 200;
/** What of a text is looked at: agents put long instructions before the words. */
const LOOKED_AT = 256 * 1024;

/** Null where nothing of the text is the person's own. Takes as long as the text is, whatever is in it. */
export function openingOf(text: string): string | null {
  const looked = text.slice(0, LOOKED_AT);
  const own = (requestIn(looked) ?? unwrapped(looked)).replace(/^# AGENTS\.md instructions for [^\n]*/m, '').trimStart();
  const line = own
    .slice(0, 4 * LENGTH)
    .replace(/\s+/g, ' ')
    .trim();
  if (line === '' || NOT_OWN.test(line)) return null;
  return beginning(line, LENGTH).trimEnd();
}

/** Around the words themselves: Copilot, Cursor. */
const REQUESTS = ['userRequest', 'user_query'];

function requestIn(text: string): string | undefined {
  for (const tag of REQUESTS) {
    const start = text.indexOf(`<${tag}>`);
    const end = start < 0 ? -1 : text.indexOf(`</${tag}>`, start);
    if (end >= 0) return text.slice(start + tag.length + 2, end);
  }
  return undefined;
}

const WRAPPERS = new RegExp(
  `<(${[
    ...['system-reminder', 'environment_context', 'environment_details', 'environment_info', 'user_instructions', 'INSTRUCTIONS'],
    ...['workspace_info', 'reminder', 'reminderInstructions', 'context', 'attachments'],
    ...['local-command-caveat', 'local-command-stdout', 'command-message', 'command-contents'],
  ].join('|')})>`,
  'g',
);

function unwrapped(text: string): string {
  let own = '';
  let at = 0;
  for (const { 0: opening, 1: tag, index } of text.matchAll(WRAPPERS)) {
    if (index < at) continue;
    own += `${text.slice(at, index)} `;
    const end = text.indexOf(`</${tag}>`, index);
    // Its end was cut off.
    if (end < 0) return own;
    at = end + opening.length + 1;
  }
  return own + text.slice(at);
}

/** Agents speaking for themselves: Gemini CLI. */
const NOT_OWN = /^This is the Gemini CLI\. We are setting up the context/;
