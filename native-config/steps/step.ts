/** Steps: the smallest changes to a machine, each of which says what it does before it does it, and can be taken back. */

import type { FileEdit } from '../agents/edit.ts';

/** A file that is ours as a whole. What stood there before is brought back. */
export interface WriteStep {
  readonly kind: 'write';
  readonly says: string;
  readonly file: string;
  readonly text: string;
  /** Permissions, such as 0o644. */
  readonly mode: number;
}

/** A part of somebody else's file; the rest of it stays as it is, also where it changes later. */
export interface EditStep {
  readonly kind: 'edit';
  readonly says: string;
  readonly file: string;
  readonly edit: FileEdit;
  /** Of a file that is not there yet. */
  readonly mode: number;
}

export type ToolCall = readonly [program: string, ...args: string[]];

/**
 * A tool of the system's. Steps are taken back last to first: one with `undo` alone, put before others, does something once those have
 * been taken back.
 */
export interface RunStep {
  readonly kind: 'run';
  readonly says: string;
  readonly command?: ToolCall;
  readonly undo?: ToolCall;
  /** Written to the command's standard input. */
  readonly input?: string;
  /** That it fails keeps nothing else from being done: what hangs on one person's own files. Status tells what is so. */
  readonly mayFail?: boolean;
  /** That the undoing fails is no news: what it takes back may have gone already. */
  readonly undoMayFail?: boolean;
}

export type Step = WriteStep | EditStep | RunStep;
