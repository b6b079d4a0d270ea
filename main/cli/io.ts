/** What a command has to do with the world outside, and the ways it can end. */

import type { parseArgs } from 'node:util';

/** Exit codes: what scripts rely on. */
export const DONE = 0;
/** The question was understood, and the answer is no: a broken log, an invalid policy, no such approval. */
export const NO = 1;
export const USAGE = 2;
export const NO_ENGINE = 3;

export interface Io {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly errors: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly env: NodeJS.ProcessEnv;
}

/** A command: its arguments without its own name; gives its exit code. */
export type Command = (args: readonly string[], io: Io) => Promise<number>;

/** The command line is not one of ours: told with how to get help, exit code 2. */
export class UsageError extends Error {}

export type OptionTable = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>['options']>;

/** Every command that needs an engine or its data folder takes these. */
export const PLACE_OPTIONS = { config: { type: 'string' }, 'data-dir': { type: 'string' } } as const satisfies OptionTable;

/** The place options as `loadSettings` and the engine take them. */
export function placeOf(values: { readonly config?: string | undefined; readonly 'data-dir'?: string | undefined }): {
  configFile?: string;
  dataDir?: string;
} {
  return {
    ...(values.config !== undefined && { configFile: values.config }),
    ...(values['data-dir'] !== undefined && { dataDir: values['data-dir'] }),
  };
}

export function print(io: Io, ...lines: readonly string[]): void {
  for (const line of lines) io.output.write(`${line}\n`);
}

export function printJson(io: Io, value: unknown): void {
  print(io, JSON.stringify(value));
}
