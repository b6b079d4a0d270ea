/** Which parts of an action's text are written in which ink. */

import type { Diff, Row } from './diff.ts';
import { type Inked, inksOf, languageOfPath, languageOfTool } from './highlight.ts';
import type { Range } from './lines.ts';

/** Of a command, of arguments, or of a file that is written. */
export function textInks(text: string, tool: string, toolKind: string): readonly Inked[] {
  const head = writtenHead(text, toolKind);
  if (head === undefined) return inksOf(text, languageOfTool(tool, toolKind, text));
  return moved(inksOf(text.slice(head.end + 1), languageOfPath(text.slice(head.start, head.end))), head.end + 1);
}

/** "Write PATH", the line above a file's content. */
export function writtenHead(text: string, toolKind: string): Range | undefined {
  if (toolKind === 'shell' || !/^Write [^\n]{1,4000}\n/.test(text)) return undefined;
  return { start: 0, end: text.indexOf('\n') };
}

/** Of a change: each side of each file is read as a text of its own. In order. */
export function diffInks(text: string, { rows }: Diff, shownOf: (row: Row) => Range): readonly Inked[] {
  const inks: Inked[] = [];
  for (let file = 0; file <= (rows.at(-1)?.file ?? -1); file++) {
    const ofFile = rows.filter((row) => row.file === file);
    const head = ofFile.find(({ kind }) => kind === 'head');
    const language = head && languageOfPath(text.slice(head.body.start, head.body.end).trim());
    if (language === undefined) continue;
    const old = ofFile.filter(({ kind }) => kind === 'removed' || kind === 'same');
    const young = ofFile.filter(({ kind }) => kind === 'added' || kind === 'same');
    inks.push(
      ...sideInks(
        text,
        old.map((row) => ({ range: shownOf(row), counts: row.kind === 'removed' })),
        language,
      ),
    );
    inks.push(
      ...sideInks(
        text,
        young.map((row) => ({ range: shownOf(row), counts: true })),
        language,
      ),
    );
  }
  return inks.sort((a, b) => a.start - b.start);
}

interface SideLine {
  readonly range: Range;
  /** False where another side's reading of it is taken. */
  readonly counts: boolean;
}

function sideInks(text: string, lines: readonly SideLine[], language: NonNullable<ReturnType<typeof languageOfPath>>): Inked[] {
  const inks = inksOf(lines.map(({ range }) => text.slice(range.start, range.end)).join('\n'), language);
  const placed: Inked[] = [];
  let at = 0;
  let next = 0;
  for (const { range, counts } of lines) {
    const end = at + range.end - range.start;
    while (next < inks.length && inks[next]!.end <= at) next++;
    for (let i = next; i < inks.length && inks[i]!.start < end && counts; i++) {
      const { start, end: stop, ink } = inks[i]!;
      placed.push({ start: range.start + Math.max(0, start - at), end: range.start + Math.min(stop, end) - at, ink });
    }
    at = end + 1;
  }
  return placed;
}

function moved(inks: readonly Inked[], by: number): Inked[] {
  return inks.map(({ start, end, ink }) => ({ start: start + by, end: end + by, ink }));
}
