/** Runs a tool of the operating system that reads its settings. */

import { execFile } from 'node:child_process';

export interface RunResult {
  /** Null where it could not be started, or did not end in time. */
  readonly code: number | null;
  readonly output: string;
}

export type RunTool = (tool: string, args: readonly string[]) => Promise<RunResult>;

const MAX_OUTPUT = 4 * 1024 * 1024;
const MAX_MS = 20_000;

/** Never rejects. Errors of the tool are not kept: they are in the system's language, and can quote what they read. */
export const runTool: RunTool = (tool, args) =>
  new Promise((resolve) => {
    execFile(tool, args, { encoding: 'utf8', maxBuffer: MAX_OUTPUT, timeout: MAX_MS, windowsHide: true }, (error, output) =>
      resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : null, output }),
    );
  });
