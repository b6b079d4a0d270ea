/** Lays a command out, one simple command a line, without changing a character of it; and folds what is too long. */

export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A displayed line. `lead` is the operator with the space around it; it stands in the margin. All in UTF-16 offsets. */
export interface Line {
  readonly lead: Range;
  readonly body: Range;
}

/** Every character of `text` is in one line's lead or body, in order, but for the line ends between lines. */
export function linesOf(text: string, marks: readonly Range[], isShell: boolean): Line[] {
  const lines: Line[] = [];
  const breaks = isShell ? operatorsIn(text).filter(({ start, end }) => !marks.some((mark) => mark.start < start && end < mark.end)) : [];
  let lead: Range = { start: 0, end: 0 };
  let at = 0;
  for (const { start, end, newline } of [...newlinesIn(text), ...breaks].sort((a, b) => a.start - b.start)) {
    if (start < at) continue;
    lines.push({ lead, body: { start: lead.end, end: start } });
    lead = newline ? { start: end, end } : { start, end };
    at = end;
  }
  lines.push({ lead, body: { start: lead.end, end: text.length } });
  return lines;
}

interface Break extends Range {
  readonly newline: boolean;
}

function newlinesIn(text: string): Break[] {
  return [...text.matchAll(/\r?\n/g)].map(({ 0: end, index }) => ({ start: index, end: index + end.length, newline: true }));
}

/**
 * Operators between simple commands, with the blanks around them; only at the top level, and none where a here-document
 * makes it unclear what is a command. It is layout and nothing more: what would run is the engine's to say.
 */
function operatorsIn(text: string): Break[] {
  if (text.includes('<<')) return [];
  const found: Break[] = [];
  let depth = 0;
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (quote === "'") {
      if (char === "'") quote = '';
    } else if (char === '\\') {
      i++;
    } else if (quote !== '') {
      if (char === quote) quote = '';
    } else if (char === "'" || char === '"' || char === '`') {
      quote = char;
    } else if (char === '(' || char === '{') {
      depth++;
    } else if (char === ')' || char === '}') {
      depth--;
    } else if (char === '#' && (i === 0 || /\s/.test(text[i - 1]!))) {
      i = indexOr(text, '\n', i) - 1;
    } else if (depth === 0) {
      const operator = /^(?:&&|\|\||\|&?|;)(?![;&|])/.exec(text.slice(i, i + 3))?.[0];
      // `>|` writes a file, `;;` ends a case.
      if (operator === undefined || text[i - 1] === '>' || text[i - 1] === ';') continue;
      const end = i + operator.length;
      const before = /[ \t]*$/.exec(text.slice(Math.max(0, i - 64), i))![0].length;
      const after = /^[ \t]*/.exec(text.slice(end, end + 64))![0].length;
      if (end + after < text.length) found.push({ start: i - before, end: end + after, newline: false });
      i = end - 1;
    }
  }
  return found;
}

function indexOr(text: string, needle: string, from: number): number {
  const index = text.indexOf(needle, from);
  return index < 0 ? text.length : index;
}

/** What is in sight at once: rows of the popup, and the characters that fit in one. */
const TALL = 14;
const WIDE = 62;
const HEAD_LINES = 4;
const HEAD = 300;
const TAIL = 80;
const AROUND = 60;
const LEAST_FOLD = 120;
const MARKED = 24;
/** A mark that is longer than this is about a text that nobody reads: its ends are shown. */
const LONG_MARK = 1_500;

/** What stays in sight of a long text: its beginning, every marked part, its end. Null where all of it does. */
export function keptOf(text: string, lines: readonly Line[], marks: readonly Range[]): Range[] | null {
  if (rowsOf(lines) <= TALL) return null;
  // Whole lines where they are short enough.
  const head = lines.slice(0, HEAD_LINES).findLast(({ body }) => body.end <= HEAD);
  const tail = lines.at(-1)!.lead.start;
  const wanted = [
    { start: 0, end: head?.body.end ?? HEAD },
    ...marks
      .slice(0, MARKED)
      .flatMap(endsOf)
      .map((mark) => around(mark, lines)),
    { start: Math.max(tail, text.length - TAIL), end: text.length },
  ];
  const kept: { start: number; end: number }[] = [];
  for (const { start, end } of wanted.sort((a, b) => a.start - b.start)) {
    const last = kept.at(-1);
    if (last && start - last.end < LEAST_FOLD) last.end = Math.max(last.end, end);
    else kept.push({ start, end });
  }
  return kept.length === 1 && kept[0]!.end >= text.length ? null : kept;
}

function rowsOf(lines: readonly Line[]): number {
  return lines.reduce((rows, { body }) => rows + Math.max(1, Math.ceil((body.end - body.start) / WIDE)), 0);
}

function endsOf({ start, end }: Range): Range[] {
  if (end - start <= LONG_MARK) return [{ start, end }];
  return [
    { start, end: start + HEAD },
    { start: end - TAIL, end },
  ];
}

/** A marked part with its surroundings, but not with the lines beside it. */
function around(mark: Range, lines: readonly Line[]): Range {
  const first = lines.findLast(({ lead }) => lead.start <= mark.start);
  const last = lines.find(({ body }) => body.end >= mark.end);
  return { start: Math.max(first?.lead.start ?? 0, mark.start - AROUND), end: Math.min(last?.body.end ?? mark.end, mark.end + AROUND) };
}
