/** What an interpreter was told to run, from its command line. */

import type { Process } from '../../../contract/action.ts';

const INTERPRETERS = /^(?:node|bun|deno|ts-node|tsx|python[\d.]*|pythonw|ruby[\d.]*|perl[\d.]*|php[\d.]*|MainThread)$/;
/** Options of interpreters that take the next argument with them. */
const WITH_VALUE = new Set([
  '-r',
  '--require',
  '--import',
  '--loader',
  '--experimental-loader',
  '-C',
  '--conditions',
  '-W',
  '-X',
  '--env-file',
]);
const INLINE = new Set(['-e', '--eval', '-p', '--print', '-c', '-']);

export function isInterpreter(executable: string): boolean {
  return INTERPRETERS.test(fileName(executable));
}

/** `agent.py`, or `-m agent`; undefined for programs that are no interpreters, and for inline code. */
export function scriptOf({ executable, commandLine }: Pick<Process, 'executable' | 'commandLine'>): string | undefined {
  if (!isInterpreter(executable)) return undefined;
  for (let at = 1; at < commandLine.length; at++) {
    const argument = commandLine[at] ?? '';
    if (INLINE.has(argument)) return undefined;
    if (argument === '-m') return `-m ${commandLine[at + 1] ?? ''}`;
    if (WITH_VALUE.has(argument)) at += 1;
    else if (!argument.startsWith('-') && argument !== 'run') return argument;
  }
  return undefined;
}

/** The last part of a path of any platform, without `.exe`. */
export function fileName(path: string): string {
  return (path.split(/[\\/]/).at(-1) ?? '').replace(/\.exe$/i, '');
}
