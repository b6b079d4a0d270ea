/** Changes of files, as rows that are read from above: what stays is told once, what goes stands beside what comes. */

import type { Range } from './lines.ts';

/** `head` names a file. `note`: what a patch says beside its lines. */
export type RowKind = 'head' | 'note' | 'same' | 'removed' | 'added' | 'plain';

export interface Row {
  readonly kind: RowKind;
  /** Where the row's words lie in the text, without the sign before them. In UTF-16 units. */
  readonly body: Range;
  /** For `same`: where they stand a second time, as what is put in. */
  readonly twin?: Range;
  /** The words that are not in the line that this one stands for, or that stands for it. */
  readonly changed: readonly Range[];
  /** Which file's row this is, by number; heads begin one. */
  readonly file: number;
}

export interface Diff {
  readonly rows: readonly Row[];
  readonly added: number;
  readonly removed: number;
}

/** Edits as the engine words them, a patch in Codex's format, or a unified diff. */
export function isDiff(text: string): boolean {
  return /^(?:Edit [^\n]|\*\*\* Begin Patch|--- |diff --git )/.test(text);
}

export function diffOf(text: string): Diff {
  const isEdit = text.startsWith('Edit ');
  const lines = (isEdit ? editLines : patchLines)(text);
  const rows: Row[] = [];
  let file = -1;
  for (let i = 0; i < lines.length; ) {
    const from = i;
    while (lines[i]?.kind === 'removed') i++;
    const middle = i;
    while (lines[i]?.kind === 'added') i++;
    if (i > from) {
      rows.push(...change(text, lines.slice(from, middle), lines.slice(middle, i), Math.max(0, file)));
      continue;
    }
    const { kind, body } = lines[i++]!;
    if (kind === 'head') file++;
    rows.push({ kind, body, changed: [], file: Math.max(0, file) });
  }
  const count = (kind: RowKind) => rows.filter((row) => row.kind === kind).length;
  return { rows, added: count('added'), removed: count('removed') };
}

interface SignedLine {
  readonly kind: RowKind;
  readonly body: Range;
}

function splitLines(text: string): Range[] {
  const lines: Range[] = [];
  for (let at = 0; ; ) {
    const stop = text.indexOf('\n', at);
    const end = stop < 0 ? text.length : stop;
    lines.push({ start: at, end: end > at && text[end - 1] === '\r' ? end - 1 : end });
    if (stop < 0) return lines;
    at = stop + 1;
  }
}

/** "Edit PATH", then lines that begin with "- " and "+ ". */
function editLines(text: string): SignedLine[] {
  return splitLines(text).map(({ start, end }, i) => {
    if (i === 0) return { kind: 'head', body: { start, end } };
    const sign = text.slice(start, Math.min(end, start + 2));
    const kind = sign === '- ' ? 'removed' : sign === '+ ' ? 'added' : 'plain';
    return { kind, body: { start: kind === 'plain' ? start : start + 2, end } };
  });
}

function patchLines(text: string): SignedLine[] {
  const isOurs = text.startsWith('*** Begin Patch');
  const lines = splitLines(text);
  const startOf = (i: number) => (lines[i] ? text.slice(lines[i].start, Math.min(lines[i].end, lines[i].start + 40)) : '');
  /** Before its first hunk a unified diff's file has no content. */
  let inHunk = isOurs;
  let named = false;
  return lines.map((body, i): SignedLine => {
    const line = startOf(i);
    if (isOurs ? /^\*\*\* (?:Add|Update|Delete) File: /.test(line) : line.startsWith('diff --git ')) {
      inHunk = isOurs;
      named = true;
      return { kind: 'head', body };
    }
    if (!isOurs && line.startsWith('--- ') && startOf(i + 1).startsWith('+++ ')) {
      const kind = named && !inHunk ? 'note' : 'head';
      inHunk = false;
      return { kind, body };
    }
    if (line.startsWith('@@')) inHunk = true;
    if (!inHunk || line.startsWith('@@') || (isOurs && line.startsWith('*** '))) return { kind: 'note', body };
    const kind = line[0] === '-' ? 'removed' : line[0] === '+' ? 'added' : line[0] === ' ' ? 'same' : 'plain';
    return { kind, body: { start: kind === 'plain' ? body.start : body.start + 1, end: body.end } };
  });
}

/** Lines go together by what is the same in both; in between, one by one. */
function change(text: string, removed: readonly SignedLine[], added: readonly SignedLine[], file: number): Row[] {
  const wordsOf = ({ body }: SignedLine) => text.slice(body.start, body.end);
  const pairs = common(removed.map(wordsOf), added.map(wordsOf));
  const rows: Row[] = [];
  let [r, a] = [0, 0];
  for (const [nextR, nextA] of [...pairs, [removed.length, added.length] as const]) {
    const gone = removed.slice(r, nextR);
    const come = added.slice(a, nextA);
    const words = gone.map((line, i) => (come[i] ? changedWords(text, line.body, come[i].body) : undefined));
    rows.push(
      ...gone.map(({ body }, i): Row => ({ kind: 'removed', body, changed: words[i]?.before ?? [], file })),
      ...come.map(({ body }, i): Row => ({ kind: 'added', body, changed: words[i]?.after ?? [], file })),
    );
    const [old, young] = [removed[nextR], added[nextA]];
    if (old && young) rows.push({ kind: 'same', body: old.body, twin: young.body, changed: [], file });
    [r, a] = [nextR + 1, nextA + 1];
  }
  return rows;
}

/** So many comparisons at most; more are not worth a person's time, who sees what is at both ends the same. */
const MOST_COMPARED = 1_000_000;

/** Pairs of indices of what is the same in both, in order: as many as there can be, where that is not too much to work out. */
export function common(one: readonly string[], other: readonly string[]): (readonly [number, number])[] {
  const least = Math.min(one.length, other.length);
  let head = 0;
  while (head < least && one[head] === other[head]) head++;
  let tail = 0;
  while (tail < least - head && one.at(-1 - tail) === other.at(-1 - tail)) tail++;
  const middle = longest(one.slice(head, one.length - tail), other.slice(head, other.length - tail));
  return [
    ...Array.from({ length: head }, (_, i) => [i, i] as const),
    ...middle.map(([i, j]) => [i + head, j + head] as const),
    ...Array.from({ length: tail }, (_, i) => [one.length - tail + i, other.length - tail + i] as const),
  ];
}

/** The longest common subsequence, by the table of its lengths. */
function longest(one: readonly string[], other: readonly string[]): (readonly [number, number])[] {
  const [rows, columns] = [one.length, other.length];
  if (rows * columns > MOST_COMPARED || rows === 0 || columns === 0) return [];
  const width = columns + 1;
  const lengths = new Uint16Array((rows + 1) * width);
  for (let i = rows - 1; i >= 0; i--) {
    for (let j = columns - 1; j >= 0; j--) {
      lengths[i * width + j] =
        one[i] === other[j] ? lengths[(i + 1) * width + j + 1]! + 1 : Math.max(lengths[(i + 1) * width + j]!, lengths[i * width + j + 1]!);
    }
  }
  const pairs: (readonly [number, number])[] = [];
  for (let i = 0, j = 0; i < rows && j < columns; ) {
    if (one[i] === other[j]) pairs.push([i++, j++]);
    else if (lengths[(i + 1) * width + j]! >= lengths[i * width + j + 1]!) i++;
    else j++;
  }
  return pairs;
}

const MOST_WORDS = 300;
/** Lines that share less than this of their characters are two different lines. */
const LEAST_SHARED = 0.25;

function changedWords(text: string, old: Range, young: Range): { readonly before: Range[]; readonly after: Range[] } | undefined {
  const [before, after] = [wordsIn(text, old), wordsIn(text, young)];
  if (before.length > MOST_WORDS || after.length > MOST_WORDS) return undefined;
  const said = (word: Range) => text.slice(word.start, word.end);
  const pairs = common(before.map(said), after.map(said));
  const shared = pairs.reduce((sum, [i]) => sum + said(before[i]!).trim().length, 0);
  const longer = Math.max(...[old, young].map((line) => said(line).replaceAll(/\s/g, '').length));
  if (shared < LEAST_SHARED * longer) return undefined;
  return {
    before: without(
      text,
      before,
      pairs.map(([i]) => i),
    ),
    after: without(
      text,
      after,
      pairs.map(([, j]) => j),
    ),
  };
}

function wordsIn(text: string, { start, end }: Range): Range[] {
  return [...text.slice(start, Math.min(end, start + 4_000)).matchAll(/[\p{L}\p{N}_]+|\s+|[\s\S]/gu)].map(({ 0: word, index }) => ({
    start: start + index,
    end: start + index + word.length,
  }));
}

/** The words that are not among `kept`; those with nothing but blanks between them as one. */
function without(text: string, words: readonly Range[], kept: readonly number[]): Range[] {
  const stay = new Set(kept);
  const ranges: { start: number; end: number }[] = [];
  words.forEach(({ start, end }, i) => {
    if (stay.has(i) || (text.slice(start, end).trim() === '' && words.length - kept.length > 1)) return;
    const last = ranges.at(-1);
    if (last && text.slice(last.end, start).trim() === '') last.end = end;
    else ranges.push({ start, end });
  });
  return ranges;
}
