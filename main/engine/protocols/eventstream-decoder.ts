/** Decodes an answer in AWS's event stream: reads its messages, asks the protocol what each means, and keeps them in line. */

import { isUtf8 } from 'node:buffer';
import type { Uninspected } from '../../contract/action.ts';
import { createEventstreamSplitter, type EventstreamMessage } from './eventstream.ts';
import { isObject, readJson } from './json.ts';
import { createLine, type Line, NOTHING } from './line.ts';
import type { DecoderLimits, Piece, ResponseDecoder } from './pieces.ts';
import type { Dialect } from './sse-decoder.ts';

/** A frame's `event` is its `:event-type`. */
export type MessageDialect = Omit<Dialect, 'other' | 'done'>;

export function createEventstreamDecoder(limits: DecoderLimits, speak: (line: Line) => MessageDialect): ResponseDecoder {
  const splitter = createEventstreamSplitter();
  const line = createLine(limits.callBytes);
  const dialect = speak(line);

  return {
    push(chunk) {
      for (const message of splitter.push(chunk)) take(message);
      return line.drain();
    },
    end: () => [...lastMessage(), ...cut()],
    keepalive: () => dialect.keepalive(),
    summary: () => dialect.summary(),
  };

  function take(message: EventstreamMessage): void {
    const trouble = message.trouble ?? (line.crowded ? 'too-long' : read(message));
    if (trouble) line.lose(trouble, message.raw, dialect.ending());
  }

  function read({ raw, headers, payload }: EventstreamMessage): Uninspected | undefined {
    const event = headers.get(':event-type');
    const failed = headers.has(':exception-type') || headers.has(':error-code');
    switch (headers.get(':message-type')) {
      case 'event':
        return event === undefined || failed ? 'unknown-shape' : readEvent(raw, event, payload);
      case 'exception':
      case 'error':
        // Clients throw it and read no further. Some look for the event's name first.
        return event === undefined && failed ? void line.pass(raw) : 'unknown-shape';
      default:
        return 'unknown-shape';
    }
  }

  function readEvent(raw: Uint8Array, event: string, payload: Uint8Array): Uninspected | undefined {
    if (!isUtf8(payload)) return 'undecodable';
    const data = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('utf8');
    const reading = readJson(data, 'anyCase');
    if (!reading.ok) return reading.why;
    return isObject(reading.value) ? dialect.event(reading.value, { raw, data, event }) : 'unknown-shape';
  }

  /** A stream that broke off leaves part of a message behind: no client reads it, but it may repeat what was refused. */
  function lastMessage(): Piece[] {
    const rest = splitter.rest();
    if (rest.length === 0) return [];
    if (line.receiving) line.lose('truncated', rest, () => NOTHING);
    else line.hold(rest, [], (refused) => (refused.size > 0 ? NOTHING : rest));
    return line.drain();
  }

  function cut(): Piece[] {
    line.cut('truncated');
    return line.drain();
  }
}
