/** Gemini requests: the conversation, and what Gemini CLI tells of itself in it. */

import type { Uninspected } from '../../../contract/action.ts';
import { type Conversation, createConversation } from '../conversation.ts';
import { asString, isObject, type JsonObject } from '../json.ts';
import { plainPath } from '../media.ts';
import type { AgentRequest, RequestReading } from '../pieces.ts';
import { absolutePath, agentRequest, readBody, statedFolder, toolNames } from '../request.ts';
import { field } from './names.ts';

/** The model, and whether the answer is streamed, are in the path. Code Assist names the model in the body. */
export function readGoogleRequest(body: Uint8Array, path = ''): RequestReading {
  return readBody(body, (request) => read(request, plainPath(path)));
}

function read(envelope: JsonObject, path: string): AgentRequest | Uninspected {
  const wrapped = field(envelope, 'request') ?? field(envelope, 'generateContentRequest');
  const request = isObject(wrapped) ? wrapped : envelope;
  const contents = field(request, 'contents');
  const list = Array.isArray(contents) ? contents : isObject(contents) ? [contents] : undefined;
  if (!list?.every(isObject)) return 'unknown-shape';
  const conversation = createConversation();
  const instructions = textsOf(field(request, 'systemInstruction'));
  for (const text of instructions) conversation.system(text);
  for (const content of list) {
    if (!readContent(content, conversation)) return 'unknown-shape';
    conversation.endOpening();
  }
  return agentRequest(
    {
      model: isObject(wrapped) ? field(envelope, 'model') : /\/([^/:]+):\w+$/.exec(path)?.[1],
      stream: path.endsWith(':streamGenerateContent'),
    },
    conversation,
    {
      session: asString(field(request, 'sessionId')) || undefined,
      cwd: contextFolder(list[0]) ?? statedFolder(instructions.join('\n')),
      tools: declaredNames(field(request, 'tools')),
    },
  );
}

/** Whether all of it is of a shape that we know. */
function readContent(content: JsonObject, conversation: Conversation): boolean {
  const role = field(content, 'role') ?? 'user';
  const parts = field(content, 'parts') ?? [];
  if (typeof role !== 'string' || !Array.isArray(parts) || !parts.every(isObject)) return false;
  for (const part of parts) readPart(role === 'model' ? 'assistant' : 'user', part, conversation);
  return true;
}

function readPart(role: 'user' | 'assistant', part: JsonObject, conversation: Conversation): void {
  const [text, call, response] = ['text', 'functionCall', 'functionResponse'].map((name) => field(part, name));
  if (isObject(call)) conversation.call(field(call, 'id') ?? field(call, 'name'), field(call, 'name'), field(call, 'args') ?? {});
  else if (isObject(response)) {
    conversation.result(field(response, 'id') ?? field(response, 'name'), resultText(field(response, 'response')));
  } else if (typeof text !== 'string') {
    const label = Object.keys(part).find((key) => isObject(part[key])) ?? 'unknown';
    conversation.other(role, label, JSON.stringify({ ...part, thoughtSignature: undefined, thought_signature: undefined }));
  }
  // Gemini CLI tells the date and its folder there: no word of the user's, and another one tomorrow.
  else if (role === 'user' && text.trimStart().startsWith('<session_context>')) conversation.system(text);
  else conversation.text(role, text);
}

/** Tools put what they found under `output`, as Google's guide has it, or anywhere. */
function resultText(response: unknown): string {
  const output = isObject(response) && Object.keys(response).length === 1 ? response.output : undefined;
  return typeof output === 'string' ? output : JSON.stringify(response ?? {});
}

function textsOf(content: unknown): string[] {
  if (typeof content === 'string') return [content];
  const parts = isObject(content) ? (field(content, 'parts') ?? [content]) : content;
  if (!Array.isArray(parts)) return isObject(parts) ? textsOf([parts]) : [];
  return parts.flatMap((part) => (isObject(part) && typeof part.text === 'string' ? [part.text] : []));
}

/** A tool of Google's own goes by its field: `{"googleSearch": {}}`. */
function declaredNames(tools: unknown): string[] {
  if (!Array.isArray(tools)) return [];
  return tools.filter(isObject).flatMap((tool) => {
    const declared = field(tool, 'functionDeclarations');
    return Array.isArray(declared) ? toolNames(declared) : Object.keys(tool).slice(0, 1);
  });
}

/**
 * The folder that Gemini CLI states at the head of its first message. Further down it quotes the project's own files, which may state
 * another: only the lines that it writes itself count.
 */
function contextFolder(first: JsonObject | undefined): string | undefined {
  const parts = first && field(first, 'parts');
  const text = Array.isArray(parts) && isObject(parts[0]) ? asString(parts[0].text) : undefined;
  return absolutePath(CONTEXT.exec(text?.trimStart().slice(0, 16_384) ?? '')?.[1]);
}

const CONTEXT =
  /^(?:<session_context>\s*)?This is the Gemini CLI\.[^\n]*\n(?:(?:Today's date|My operating system|The project's temporary directory)[^\n]*\n)*(?:- \*\*Workspace Directories:\*\*\n {2}- |I'm currently working in the directory: )([^\n]+)/;
