/** The real agents that end-to-end tests run, at pinned versions. */

import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { packages } from '../../build/packages.ts';

/** A program, and the arguments that come before all others. */
export type Program = readonly [command: string, ...first: string[]];

/**
 * The program itself, installed on first use. It lies in a package of this platform's; the one without a platform, where it is the one
 * that people install, would fetch or copy it in an install script. Rejects, naming what is missing, where there is none.
 */
async function program(...path: string[]): Promise<Program> {
  const file = join(await packages('agents'), 'node_modules', ...path);
  await access(file, constants.R_OK).catch(() => {
    throw new Error(`There is no ${file} on ${process.platform}-${process.arch}.`);
  });
  return file.endsWith('.js') ? [process.execPath, file] : [file];
}

export const claudeCode = () => program('@anthropic-ai', 'claude-code-linux-x64', 'claude');
export const codex = () => program('@openai', 'codex-linux-x64', 'vendor', 'x86_64-unknown-linux-musl', 'bin', 'codex');
export const geminiCli = () => program('@google', 'gemini-cli', 'bundle', 'gemini.js');
export const opencode = () => program('opencode-linux-x64', 'bin', 'opencode');
export const copilotCli = () => program('@github', 'copilot-linux-x64', 'copilot');

/** The folder whose `node_modules` holds client libraries and servers of other makers. */
export const clients = () => packages('clients');
