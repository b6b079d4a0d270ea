/** Where the words that were searched for stand in a text. */

export interface Piece {
  readonly at: number;
  readonly text: string;
  readonly isFound: boolean;
}

const MOST_WORDS = 20;

/** In order, and with every character of the text in one of them. Case does not matter. */
export function piecesOf(text: string, wanted: string): readonly Piece[] {
  const words = wanted
    .split(/[^\p{L}\p{N}_]+/u)
    .filter((word) => word !== '')
    .slice(0, MOST_WORDS)
    .sort((a, b) => b.length - a.length);
  if (words.length === 0) return [{ at: 0, text, isFound: false }];
  const pieces: Piece[] = [];
  let at = 0;
  for (const { 0: found, index } of text.matchAll(new RegExp(words.join('|'), 'giu'))) {
    if (index > at) pieces.push({ at, text: text.slice(at, index), isFound: false });
    pieces.push({ at: index, text: found, isFound: true });
    at = index + found.length;
  }
  if (at < text.length || pieces.length === 0) pieces.push({ at, text: text.slice(at), isFound: false });
  return pieces;
}
