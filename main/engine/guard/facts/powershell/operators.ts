/** Operators on what is known: strings put together, taken apart and formatted, as commands are disguised. */

import { FILLER, HOLE, holdingIn, isOpen } from '../holes.ts';
import { EMPTY, isDownload, itemsOf, joined, listOf, madeOfValues, text, textOfValue, type Value } from './values.ts';

const MOST_ITEMS = 256;
const LONGEST_PRODUCT = 64 * 1024;
/** One class of characters, or text without a meaning of its own: all that is replaced here, because more could take forever. */
const SIMPLE_PATTERN = /^(?:\[\^?(?:\\.|[^\]\\])+\]\+?|(?:\\[^\w]|[^\\^$.|?*+()[\]{}])*)$/;

export function binaryValue(operator: string, left: Value, right: Value): Value {
  switch (operator) {
    case '+':
      return sum(left, right);
    case '*': {
      const count = numberOf(right);
      const unit = textOfValue(left);
      const number = numberOf(left);
      if (number !== undefined && count !== undefined) return text(String(number * count));
      if (left.kind !== 'text' || count === undefined || count < 0 || unit.length * count > LONGEST_PRODUCT)
        return madeOfValues([left, right]);
      return text(unit.repeat(Math.floor(count)));
    }
    case '-f':
      return text(formatted(textOfValue(left), itemsOf(right).map(textOfValue)));
    case '-join':
      return text(joined(itemsOf(left).map(textOfValue), textOfValue(right)));
    case '-split':
      return splitText(left, textOfValue(itemsOf(right)[0] ?? EMPTY));
    case '-replace': {
      const [pattern = EMPTY, replacement = EMPTY] = itemsOf(right);
      return replaced(left, textOfValue(pattern), textOfValue(replacement));
    }
    case '-as':
      return left;
    case '..':
      return sequence(numberOf(left), numberOf(right));
    case '??':
      return left.kind === 'nothing' ? right : left.kind === 'unknown' ? listOf([left, right]) : left;
    case '-':
    case '/':
    case '%':
    case '-bxor':
    case '-band':
    case '-bor':
    case '-shl':
    case '-shr': {
      const [one, two] = [numberOf(left), numberOf(right)];
      return text(one === undefined || two === undefined ? FILLER : String(ARITHMETIC[operator]!(one, two)));
    }
    default:
      // Comparisons give yes or no; of a list, those of its items that fit.
      return left.kind === 'list' || left.kind === 'paths' ? left : text(FILLER);
  }
}

const ARITHMETIC: Readonly<Record<string, (one: number, two: number) => number>> = {
  '-': (one, two) => one - two,
  '/': (one, two) => one / two,
  '%': (one, two) => one % two,
  '-bxor': (one, two) => one ^ two,
  '-band': (one, two) => one & two,
  '-bor': (one, two) => one | two,
  '-shl': (one, two) => one << two,
  '-shr': (one, two) => one >> two,
};

export function unaryValue(operator: string, of: Value): Value {
  switch (operator) {
    case '-join':
      return text(joined(itemsOf(of).map(textOfValue), ''));
    case '-split':
    case '-isplit':
    case '-csplit':
      return listOf(textOfValue(of).split(/\s+/).slice(0, MOST_ITEMS).map(text));
    case '-': {
      const value = numberOf(of);
      return value === undefined ? text(FILLER) : text(String(-value));
    }
    case '+':
    case '++':
    case '--':
    case ',':
      return of;
    default:
      return text(FILLER);
  }
}

export function indexValue(target: Value, index: Value): Value {
  if (target.kind === 'map') return target.entries.get(textOfValue(index).toLowerCase()) ?? madeOfValues([target]);
  const places = itemsOf(index).map(numberOf);
  if (target.kind !== 'list' && !(target.kind === 'text' && !isOpen(target.text))) return target;
  const items = target.kind === 'list' ? target.items : [...target.text].map(text);
  if (places.some((place) => place === undefined)) return target.kind === 'list' ? target : text(FILLER);
  return listOf(places.flatMap((place) => items[place! < 0 ? items.length + place! : place!] ?? []));
}

/** A conversion that changes what the text is: everything else keeps it. */
export function castValue(type: string, of: Value): Value {
  const name = type
    .toLowerCase()
    .replace(/\s/g, '')
    .replace(/^system\./, '');
  if (name === 'char') {
    const code = numberOf(of);
    return code === undefined ? of : text(code >= 0 && code <= 0xffff ? String.fromCharCode(code) : '');
  }
  if (name === 'char[]') {
    const items = itemsOf(of).flatMap((item) =>
      numberOf(item) === undefined ? [...textOfValue(item)].map(text) : [castValue('char', item)],
    );
    return listOf(items.slice(0, 10_000));
  }
  if (name === 'int' || name === 'byte' || name === 'long' || name === 'int32') {
    const known = of.kind === 'text' && of.text.length === 1 && !/\d/.test(of.text) ? text(String(of.text.charCodeAt(0))) : of;
    return known;
  }
  if (name === 'string' && of.kind === 'list') return text(textOfValue(of));
  if (name === 'void') return EMPTY;
  if (name === 'bool' || name === 'switch') return numberOf(of) === undefined && of.kind !== 'text' ? text(FILLER) : of;
  return of;
}

export function numberOf(value: Value): number | undefined {
  if (value.kind !== 'text' || value.text === '' || value.text.length > 40) return undefined;
  const plain = /^0x[0-9a-f]+$/i.test(value.text) ? Number.parseInt(value.text, 16) : Number(value.text);
  return Number.isFinite(plain) ? plain : undefined;
}

export function replaced(of: Value, pattern: string, replacement: string, literally = false): Value {
  if (of.kind === 'list') return listOf(of.items.map((item) => replaced(item, pattern, replacement, literally)));
  if (of.kind !== 'text' || pattern === '') return of;
  if (isOpen(pattern) || (!literally && !SIMPLE_PATTERN.test(pattern))) return madeOfValues([of, text(pattern), text(replacement)]);
  const parts = literally ? of.text.split(pattern) : of.text.split(new RegExp(pattern, 'i'));
  return parts.length * replacement.length > LONGEST_PRODUCT ? madeOfValues([of]) : text(parts.join(replacement));
}

export function splitText(of: Value, separator: string): Value {
  if (of.kind !== 'text') return of;
  if (!SIMPLE_PATTERN.test(separator) || separator === '') return madeOfValues([of]);
  const parts = of.text.split(new RegExp(separator, 'i'));
  return parts.length > 10_000 ? madeOfValues([of]) : listOf(parts.map(text));
}

/** .NET composite formatting: `{0}`, `{1:x}`, `{0,10}`. */
export function formatted(format: string, values: readonly string[]): string {
  let length = 0;
  return format.replace(
    /\{\{|\}\}|\{(\d{1,3})(?:,-?\d{1,3})?(?::([^{}]{0,40}))?\}/g,
    (all, index: string | undefined, how: string | undefined) => {
      if (index === undefined) return all[0]!;
      const value = values[Number(index)] ?? '';
      length += value.length;
      if (length > LONGEST_PRODUCT) return HOLE;
      return how === undefined || holdingIn(value) ? value : /^[cdefgnprx]\d*$/i.test(how) ? FILLER : value;
    },
  );
}

function sum(left: Value, right: Value): Value {
  if (left.kind === 'list' || left.kind === 'paths') return listOf([left, right]);
  const [one, two] = [numberOf(left), numberOf(right)];
  if (one !== undefined && two !== undefined) return text(String(one + two));
  if (left.kind === 'map' && right.kind === 'map') return { kind: 'map', entries: new Map([...left.entries, ...right.entries]) };
  if (left.kind === 'bytes' || right.kind === 'bytes') return madeOfValues([left, right]);
  if (left.kind === 'thing' || right.kind === 'thing' || isDownload(left) || isDownload(right)) {
    if (left.kind !== 'text' && right.kind !== 'text') return madeOfValues([left, right]);
  }
  return text(textOfValue(left) + textOfValue(right));
}

function sequence(from: number | undefined, to: number | undefined): Value {
  if (from === undefined || to === undefined || Math.abs(to - from) >= MOST_ITEMS) return text(FILLER);
  const step = from <= to ? 1 : -1;
  return {
    kind: 'list',
    items: Array.from({ length: Math.abs(Math.trunc(to - from)) + 1 }, (_, index) => text(String(from + index * step))),
  };
}
