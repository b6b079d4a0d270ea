/** An OpenAI chat delta or message without the calls that were refused: both have `content`, `tool_calls` and `function_call`. */

import { type JsonNode, locate, patched, source } from '../json.ts';

export interface MessageChanges {
  /** JSON text of each call that stays; the member goes where none does. Undefined leaves it as it is. */
  readonly calls?: readonly string[] | undefined;
  readonly withoutFunctionCall?: boolean;
  /** To be said in place of what is gone. */
  readonly say: string;
}

/** The message's text with the changes made. */
export function changedMessage(text: string, message: JsonNode, { calls, withoutFunctionCall, say }: MessageChanges): string {
  return patched(text, message, {
    ...(calls && { tool_calls: calls.length > 0 ? `[${calls.join(',')}]` : undefined }),
    ...(withoutFunctionCall && { function_call: undefined }),
    ...(say !== '' && { content: contentSaying(text, message.members.get('content')?.value, say) }),
  });
}

/** Content is a string, or null, or (Mistral, and what assistants send back) a list of parts. */
function contentSaying(text: string, content: JsonNode | undefined, words: string): string {
  const written = content ? source(text, content) : 'null';
  if (written.startsWith('['))
    return `[${[...content!.items.map((item) => source(text, item)), JSON.stringify({ type: 'text', text: words })].join(',')}]`;
  if (!written.startsWith('"') || written === '""') return JSON.stringify(words);
  return JSON.stringify(`${JSON.parse(written) as string}\n\n${words.trimStart()}`);
}

/** The text of a chunk or completion with its choices replaced one by one. */
export function changedChoices(text: string, change: (choice: JsonNode, at: number) => string): string {
  const tree = locate(text);
  const choices = tree.members.get('choices')?.value.items ?? [];
  return patched(text, tree, { choices: `[${choices.map(change).join(',')}]` });
}
