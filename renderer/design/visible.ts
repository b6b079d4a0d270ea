/** Makes visible what a text would hide: control, bidirectional and zero-width characters, and signs piled up on one letter. */

export interface VisiblePiece {
  /** Where in the text it begins. */
  readonly at: number;
  readonly plain: boolean;
  /** The text itself, or the character's number: "U+202E"; of signs that pile up, how many more there are: "+12 U+0301". */
  readonly text: string;
}

// Tabs and line ends lay text out and hide nothing; U+FE0F only makes a sign colourful. No script puts more than eight signs on a letter.
const HIDING = /(?!\t|\n|\uFE0F)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?<=\p{M}{8})\p{M}+/gu;

/** In order, and with every character of the text in one of them. */
export function visiblePieces(text: string): readonly VisiblePiece[] {
  const pieces: VisiblePiece[] = [];
  let end = 0;
  for (const { 0: hidden, index } of text.matchAll(HIDING)) {
    if (index > end) pieces.push({ at: end, plain: true, text: text.slice(end, index) });
    pieces.push({ at: index, plain: false, text: nameOf(hidden) });
    end = index + hidden.length;
  }
  if (end < text.length || pieces.length === 0) pieces.push({ at: end, plain: true, text: text.slice(end) });
  return pieces;
}

function nameOf(hidden: string): string {
  const [first = '', ...others] = hidden;
  const name = `U+${first.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
  return others.length === 0 ? name : `+${others.length + 1} ${name}`;
}
