/** Pipelines and commands: assignments, chains, words and redirections (language specification 3.0, chapter 8.2). */

import { type Inner, readExpression, readPrimary } from './expressions.ts';
import { DASH, isQuote, nested, peek, type Reader, readDollar, readEscape, readString, skip, Unreadable } from './scan.ts';
import type { Argument, Element, Expression, Redirect, Statement } from './syntax.ts';

export interface Commands {
  /** `target = value`, else a chain of pipelines. */
  assignment(): Statement;
  chain(): Statement;
  /** One word of a command; undefined where none is. */
  word(): Expression | undefined;
}

export function commandsOf(reader: Reader, inner: Inner): Commands {
  return { assignment, chain, word };

  /** `target = value`, else a chain of pipelines. */
  function assignment(): Statement {
    const start = reader.at;
    if (!startsExpression()) return chain();
    const value = readExpression(reader, inner);
    skip(reader);
    const operator = /^(\?\?|[-+*/%])?=(?!=)/.exec(reader.text.slice(reader.at, reader.at + 4))?.[0];
    if (!operator) return chain({ type: 'expression', value, redirects: redirects(), start, end: reader.at });
    reader.at += operator.length;
    skip(reader, true);
    const given = nested(reader, inner.statement);
    return { type: 'assign', target: value, operator, value: given, start, end: reader.at };
  }

  function chain(first?: Element): Statement {
    const start = first?.start ?? reader.at;
    const all = [pipeline(first)];
    const operators: ('&&' | '||')[] = [];
    for (;;) {
      skip(reader);
      const operator = reader.text.slice(reader.at, reader.at + 2);
      if (operator !== '&&' && operator !== '||') break;
      reader.at += 2;
      skip(reader, true);
      operators.push(operator);
      all.push(nested(reader, assignment));
    }
    // A pipeline in the background.
    if (peek(reader) === '&') reader.at += 1;
    return operators.length === 0 ? all[0]! : { type: 'chain', statements: all, operators, start, end: reader.at };
  }

  function pipeline(first?: Element): Statement {
    const start = first?.start ?? reader.at;
    const elements = [first ?? element()];
    for (;;) {
      const before = reader.at;
      skip(reader, true);
      if (peek(reader) !== '|' || peek(reader, 1) === '|') {
        // A new line ends the pipeline unless the next one goes on with it.
        reader.at = before;
        return { type: 'pipeline', elements, start, end: reader.at };
      }
      reader.at += 1;
      skip(reader, true);
      elements.push(element());
    }
  }

  function element(): Element {
    const start = reader.at;
    if (!startsExpression()) return command();
    const value = readExpression(reader, inner);
    return { type: 'expression', value, redirects: redirects(), start, end: reader.at };
  }

  /** Whether what comes is a value rather than a command's name. */
  function startsExpression(): boolean {
    const ahead = reader.text.slice(reader.at, reader.at + 40);
    if (/^(\$|\(|@[({'"$\u2018-\u201e]|['"\u2018-\u201e]|\{|,|!|\+\+|--|[-+](?=\s*[\d.($'"[]))/.test(ahead)) return true;
    if (/^[-\u2013-\u2015](not|bnot|join|[ic]?split)(?!\w)/i.test(ahead)) return true;
    if (/^\[[A-Za-z_]/.test(ahead)) return true;
    // A number, unless it only begins a name such as 7z.
    return /^(0x[0-9a-f]+|\d+(\.\d+)?(e[-+]?\d+)?|\.\d+)([lud]|kb|mb|gb|tb|pb)?(?=$|[\s;|)},*/%&<>+\]-]|\.\.|\.[A-Za-z])/i.test(ahead);
  }

  function command(): Element {
    const start = reader.at;
    const operator = /^(&(?!&)|\.(?=[\s'"$({]))/.exec(reader.text.slice(start, start + 2))?.[0] as '&' | '.' | undefined;
    if (operator) {
      reader.at += 1;
      skip(reader);
    }
    const name = word();
    if (!name) throw new Unreadable(`“${reader.text.slice(reader.at, reader.at + 10)}” is not expected`);
    const words: Argument[] = [];
    const given: Redirect[] = [];
    for (;;) {
      skip(reader);
      const character = peek(reader);
      if (/^([;|)}\r\n]|)$/.test(character) || (character === '&' && !/^&\d/.test(reader.text.slice(reader.at, reader.at + 2)))) break;
      const before = reader.at;
      given.push(...redirects());
      if (reader.at > before) continue;
      if (reader.text.startsWith('--%', reader.at)) {
        const end = /[\r\n|]/.exec(reader.text.slice(reader.at))?.index ?? reader.text.length - reader.at;
        words.push(...verbatim(reader.at + 3, reader.at + end));
        reader.at += end;
      } else words.push(argument());
    }
    return { type: 'command', operator, name, words, redirects: given, start, end: reader.at };
  }

  /** After `--%` everything is for the program as it stands. */
  function verbatim(from: number, until: number): Argument[] {
    return [...reader.text.slice(from, until).matchAll(/"([^"]*)"|[^\s"]+/g)].map((match) => {
      const at = { start: from + match.index, end: from + match.index + match[0].length };
      return { kind: 'value', value: { type: 'text', parts: [match[1] ?? match[0]], ...at }, ...at };
    });
  }

  function argument(): Argument {
    const start = reader.at;
    const parameter = DASH.test(peek(reader))
      ? /^.([A-Za-z_?](?:[\w-]|`(?=\w))*)(:?)(?=$|[\s:;|)},&$'"(@{[\d.\\/=*~`])/s.exec(reader.text.slice(start, start + 120))
      : null;
    // `-Dname=value`, `-v2.1` and their like are one word for a program of its own.
    const rest = parameter ? reader.text[start + parameter[0].length] : undefined;
    if (parameter && (parameter[2] || rest === undefined || /[\s;|)},&]/.test(rest))) {
      reader.at += parameter[0].length;
      let value: Expression | undefined;
      if (parameter[2]) {
        skip(reader);
        value = valueList();
      }
      return { kind: 'parameter', name: parameter[1]!.replaceAll('`', ''), value, start, end: reader.at };
    }
    const value = valueList();
    if (!value) throw new Unreadable(`“${reader.text.slice(start, start + 10)}” is not expected`);
    return { kind: 'value', value, start, end: reader.at };
  }

  /** Words with commas between them are one value. */
  function valueList(): Expression | undefined {
    const first = word();
    if (!first) return undefined;
    const items = [first];
    for (;;) {
      const before = reader.at;
      skip(reader);
      if (peek(reader) !== ',') {
        reader.at = before;
        return items.length === 1 ? first : { type: 'list', items, start: first.start, end: items.at(-1)!.end };
      }
      reader.at += 1;
      skip(reader, true);
      const next = word();
      if (!next) return { type: 'list', items, start: first.start, end: reader.at };
      items.push(next);
    }
  }

  /** One word of a command: a value, or bare text with variables and strings in it. */
  function word(): Expression | undefined {
    const start = reader.at;
    const character = peek(reader);
    const isValue = /[$('"{\u2018-\u201e]/.test(character) || (character === '@' && /[({'"\w]/.test(peek(reader, 1)));
    const value = isValue ? readPrimary(reader, inner) : undefined;
    if (value && (value.type === 'block' || endsWord(peek(reader)))) return value;
    const parts: (string | Expression)[] = value ? [value] : [];
    if (!value && isValue) {
      reader.at += 1;
      parts.push(character);
    }
    let literal = '';
    for (;;) {
      const next = peek(reader);
      if (endsWord(next)) break;
      if (next === '`' && /[\r\n]/.test(peek(reader, 1))) break;
      // PowerShell 7 takes some of these for control characters, 5.1 does not: what hides a name is meant to be read.
      if (next === '`' && /[A-Za-z]/.test(peek(reader, 1)) && !/^`u\{/.test(reader.text.slice(reader.at, reader.at + 3))) {
        literal += peek(reader, 1);
        reader.at += 2;
      } else if (next === '`') literal += readEscape(reader);
      else if (next === '$') {
        const dollar = readDollar(reader);
        if (dollar) {
          parts.push(literal, dollar);
          literal = '';
        } else {
          literal += next;
          reader.at += 1;
        }
      } else if (isQuote(next)) {
        const text = readString(reader)!;
        parts.push(literal, text);
        literal = '';
      } else {
        literal += next;
        reader.at += 1;
      }
    }
    parts.push(literal);
    return reader.at === start ? undefined : { type: 'text', parts, start, end: reader.at };
  }

  function endsWord(character: string): boolean {
    return /^([\s;|&(),{}<>]|)$/.test(character);
  }

  function redirects(): Redirect[] {
    const all: Redirect[] = [];
    for (;;) {
      skip(reader);
      const start = reader.at;
      const match = /^([1-6*]?)(>>?|<)(&[12])?/.exec(reader.text.slice(start, start + 5));
      if (!match) return all;
      reader.at += match[0].length;
      if (match[3]) continue;
      skip(reader);
      const target = word();
      if (!target) throw new Unreadable('a redirection leads nowhere');
      all.push({ stream: match[1] || '1', operator: match[2] as Redirect['operator'], target, start, end: reader.at });
    }
  }
}
