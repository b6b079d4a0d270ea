/** Escapes that a program takes away before anybody reads: of HTML, JSON and JavaScript, URLs, and terminals. */
// biome-ignore-all lint/suspicious/noControlCharactersInRegex: they are what is looked for

export interface Escape {
  readonly end: number;
  readonly says: string;
}

const ENTITY =
  /&(?:#(\d{2,7})|#x([0-9a-f]{2,6})|(amp|lt|gt|quot|apos|nbsp|colon|period|comma|sol|lpar|rpar|newline|tab|shy|zwnj|zwj|excl|num|commat|grave|lowbar|hyphen|dash));/iy;
const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  colon: ':',
  period: '.',
  comma: ',',
  sol: '/',
  lpar: '(',
  rpar: ')',
  newline: '\n',
  tab: '\t',
  shy: '',
  zwnj: '',
  zwj: '',
  excl: '!',
  num: '#',
  commat: '@',
  grave: '`',
  lowbar: '_',
  hyphen: '-',
  dash: '-',
};
const STRING = /\\(?:u\{([0-9a-f]{1,6})\}|u([0-9a-f]{4})|x([0-9a-f]{2})|([nrt"'/]))/iy;
const CONTROLS: Readonly<Record<string, string>> = { n: '\n', r: '\n', t: '\t' };
const PERCENT = /(?:%[0-9a-f]{2}){1,64}/iy;

export function entityAt(text: string, at: number): Escape | undefined {
  const found = match(ENTITY, text, at);
  if (!found) return undefined;
  const [whole, decimal, hex, name] = found;
  const says = name === undefined ? character(decimal ? Number(decimal) : Number.parseInt(hex!, 16)) : (NAMED[name.toLowerCase()] ?? '');
  return { end: at + whole.length, says };
}

export function stringEscapeAt(text: string, at: number): Escape | undefined {
  const found = match(STRING, text, at);
  if (!found) return undefined;
  const [whole, braced, four, two, letter] = found;
  const says = letter === undefined ? character(Number.parseInt((braced ?? four ?? two)!, 16)) : (CONTROLS[letter] ?? letter);
  return { end: at + whole.length, says };
}

export function percentAt(text: string, at: number): Escape | undefined {
  const run = match(PERCENT, text, at)?.[0];
  if (run === undefined) return undefined;
  const says = Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8');
  return /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffd]/.test(says) ? undefined : { end: at + run.length, says };
}

function character(point: number): string {
  if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return '';
  return String.fromCodePoint(point);
}

function match(shape: RegExp, text: string, at: number): RegExpExecArray | null {
  shape.lastIndex = at;
  return shape.exec(text);
}
