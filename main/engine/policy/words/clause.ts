/** Conditions as a tree of phrases, and the tree as a part of a sentence: "reads X, or changes Y and runs Z". */

import type { Doing, Phrase } from './phrases.ts';

export type Clause =
  | { readonly kind: 'phrase'; readonly phrase: Phrase; readonly not: boolean }
  /** For what the vocabulary has no words. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Clause[] };

/** What is said in place of conditions without words. */
export const ONLY_TEXT = 'conditions that only its text tells';

const MOST_VALUES = 3;
/** More alternatives are told as a list. */
const MOST_IN_LINE = 4;

/** All of them, or one of them; nested ones of the same kind become one. */
export function joined(kind: 'and' | 'or', parts: readonly Clause[]): Clause {
  const flat = parts.flatMap((part) => (part.kind === kind ? part.parts : [part]));
  const [only] = flat;
  return flat.length === 1 && only ? only : { kind, parts: flat };
}

/** As it stands after the subject. */
export function saidOf(clause: Clause, inner = false): string {
  switch (clause.kind) {
    case 'unknown':
      return `meets ${ONLY_TEXT}`;
    case 'phrase':
      return phraseText(clause.phrase, clause.not);
    case 'and':
      return andText(merged(clause.parts, true));
    case 'or':
      return orText(merged(clause.parts, false), inner);
  }
}

function andText(parts: readonly Clause[]): string {
  const texts = parts.map((part) => saidOf(part, true));
  const end = texts.pop() ?? '';
  if (texts.length === 0) return end;
  return `${texts.join(', ')}${parts.at(-1)?.kind === 'or' || texts.length > 1 ? ',' : ''} and ${end}`;
}

function orText(parts: readonly Clause[], inner: boolean): string {
  const texts = parts.map((part) => saidOf(part));
  if (texts.length === 1) return texts[0] ?? '';
  if (texts.length > MOST_IN_LINE) return `does one of ${texts.length} things: ${texts.join('; ')}`;
  const plain = parts.every((part) => part.kind !== 'and') && texts.every((text) => !/,| or /.test(text));
  return `${inner ? 'either ' : ''}${plain ? listed(texts, 'or') : texts.join(', or ')}`;
}

/** "a, b or c"; of many the first, and how many more. */
export function listed(words: readonly string[], last: 'and' | 'or', most = words.length): string {
  const left = words.length - most;
  const shown = left > 1 ? [...words.slice(0, most), `${left} more`] : [...words];
  const end = shown.pop() ?? '';
  return shown.length === 0 ? end : `${shown.join(', ')} ${last} ${end}`;
}

function phraseText(phrase: Phrase, not: boolean): string {
  if (!('verbs' in phrase)) return not ? phrase.no : phrase.yes;
  const { verbs, rest, values } = phrase;
  const done = listed(
    verbs.map(([says, plain]) => (not ? plain : says)),
    'or',
  );
  return `${not ? 'does not ' : ''}${done}${rest}${listed(values, 'or', MOST_VALUES)}`;
}

/** Phrases that differ only in their values, or only in their verbs, are said once. By De Morgan: those of an `or`, and those not of an `and`. */
function merged(parts: readonly Clause[], not: boolean): readonly Clause[] {
  return [sameVerbs, sameValues].reduce((left, together) => mergedBy(left, not, together), parts);
}

function mergedBy(parts: readonly Clause[], not: boolean, together: (one: Doing, other: Doing) => Doing | undefined): readonly Clause[] {
  const done: Clause[] = [];
  for (const part of parts) {
    const doing = doingOf(part, not);
    const both = done.map((other) => doing && pair(doingOf(other, not), doing, together));
    const at = both.findIndex((found) => found !== undefined);
    const phrase = both[at];
    if (phrase) done[at] = { kind: 'phrase', phrase, not };
    else done.push(part);
  }
  return done;
}

function pair(one: Doing | undefined, other: Doing, together: (one: Doing, other: Doing) => Doing | undefined): Doing | undefined {
  return one && one.rest === other.rest ? together(one, other) : undefined;
}

function doingOf(clause: Clause | undefined, not: boolean): Doing | undefined {
  return clause?.kind === 'phrase' && clause.not === not && 'verbs' in clause.phrase ? clause.phrase : undefined;
}

function sameVerbs(one: Doing, other: Doing): Doing | undefined {
  return same(one.verbs.flat(), other.verbs.flat()) ? { ...one, values: [...new Set([...one.values, ...other.values])] } : undefined;
}

function sameValues(one: Doing, other: Doing): Doing | undefined {
  return same(one.values, other.values) ? { ...one, verbs: [...one.verbs, ...other.verbs] } : undefined;
}

function same(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((value, at) => value === other[at]);
}
