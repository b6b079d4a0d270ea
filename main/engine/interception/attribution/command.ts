/** Runs one of the system's own tools, with bounds. */

import { execFile } from 'node:child_process';

/** A machine's whole list of processes. */
const MAX_OUTPUT_BYTES = 8 * 1024 * 1024;

/**
 * Its standard output; '' where it fails, says too much, or `signal` ends it. No shell has a part in it, and `file` must be an absolute path:
 * what lies on somebody's PATH must not be asked who is who.
 */
export function runCommand(file: string, args: readonly string[], signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    // Numbers and dates in the C locale's form, whatever the user's.
    const options = {
      signal,
      killSignal: 'SIGKILL',
      maxBuffer: MAX_OUTPUT_BYTES,
      windowsHide: true,
      env: { ...process.env, LC_ALL: 'C' },
    } as const;
    execFile(file, [...args], options, (error, stdout) => resolve(error && !isJustNo(error) ? '' : stdout));
  });
}

/** lsof ends with 1 where something that it was asked for was not found, and tells the rest all the same. */
function isJustNo({ code }: { code?: unknown }): boolean {
  return code === 1;
}
