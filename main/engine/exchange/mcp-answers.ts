/** A server's answer over HTTP on its way to the client: events or one document, message by message. */

import { isUtf8 } from 'node:buffer';
import type { Origin } from '../../contract/action.ts';
import type { ResponseTransform } from '../interception/inspection.ts';
import { locate, readJson, source } from '../protocols/json.ts';
import { createSseSplitter, type SseFrame, withData } from '../protocols/sse.ts';
import type { McpLink } from './mcp-link.ts';
import type { Asked } from './mcp-pending.ts';

export interface McpAnswerOptions {
  readonly link: Pick<McpLink, 'fromServer'>;
  readonly origin: Origin;
  /** As of `McpLink.fromServer`. */
  readonly answersTo: readonly Asked[];
  write(bytes: Uint8Array): Promise<void>;
}

const MAX_DOCUMENT = 16 * 1024 * 1024;

/** Server-sent events. `endpoint`: where the older transport's client is told to send its messages; false where it must not. */
export function mcpEvents({ link, origin, answersTo, write }: McpAnswerOptions, endpoint: (url: string) => boolean): ResponseTransform {
  const splitter = createSseSplitter();
  return {
    async push(chunk) {
      for (const frame of splitter.push(chunk)) await take(frame);
    },
    async end() {
      const rest = splitter.rest();
      if (rest) await take(rest);
    },
    doubt: () => {},
  };

  async function take(frame: SseFrame): Promise<void> {
    if (!frame.trouble && frame.event === 'endpoint') return endpoint(frame.data ?? '') ? write(frame.raw) : undefined;
    if (!frame.trouble && (frame.data === undefined || frame.data === '')) return write(frame.raw);
    const outcome = await link.fromServer(frame.trouble ? { uninspected: frame.trouble } : (frame.data ?? ''), origin, answersTo);
    if (outcome.kind === 'pass') await write(frame.raw);
    if (outcome.kind === 'replace') await write(withData(frame, outcome.text));
  }
}

/** One JSON document, kept until its end. `lost`: what the client gets where it is too long, or not in UTF-8, and is kept back. */
export function mcpDocument(
  { link, origin, answersTo, write }: McpAnswerOptions,
  lost: () => string,
  render: (text: string) => string = (text) => text,
): ResponseTransform {
  let chunks: Uint8Array[] = [];
  let length = 0;
  let beyond: 'pass' | 'keep back' | undefined;
  return {
    async push(chunk) {
      if (beyond) return beyond === 'pass' ? write(chunk) : undefined;
      chunks.push(Uint8Array.prototype.slice.call(chunk));
      length += chunk.length;
      if (length > MAX_DOCUMENT) await unread('too-long');
    },
    async end() {
      if (beyond || length === 0) return;
      const raw = Buffer.concat(chunks);
      if (!isUtf8(raw)) return unread('undecodable');
      const text = raw.toString('utf8');
      const outcome = await link.fromServer(text, origin, answersTo);
      if (outcome.kind === 'drop') return write(Buffer.from(render(lost())));
      await write(Buffer.from(render(outcome.kind === 'pass' ? text : outcome.text)));
    },
    doubt: () => {},
  };

  async function unread(uninspected: 'too-long' | 'undecodable'): Promise<void> {
    const outcome = await link.fromServer({ uninspected }, origin, answersTo);
    beyond = outcome.kind === 'pass' ? 'pass' : 'keep back';
    await write(beyond === 'pass' ? Buffer.concat(chunks) : Buffer.from(render(lost())));
    chunks = [];
  }
}

/** What is no MCP stream is looked through as any other answer: its first event tells. */
export function byBeginning(speaking: ResponseTransform, otherwise: () => ResponseTransform): ResponseTransform {
  let decided: ResponseTransform | undefined;
  let beginning = Buffer.alloc(0);
  const decide = (ended: boolean): ResponseTransform | undefined => {
    const text = beginning.toString('latin1');
    const event = /(^|\r\n|\r|\n)(event:\s?endpoint|data:\s?[[{][^\r\n]*"jsonrpc")/.test(text);
    if (event) return speaking;
    return ended || /(^|\r\n|\r|\n)data:[^\r\n]*(\r|\n)/.test(text) || beginning.length > 65_536 ? otherwise() : undefined;
  };
  return {
    async push(chunk) {
      if (decided) return decided.push(chunk);
      beginning = Buffer.concat([beginning, chunk]);
      decided = decide(false);
      if (decided) await decided.push(beginning);
    },
    async end(how) {
      if (!decided) {
        decided = decide(true)!;
        await decided.push(beginning);
      }
      await decided.end(how);
    },
    doubt: () => decided?.doubt(),
  };
}

/** Nothing of it goes on: the client has its answer. */
export const SWALLOWED: ResponseTransform = { push: async () => {}, end: async () => {}, doubt: () => {} };

/** Messages as events; of a batch, one each. */
export function eventsOf(text: string): string {
  const reading = readJson(text);
  const texts = reading.ok && Array.isArray(reading.value) ? locate(text).items.map((item) => source(text, item)) : [text];
  return texts
    .map(
      (one) =>
        `event: message\n${one
          .split(/\r\n|\r|\n/)
          .map((line) => `data: ${line}\n`)
          .join('')}\n`,
    )
    .join('');
}
