/** What a person has written or uploaded, read from the requests of assistants' pages. */

import { isUtf8 } from 'node:buffer';
import type { Uninspected } from '../../../contract/action.ts';
import { type Conversation, createConversation } from '../conversation.ts';
import { asString, isObject, type JsonObject, readJson } from '../json.ts';
import type { AgentRequest, RequestReading } from '../pieces.ts';
import { agentRequest, readBody } from '../request.ts';
import type { Page } from './pages.ts';

export type Form = Page['requests'][number]['form'];

export function readPrompt(body: Uint8Array, form: Form): RequestReading {
  switch (form) {
    case 'chatgpt':
      return readBody(body, readChatgpt);
    case 'claude':
      return readBody(body, readClaude);
    case 'gemini':
      return readText(body, readGemini);
    case 'text':
      return readText(body, (text, conversation) => void conversation.text('user', text));
  }
}

/** `messages`, or the `partial_query` that goes out while the person is still writing. */
function readChatgpt(request: JsonObject): AgentRequest | Uninspected {
  const { messages, partial_query: partial, model, conversation_id: session } = request;
  const list = [...(Array.isArray(messages) ? messages : []), ...(isObject(partial) ? [partial] : [])];
  if (messages !== undefined && !Array.isArray(messages)) return 'unknown-shape';
  const conversation = createConversation();
  for (const message of list) {
    const content = isObject(message) ? message.content : undefined;
    const parts = isObject(content) ? (content.parts ?? [content.text]) : undefined;
    if (!Array.isArray(parts)) return 'unknown-shape';
    for (const part of parts) readPart(part, conversation);
  }
  return prompt(conversation, model, session);
}

function readClaude(request: JsonObject): AgentRequest | Uninspected {
  const { prompt: words, attachments = [], files = [], model, parent_message_uuid: parent } = request;
  if (!Array.isArray(attachments) || !Array.isArray(files) || (words !== undefined && typeof words !== 'string')) return 'unknown-shape';
  const conversation = createConversation(asString(parent));
  if (words !== undefined) conversation.text('user', words);
  for (const attachment of attachments)
    readPart(isObject(attachment) ? (attachment.extracted_content ?? attachment) : attachment, conversation);
  for (const file of files) readPart(typeof file === 'string' ? { file } : file, conversation);
  return prompt(conversation, model, undefined);
}

/** A form whose `f.req` is JSON within JSON: `[null, "[[\"the prompt\", …], …]"]`. */
function readGemini(form: string, conversation: Conversation): Uninspected | undefined {
  const outer = readJson(new URLSearchParams(form).get('f.req') ?? '');
  const text = outer.ok && Array.isArray(outer.value) ? outer.value[1] : undefined;
  const inner = typeof text === 'string' ? readJson(text) : undefined;
  const message: unknown = inner?.ok && Array.isArray(inner.value) ? inner.value[0] : undefined;
  if (!Array.isArray(message) || typeof message[0] !== 'string') return 'unknown-shape';
  conversation.text('user', message[0]);
  for (const more of message.slice(1)) if (Array.isArray(more)) conversation.other('user', 'attachment', JSON.stringify(more));
  return undefined;
}

function readPart(part: unknown, conversation: Conversation): void {
  if (typeof part === 'string') conversation.text('user', part);
  else if (part !== undefined) conversation.other('user', (isObject(part) && asString(part.content_type)) || 'file', JSON.stringify(part));
}

function readText(body: Uint8Array, read: (text: string, conversation: Conversation) => Uninspected | undefined): RequestReading {
  if (!isUtf8(body)) return { kind: 'uninspected', why: 'undecodable' };
  const conversation = createConversation();
  const trouble = read(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'), conversation);
  return trouble ? { kind: 'uninspected', why: trouble } : { kind: 'read', request: prompt(conversation, undefined, undefined) };
}

function prompt(conversation: Conversation, model: unknown, session: unknown): AgentRequest {
  return agentRequest({ model, stream: true }, conversation, { session: asString(session) || undefined, cwd: undefined, tools: [] });
}
