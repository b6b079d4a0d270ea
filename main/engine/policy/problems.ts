/** What is wrong with a policy folder, where, and what to do about it. */

/** One finding of the policy check. An `error` keeps the folder from being used; a `warning` does not. */
export interface PolicyProblem {
  readonly severity: 'error' | 'warning';
  /** Name of the file in the folder, or the folder itself. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in characters: not in bytes, whatever stands before. */
  readonly column: number;
  readonly message: string;
  readonly hint?: string;
  /** The policy's `@id`, where it has one. */
  readonly policy?: string;
}

/** `file:line:column: error: message (hint)`, as editors and terminals can follow it. */
export function problemLine({ severity, file, line, column, message, hint }: PolicyProblem): string {
  return `${file}:${line}:${column}: ${severity}: ${message}${hint === undefined ? '' : ` (${hint})`}`;
}

/** A problem of a whole file or folder. */
export function problemOf(file: string, message: string, hint?: string): PolicyProblem {
  return { severity: 'error', file, line: 1, column: 1, message, ...(hint !== undefined && { hint }) };
}
