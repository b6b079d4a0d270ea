/** Words: what a shell word expands to, as far as it can be told before it runs. */

import { type ParameterExpansionPart, parse, type Word as WordNode, type WordPart } from 'unbash';
import { FILLER, HOLE, isOpen } from '../holes.ts';

/** What expansion needs of the shell around it. */
export interface WordWorld {
  /** All fields of a variable; undefined where it was not set by what is being read. */
  variable(name: string): readonly string[] | undefined;
  /** The hole that stands for a variable which is not set there. */
  unknown(name: string): string;
  assign(name: string, value: readonly string[]): void;
  /** Runs a command substitution and gives its text. */
  command(part: WordPart & { type: 'CommandExpansion' }): string;
  /** Starts a process substitution and gives the name of its file. */
  process(part: WordPart & { type: 'ProcessSubstitution' }): string;
  /** For a stretch of the word that is parsed by itself. */
  within(part: WordPart, text: string): WordWorld;
  /** Runs every substitution somewhere below. */
  visit(node: WordPart | WordNode | NonNullable<ParameterExpansionPart['operation']>): void;
}

type Piece =
  | { readonly kind: 'text'; readonly text: string }
  /** Split into fields; the edges say whether white space parts it from its neighbours. */
  | { readonly kind: 'fields'; readonly fields: readonly string[]; readonly before: boolean; readonly after: boolean }
  | { readonly kind: 'either'; readonly texts: readonly string[] };

const MOST_ALTERNATIVES = 64;
/** Of one word. What grows beyond is a hole. */
const MOST_FIELDS = 1_000;
const LONGEST_FIELD = 64 * 1024;

/** The fields that a word becomes; none where it expands to nothing. */
export function expandWord(word: WordNode, world: WordWorld): string[] {
  if (word.parts === undefined) return [word.value];
  const fields = assemble(word.parts.map((part) => pieceOf(part, world)));
  return fields.length > MOST_FIELDS ? [HOLE] : fields;
}

/** As one text, as in an assignment or between double quotes. */
export function expandText(word: WordNode, world: WordWorld): string {
  return word.parts === undefined ? word.value : expandQuoted(word.parts, world);
}

/** A here-document's body, or what stands between double quotes. */
export function expandQuoted(parts: readonly WordPart[], world: WordWorld): string {
  return parts.reduce(
    (text, part) =>
      grown(
        text,
        quotedFields(part, world).reduce((all, field, index) => (index === 0 ? field : grown(all, ` ${field}`)), ''),
      ),
    '',
  );
}

function pieceOf(part: WordPart, world: WordWorld): Piece {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
    case 'AnsiCQuoted':
    case 'Glob':
      return { kind: 'text', text: part.value };
    case 'DoubleQuoted':
    case 'LocaleString':
      return doubleQuoted(part.parts, world);
    case 'ExtendedGlob':
      world.visit(part);
      return { kind: 'text', text: '*' };
    case 'ProcessSubstitution':
      return { kind: 'text', text: world.process(part) };
    case 'ArithmeticExpansion':
      world.visit(part);
      return { kind: 'text', text: FILLER };
    case 'BraceExpansion':
      return { kind: 'either', texts: alternatives(part, world) };
    case 'SimpleExpansion':
    case 'ParameterExpansion':
    case 'CommandExpansion':
      return split(quotedFields(part, world), world);
  }
}

/** `"$@"` is the one thing between double quotes that stays several fields. */
function doubleQuoted(parts: readonly WordPart[], world: WordWorld): Piece {
  const [only] = parts;
  if (parts.length === 1 && only && /^\$(@|\{\w+\[@\]\}|\{@\})$/.test(only.text)) {
    return { kind: 'fields', fields: quotedFields(only, world), before: false, after: false };
  }
  return { kind: 'text', text: expandQuoted(parts, world) };
}

function quotedFields(part: WordPart, world: WordWorld): readonly string[] {
  switch (part.type) {
    case 'SimpleExpansion':
      return world.variable(part.text.slice(1)) ?? [world.unknown(part.text.slice(1))];
    case 'ParameterExpansion':
      return parameter(part, world);
    case 'CommandExpansion':
      return [world.command(part)];
    case 'DoubleQuoted':
    case 'LocaleString':
      return [expandQuoted(part.parts, world)];
    case 'BraceExpansion':
      return [part.text];
    default: {
      const piece = pieceOf(part, world);
      return piece.kind === 'text' ? [piece.text] : [HOLE];
    }
  }
}

/** Bash manual, "Shell Parameter Expansion". What is not worked out is a hole. */
function parameter(part: ParameterExpansionPart, world: WordWorld): readonly string[] {
  const { operation, prefix, index } = part;
  if (prefix === '#') return [FILLER];
  let values = world.variable(part.parameter);
  if (index && values && index.text !== '@' && index.text !== '*') values = [values[Number(index.value)] ?? HOLE];
  if (prefix === '!') values = values?.length === 1 && !isOpen(values[0]!) ? (world.variable(values[0]!) ?? [HOLE]) : [HOLE];
  if (!operation) return values ?? [prefix === '!' ? HOLE : world.unknown(part.parameter)];
  const value = values?.join(' ');

  switch (operation.type) {
    case 'Default': {
      const other = expandText(operation.operand, world);
      if (operation.operator.endsWith('?')) return values ?? [world.unknown(part.parameter)];
      if (operation.operator.endsWith('+'))
        return value === undefined || isOpen(value) ? [HOLE] : [value === '' && operation.operator === ':+' ? '' : other];
      if (value !== undefined && !(value === '' && operation.operator.startsWith(':'))) return values!;
      // Capitals are the environment's: SHELL, EDITOR and their like are set though nothing here sets them.
      if (value === undefined && !/[a-z]/.test(part.parameter)) return isOpen(other) ? [other] : [world.unknown(part.parameter)];
      if (operation.operator.endsWith('=')) world.assign(part.parameter, [other]);
      return [other];
    }
    case 'Remove': {
      const pattern = expandText(operation.operand, world);
      return [value === undefined ? trimmedHole(pattern) : removed(value, operation.operator, pattern)];
    }
    case 'Replace': {
      const [pattern, replacement] = [expandText(operation.pattern, world), expandText(operation.replacement, world)];
      if (value === undefined || isOpen(value + pattern) || /[*?[\]]/.test(pattern) || value.length * replacement.length > LONGEST_FIELD)
        return [HOLE];
      return [
        operation.operator === '//'
          ? value.replaceAll(pattern, replacement)
          : operation.operator === '/'
            ? value.replace(pattern, () => replacement)
            : HOLE,
      ];
    }
    case 'Slice': {
      const [from, length] = [Number(operation.offset.value), operation.length && Number(operation.length.value)];
      world.visit(operation);
      if (value === undefined || isOpen(value) || !Number.isInteger(from) || (length !== undefined && !Number.isInteger(length)))
        return [HOLE];
      return [value.slice(from).slice(0, length)];
    }
    case 'CaseModification':
      world.visit(operation);
      if (value === undefined || operation.operator.length === 1) return [HOLE];
      return [operation.operator === '^^' ? value.toUpperCase() : value.toLowerCase()];
    default:
      world.visit(operation);
      return [HOLE];
  }
}

function removed(value: string, operator: string, pattern: string): string {
  if (isOpen(pattern)) return HOLE;
  if (/[*?[\]]/.test(pattern)) {
    if (operator === '##' && pattern === '*/') return isOpen(value) ? FILLER : value.slice(value.lastIndexOf('/') + 1);
    if (operator === '%' && pattern === '/*' && !isOpen(value) && value.includes('/')) return value.slice(0, value.lastIndexOf('/'));
    if (operator === '%' && pattern === '.*' && !isOpen(value) && value.includes('.')) return value.slice(0, value.lastIndexOf('.'));
    return HOLE;
  }
  if (operator.startsWith('%')) return value.endsWith(pattern) ? value.slice(0, value.length - pattern.length) : value;
  return value.startsWith(pattern) ? value.slice(pattern.length) : value;
}

/** The last segment of whatever path it is. */
function trimmedHole(pattern: string): string {
  return pattern === '*/' ? FILLER : HOLE;
}

function split(values: readonly string[], world: WordWorld): Piece {
  const separators = world.variable('IFS')?.join('') ?? ' \t\n';
  if (isOpen(separators)) return { kind: 'fields', fields: values.length > 0 ? [HOLE] : [], before: false, after: false };
  const separates = (character: string | undefined) => character !== undefined && separators.includes(character);
  const fields: string[] = [];
  for (const value of values) {
    let field = '';
    for (const character of value) {
      if (!separates(character)) field += character;
      else if (field !== '') {
        fields.push(field);
        field = '';
      }
    }
    if (field !== '') fields.push(field);
  }
  return { kind: 'fields', fields, before: separates(values[0]?.[0]), after: separates(values.at(-1)?.at(-1)) };
}

/** `{a,b}` and `{1..3}`. Each alternative may itself be any word. */
function alternatives(part: WordPart, world: WordWorld): string[] {
  const inside = part.text.slice(1, -1);
  const range = /^(-?\d+|[A-Za-z])\.\.(-?\d+|[A-Za-z])(\.\.-?\d+)?$/.exec(inside);
  if (range) return sequence(range[1]!, range[2]!);
  return topLevelCommas(inside).flatMap((alternative) => {
    if (alternative === '') return [''];
    const [statement] = parse(alternative).commands;
    const command = statement?.command;
    if (command?.type !== 'Command' || !command.name || command.suffix.length > 0 || command.name.end !== alternative.length) return [HOLE];
    return expandWord(command.name, world.within(part, alternative));
  });
}

function sequence(from: string, to: string): string[] {
  const numbers = /\d/.test(from) && /\d/.test(to);
  const [first, last] = numbers ? [Number(from), Number(to)] : [from.codePointAt(0)!, to.codePointAt(0)!];
  if (Math.abs(first - last) >= MOST_ALTERNATIVES) return [FILLER];
  const step = first <= last ? 1 : -1;
  const values: string[] = [];
  for (let value = first; value !== last + step; value += step) values.push(numbers ? String(value) : String.fromCodePoint(value));
  return values;
}

function topLevelCommas(text: string): string[] {
  const parts = [''];
  let depth = 0;
  let quote = '';
  for (let i = 0; i < text.length; i += 1) {
    const character = text[i]!;
    if (character === '\\' && quote !== "'") {
      parts[parts.length - 1] += character + (text[i + 1] ?? '');
      i += 1;
      continue;
    }
    if (quote !== '') quote = character === quote ? '' : quote;
    else if (character === "'" || character === '"' || character === '`') quote = character;
    else if (character === '{' || character === '(') depth += 1;
    else if (character === '}' || character === ')') depth -= 1;
    else if (character === ',' && depth === 0) {
      parts.push('');
      continue;
    }
    parts[parts.length - 1] += character;
  }
  return parts;
}

function assemble(pieces: readonly Piece[]): string[] {
  return choices(pieces).flatMap(fieldsOf);
}

/** Every way to take one alternative of each brace expansion, in bash's order. */
function choices(pieces: readonly Piece[]): Piece[][] {
  let ways: Piece[][] = [[]];
  for (const piece of pieces) {
    const next: Piece[] = piece.kind === 'either' ? piece.texts.map((text) => ({ kind: 'text', text })) : [piece];
    const [only] = next;
    if (next.length === 1 && only) {
      for (const way of ways) way.push(only);
      continue;
    }
    if (ways.length * next.length > MOST_ALTERNATIVES) return [[{ kind: 'text', text: HOLE }]];
    ways = ways.flatMap((way) => next.map((one) => [...way, one]));
  }
  return ways;
}

function fieldsOf(pieces: readonly Piece[]): string[] {
  const fields: string[] = [];
  let open: string | undefined;
  const close = () => {
    if (open !== undefined) fields.push(open);
    open = undefined;
  };
  for (const piece of pieces) {
    if (piece.kind === 'text') open = grown(open ?? '', piece.text);
    if (piece.kind !== 'fields') continue;
    if (piece.before) close();
    piece.fields.forEach((field, index) => {
      if (index > 0) close();
      open = grown(open ?? '', field);
    });
    if (piece.after) close();
  }
  close();
  return fields;
}

function grown(text: string, more: string): string {
  return text.length + more.length > LONGEST_FIELD ? HOLE : text + more;
}
