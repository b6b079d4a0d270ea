/** Text of no known type: many clients look for events in whatever they are sent. Where events with a call are in it, it is judged. */

import type { Uninspected } from '../../contract/action.ts';
import { hasCalls, mayHoldCall } from '../protocols/any-calls.ts';
import { explain } from '../protocols/explain.ts';
import { createGathered } from '../protocols/gathered.ts';
import { readJson } from '../protocols/json.ts';
import { createLine, NOTHING } from '../protocols/line.ts';
import type { DecoderLimits, ResponseDecoder } from '../protocols/pieces.ts';
import { MAX_FRAME_BYTES } from '../protocols/sse.ts';

/** All passes at once but what stands between a line that begins with `data:` and the next blank line. */
export function strayEventsDecoder({ callBytes }: DecoderLimits): ResponseDecoder {
  const line = createLine(callBytes);
  /** An event, or a line that may begin one. */
  const held = createGathered();
  let inEvent = false;
  let atLineStart = true;
  /** The end of an event so far, where a blank line may have begun. */
  let tail = '';

  return {
    push(chunk) {
      let rest: Uint8Array = chunk;
      while (rest.length > 0) rest = inEvent ? followed(rest) : searched(rest);
      return line.drain();
    },
    end() {
      if (inEvent) examine();
      else line.pass(held.take());
      return line.drain();
    },
    keepalive: () => NOTHING,
    summary: () => ({ text: '' }),
  };

  /** Gives what is left to look at: from where an event begins. */
  function searched(chunk: Uint8Array): Uint8Array {
    const bytes = withHeld(chunk);
    const text = latin1(bytes);
    const begins = (atLineStart ? /(?:^|[\r\n])data[ \t]*:/ : /[\r\n]data[ \t]*:/).exec(text);
    if (begins) {
      const start = begins.index + (/[\r\n]/.test(begins[0][0]!) ? 1 : 0);
      line.pass(bytes.subarray(0, start));
      inEvent = true;
      tail = '';
      return bytes.subarray(start);
    }
    const open = (atLineStart ? /(?:^|[\r\n])(d|da|dat|data[ \t]{0,64})$/ : /[\r\n](d|da|dat|data[ \t]{0,64})$/).exec(text);
    const end = bytes.length - (open?.[1]?.length ?? 0);
    if (end > 0) atLineStart = bytes[end - 1] === LF || bytes[end - 1] === CR;
    line.pass(bytes.subarray(0, end));
    held.add(bytes.subarray(end));
    return NOTHING;
  }

  function withHeld(chunk: Uint8Array): Uint8Array {
    if (held.length === 0) return chunk;
    held.add(chunk);
    return held.take();
  }

  /** Gives what follows the event. */
  function followed(chunk: Uint8Array): Uint8Array {
    const text = tail + latin1(chunk);
    const blank = BLANK_LINE.exec(text);
    const end = blank ? blank.index + blank[0].length - tail.length : chunk.length;
    held.add(chunk.subarray(0, end));
    tail = text.slice(-2);
    if (blank || held.length > MAX_FRAME_BYTES) examine();
    return chunk.subarray(end);
  }

  function examine(): void {
    const raw = held.take();
    const trouble = raw.length > MAX_FRAME_BYTES ? 'too-long' : troubleIn(Buffer.from(raw).toString('utf8'));
    inEvent = false;
    atLineStart = true;
    if (trouble) line.lose(trouble, raw, (_refused, lost, why) => (why ? Buffer.from(explain(lost, why)) : NOTHING));
    else line.pass(raw);
  }
}

const LF = 10;
const CR = 13;
/** Where a line ends and the next one does at once. */
const BLANK_LINE = /\r\n[\r\n]|\n[\r\n]|\r\r/;

/** Some clients put an event's lines together, and some take each for itself. */
function troubleIn(event: string): Uninspected | undefined {
  const data = event.split(/\r\n|\r|\n/).flatMap((line) => /^data[ \t]*:(.*)$/.exec(line)?.[1] ?? []);
  for (const text of [data.join('\n'), ...data]) {
    const reading = readJson(text, 'anyCase');
    if (reading.ok ? hasCalls(reading.value) : mayHoldCall(text)) return reading.ok ? 'unknown-shape' : reading.why;
  }
  return undefined;
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
