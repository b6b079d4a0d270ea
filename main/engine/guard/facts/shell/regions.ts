/** Regions: where in the shown text a word's own text lies. */

import type { Word } from '../gathering.ts';
import type { Region } from './machine.ts';

/**
 * Exact where the word is written as it is meant (bare or within one pair of quotes), else the whole word. So is what lies beyond the word:
 * its text is run with more behind it, which stands elsewhere.
 */
export function regionOf(word: Word): Region {
  const { range, raw, text } = word;
  const exact = range.end - range.start === raw.length;
  const offset = raw === text ? 0 : /^['"]/.test(raw) && raw.slice(1, -1) === text ? 1 : -1;
  if (!exact || offset < 0) return () => range;
  return (start, end) => (end > text.length ? range : { start: range.start + offset + start, end: range.start + offset + end });
}

/** As it was written, roughly: words joined by one space. */
export function writtenAs(words: readonly Word[]): string {
  return words
    .slice(0, 40)
    .map(({ raw }) => raw)
    .filter((raw, index, all) => raw !== all[index - 1])
    .join(' ');
}
