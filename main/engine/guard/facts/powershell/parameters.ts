/** Parameters of functions and script blocks, and what is passed over: attributes and what is in a class. */

import { type Inner, readItem } from './expressions.ts';
import { expect, isQuote, peek, type Reader, readString, readVariable, skip, Unreadable } from './scan.ts';
import type { Expression, Parameter } from './syntax.ts';

export function parameterList(reader: Reader, inner: Inner): Parameter[] {
  expect(reader, '(');
  const all: Parameter[] = [];
  for (;;) {
    skip(reader, true);
    const character = peek(reader);
    if (character === ')') {
      reader.at += 1;
      return all;
    }
    if (character === ',') reader.at += 1;
    else if (character === '[') attribute(reader);
    else {
      const variable = readVariable(reader, false);
      if (variable?.type !== 'variable') throw new Unreadable('a parameter’s name is missing');
      skip(reader, true);
      let otherwise: Expression | undefined;
      if (peek(reader) === '=') {
        reader.at += 1;
        skip(reader, true);
        otherwise = readItem(reader, inner);
      }
      all.push({ name: variable.name, otherwise });
    }
  }
}

export function attribute(reader: Reader): void {
  const primary = () => {
    reader.at += 1;
    let depth = 1;
    while (depth > 0) {
      const character = peek(reader);
      if (character === '') throw new Unreadable('“]” is missing');
      if (isQuote(character)) {
        readString(reader);
        continue;
      }
      if (character === '[') depth += 1;
      if (character === ']') depth -= 1;
      reader.at += 1;
    }
  };
  primary();
  skip(reader, true);
}

/** Everything up to the closing brace, strings aside. */
export function opaqueBraces(reader: Reader): void {
  let depth = 1;
  while (depth > 0) {
    const character = peek(reader);
    if (character === '') throw new Unreadable('“}” is missing');
    if (isQuote(character) && readString(reader)) continue;
    if (character === '{') depth += 1;
    if (character === '}') depth -= 1;
    reader.at += 1;
  }
}
