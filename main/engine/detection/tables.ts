/** Credentials below their names: columns of a table, what a command prints, lines of a `.pgpass`. */

import type { NameKind } from './names.ts';
import { isCredential, isStrong } from './values.ts';

export interface Cell {
  readonly start: number;
  readonly end: number;
}

const MOST_ROWS = 200;
const LONGEST_LINE = 2_000;

/** The credentials in the column whose head is `text.slice(start, end)`; none where there is no table. */
export function cellsBelow(text: string, { start, end, kind }: Cell & { readonly kind: NameKind }): Cell[] {
  const head = lineAt(text, start);
  if (head.end - head.start > LONGEST_LINE) return [];
  const separator = separatorOf(text, start, end);
  if (separator === undefined) return [];
  const column = columns(text, head, separator).findIndex((cell) => cell.start <= start && cell.end >= end);
  const cells: Cell[] = [];
  let line = lineAt(text, head.end + 1);
  for (let row = 0; row < MOST_ROWS && line.start < text.length && line.end > line.start; row++) {
    if (line.end - line.start > LONGEST_LINE || !text.slice(line.start, line.end).includes(separator)) break;
    const cell = columns(text, line, separator)[column];
    const value = cell === undefined ? '' : text.slice(cell.start, cell.end);
    if (cell && (isStrong(value) || (kind === 'password' && isCredential(value, kind, 'bare')))) cells.push(cell);
    line = lineAt(text, line.end + 1);
  }
  return cells;
}

const SHOWS = /(?:^|[\s|;&(])(?:cat|kubectl|oc|vault|op|pass|gcloud|aws|az|gh|printenv|security|sops|gpg|openssl|base64|docker|terraform|heroku|bw|doppler|rbw|echo)\s/;

/** What a command that shows a credential has printed: the line below the one in which `end` stands. */
export function printedBelow(text: string, end: number): Cell | undefined {
  const { start, end: lineEnd } = lineAt(text, end);
  if (lineEnd - start > 400 || !SHOWS.test(text.slice(start, lineEnd))) return undefined;
  const below = lineAt(text, lineEnd + 1);
  const value = text.slice(below.start, Math.min(below.end, below.start + 255)).trim();
  return /^\S{12,255}$/.test(value) && (isStrong(value) || /^[0-9a-f]{32,128}$/.test(value)) ? { start: below.start, end: below.start + value.length } : undefined;
}

const PGPASS = /:(?:\d{2,5}|\*):[\w*.-]{1,64}:[\w.@*-]{1,64}:([^\s:"'`]{6,100})(?=\s|$)/y;

/** The password of a line of `.pgpass` whose first colon is at `at`. */
export function pgpassAt(text: string, at: number): Cell | undefined {
  PGPASS.lastIndex = at;
  const match = PGPASS.exec(text);
  if (!match?.[1] || !isCredential(match[1], 'password', 'bare')) return undefined;
  const end = at + match[0].length;
  return { start: end - match[1].length, end };
}

interface Line {
  readonly start: number;
  readonly end: number;
}

function lineAt(text: string, at: number): Line {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  const next = at > text.length ? -1 : text.indexOf('\n', at);
  const end = next < 0 ? text.length : next;
  return { start: Math.min(start, text.length), end: text[end - 1] === '\r' ? end - 1 : end };
}

/** What stands on both sides of a head: only where a whole cell is the name. */
function separatorOf(text: string, start: number, end: number): string | undefined {
  const before = text.slice(Math.max(0, start - 30), start).replace(/["' ]{0,30}$/, '').at(-1) ?? '\n';
  const after = text.slice(end, end + 30).replace(/^["' ]{0,30}/, '')[0] ?? '\n';
  if (before === '|' && after === '|') return '|';
  for (const separator of [',', ';', '\t']) {
    if ((before === separator && (after === separator || after === '\n' || after === '\r')) || (before === '\n' && after === separator)) return separator;
  }
  return undefined;
}

function columns(text: string, line: Line, separator: string): Cell[] {
  const cells: Cell[] = [];
  let from = line.start;
  for (const part of text.slice(line.start, line.end).split(separator)) {
    const inner = part.replace(/^[\s"'`]{0,200}/, '');
    const start = from + part.length - inner.length;
    cells.push({ start, end: start + inner.replace(/[\s"'`]{0,200}$/, '').length });
    from += part.length + 1;
  }
  return cells;
}

/** For the test that asserts that every quantifier is bounded. */
export const TABLE_PATTERNS: readonly RegExp[] = [PGPASS, SHOWS];
