/** Statements (language specification 3.0, chapter 8). Never backtracks, so that its time is linear. */

import { commandsOf } from './commands.ts';
import { type Inner, readItem, readPrimary } from './expressions.ts';
import { attribute, opaqueBraces, parameterList } from './parameters.ts';
import { DASH, expect, nested, peek, type Reader, readVariable, skip, Unreadable } from './scan.ts';
import type { Block, Expression, Parameter, Statement } from './syntax.ts';

/** Throws `Unreadable` with a reason. */
export function parsePowerShell(text: string): Statement[] {
  const reader: Reader = { text, at: 0, depth: 0, substitution };
  const inner: Inner = { statements, statement, block };
  const { assignment, chain, word } = commandsOf(reader, inner);
  const found = statements(undefined);
  return found;

  function substitution(): Expression {
    const start = reader.at - 1;
    reader.at += 1;
    const body = nested(reader, () => statements(')'));
    return { type: 'statements', kind: 'sub', body, start, end: reader.at };
  }

  function statements(until: ')' | '}' | undefined): Statement[] {
    const all: Statement[] = [];
    for (;;) {
      skip(reader, true);
      const character = peek(reader);
      if (character === ';') reader.at += 1;
      else if (character === (until ?? '')) {
        reader.at += character.length;
        return all;
      } else if (character === '' || character === ')' || character === '}') {
        throw new Unreadable(character === '' ? `“${until}” is missing` : `“${character}” is not expected`);
      } else all.push(nested(reader, statement));
    }
  }

  function body(): Statement[] {
    skip(reader, true);
    expect(reader, '{');
    return statements('}');
  }

  function condition(): Statement {
    skip(reader, true);
    expect(reader, '(');
    skip(reader, true);
    const start = reader.at;
    const value = statements(')');
    return { type: 'chain', statements: value, operators: [], start, end: reader.at };
  }

  function statement(): Statement {
    const start = reader.at;
    while (/^\[(CmdletBinding|Parameter|OutputType|Alias|Diagnostics\.[\w.]+)\s*\(/i.test(reader.text.slice(reader.at, reader.at + 60)))
      attribute(reader);
    skip(reader, true);
    const word = /^(:\w+\s+)?([A-Za-z]+)(?![\w.:\\/-])/.exec(reader.text.slice(reader.at, reader.at + 60));
    const keyword = word?.[2]?.toLowerCase() ?? '';
    const take = () => {
      reader.at += word![0].length;
    };
    switch (keyword) {
      case 'if': {
        take();
        const tests = [condition()];
        const bodies = [body()];
        for (;;) {
          const next = keywordAhead(/^(elseif|else)(?![\w-])/i);
          if (!next) return { type: 'if', tests, bodies, start, end: reader.at };
          if (next === 'elseif') tests.push(condition());
          bodies.push(body());
        }
      }
      case 'foreach': {
        if (!/^foreach\s*(-parallel\s*)?\(/i.test(reader.text.slice(reader.at, reader.at + 40))) break;
        take();
        skip(reader, true);
        if (peek(reader) === '-') reader.at += '-parallel'.length;
        skip(reader, true);
        expect(reader, '(');
        skip(reader, true);
        const variable = readVariable(reader, false);
        if (variable?.type !== 'variable') throw new Unreadable('the variable of a foreach is missing');
        skip(reader, true);
        if (!/^in\b/i.test(reader.text.slice(reader.at, reader.at + 3))) throw new Unreadable('“in” is missing');
        reader.at += 2;
        const from = reader.at;
        const over = statements(')');
        return {
          type: 'foreach',
          name: variable.name,
          over: { type: 'chain', statements: over, operators: [], start: from, end: reader.at },
          body: body(),
          start,
          end: reader.at,
        };
      }
      case 'for': {
        take();
        skip(reader, true);
        expect(reader, '(');
        const heads = statements(')');
        return { type: 'loop', heads, body: body(), start, end: reader.at };
      }
      case 'while': {
        take();
        const head = condition();
        return { type: 'loop', heads: [head], body: body(), start, end: reader.at };
      }
      case 'do': {
        take();
        const inside = body();
        const heads = keywordAhead(/^(while|until)(?![\w-])/i) ? [condition()] : [];
        return { type: 'loop', heads, body: inside, start, end: reader.at };
      }
      case 'switch':
        take();
        return switchStatement(start);
      case 'try': {
        take();
        const bodies = [body()];
        while (keywordAhead(/^(catch|finally)(?![\w-])/i)) {
          skip(reader, true);
          while (peek(reader) === '[' || peek(reader) === ',') {
            if (peek(reader) === '[') readPrimary(reader, inner);
            else reader.at += 1;
            skip(reader, true);
          }
          bodies.push(body());
        }
        return { type: 'try', bodies, start, end: reader.at };
      }
      case 'trap':
      case 'data': {
        if (!/^(trap|data)\s*[[{\w]/i.test(reader.text.slice(reader.at, reader.at + 40))) break;
        take();
        while (peek(reader) !== '{' && peek(reader) !== '') reader.at += 1;
        return { type: 'try', bodies: [body()], start, end: reader.at };
      }
      case 'function':
      case 'filter':
      case 'workflow':
      case 'configuration': {
        take();
        skip(reader, true);
        const name = /^[^\s({]+/.exec(reader.text.slice(reader.at, reader.at + 200))?.[0];
        if (!name) throw new Unreadable('the name of a function is missing');
        reader.at += name.length;
        skip(reader, true);
        const parameters = peek(reader) === '(' ? parameterList(reader, inner) : [];
        skip(reader, true);
        expect(reader, '{');
        const own = block();
        return {
          type: 'function',
          name: name.replace(/^(global|script|local|private):/i, ''),
          block: { parameters: [...parameters, ...own.parameters], body: own.body },
          start,
          end: reader.at,
        };
      }
      case 'return':
      case 'throw':
      case 'exit':
      case 'break':
      case 'continue': {
        take();
        skip(reader);
        if (/^([;)}\r\n#|&]|$)/.test(peek(reader))) return { type: 'leave', word: keyword, start, end: reader.at };
        return { type: 'leave', word: keyword, value: chain(), start, end: reader.at };
      }
      case 'begin':
      case 'process':
      case 'end':
      case 'clean':
      case 'dynamicparam':
      case 'parallel':
      case 'sequence':
      case 'inlinescript': {
        if (!/^\w+\s*\{/.test(reader.text.slice(reader.at, reader.at + 40))) break;
        take();
        return { type: 'try', bodies: [body()], start, end: reader.at };
      }
      case 'param': {
        if (!/^param\s*\(/i.test(reader.text.slice(reader.at, reader.at + 40))) break;
        take();
        skip(reader, true);
        parameterList(reader, inner);
        return { type: 'leave', word: 'param', start, end: reader.at };
      }
      case 'class':
      case 'enum': {
        if (!/^\w+\s+\w/.test(reader.text.slice(reader.at, reader.at + 40))) break;
        while (peek(reader) !== '{' && peek(reader) !== '') reader.at += 1;
        expect(reader, '{');
        opaqueBraces(reader);
        return { type: 'opaque', word: keyword, start, end: reader.at };
      }
      case 'using': {
        take();
        const end = /[\r\n;]/.exec(reader.text.slice(reader.at))?.index;
        reader.at = end === undefined ? reader.text.length : reader.at + end;
        return { type: 'opaque', word: keyword, start, end: reader.at };
      }
    }
    return assignment();
  }

  function switchStatement(start: number): Statement {
    skip(reader, true);
    while (DASH.test(peek(reader))) {
      const option = /^.[A-Za-z]+/s.exec(reader.text.slice(reader.at, reader.at + 30))?.[0] ?? '-';
      reader.at += option.length;
      skip(reader, true);
      if (/^-f/i.test(option)) break;
    }
    const from = reader.at;
    const over = peek(reader) === '(' ? condition() : assignment();
    skip(reader, true);
    expect(reader, '{');
    const tests: Expression[] = [];
    const bodies: Statement[][] = [];
    for (;;) {
      skip(reader, true);
      if (peek(reader) === ';') reader.at += 1;
      else if (peek(reader) === '}') {
        reader.at += 1;
        return { type: 'switch', over: { ...over, start: from }, tests, bodies, start, end: reader.at };
      } else {
        tests.push(word() ?? readItem(reader, inner));
        bodies.push(body());
      }
    }
  }

  function keywordAhead(pattern: RegExp): string | undefined {
    const before = reader.at;
    skip(reader, true);
    const match = pattern.exec(reader.text.slice(reader.at, reader.at + 12));
    if (!match) {
      reader.at = before;
      return undefined;
    }
    reader.at += match[0].length;
    return match[0].toLowerCase();
  }

  function block(): Block {
    skip(reader, true);
    while (/^\[(CmdletBinding|OutputType|Diagnostics)/i.test(reader.text.slice(reader.at, reader.at + 30))) attribute(reader);
    let parameters: Parameter[] = [];
    if (/^param\s*\(/i.test(reader.text.slice(reader.at, reader.at + 60))) {
      reader.at += 5;
      skip(reader, true);
      parameters = parameterList(reader, inner);
    }
    return { parameters, body: statements('}') };
  }
}
