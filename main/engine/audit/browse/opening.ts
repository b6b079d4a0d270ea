/** How a conversation begins: the person's first words, without what agents put around them. */

import { beginning } from './said.ts';

/** UTF-16 units. */
const LENGTH = 200;
/** What of a text is looked at: agents put long instructions before the words. */
const LOOKED_AT = 256 * 1024;

/** Null where nothing of the text is the person's own. */
export function openingOf(text: string): string | null {
  let own = text.slice(0, LOOKED_AT);
  const request = REQUEST.exec(own)?.[1];
  own = request ?? own.replace(WRAPPED, ' ').replace(UNENDED, ' ');
  own = own
    .replace(/^\s*# AGENTS\.md instructions for .*$/m, '')
    .replace(/\s+/gu, ' ')
    .trim();
  if (own === '' || NOT_OWN.test(own)) return null;
  return beginning(own, LENGTH).trimEnd();
}

/** Around the words themselves (Copilot). */
const REQUEST = /<(?:userRequest|user_query|user-request)>([\s\S]*?)<\/(?:userRequest|user_query|user-request)>/;
const TAGS = [
  'system-reminder',
  'environment_context',
  'environment_details',
  'environment_info',
  'user_instructions',
  'INSTRUCTIONS',
  'permissions instructions',
  'workspace_info',
  'reminder',
  'reminderInstructions',
  'context',
  'attachments',
  'local-command-caveat',
  'local-command-stdout',
  'command-message',
  'command-contents',
].join('|');
const WRAPPED = new RegExp(`<(${TAGS})>[\\s\\S]*?</\\1>`, 'g');
/** Its end was cut off. */
const UNENDED = new RegExp(`<(?:${TAGS})>[\\s\\S]*$`);
/** Agents speaking for themselves: Gemini CLI. */
const NOT_OWN = /^This is the Gemini CLI\. We are setting up the context/;
