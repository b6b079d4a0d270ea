/** Command lines as one text: what Windows hands to a program, which takes it apart itself. */

import type { Word } from '../gathering.ts';

/** A command line as one text: its words. */
export function taken(word: Word): Word[] {
  const words: Word[] = [];
  for (const match of word.text.matchAll(/"((?:\\.|[^"\\]|\\)*)"|'([^']*)'|[^\s"']+/g)) {
    if (words.length > 500) break;
    words.push({ ...word, text: match[1] ?? match[2] ?? match[0] });
  }
  return words;
}
