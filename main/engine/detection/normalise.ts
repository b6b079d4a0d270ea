/** A text as a model reads it, with the way back to the text as it was written. */

export interface Normalised {
  readonly text: string;
  /** The offset in the original text of an offset in `text`. */
  originOf(offset: number): number;
}

export function normalised(text: string): Normalised {
  return { text, originOf: (offset) => offset };
}
