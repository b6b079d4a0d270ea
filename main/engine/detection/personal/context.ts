/** The words beside a number: before it, in parentheses behind it, or in its column's heading. */

import { folded } from '../fold.ts';

const BEFORE = 56;
const AFTER = 28;
/** A row or heading longer than this is no table that people keep identities in. */
const MAX_ROW = 600;

export interface Surroundings {
  /** Whether one of `words` stands beside the number. */
  has(words: readonly string[]): boolean;
  /** What stands directly before, folded, words apart by one space. */
  readonly before: string;
}

/** Knows the headings of tables as the scan moves on through the text. */
export interface Headings {
  /** The scan has come to the line that starts at `start`. */
  line(start: number): void;
  around(start: number, end: number): Surroundings;
}

export function createHeadings(text: string): Headings {
  let lineStart = 0;
  let heading = '';

  return {
    line(start) {
      const previous = text.slice(lineStart, Math.min(start, lineStart + MAX_ROW));
      const first = lineStart === 0 || isBlank(text, lineStart - 1);
      if (first) heading = '';
      if (heading === '' && previous.length < MAX_ROW && /[,;\t|]/.test(previous)) heading = previous;
      lineStart = start;
    },
    around(start, end) {
      let said: string | undefined;
      const before = () => {
        said ??= spaced(text.slice(Math.max(0, start - BEFORE), start));
        return said;
      };
      let more: string | undefined;
      return {
        get before() {
          return before();
        },
        has(words) {
          if (holds(before(), words)) return true;
          more ??= `${behind(text, end)} ${heading && spaced(column(text.slice(lineStart, Math.min(start, lineStart + MAX_ROW)), heading))}`;
          return holds(more, words);
        },
      };
    },
  };
}

/** Folded, camel case taken apart, words apart by one space. */
export function spaced(text: string): string {
  return folded(text.replace(/([a-z])([A-Z])/g, '$1 $2').replace(/([A-Z])([A-Z][a-z])/g, '$1 $2'))
    .replace(/ {1,}/g, ' ')
    .trim();
}

/** Whether one of `words` is in a text that `spaced` gave. */
export function holds(text: string, words: readonly string[]): boolean {
  if (text === '') return false;
  const { apart, together } = compiled(words);
  return apart.test(` ${text} `) || together?.test(text.replaceAll(' ', '')) === true;
}

interface Compiled {
  readonly apart: RegExp;
  /** Of long words, which are told where a name has no separators as well. */
  readonly together?: RegExp;
}

const COMPILED = new WeakMap<readonly string[], Compiled>();

function compiled(words: readonly string[]): Compiled {
  const known = COMPILED.get(words);
  if (known) return known;
  const apart = words.map((word) => (!/^[a-z ]+$/.test(word) ? word : word.length <= 4 ? ` ${word} ` : ` ${word}`));
  const long = words.filter((word) => /^[a-z ]+$/.test(word) && word.length > 6).map((word) => word.replaceAll(' ', ''));
  const made = { apart: new RegExp(apart.join('|')), ...(long.length > 0 && { together: new RegExp(long.join('|')) }) };
  COMPILED.set(words, made);
  return made;
}

function behind(text: string, end: number): string {
  const after = text.slice(end, end + AFTER);
  const [, name = ''] = /^["']?\s{0,2}(?:\(|is (?:my|the|his|her) |= ?my )([^)\n]{2,24})/.exec(after) ?? [];
  return name && spaced(name);
}

function column(before: string, heading: string): string {
  const [separator = ','] = /[;\t|]|,/.exec(heading) ?? [];
  const index = before.split(separator).length - 1;
  return heading.split(separator)[index] ?? '';
}

function isBlank(text: string, newline: number): boolean {
  return newline === 0 || text[newline - 1] === '\n' || (text[newline - 1] === '\r' && text[newline - 2] === '\n');
}
