/** What an HTTP request has to do with the Model Context Protocol, and where it goes. */

import { isUtf8 } from 'node:buffer';
import type { InspectedRequest } from '../interception/inspection.ts';
import { folded, isObject } from '../protocols/json.ts';
import { type McpRequest, progressTokenIn, readMcp } from '../protocols/mcp/messages.ts';
import { header, type RequestHead } from '../protocols/pieces.ts';
import type { Unread } from './mcp-link.ts';

/** Whether a request may be MCP's, by its head: its body must then be read, whatever else is known of its path. */
export function maySpeakMcp(head: RequestHead): boolean {
  return speaksMcp(head) || /(^|\/)(mcp|sse)$/i.test(pathOf(head).replace(/\/+$/, ''));
}

/** Whether a request says that it is MCP's. */
export function speaksMcp({ rawHeaders }: RequestHead): boolean {
  return header(rawHeaders, 'mcp-session-id') !== undefined || header(rawHeaders, 'mcp-protocol-version') !== undefined;
}

/** By its headers, else by its body: any host and any path may speak MCP. */
export function shapeOf({ head, body }: InspectedRequest): 'messages' | 'events' | 'end' | undefined {
  switch (head.method) {
    case 'POST':
      if (body.kind === 'whole' && body.bytes.byteLength === 0) return undefined;
      return speaksMcp(head) || isJsonRpc(body) ? 'messages' : undefined;
    case 'GET':
      if (!accepts(head, 'text/event-stream')) return undefined;
      // The official Python client says that it takes JSON here too, in a second header of that name.
      return speaksMcp(head) || (!accepts(head, 'text/html') && !accepts(head, 'application/json')) ? 'events' : undefined;
    case 'DELETE':
      return speaksMcp(head) ? 'end' : undefined;
    default:
      return undefined;
  }
}

function isJsonRpc(body: InspectedRequest['body']): boolean {
  if (body.kind !== 'whole') return false;
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body.bytes));
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    return values.some((one) => isObject(one) && Object.keys(one).some((name) => folded(name) === 'jsonrpc'));
  } catch {
    return false;
  }
}

export function textOf({ body }: InspectedRequest): string | Unread {
  if (body.kind === 'unread') return { uninspected: body.why };
  return isUtf8(body.bytes) ? Buffer.from(body.bytes).toString('utf8') : { uninspected: 'undecodable' };
}

export function requestsIn(text: string): readonly McpRequest[] {
  if (text === '') return [];
  const reading = readMcp(text);
  return 'messages' in reading ? reading.messages.filter((message) => message.kind === 'request') : [];
}

export function tokenIn(text: string) {
  return requestsIn(text)
    .map(progressTokenIn)
    .find((token) => token !== undefined);
}

export function accepts({ rawHeaders }: RequestHead, type: string): boolean {
  return (header(rawHeaders, 'accept') ?? '').toLowerCase().includes(type);
}

/** `user`: whose agent it is. An id that another user's agent knows is not its session. */
export function sessionKey(head: RequestHead, session: string, user: string | undefined): string {
  return `${addressOf(head)}\n${session}\n${user ?? ''}`;
}

export function endpointKey({ host, port }: RequestHead, path: string, user: string | undefined): string {
  return `endpoint\n${host}:${port}${path}\n${user ?? ''}`;
}

/** Path and query of where an `endpoint` event leads; undefined where that is another origin, where nothing would be looked into. */
export function sameOrigin(url: string, head: RequestHead): string | undefined {
  const base = `${originUrl(head)}${head.path}`;
  if (!URL.canParse(url, base)) return undefined;
  const { origin, pathname, search } = new URL(url, base);
  return origin === new URL(base).origin ? `${pathname}${search}` : undefined;
}

/** Without its query, which may carry a key. */
export function addressOf(head: RequestHead): string {
  return `${originUrl(head)}${pathOf(head)}`;
}

function originUrl({ host, port }: RequestHead): string {
  return `https://${host.includes(':') ? `[${host}]` : host}${port === 443 ? '' : `:${port}`}`;
}

export function pathOf({ path }: RequestHead): string {
  return path.split(/[?#]/, 1)[0] ?? path;
}
