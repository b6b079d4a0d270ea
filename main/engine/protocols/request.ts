/** What the request readers share: a body's JSON, and what agents say of their working directory in it. */

import { isUtf8 } from 'node:buffer';
import { isAbsolute } from 'node:path';
import type { Uninspected } from '../../contract/action.ts';
import type { Conversation } from './conversation.ts';
import { asString, isObject, type JsonObject } from './json.ts';
import type { AgentRequest, RequestReading } from './pieces.ts';
import { createResentReader } from './resent.ts';

const bodies = createResentReader();

/** Reads a body by what the protocol makes of its object. Never throws. */
export function readBody(body: Uint8Array, read: (request: JsonObject) => AgentRequest | Uninspected): RequestReading {
  if (!isUtf8(body)) return { kind: 'uninspected', why: 'undecodable' };
  const reading = bodies.read(body);
  if (!reading.ok) return { kind: 'uninspected', why: reading.why };
  if (!isObject(reading.value)) return { kind: 'uninspected', why: 'unknown-shape' };
  const request = read(reading.value);
  return typeof request === 'string' ? { kind: 'uninspected', why: request } : { kind: 'read', request };
}

/** The request's common part. */
export function agentRequest(
  request: JsonObject,
  conversation: Conversation,
  told: { readonly session: string | undefined; readonly cwd: string | undefined; readonly tools: readonly string[] },
): AgentRequest {
  const model = asString(request.model);
  const after = conversation.after();
  return {
    ...(model === undefined ? {} : { model: model.slice(0, MAX_NAME) }),
    streamed: request.stream === true,
    ...(told.session === undefined ? {} : { session: told.session.slice(0, MAX_NAME) }),
    ...conversation.hashes(),
    ...(told.cwd === undefined ? {} : { cwd: told.cwd }),
    tools: told.tools,
    blocks: conversation.blocks,
    ...(after === undefined ? {} : { after }),
  };
}

/** Names of tools, wherever they are nested; a tool of the provider's own goes by its type. */
export function toolNames(tools: unknown): string[] {
  if (!Array.isArray(tools)) return [];
  return tools.flatMap((tool): string[] => {
    if (!isObject(tool)) return [];
    if (Array.isArray(tool.tools)) return toolNames(tool.tools);
    const inner = isObject(tool.function) ? tool.function : isObject(tool.custom) ? tool.custom : tool;
    const name = asString(inner.name) ?? asString(tool.type);
    return name === undefined ? [] : [name.slice(0, MAX_NAME)];
  });
}

/**
 * The folder that an agent's own instructions state: "Primary working directory: /x" (Claude Code), "Working directory: /x" (opencode).
 * The first one counts: what the agent quotes from the project comes after it. Only ever given text that the agent itself wrote.
 */
export function statedFolder(instructions: string): string | undefined {
  return absolutePath(/^[ \t]*(?:- )?(?:Primary working|Working|Current working) directory:[ \t]*(\S.*)$/im.exec(instructions)?.[1]);
}

/** The folder that a message states: one of the agent's own instructions, or the `<environment_context>` that Codex sends as the user's. */
export function folderIn({ role, content }: JsonObject): string | undefined {
  const parts: readonly unknown[] = Array.isArray(content) ? content : [{ text: content }];
  for (const part of parts) {
    const text = isObject(part) ? asString(part.text) : undefined;
    if (text === undefined) continue;
    const folder = role === 'system' || role === 'developer' ? statedFolder(text) : role === 'user' ? contextFolder(text) : undefined;
    if (folder !== undefined) return folder;
  }
  return undefined;
}

/** The path where it is an absolute one of any system. */
export function absolutePath(path: string | undefined): string | undefined {
  const trimmed = path?.trim();
  if (trimmed === undefined || trimmed.length > MAX_PATH || trimmed.includes('\0')) return undefined;
  return isAbsolute(trimmed) || /^[a-z]:[\\/]/i.test(trimmed) ? trimmed : undefined;
}

const MAX_NAME = 256;
const MAX_PATH = 4096;

function contextFolder(message: string): string | undefined {
  if (!message.trimStart().startsWith('<environment_context>')) return undefined;
  return absolutePath(/<cwd>([^<\n]+)<\/cwd>/.exec(message)?.[1]);
}
