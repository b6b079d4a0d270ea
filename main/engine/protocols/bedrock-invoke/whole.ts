/** A model's own JSON answer: Anthropic's, Amazon Nova's and OpenAI's are read, those of others are only looked through. */

import { anthropicDocument } from '../anthropic-messages/whole.ts';
import { hasCalls } from '../any-calls.ts';
import { converseDocument } from '../bedrock-converse/whole.ts';
import { isObject, type JsonObject } from '../json.ts';
import { chatDocument } from '../openai-chat/whole.ts';
import type { DecoderLimits } from '../pieces.ts';
import { type Document, NO_CALLS } from '../whole.ts';

/** `model`: as the path names it. Its vendor tells the shape of an answer of which nothing can be read. */
export function invokeDocument(limits: DecoderLimits, model = ''): Document {
  const [anthropic, nova, chat] = [anthropicDocument(limits), converseDocument(limits), chatDocument(limits)];
  let spoken = /amazon\.nova/.test(model) ? nova : /openai\./.test(model) ? chat : anthropic;

  return {
    read(answer, text) {
      const formOf: [Document, string] | undefined = Array.isArray(answer.content)
        ? [anthropic, 'content']
        : isObject(answer.output) && isObject(answer.output.message)
          ? [nova, 'output']
          : Array.isArray(answer.choices)
            ? [chat, 'choices']
            : undefined;
      if (!formOf) return hasCalls(answer) ? 'unknown-shape' : NO_CALLS;
      const [form, member] = formOf;
      spoken = form;
      return hasCalls(without(answer, member)) ? 'unknown-shape' : form.read(answer, text);
    },
    saying: (text) => spoken.saying(text),
    summary: () => spoken.summary(),
  };
}

/** What the format's own reader does not look at. */
function without(answer: JsonObject, member: string): JsonObject {
  return { ...answer, [member]: undefined };
}
