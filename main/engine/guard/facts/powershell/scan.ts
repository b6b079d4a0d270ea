/** Reading PowerShell's text: white space, comments, strings and variables (language specification 3.0, chapter 2). */

import type { Expression } from './syntax.ts';

/** What cannot be PowerShell, or is nested deeper than is read. */
export class Unreadable extends Error {}

export interface Reader {
  readonly text: string;
  at: number;
  depth: number;
  /** Reads the statements of a `$( )` that starts here, the closing parenthesis too. */
  substitution(): Expression;
}

const DEEPEST = 60;
/** PowerShell takes typographic quotes and dashes for plain ones. */
const SINGLE = /['\u2018-\u201b]/;
const DOUBLE = /["\u201c-\u201e]/;
export const DASH = /[-\u2013-\u2015]/;
const ESCAPES: Readonly<Record<string, string>> = { '0': '\0', a: '\x07', b: '\b', e: '\x1b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };
const VARIABLE = /\$(?:\{((?:`[\s\S]|[^}`])*)\}|((?:[A-Za-z_]\w*:(?!:))?(?:[\p{L}\p{N}_]+|\?(?![\p{L}\p{N}_.])))|([$^?]))/uy;

export function nested<T>(reader: Reader, read: () => T): T {
  reader.depth += 1;
  if (reader.depth > DEEPEST) throw new Unreadable('it is nested too deep');
  try {
    return read();
  } finally {
    reader.depth -= 1;
  }
}

export function peek(reader: Reader, ahead = 0): string {
  return reader.text[reader.at + ahead] ?? '';
}

/** Space, comments and continued lines; new lines too where they mean nothing. */
export function skip(reader: Reader, lines = false): void {
  const { text } = reader;
  for (;;) {
    const character = text[reader.at];
    if (character === undefined) return;
    if (/[ \t\f\v\u00a0\u0085\ufeff\u200b]/.test(character)) reader.at += 1;
    else if (character === '`' && /^\r?\n/.test(text.slice(reader.at + 1, reader.at + 3)))
      reader.at += text[reader.at + 1] === '\r' ? 3 : 2;
    else if (lines && (character === '\n' || character === '\r')) reader.at += 1;
    else if (character === '#') {
      const end = text.indexOf('\n', reader.at);
      reader.at = end < 0 ? text.length : end;
    } else if (character === '<' && text[reader.at + 1] === '#') {
      const end = text.indexOf('#>', reader.at + 2);
      if (end < 0) throw new Unreadable('a comment has no end');
      reader.at = end + 2;
    } else return;
  }
}

export function expect(reader: Reader, mark: string): void {
  if (!reader.text.startsWith(mark, reader.at)) throw new Unreadable(`“${mark}” is missing`);
  reader.at += mark.length;
}

export function isQuote(character: string): boolean {
  return SINGLE.test(character) || DOUBLE.test(character);
}

/** A string that starts here, or undefined: `'…'`, `"…"`, `@'…'@`, `@"…"@`. */
export function readString(reader: Reader): Expression | undefined {
  const start = reader.at;
  const here = peek(reader) === '@';
  const quote = peek(reader, here ? 1 : 0);
  const kind = SINGLE.test(quote) ? SINGLE : DOUBLE.test(quote) ? DOUBLE : undefined;
  if (!kind) return undefined;
  if (here) return readHereString(reader, kind);
  reader.at += 1;
  const parts =
    kind === SINGLE
      ? [plain(reader)]
      : readParts(reader, (character, next) => {
          if (!DOUBLE.test(character)) return 'no';
          return DOUBLE.test(next) ? 'twice' : 'end';
        });
  return { type: 'text', parts, start, end: reader.at };
}

function plain(reader: Reader): string {
  let value = '';
  for (;;) {
    const character = peek(reader);
    if (character === '') throw new Unreadable('a string has no end');
    reader.at += 1;
    if (!SINGLE.test(character)) value += character;
    else if (SINGLE.test(peek(reader))) {
      value += peek(reader);
      reader.at += 1;
    } else return value;
  }
}

function readHereString(reader: Reader, kind: RegExp): Expression | undefined {
  const start = reader.at;
  const head = /^@.[ \t]*\r?\n/s.exec(reader.text.slice(start, start + 200));
  if (!head) return undefined;
  const from = start + head[0].length;
  const close = new RegExp(`(?:^|\\n)${kind.source}@`, 'g');
  close.lastIndex = from - 1;
  const found = close.exec(reader.text);
  if (!found) throw new Unreadable('a here-string has no end');
  const until = Math.max(found.index, from);
  const body = reader.text.slice(from, until).replace(/\r$/, '');
  reader.at = from;
  if (kind === SINGLE) {
    reader.at = found.index + found[0].length;
    return { type: 'text', parts: [body], start, end: reader.at };
  }
  const parts = readParts(reader, () => (reader.at >= until ? 'end-before' : 'no'));
  reader.at = found.index + found[0].length;
  return { type: 'text', parts, start, end: reader.at };
}

type Stop = 'no' | 'end' | 'end-before' | 'twice';

/** What stands in an expandable string: text, escapes, variables and `$( )`. */
function readParts(reader: Reader, stops: (character: string, next: string) => Stop): (string | Expression)[] {
  const parts: (string | Expression)[] = [];
  let literal = '';
  for (;;) {
    const character = peek(reader);
    const stop = stops(character, peek(reader, 1));
    if (stop === 'end' || stop === 'end-before') {
      if (stop === 'end') reader.at += 1;
      parts.push(literal);
      return parts;
    }
    if (character === '') throw new Unreadable('a string has no end');
    const inner = stop === 'no' && character === '$' ? readDollar(reader) : undefined;
    if (inner) {
      parts.push(literal, inner);
      literal = '';
    } else if (stop === 'twice') {
      literal += character;
      reader.at += 2;
    } else if (character === '`') literal += readEscape(reader);
    else {
      literal += character;
      reader.at += 1;
    }
  }
}

/** A backtick and what it escapes. */
export function readEscape(reader: Reader): string {
  const code = /^`u\{([0-9a-fA-F]{1,6})\}/.exec(reader.text.slice(reader.at, reader.at + 12));
  if (code) {
    reader.at += code[0].length;
    const point = Number.parseInt(code[1]!, 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : '';
  }
  const next = peek(reader, 1);
  reader.at += 2;
  if (next === '\r' && peek(reader) === '\n') {
    reader.at += 1;
    return '';
  }
  if (next === '\n') return '';
  return ESCAPES[next] ?? next;
}

/** `$name`, `${any name}`, `$scope:name` or `$( )`; undefined where the dollar is only a dollar. */
export function readDollar(reader: Reader): Expression | undefined {
  if (peek(reader, 1) === '(') {
    reader.at += 1;
    return reader.substitution();
  }
  return readVariable(reader, false);
}

export function readVariable(reader: Reader, splat: boolean): Expression | undefined {
  const start = reader.at;
  if (splat) {
    const match = /^@([\p{L}\p{N}_]+(?::[\p{L}\p{N}_]+)?|\?)/u.exec(reader.text.slice(start, start + 300));
    if (!match) return undefined;
    reader.at += match[0].length;
    return { type: 'variable', name: match[1]!, splat: true, start, end: reader.at };
  }
  VARIABLE.lastIndex = start;
  const match = VARIABLE.exec(reader.text);
  if (!match) return undefined;
  reader.at += match[0].length;
  const name = match[1]?.replace(/`([\s\S])/g, '$1') ?? match[2] ?? match[3] ?? '';
  return { type: 'variable', name, splat: false, start, end: reader.at };
}
