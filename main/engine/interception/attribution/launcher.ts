/** Programs that only start another one: what they start is their own starter's doing. */

import type { Process } from '../../../contract/action.ts';
import { fileName, scriptOf } from './script.ts';

const SHELLS = /^(?:sh|ash|bash|busybox|dash|zsh)$/;
const RUNNERS = /^(?:npm|npx)(?:-cli\.js)?$|^(?:pnpm|pnpx|yarn)(?:\.c?js)?$|^bunx$/;

/** A shell with one command, and what npm's `npx` and its like are made of. A shell that a person types in is none. */
export function isLauncher(process: Pick<Process, 'executable' | 'commandLine'>): boolean {
  if (SHELLS.test(fileName(process.executable))) return /^-\w*c$/.test(process.commandLine[1] ?? '');
  return (
    RUNNERS.test(fileName(scriptOf(process) ?? process.executable)) ||
    /^(?:npm|pnpm|yarn) (?:exec|run|dlx)\b/.test(process.commandLine[0] ?? '')
  );
}
