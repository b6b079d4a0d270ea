/** Text as a person must see it: nothing hidden, nothing reordered. */

/**
 * What shows as nothing, as a plain space, or moves other characters about: controls, format and bidirectional characters,
 * lone surrogates, private use, line separators, odd spaces, and whatever a font may leave out (Unicode's default ignorables).
 */
const HIDDEN = /[[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Zs}\p{Default_Ignorable_Code_Point}]--[\n\t ]]/v;
const HIDDEN_ALL = new RegExp(HIDDEN, 'gv');

export interface VisibleText {
  readonly text: string;
  /** UTF-16 units of the original that are not in `text`. */
  readonly omitted: number;
  /** The place in `text` of a place in the original; places in the omitted part are the end. */
  at(offset: number): number;
}

/** `original` with hidden characters written as ⟦U+202E⟧, in at most `limit` UTF-16 units. */
export function visibleText(original: string, limit: number): VisibleText {
  // A shown text is never shorter than its original, so no more than `limit` units of it can be needed.
  const places = new Uint32Array(Math.min(original.length, limit) + 1);
  let text = '';
  let taken = 0;
  while (taken < original.length) {
    const character = String.fromCodePoint(original.codePointAt(taken)!);
    const harmless = character === '\r' && original[taken + 1] === '\n';
    const shown = !harmless && HIDDEN.test(character) ? named(character) : character;
    if (text.length + shown.length > limit) break;
    places.fill(text.length, taken, taken + character.length);
    text += shown;
    taken += character.length;
  }
  return {
    text,
    omitted: original.length - taken,
    at: (offset) => (offset >= taken ? text.length : (places[Math.max(0, Math.trunc(offset))] ?? 0)),
  };
}

/** For labels and names: one line, hidden characters written out, cut with an ellipsis. */
export function visibleLine(original: string, limit: number): string {
  const line = original
    .slice(0, limit + 1)
    .replace(HIDDEN_ALL, named)
    .replace(/[\n\t]/g, named);
  return original.length > limit || line.length > limit ? `${line.slice(0, limit - 1)}…` : line;
}

/** For a terminal: several lines, hidden characters (and so every escape sequence) written out. */
export function visibleLines(original: string): string {
  return original.replace(HIDDEN_ALL, named);
}

function named(character: string): string {
  return `⟦U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}⟧`;
}
