/**
 * What a part of the evaluation gives back, and how it is shown.
 *
 * A section is one table with its title, and everything that went wrong, by name. For example
 *
 *     {
 *       title: 'Secrets',
 *       about: 'Found at the right place, with the right label.',
 *       columns: ['kind', 'present', 'found', 'recall'],
 *       rows: [['aws-access-key', '20', '19', percent(19, 20)]],
 *       missed: [{ name: 'Not found', cases: [{ id: 'secret-aws-07', text: 'AWS_KEY=…' }] }],
 *     }
 */

export interface Section {
  readonly title: string;
  /** What was counted, in a sentence or two. */
  readonly about?: string;
  readonly columns: readonly string[];
  /** Of as many cells as there are columns. The first says what the row is about; the others are numbers. */
  readonly rows: readonly (readonly string[])[];
  readonly missed: readonly Missed[];
}

/** Cases that came out wrong in the same way. */
export interface Missed {
  readonly name: string;
  readonly cases: readonly { readonly id: string; readonly text: string }[];
}

/** "97.5 %", and "–" of nothing. */
export function percent(part: number, whole: number): string {
  return whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`;
}

/** For a terminal. */
export function sectionText(section: Section, { names }: { readonly names: boolean }): string {
  const widths = section.columns.map((column, i) => Math.max(column.length, ...section.rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('   ');
  return [
    `\n${section.title}`,
    ...(section.about === undefined ? [] : [section.about]),
    '',
    line(section.columns),
    ...section.rows.map(line),
    ...(names ? section.missed.flatMap(namesText) : []),
  ].join('\n');
}

/** For the documents; what was missed is folded away. */
export function sectionMarkdown(section: Section, { names }: { readonly names: boolean }): string {
  return [
    `## ${section.title}\n`,
    ...(section.about === undefined ? [] : [`${section.about}\n`]),
    markdownRow(section.columns),
    markdownRow(section.columns.map((_column, i) => (i === 0 ? '---' : '---:'))),
    ...section.rows.map(markdownRow),
    '',
    ...(names ? section.missed.flatMap(namesMarkdown) : []),
  ].join('\n');
}

function namesText({ name, cases }: Missed): string[] {
  if (cases.length === 0) return [];
  return ['', `${name} (${cases.length}):`, ...cases.map(({ id, text }) => `- ${id}: ${oneLine(text)}`)];
}

function namesMarkdown({ name, cases }: Missed): string[] {
  if (cases.length === 0) return [];
  const lines = cases.map(({ id, text }) => `- ${id}: ${code(oneLine(text))}`);
  return [`<details><summary>${name} (${cases.length})</summary>\n`, ...lines, '\n</details>\n'];
}

function markdownRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** A fence longer than any in the text. */
function code(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${text}${fence}` : `${fence} ${text} ${fence}`;
}

const LONGEST_NAME = 160;

function oneLine(text: string): string {
  const line = text.replaceAll(/\s*\n\s*/g, ' ⏎ ');
  return line.length > LONGEST_NAME ? `${line.slice(0, LONGEST_NAME)}…` : line;
}
