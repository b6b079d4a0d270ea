/** Parameters: by name or its beginning, by position, from a splatted table (about_Parameters, about_Splatting). */

import type { Range, Word } from '../gathering.ts';
import { HOLE, readable } from '../holes.ts';
import type { Cmdlet } from './cmdlets/cmdlet.ts';
import type { Runtime } from './runtime.ts';
import type { Argument, Expression } from './syntax.ts';
import { itemsOf, listOf, textOfValue, type Value } from './values.ts';

/** A value that a command is given, with where it is written. */
export interface Given {
  readonly value: Value;
  readonly range: Range;
  readonly raw: string;
}

/** An argument, evaluated. */
export type Token =
  | { readonly kind: 'parameter'; readonly name: string; readonly given?: Given | undefined; readonly range: Range; readonly raw: string }
  | ({ readonly kind: 'value' } & Given);

export interface Bound {
  /** By the parameter's lower-case name; a switch has an empty list. */
  readonly parameters: ReadonlyMap<string, readonly Given[]>;
  readonly rest: readonly Given[];
}

const COMMON =
  'erroraction errorvariable warningaction warningvariable informationaction informationvariable outvariable outbuffer pipelinevariable progressaction';
const COMMON_SWITCHES = 'verbose debug whatif confirm';
const COMMON_ALIASES: Readonly<Record<string, string>> = {
  ea: 'erroraction',
  ev: 'errorvariable',
  wa: 'warningaction',
  wv: 'warningvariable',
  infa: 'informationaction',
  iv: 'informationvariable',
  ov: 'outvariable',
  ob: 'outbuffer',
  pv: 'pipelinevariable',
  vb: 'verbose',
  db: 'debug',
  wi: 'whatif',
  cf: 'confirm',
  lp: 'literalpath',
  pspath: 'literalpath',
  proga: 'progressaction',
};

export function tokensOf(words: readonly Argument[], runtime: Runtime): Token[] {
  return words.flatMap((word): Token[] => {
    const place = { range: runtime.range(word), raw: runtime.written(word) };
    if (word.kind === 'parameter') {
      const value = word.value;
      return [
        {
          kind: 'parameter',
          name: word.name,
          ...place,
          given: value && { value: runtime.evaluate(value), range: runtime.range(value), raw: runtime.written(value) },
        },
      ];
    }
    if (word.value.type === 'variable' && word.value.splat) return splatted(runtime.evaluate(word.value), place);
    return givenOf(word.value, runtime).map((given) => ({ kind: 'value', ...given }));
  });
}

/** A list that is written out has a place for each of its items, and is still one value. */
function givenOf(expression: Expression, runtime: Runtime): Given[] {
  if (expression.type !== 'list')
    return [{ value: runtime.evaluate(expression), range: runtime.range(expression), raw: runtime.written(expression) }];
  return [
    {
      value: { kind: 'list', items: expression.items.map(runtime.evaluate) },
      range: runtime.range(expression),
      raw: runtime.written(expression),
    },
  ];
}

function splatted(value: Value, place: { range: Range; raw: string }): Token[] {
  if (value.kind === 'map') {
    return [...value.entries].map(([name, entry]) => ({ kind: 'parameter', name, ...place, given: { value: entry, ...place } }));
  }
  return itemsOf(value).map((item) => ({ kind: 'value', value: item, ...place }));
}

export function bind(tokens: readonly Token[], cmdlet: Cmdlet): Bound {
  const positional = names(cmdlet.positional);
  const takes = new Set([...positional, ...names(cmdlet.named), ...names(COMMON)]);
  const switches = new Set([...names(cmdlet.switches), ...names(COMMON_SWITCHES)]);
  const parameters = new Map<string, Given[]>();
  const values: Given[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at]!;
    if (token.kind === 'value') {
      values.push(token);
      continue;
    }
    const name = meant(token.name.toLowerCase(), takes, switches);
    const next = tokens[at + 1];
    const list = parameters.get(name) ?? [];
    if (token.given) list.push(token.given);
    else if (takes.has(name) && next?.kind === 'value') {
      list.push(next);
      at += 1;
    }
    parameters.set(name, list);
  }
  const free = positional.filter((name) => !parameters.has(name));
  const rest: Given[] = [];
  values.forEach((value, index) => {
    const name = free[index] ?? (cmdlet.rest ? free.at(-1) : undefined);
    if (name === undefined) rest.push(value);
    else parameters.set(name, [...(parameters.get(name) ?? []), value]);
  });
  return { parameters, rest };
}

/** The words that a value is, each with its place. */
export function wordsOfGiven({ value, range, raw }: Given): Word[] {
  return itemsOf(value).flatMap((item): Word[] => {
    if (item.kind === 'list') return wordsOfGiven({ value: item, range, raw });
    if (item.kind === 'paths') return item.patterns.map((pattern) => ({ text: pattern, range, raw }));
    return [{ text: textOfValue(item), range, raw }];
  });
}

/** What comes down the pipeline, as names of files. */
export function inputWords(input: Value, range: Range): Word[] {
  return itemsOf(input).flatMap((item): Word[] => {
    if (item.kind === 'paths') return item.patterns.map((pattern) => ({ text: pattern, range, raw: readable(pattern) }));
    if (item.kind === 'text')
      return item.text
        .split(/\r?\n/)
        .filter(Boolean)
        .slice(0, 200)
        .map((line) => ({ text: line, range, raw: readable(line) }));
    return [{ text: item.kind === 'download' ? textOfValue(item) : HOLE, range, raw: 'what comes down the pipeline' }];
  });
}

function meant(name: string, takes: ReadonlySet<string>, switches: ReadonlySet<string>): string {
  if (takes.has(name) || switches.has(name)) return name;
  const alias = COMMON_ALIASES[name];
  if (alias) return alias;
  for (const one of [...switches, ...takes])
    if (one.startsWith(name) && !COMMON.includes(one) && !COMMON_SWITCHES.includes(one)) return one;
  for (const one of [...takes, ...switches]) if (one.startsWith(name)) return one;
  return name;
}

function names(list: string | undefined): string[] {
  return list ? list.toLowerCase().split(' ') : [];
}

/** For a program that is not a cmdlet: words as it gets them. */
export function plainWords(tokens: readonly Token[]): Word[] {
  return tokens.flatMap((token): Word[] => {
    if (token.kind === 'value') return wordsOfGiven(token);
    const value = token.given && textOfValue(listOf([token.given.value]));
    return [{ text: `-${token.name}${value === undefined ? '' : `:${value}`}`, range: token.range, raw: token.raw }];
  });
}
