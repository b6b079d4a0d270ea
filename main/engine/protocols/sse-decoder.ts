/** Decodes a streamed answer: reads its frames, asks the protocol what each means, and keeps them in line. */

import type { Uninspected } from '../../contract/action.ts';
import { createAlike, type Words } from './alike.ts';
import type { EventFrame } from './framing.ts';
import { isObject, type JsonObject, readJson } from './json.ts';
import { createLine, type Ending, type Line, NOTHING } from './line.ts';
import type { DecoderLimits, Piece, ResponseDecoder, ResponseSummary } from './pieces.ts';
import { createSseSplitter, type SseFrame } from './sse.ts';

/** What a protocol knows of its events. */
export interface Dialect {
  /** Puts the event's frame in line, or says why it has no place; then nothing has been changed. */
  event(event: JsonObject, frame: EventFrame): Uninspected | undefined;
  /** Where an event that has just been put in line is nothing but a piece of text that passes: that text's place. */
  words?(event: JsonObject): Words | undefined;
  /** The same for data that is no object, or (undefined) no JSON. Absent where that has no place. */
  other?(value: unknown, frame: EventFrame): Uninspected | undefined;
  /** `data: [DONE]`. */
  done(frame: EventFrame): void;
  /** Whether a document that stands between the events, with no field before it, says nothing but an error. */
  isBareError?(document: JsonObject): boolean;
  /** Whether data that broke off may be part of a call. Absent where a call is known of before its own bytes come. */
  mayBeCall?(broken: string): boolean;
  /** How the answer would be closed as it stands now. */
  ending(): Ending;
  keepalive(): Uint8Array;
  summary(): ResponseSummary;
}

export function createSseDecoder(limits: DecoderLimits, speak: (line: Line) => Dialect): ResponseDecoder {
  const splitter = createSseSplitter();
  const line = createLine(limits.callBytes);
  const dialect = speak(line);
  const alike = createAlike();

  return {
    push(chunk) {
      splitter.each(chunk, take, isKnown);
      return line.drain();
    },
    end: () => [...lastFrame(), ...cut()],
    keepalive: () => dialect.keepalive(),
    summary: () => dialect.summary(),
  };

  function isKnown(raw: Uint8Array): boolean {
    const known = alike.isKnown(raw);
    if (known) line.pass(raw);
    return known;
  }

  function take(frame: SseFrame): void {
    const trouble = (isBareError(frame) ? undefined : frame.trouble) ?? (line.crowded ? 'too-long' : read(frame));
    if (!trouble) return;
    alike.forget();
    line.lose(trouble, frame.raw, dialect.ending());
  }

  function isBareError({ trouble, raw }: SseFrame): boolean {
    if (trouble !== 'unknown-shape' || !dialect.isBareError) return false;
    const text = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString('utf8');
    // Some clients look for data anywhere.
    const reading = /data\s*:/.test(text) ? undefined : readJson(text, 'anyCase');
    return reading?.ok === true && isObject(reading.value) && dialect.isBareError(reading.value);
  }

  function read(frame: SseFrame): Uninspected | undefined {
    if (!hasData(frame)) return void line.pass(frame.raw);
    if (frame.data === '[DONE]') {
      alike.forget();
      return void dialect.done(frame);
    }
    // Some clients take each line for an event of its own.
    if (frame.dataLines > 1 && frame.data.split('\n').some(isDocument)) return 'unknown-shape';
    const reading = readJson(frame.data, 'anyCase');
    if (!reading.ok && reading.why !== 'malformed') return reading.why;
    if (reading.ok && isObject(reading.value)) {
      const trouble = dialect.event(reading.value, frame);
      const words = trouble || frame.dataLines > 1 ? undefined : dialect.words?.(reading.value);
      if (words) alike.note(frame, words);
      else alike.forget();
      return trouble;
    }
    alike.forget();
    return dialect.other ? dialect.other(reading.ok ? reading.value : undefined, frame) : 'unknown-shape';
  }

  /** A stream that broke off leaves half a line behind: no client reads that as anything, but it may repeat what was refused. */
  function lastFrame(): Piece[] {
    const rest = splitter.rest();
    if (!rest) return [];
    const broken = hasData(rest) && rest.dataLines === 1 && rest.data !== '[DONE]' && !readJson(rest.data).ok;
    if (!broken) take(rest);
    else if (line.receiving) line.lose('truncated', rest.raw, () => NOTHING);
    else if (hasData(rest) && dialect.mayBeCall?.(rest.data)) line.lose('truncated', rest.raw, dialect.ending());
    else line.hold(rest.raw, [], (refused) => (refused.size > 0 ? NOTHING : rest.raw));
    return line.drain();
  }

  function cut(): Piece[] {
    line.cut('truncated');
    return line.drain();
  }
}

function isDocument(line: string): boolean {
  const start = line.trimStart()[0];
  if (start !== '{' && start !== '[') return false;
  const reading = readJson(line);
  return reading.ok || reading.why === 'duplicate-key';
}

function hasData(frame: SseFrame): frame is SseFrame & EventFrame {
  return frame.data !== undefined;
}
