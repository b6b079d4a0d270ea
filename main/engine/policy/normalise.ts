/** Brings foreign text into the one form that policies match: well-formed, NFKC, without invisible characters, bounded. */

/** UTF-16 units of one string. */
export const MAX_STRING = 16 * 1024;
const GAP = ' … ';

// Format characters, and the ones that Unicode says are to be ignored in display: fillers, variation selectors.
const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;

/** Cedar matches byte for byte, and its WebAssembly throws on a lone surrogate. */
export function normalise(text: string): string {
  return text.toWellFormed().replace(INVISIBLE, '').normalize('NFKC');
}

/** Normalised, and cut in the middle where too long: both ends of a command matter. */
export function normaliseAndCap(text: string): { readonly text: string; readonly cut: boolean } {
  // Cut before as well, so that a megabyte is not normalised for nothing; NFKC can make text longer, so after too.
  const first = cap(text);
  const second = cap(normalise(first.text));
  return { text: second.text.toWellFormed(), cut: first.cut || second.cut };
}

function cap(text: string): { text: string; cut: boolean } {
  if (text.length <= MAX_STRING) return { text, cut: false };
  const half = (MAX_STRING - GAP.length) / 2;
  return { text: text.slice(0, Math.ceil(half)) + GAP + text.slice(-Math.floor(half)), cut: true };
}
