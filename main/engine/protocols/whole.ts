/** Decodes an answer that comes as one JSON document: it is kept until its end, and its calls are judged together. */

import { isUtf8 } from 'node:buffer';
import type { ToolCall, Uninspected } from '../../contract/action.ts';
import { explain } from './explain.ts';
import { createGathered } from './gathered.ts';
import { isObject, type JsonObject, readJson } from './json.ts';
import { MAX_CALLS, NOTHING, UNREAD_TOOL } from './line.ts';
import type { Piece, Refusals, ResponseDecoder, ResponseSummary } from './pieces.ts';

/** What a protocol makes of its document. */
export interface Document {
  /** Reads it, or says why it cannot be read. */
  read(body: JsonObject, text: string): WholeAnswer | Uninspected;
  /** The same for one that is no object. Absent where the protocol has none. */
  other?(value: unknown, text: string): WholeAnswer | Uninspected;
  /** A document of the protocol's own shape that says `text` and nothing else. */
  saying(text: string): string;
  summary(): ResponseSummary;
}

export interface WholeAnswer {
  readonly calls: readonly ToolCall[];
  /** The document where at least one call is refused. */
  render(refused: Refusals): string;
}

/** An error, say: it goes out as it is. */
export const NO_CALLS: WholeAnswer = { calls: [], render: () => '' };

export interface WholeLimits {
  readonly callBytes: number;
  /** A longer document is one uninspected call. */
  readonly bodyBytes?: number;
}

const MAX_BODY_BYTES = 16 * 1024 * 1024;

export function createWholeDecoder(limits: WholeLimits, document: Document): ResponseDecoder {
  const { bodyBytes = MAX_BODY_BYTES } = limits;
  const held = createGathered();
  /** Stands for a document that is too long: the rest of it follows its verdict. */
  let tooLong: ToolCall | undefined;

  return {
    push(chunk) {
      if (tooLong) return [following(tooLong, chunk)];
      held.add(chunk);
      if (held.length <= bodyBytes) return [];
      tooLong = unread('too-long');
      return standingFor(tooLong, held.take());
    },
    end: () => (tooLong || held.length === 0 ? [] : whole(held.take())),
    // White space before a document is part of no value.
    keepalive: () => Buffer.from(' '),
    summary: () => document.summary(),
  };

  function whole(raw: Uint8Array): Piece[] {
    const answer = read(raw);
    if (typeof answer === 'string') return standingFor(unread(answer), raw);
    if (answer.calls.length > MAX_CALLS) return standingFor(unread('too-long'), raw);
    if (answer.calls.length === 0) return [{ kind: 'pass', bytes: raw }];
    const calls = answer.calls.map((call): Piece => ({ kind: 'call', call }));
    return [
      ...calls,
      { kind: 'held', bytes: (refused) => (answer.calls.some((call) => refused.has(call)) ? Buffer.from(answer.render(refused)) : raw) },
    ];
  }

  function read(raw: Uint8Array): WholeAnswer | Uninspected {
    if (!isUtf8(raw)) return 'undecodable';
    const text = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString('utf8');
    const reading = readJson(text, 'anyCase');
    if (!reading.ok) return reading.why;
    if (isObject(reading.value)) return document.read(reading.value, text);
    return document.other?.(reading.value, text) ?? 'unknown-shape';
  }

  function standingFor(call: ToolCall, raw: Uint8Array): Piece[] {
    return [
      { kind: 'call', call },
      {
        kind: 'held',
        bytes(refused) {
          const why = refused.get(call);
          return why ? Buffer.from(document.saying(explain(call, why))) : raw;
        },
      },
    ];
  }
}

/** The call itself, or an uninspected one where its arguments are longer than `callBytes`. */
export function bounded(call: ToolCall, length: number, callBytes: number): ToolCall {
  return length > callBytes ? { id: call.id, tool: call.tool, uninspected: 'too-long' } : call;
}

function following(call: ToolCall, raw: Uint8Array): Piece {
  return { kind: 'held', bytes: (refused) => (refused.has(call) ? NOTHING : raw) };
}

function unread(uninspected: Uninspected): ToolCall {
  return { id: '', tool: UNREAD_TOOL, uninspected };
}
