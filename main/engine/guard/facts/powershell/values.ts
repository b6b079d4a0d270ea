/** What a PowerShell expression gives, as far as it can be told before it runs. */

import { gravest, HOLE, type Holding, holdingIn, holeOf } from '../holes.ts';
import type { Source } from '../shell/machine.ts';
import { type Flow, holdingOf, textOf } from '../shell/machine.ts';
import type { Block } from './syntax.ts';

export type Value =
  | Flow
  | { readonly kind: 'list'; readonly items: readonly Value[] }
  /** Keys in lower case. */
  | { readonly kind: 'map'; readonly entries: ReadonlyMap<string, Value> }
  | { readonly kind: 'block'; readonly block: Block; readonly source: Source }
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  /** An object of .NET or COM: its type in lower case, and what it was made with. */
  | { readonly kind: 'thing'; readonly type: string; readonly of: readonly Value[] };

export const EMPTY: Value = { kind: 'nothing' };
const LONGEST_TEXT = 128 * 1024;
const MOST_ITEMS = 300;

export function text(value: string): Value {
  return value.length > LONGEST_TEXT ? unknown(holdingIn(value)) : { kind: 'text', text: value };
}

export function unknown(holds?: Holding): Value {
  return { kind: 'unknown', holds };
}

export function thing(type: string, ...of: readonly Value[]): Value {
  return { kind: 'thing', type: type.toLowerCase(), of };
}

/** Several values as PowerShell's pipeline has them: lists are taken apart, one is itself. */
export function listOf(values: readonly Value[]): Value {
  const items = values.flatMap((value) => (value.kind === 'list' ? value.items : value.kind === 'nothing' ? [] : [value]));
  if (items.length > MOST_ITEMS) return madeOfValues(items);
  return items.length === 0 ? EMPTY : items.length === 1 ? items[0]! : { kind: 'list', items };
}

export function itemsOf(value: Value): readonly Value[] {
  return value.kind === 'list' ? value.items : value.kind === 'nothing' ? [] : [value];
}

/** The gravest local data in it. */
export function holdingOfValue(value: Value): Holding | undefined {
  switch (value.kind) {
    case 'list':
      return gravest(...value.items.map(holdingOfValue));
    case 'map':
      return gravest(...[...value.entries.values()].map(holdingOfValue));
    case 'thing':
      return gravest(...value.of.map(holdingOfValue));
    case 'block':
    case 'bytes':
      return undefined;
    default:
      return holdingOf(value);
  }
}

export function isDownload(value: Value): boolean {
  if (value.kind === 'list') return value.items.some(isDownload);
  if (value.kind === 'thing') return value.of.some(isDownload) && !/client$/.test(value.type);
  return value.kind === 'download' || (value.kind === 'text' && value.text.includes('\u0001'));
}

/** Something made of them that cannot be told. */
export function madeOfValues(values: readonly Value[]): Value {
  const download = values.find(isDownload);
  const holds = gravest(...values.map(holdingOfValue));
  if (download) return { kind: 'download', from: download.kind === 'download' ? download.from : 'something', holds };
  return { kind: 'unknown', holds };
}

/** Texts put together; a hole of their weight where that is too long to be followed. */
export function joined(texts: readonly string[], separator: string): string {
  let whole = '';
  for (const [index, one] of texts.entries()) {
    whole += index === 0 ? one : separator + one;
    if (whole.length > LONGEST_TEXT) return holeOf(gravest(...texts.slice(0, MOST_ITEMS).map(holdingIn)));
  }
  return whole;
}

/** As one text, with holes for what is not known. */
export function textOfValue(value: Value): string {
  switch (value.kind) {
    case 'list':
      return joined(value.items.map(textOfValue), ' ');
    case 'map':
    case 'thing':
      return isDownload(value) ? textOf(madeOfValues([value]) as Flow) : holeOf(holdingOfValue(value));
    case 'block':
      return value.source.text.slice(0, LONGEST_TEXT);
    case 'bytes':
      return HOLE;
    default:
      return textOf(value);
  }
}

/** For a program's input, a file, or what prints. */
export function flowOf(value: Value): Flow {
  switch (value.kind) {
    case 'list': {
      if (value.items.every((item) => item.kind === 'paths'))
        return { kind: 'paths', patterns: value.items.flatMap((item) => (item.kind === 'paths' ? item.patterns : [])) };
      if (value.items.every((item) => item.kind === 'text')) return { kind: 'text', text: joined(value.items.map(textOfValue), '\n') };
      return madeOfValues(value.items) as Flow;
    }
    case 'map':
    case 'thing':
      return madeOfValues([value]) as Flow;
    case 'block':
      return { kind: 'text', text: textOfValue(value) };
    case 'bytes':
      return { kind: 'text', text: value.bytes.toString('utf8') };
    default:
      return value;
  }
}
