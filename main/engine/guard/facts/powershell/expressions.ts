/** Expressions (language specification 3.0, chapter 7): a precedence climber over the text itself, because tokens depend on where they stand. */

import { DASH, expect, nested, peek, type Reader, readDollar, readString, readVariable, skip, Unreadable } from './scan.ts';
import type { Block, Expression, Statement } from './syntax.ts';

/** What expressions need of statements. */
export interface Inner {
  /** Reads statements until the mark, and the mark. */
  statements(until: ')' | '}'): Statement[];
  /** One statement where only one may stand: a hash table's value. */
  statement(): Statement;
  /** Reads a script block's inside, after its opening brace, and the closing one. */
  block(): Block;
}

const BINARY: readonly (readonly [level: number, pattern: RegExp])[] = [
  [1, /^-(and|or|xor)(?![\w])/i],
  [2, /^-(band|bor|bxor)(?![\w])/i],
  [
    3,
    /^-(is|isnot|as|[ic]?(eq|ne|gt|ge|lt|le|like|notlike|match|notmatch|replace|contains|notcontains|in|notin|split|join)|shl|shr)(?![\w])/i,
  ],
  [4, /^[+](?![+=])|^-(?![-=\w])|^-(?=\d|\(|\$)/],
  [5, /^[*/%](?!=)/],
  [6, /^-f(?![\w])/i],
  [7, /^\.\.(?!\.)/],
];
const LONGEST_OPERATOR = 16;
/** Operators or members one after the other: each of them is one level of the tree. */
const LONGEST_CHAIN = 500;
const NUMBER = /^(0x[0-9a-f]+|\d+\.?\d*(e[-+]?\d+)?|\.\d+(e[-+]?\d+)?)(u?[lsyn]|d)?(kb|mb|gb|tb|pb)?(?![\p{L}\p{N}_])/iu;
const TYPE = /^\[\s*([A-Za-z_][\w.+`]*(?:\s*\[[\w.,+`\s[\]]*\])?)\s*\]/;

export function readExpression(reader: Reader, inner: Inner): Expression {
  return nested(reader, () => choice(reader, inner));
}

/** Without commas: where they part something else. */
export function readItem(reader: Reader, inner: Inner): Expression {
  return nested(reader, () => binary(reader, inner, 1, false));
}

/** A value that may stand as a command's word, with the members and calls behind it. */
export function readPrimary(reader: Reader, inner: Inner): Expression | undefined {
  const value = readAtom(reader, inner);
  return value && suffixes(reader, inner, value);
}

function choice(reader: Reader, inner: Inner): Expression {
  const test = binary(reader, inner, 1, true);
  skip(reader);
  if (peek(reader) !== '?' || /[?.[]/.test(peek(reader, 1))) return test;
  reader.at += 1;
  skip(reader, true);
  const yes = readExpression(reader, inner);
  skip(reader, true);
  expect(reader, ':');
  skip(reader, true);
  const no = readExpression(reader, inner);
  return { type: 'choice', test, yes, no, start: test.start, end: reader.at };
}

function binary(reader: Reader, inner: Inner, level: number, commas: boolean): Expression {
  let left = list(reader, inner, commas);
  for (let length = 0; ; length += 1) {
    if (length > LONGEST_CHAIN) throw new Unreadable('an expression is too long');
    skip(reader);
    const operator = operatorHere(reader, level);
    if (!operator) return left;
    reader.at += operator.length;
    skip(reader, true);
    const right = nested(reader, () => binary(reader, inner, operator.level + 1, commas));
    left = { type: 'binary', operator: operator.name, left, right, start: left.start, end: right.end };
  }
}

function operatorHere(reader: Reader, least: number): { name: string; level: number; length: number } | undefined {
  if (reader.text.startsWith('??', reader.at) && peek(reader, 2) !== '=')
    return least <= 1 ? { name: '??', level: 1, length: 2 } : undefined;
  const ahead = reader.text.slice(reader.at, reader.at + LONGEST_OPERATOR).replace(DASH, '-');
  for (const [level, pattern] of BINARY) {
    const match = pattern.exec(ahead);
    if (match)
      return level >= least
        ? { name: match[0].toLowerCase().replace(/^-[ic](?=\w{2})(?!n$|s$|snot)/, '-'), level, length: match[0].length }
        : undefined;
  }
  return undefined;
}

function list(reader: Reader, inner: Inner, commas: boolean): Expression {
  const first = unary(reader, inner);
  if (!commas) return first;
  const items = [first];
  for (;;) {
    const before = reader.at;
    skip(reader);
    if (peek(reader) !== ',') {
      reader.at = items.length > 1 ? reader.at : before;
      break;
    }
    reader.at += 1;
    skip(reader, true);
    items.push(unary(reader, inner));
  }
  return items.length === 1 ? first : { type: 'list', items, start: first.start, end: items.at(-1)!.end };
}

function unary(reader: Reader, inner: Inner): Expression {
  skip(reader);
  const start = reader.at;
  const ahead = reader.text.slice(start, start + LONGEST_OPERATOR).replace(DASH, '-');
  const match = /^(!|-not(?!\w)|-bnot(?!\w)|-join(?!\w)|-[ic]?split(?!\w)|\+\+|--|\+|-(?=[\d.($[])|,)/i.exec(ahead);
  if (match) {
    reader.at += match[0].length;
    skip(reader, true);
    const of = nested(reader, () => unary(reader, inner));
    return { type: 'unary', operator: match[0].toLowerCase(), of, start, end: of.end };
  }
  const cast = TYPE.exec(reader.text.slice(start, start + 200));
  if (cast) {
    reader.at += cast[0].length;
    if (!/^[ \t]*(::|\.[A-Za-z])/.test(reader.text.slice(reader.at, reader.at + 20))) {
      const after = reader.at;
      skip(reader);
      if (startsValue(reader)) {
        const of = nested(reader, () => unary(reader, inner));
        return { type: 'cast', name: cast[1]!, of, start, end: of.end };
      }
      reader.at = after;
    }
    return suffixes(reader, inner, { type: 'type', name: cast[1]!, start, end: reader.at });
  }
  const value = readPrimary(reader, inner);
  if (!value) throw new Unreadable(`“${reader.text.slice(reader.at, reader.at + 10)}” is not expected`);
  return value;
}

function startsValue(reader: Reader): boolean {
  return /^(\$|\(|@[({'"]|['"\u2018-\u201e{[]|\d|\.\d|[-+!]\s*[\d($'"[])/.test(reader.text.slice(reader.at, reader.at + 6));
}

function readAtom(reader: Reader, inner: Inner): Expression | undefined {
  const start = reader.at;
  const character = peek(reader);
  const next = peek(reader, 1);
  const within = (kind: 'sub' | 'paren' | 'array', length: number): Expression => {
    reader.at += length;
    const body = nested(reader, () => inner.statements(')'));
    return { type: 'statements', kind, body, start, end: reader.at };
  };
  if (character === '(') return within('paren', 1);
  if (character === '$' && next === '(') return within('sub', 2);
  if (character === '@' && next === '(') return within('array', 2);
  if (character === '@' && next === '{') return hashTable(reader, inner);
  if (character === '{') {
    reader.at += 1;
    const body = nested(reader, () => inner.block());
    return { type: 'block', body, start, end: reader.at };
  }
  if (character === '$') return readDollar(reader);
  const text = readString(reader);
  if (text) return text;
  if (character === '@') return readVariable(reader, true);
  const type = character === '[' ? TYPE.exec(reader.text.slice(start, start + 200)) : undefined;
  if (type) {
    reader.at += type[0].length;
    return { type: 'type', name: type[1]!, start, end: reader.at };
  }
  const number = NUMBER.exec(reader.text.slice(start, start + 60));
  if (!number) return undefined;
  // `1..5` is a range, not a number with a point.
  const value = /^\d+\.$/.test(number[0]) && reader.text[start + number[0].length] === '.' ? number[0].slice(0, -1) : number[0];
  reader.at += value.length;
  return { type: 'number', value, start, end: reader.at };
}

function suffixes(reader: Reader, inner: Inner, atom: Expression): Expression {
  let value = atom;
  for (let length = 0; ; length += 1) {
    if (length > LONGEST_CHAIN) throw new Unreadable('an expression is too long');
    const { start } = value;
    const rest = reader.text.slice(reader.at, reader.at + 3);
    if (/^(\+\+|--)/.test(rest)) {
      reader.at += 2;
      value = { type: 'unary', operator: rest.slice(0, 2), of: value, start, end: reader.at };
      continue;
    }
    if (rest.startsWith('[') || rest.startsWith('?[')) {
      reader.at += rest.startsWith('?') ? 2 : 1;
      skip(reader, true);
      const index = readExpression(reader, inner);
      skip(reader, true);
      expect(reader, ']');
      value = { type: 'index', target: value, index, start, end: reader.at };
      continue;
    }
    const member = /^(::|\.(?!\.)|\?\.)/.exec(rest);
    if (!member || (member[0] === '?.' && value.type !== 'variable') || !startsMember(reader, member[0].length)) return value;
    reader.at += member[0].length;
    value = readMember(reader, inner, value, member[0] === '::');
  }
}

function startsMember(reader: Reader, skipped: number): boolean {
  return /^\s*[\w'"$({\u2018-\u201e]/.test(reader.text.slice(reader.at + skipped, reader.at + skipped + 4));
}

function readMember(reader: Reader, inner: Inner, target: Expression, isStatic: boolean): Expression {
  skip(reader, true);
  const from = reader.at;
  const word = /^[\p{L}_][\p{L}\p{N}_]*/u.exec(reader.text.slice(from, from + 200));
  let name: Expression | undefined;
  if (word) {
    reader.at += word[0].length;
    name = { type: 'text', parts: [word[0]], start: from, end: reader.at };
  } else name = readAtom(reader, inner);
  if (!name) throw new Unreadable('the name of a member is missing');
  const { start } = target;
  const generic = /^\[[\w.,\s[\]]{1,100}\](?=\()/.exec(reader.text.slice(reader.at, reader.at + 110));
  if (generic) reader.at += generic[0].length;
  if (peek(reader) === '(') return { type: 'call', target, name, isStatic, parameters: parametersOf(reader, inner), start, end: reader.at };
  if (peek(reader) === '{') {
    // `.ForEach{ }`: the block is its only parameter.
    const block = readAtom(reader, inner)!;
    return { type: 'call', target, name, isStatic, parameters: [block], start, end: reader.at };
  }
  return { type: 'member', target, name, isStatic, start, end: reader.at };
}

function parametersOf(reader: Reader, inner: Inner): Expression[] {
  reader.at += 1;
  const parameters: Expression[] = [];
  for (;;) {
    skip(reader, true);
    if (peek(reader) === ')') {
      reader.at += 1;
      return parameters;
    }
    if (parameters.length > 0) {
      expect(reader, ',');
      skip(reader, true);
    }
    parameters.push(readItem(reader, inner));
  }
}

function hashTable(reader: Reader, inner: Inner): Expression {
  const { at: start } = reader;
  reader.at += 2;
  const entries: (readonly [Expression, Statement])[] = [];
  for (;;) {
    skipSeparators(reader);
    if (peek(reader) === '}') {
      reader.at += 1;
      return { type: 'hash', entries, start, end: reader.at };
    }
    const from = reader.at;
    const word = /^[\p{L}\p{N}_][\p{L}\p{N}_.-]*(?=\s*=)/u.exec(reader.text.slice(from, from + 200));
    if (word) reader.at += word[0].length;
    const key: Expression = word ? { type: 'text', parts: [word[0]], start: from, end: reader.at } : readItem(reader, inner);
    skip(reader, true);
    expect(reader, '=');
    skip(reader, true);
    entries.push([key, nested(reader, () => inner.statement())]);
  }
}

function skipSeparators(reader: Reader): void {
  skip(reader, true);
  while (peek(reader) === ';') {
    reader.at += 1;
    skip(reader, true);
  }
}
