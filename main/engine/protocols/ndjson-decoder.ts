/** Decodes an answer of newline-delimited JSON: reads its lines, asks the protocol what each means, and keeps them in order. */

import type { Uninspected } from '../../contract/action.ts';
import { isObject, readJson } from './json.ts';
import { createLine, type Line, NOTHING } from './line.ts';
import { createNdjsonSplitter, type NdjsonLine } from './ndjson.ts';
import type { DecoderLimits, ResponseDecoder } from './pieces.ts';
import type { Dialect } from './sse-decoder.ts';

export type LineDialect = Omit<Dialect, 'done' | 'isBareError'>;

export function createNdjsonDecoder(limits: DecoderLimits, speak: (line: Line) => LineDialect): ResponseDecoder {
  const splitter = createNdjsonSplitter();
  const line = createLine(limits.callBytes);
  const dialect = speak(line);

  return {
    push(chunk) {
      for (const received of splitter.push(chunk)) take(received);
      return line.drain();
    },
    end() {
      const rest = splitter.rest();
      if (rest) takeLast(rest);
      line.cut('truncated');
      return line.drain();
    },
    keepalive: () => dialect.keepalive(),
    summary: () => dialect.summary(),
  };

  function take(received: NdjsonLine): void {
    const trouble = received.trouble ?? (line.crowded ? 'too-long' : read(received));
    if (trouble) line.lose(trouble, received.raw, dialect.ending());
  }

  /** Half a line is nothing that a client reads, but it may be part of a call, or repeat what was refused. */
  function takeLast(rest: NdjsonLine): void {
    const text = Buffer.from(rest.raw).toString('utf8');
    if (rest.trouble === 'too-long' || readJson(text).ok) take(rest);
    else if (line.receiving || dialect.mayBeCall?.(text)) line.lose('truncated', rest.raw, dialect.ending());
    else line.hold(rest.raw, [], (refused) => (refused.size > 0 ? NOTHING : rest.raw));
  }

  function read({ raw, data }: NdjsonLine): Uninspected | undefined {
    if (data === undefined) return void line.pass(raw);
    const reading = readJson(data, 'anyCase');
    // Some clients read on over line ends until a value is whole: a line that is none may be part of one.
    if (!reading.ok) return reading.why;
    if (isObject(reading.value)) return dialect.event(reading.value, { raw, data });
    return dialect.other ? dialect.other(reading.value, { raw, data }) : 'unknown-shape';
  }
}
