/** The real agents that end-to-end tests run, at pinned versions. */

import { access, constants, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { packages } from '../../build/packages.ts';

/** Claude Code's program for this platform, installed on first use. Rejects, naming what is missing, where there is none. */
export async function claudeCode(): Promise<string> {
  const vendor = join(await packages('agents'), 'node_modules', '@anthropic-ai');
  // The program itself lies in a package a platform; the one without a platform would copy it in an install script.
  for (const name of await readdir(vendor)) {
    const program = join(vendor, name, 'claude');
    if (name.startsWith('claude-code-') && (await runs(program))) return program;
  }
  throw new Error(`No Claude Code for ${process.platform}-${process.arch} in ${vendor}.`);
}

function runs(program: string): Promise<boolean> {
  return access(program, constants.X_OK).then(
    () => true,
    () => false,
  );
}
