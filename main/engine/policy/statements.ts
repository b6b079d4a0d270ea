/** Finds where each policy and each annotation begins in Cedar text, so that problems can be told by line and column. */

export interface Statement {
  /** From the first annotation or keyword to the semicolon; comments before it are not part of it. */
  readonly text: string;
  /** UTF-16 offset in the file. */
  readonly start: number;
  /** Offset in the file of each annotation's `@`, by name; the first where a name comes twice. */
  readonly annotations: ReadonlyMap<string, number>;
}

// Whitespace and comments; a string; an annotation's name; the end of a policy; anything else, one character at a time.
const TOKEN = /(?<trivia>\s+|\/\/[^\n\r]*)|(?<string>"(?:[^"\\]|\\[\s\S])*"?)|@\s*(?<annotation>[A-Za-z_]\w*)|(?<end>;)|[\s\S]/gy;

/** Cedar's grammar has semicolons only at the end of a policy, in strings and in comments. Text after the last one is a statement too. */
export function statementsOf(text: string): Statement[] {
  const statements: Statement[] = [];
  let start = -1;
  let annotations = new Map<string, number>();
  for (const token of text.matchAll(TOKEN)) {
    const { trivia, annotation, end } = token.groups as { trivia?: string; annotation?: string; end?: string };
    if (trivia !== undefined) continue;
    if (start < 0) start = token.index;
    if (annotation !== undefined && !annotations.has(annotation)) annotations.set(annotation, token.index);
    if (end === undefined) continue;
    statements.push({ text: text.slice(start, token.index + 1), start, annotations });
    start = -1;
    annotations = new Map();
  }
  if (start >= 0) statements.push({ text: text.slice(start).trimEnd(), start, annotations });
  return statements;
}

/** Line and column, both from 1, the column in characters. */
export function positionAt(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split(/\r\n|\r|\n/);
  return { line: before.length, column: [...(before.at(-1) ?? '')].length + 1 };
}

/** Cedar counts in UTF-8 bytes, JavaScript in UTF-16 units. */
export function offsetOfByte(text: string, byte: number): number {
  return Buffer.from(text, 'utf8').subarray(0, byte).toString('utf8').length;
}
