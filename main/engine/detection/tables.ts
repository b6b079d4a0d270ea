/** Credentials below their names: columns of a table, what a command prints, lines of a `.pgpass`. */

import type { NameKind } from './names.ts';
import { isCredential, isStrongAlone } from './values.ts';

export interface Cell {
  readonly start: number;
  readonly end: number;
}

const MOST_ROWS = 200;
const LONGEST_LINE = 2_000;

/** The credentials in the column whose head is `text.slice(start, end)`; none where there is no table. `rows`: how many may be read. */
export function cellsBelow(text: string, { start, end, kind }: Cell & { readonly kind: NameKind }, rows: { left: number }): Cell[] {
  const separator = separatorOf(text, start, end);
  const head = separator === undefined ? undefined : lineAt(text, start);
  if (separator === undefined || head === undefined) return [];
  const names = columns(text, head, separator);
  const column = names.findIndex((cell) => cell.start <= start && cell.end >= end);
  // A list of names, one a line, is no table.
  const heads = names.map((cell) => text.slice(cell.start, cell.end));
  if (heads.filter((name) => name !== '').length < 2 || !heads.every((name) => /^[\p{L}\d _.#()/-]{0,40}$/u.test(name))) return [];
  const cells: Cell[] = [];
  let line = lineAt(text, head.end + 1);
  for (let row = 0; row < MOST_ROWS && line && line.end > line.start && rows.left > 0; row++) {
    rows.left--;
    // The rule below the heads.
    if (/^[\s|+:=-]{3,2000}$/.test(text.slice(line.start, line.end))) {
      line = lineAt(text, line.end + 1);
      continue;
    }
    const values = columns(text, line, separator);
    if (values.length !== names.length) break;
    const cell = values[column];
    const value = cell === undefined ? '' : text.slice(cell.start, cell.end);
    if (cell && (isStrongAlone(value) || (kind === 'password' && isCredential(value, kind, 'bare')))) cells.push(cell);
    line = lineAt(text, line.end + 1);
  }
  return cells;
}

const SHOWS =
  /(?:^|[\s|;&(])(?:cat|kubectl|oc|vault|op|pass|gcloud|aws|az|gh|printenv|security|sops|gpg|openssl|base64|docker|terraform|heroku|bw|doppler|rbw|echo)\s/;

/** What a command that shows a credential has printed: the line below the one in which `end` stands. */
export function printedBelow(text: string, end: number): Cell | undefined {
  const line = lineAt(text, end);
  if (!line || line.end - line.start > 400 || !SHOWS.test(text.slice(line.start, line.end))) return undefined;
  const below = lineAt(text, line.end + 1);
  if (!below) return undefined;
  const value = text.slice(below.start, below.end).trim();
  return /^\S{12,255}$/.test(value) && (isStrongAlone(value) || /^[0-9a-f]{32,128}$/.test(value))
    ? { start: below.start, end: below.start + value.length }
    : undefined;
}

const PGPASS = /:(?:\d{2,5}|\*):[\w*.-]{1,64}:[\w.@*-]{1,64}:([^\s:"'`]{6,100})(?=\s|$)/y;

/** Postfix's map: [smtp.acme.io]:587 ada@acme.io:V */
const RELAY = /:\d{2,5}[ \t]{1,8}[\w.@+-]{1,64}:([^\s:"'`]{6,100})(?=\s|$)/y;

/** The password of a line of `.pgpass` whose first colon is at `at`. */
export function pgpassAt(text: string, at: number): Cell | undefined {
  PGPASS.lastIndex = at;
  RELAY.lastIndex = at;
  const match = PGPASS.exec(text) ?? RELAY.exec(text);
  if (!match?.[1] || !isCredential(match[1], 'password', 'bare')) return undefined;
  const end = at + match[0].length;
  return { start: end - match[1].length, end };
}

interface Line {
  readonly start: number;
  readonly end: number;
}

/** The line in which `at` stands; undefined where it is too long for a table, or there is none. */
function lineAt(text: string, at: number): Line | undefined {
  if (at >= text.length) return undefined;
  const from = Math.max(0, at - LONGEST_LINE);
  const before = text.slice(from, at).lastIndexOf('\n');
  const after = text.slice(at, at + LONGEST_LINE).indexOf('\n');
  if ((before < 0 && from > 0) || (after < 0 && at + LONGEST_LINE < text.length)) return undefined;
  const end = after < 0 ? text.length : at + after;
  return { start: from + before + 1, end: text[end - 1] === '\r' ? end - 1 : end };
}

/** What stands on both sides of a head: only where a whole cell is the name. */
function separatorOf(text: string, start: number, end: number): string | undefined {
  const before =
    text
      .slice(Math.max(0, start - 30), start)
      .replace(/["' ]{0,30}$/, '')
      .at(-1) ?? '\n';
  const after = text.slice(end, end + 30).replace(/^["' ]{0,30}/, '')[0] ?? '\n';
  if ((before === '|' && (after === '|' || after === '\n' || after === '\r')) || (before === '\n' && after === '|')) return '|';
  for (const separator of [',', ';', '\t']) {
    if ((before === separator && (after === separator || after === '\n' || after === '\r')) || (before === '\n' && after === separator))
      return separator;
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
export const TABLE_PATTERNS: readonly RegExp[] = [PGPASS, RELAY, SHOWS];
