/** What is known of a program of Windows, as data. Its switches begin with a slash or a dash, in any case. */

import type { Effect, Risk } from '../../../../contract/action.ts';
import type { Range, Word } from '../gathering.ts';
import type { Flow } from '../shell/machine.ts';
import type { Circumstance } from './actions.ts';

/** `{command}` is the command as written, `{name}` the program. */
export interface Said {
  readonly effect: Effect;
  readonly risk?: Risk;
  readonly says: string;
}

export interface WindowsProgram {
  /** Space-separated switches, without their mark, whose value is the next word. */
  readonly takes?: string;
  readonly effects?: readonly Said[];
  /** The first that fits counts: `line` is all words in lower case, with one space between them. */
  readonly when?: readonly { readonly line: RegExp; readonly effects: readonly Said[] }[];
  readonly run?: (call: ProgramCall) => Flow | undefined;
  readonly gives?: 'nothing' | 'identity' | 'measure' | 'secret' | 'private' | 'environment';
}

export interface ProgramCall extends Circumstance {
  readonly name: string;
  readonly words: readonly Word[];
  readonly line: string;
  /** Words that are no switches. */
  readonly operands: readonly Word[];
  readonly stdin: Flow;
  readonly raw: string;
  readonly range: Range;
  has(name: string): boolean;
  /** A switch's value: behind its colon or equals sign, or the next word. */
  value(name: string): Word | undefined;
  say(said: Said, range?: Range): void;
  /** Runs words as a command of the shell that this program starts. */
  runWords(words: readonly Word[], stdin?: Flow): Flow;
  /** Runs text as cmd.exe does. */
  runLine(word: Word): Flow;
}

export function rows(names: string, program: WindowsProgram): Record<string, WindowsProgram> {
  return Object.fromEntries(names.split(' ').map((name) => [name, program]));
}
