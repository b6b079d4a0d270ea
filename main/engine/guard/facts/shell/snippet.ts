/** A piece of code of another language, as its readers share it. */

import type { Word } from '../gathering.ts';
import type { Machine, Region, ShellState } from './machine.ts';
import type { IsText } from './snippet-strings.ts';
import type { Constants } from './snippet-values.ts';

/** One piece of code, and what is known of it. */
export interface Snippet {
  readonly text: string;
  readonly language: string;
  readonly region: Region;
  readonly state: ShellState;
  readonly machine: Machine;
  readonly constants: Constants;
  readonly isText: IsText;
  /** Of a literal in the code, as a word for `gathering`. */
  word(text: string, start: number, end: number): Word;
}

/** Of matches of one kind; code with more is read to there. */
const MOST = 200;

/** Every match that is done, and not only said. */
export function matchesOf(pattern: RegExp, { text, isText }: Pick<Snippet, 'text' | 'isText'>): RegExpExecArray[] {
  const found: RegExpExecArray[] = [];
  for (const match of text.matchAll(pattern)) {
    // A call may begin in the name of a module, `require('fs').rmSync(`, and end in a name, `array_map("unlink"`.
    if (isText(match.index) && isText(match.index + Math.max(match[0].length - 1, 0))) continue;
    found.push(match);
    if (found.length >= MOST) break;
  }
  return found;
}
