/** Makes visible what a text would hide: control, bidirectional and zero-width characters. */

export interface VisiblePiece {
  /** Where in the text it begins. */
  readonly at: number;
  readonly plain: boolean;
  /** The text itself, or the character's number: "U+202E". */
  readonly text: string;
}

// Tabs and line ends lay text out and hide nothing; U+FE0F only makes a sign colourful.
const HIDING = /(?!\t|\n|\uFE0F)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** In order, and with every character of the text in one of them. */
export function visiblePieces(text: string): readonly VisiblePiece[] {
  const pieces: VisiblePiece[] = [];
  let end = 0;
  for (const { 0: hidden, index } of text.matchAll(HIDING)) {
    if (index > end) pieces.push({ at: end, plain: true, text: text.slice(end, index) });
    pieces.push({ at: index, plain: false, text: `U+${hidden.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}` });
    end = index + hidden.length;
  }
  if (end < text.length || pieces.length === 0) pieces.push({ at: end, plain: true, text: text.slice(end) });
  return pieces;
}
