/** A text as a model reads it, with the way back to the text as it was written. */

import { decodedIn } from './encoded.ts';
import { concealedIn } from './markup.ts';
import { createPieces } from './pieces.ts';
import { turnedIn } from './turned.ts';
import { undisguised } from './undisguise.ts';

export interface Normalised {
  /** Disguises taken off; what was encoded stands decoded behind the rest. */
  readonly text: string;
  /** The offset in the original text of an offset in `text`. */
  originOf(offset: number): number;
  /** The same for the end of a range. */
  originOfEnd(end: number): number;
  /** Ranges of `text` that a person who looks at the original does not see as such, sorted by start. */
  readonly hidden: readonly Hidden[];
  /** Invisible characters that stood inside Latin words: typesetting has a few, a disguise has many. */
  readonly splits: number;
}

export interface Hidden {
  readonly start: number;
  readonly end: number;
  readonly how: 'invisible' | 'comment' | 'style' | 'attribute' | 'terminal' | 'encoded' | 'backwards' | 'distance';
}

/** Time and memory are linear in the text's length, whatever it is. */
export function normalised(text: string): Normalised {
  const plain = undisguised(text);
  const body = plain.origins?.text ?? text;
  const hidden: Hidden[] = [...plain.hidden, ...concealedIn(body)];
  const extra = [...decodedIn(body).map((part) => ({ ...part, how: 'encoded' as const })), ...turnedIn(body)];
  const { text: whole, originOf, originOfEnd } = extra.length === 0 ? SAME(body) : withExtra(body, extra, hidden);
  const before = plain.origins;
  return {
    text: whole,
    originOf: before ? (offset) => before.originOf(originOf(offset)) : originOf,
    originOfEnd: before ? (end) => before.originOfEnd(originOfEnd(end)) : originOfEnd,
    hidden: hidden.sort((a, b) => a.start - b.start),
    splits: plain.splits,
  };
}

interface Extra {
  readonly start: number;
  readonly end: number;
  readonly says: string;
  readonly how: Hidden['how'];
}

/** What was encoded is put behind the rest, so that a text looks the same with and without it. */
function withExtra(body: string, extra: readonly Extra[], hidden: Hidden[]) {
  const all = createPieces(body);
  all.copy(0, body.length);
  let last = -3;
  for (const { start, end, says, how } of extra) {
    // Lines of one encoded text belong together.
    if (start - last > 2 || start < last) all.put('\n\n', start, end);
    hidden.push({ start: all.length, end: all.length + says.length, how });
    all.put(says, start, end);
    last = end;
  }
  return all.done();
}

function SAME(text: string) {
  return { text, originOf: (offset: number) => offset, originOfEnd: (end: number) => end };
}
