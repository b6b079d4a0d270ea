/** Pagers and editors that a program is told to start: a command, with words behind it that are not known. */

import type { Word } from '../gathering.ts';
import { readable } from '../holes.ts';
import { copyOf, type Machine, NOTHING, type ShellState } from './machine.ts';
import { regionOf } from './regions.ts';

const SHOWS =
  /^(|cat|less|more|most|head|tail|delta|bat|batcat|diff-so-fancy|diff-highlight|true|false|:|echo|wc|vim?|nvim|nano|emacs|code|subl|ed)(\s+[\w=+,.%:-]+)*$/;

/** One that only shows is nothing to tell. */
export function judgePager({ text, range, raw }: Word, state: ShellState, machine: Machine): void {
  if (SHOWS.test(text.trim())) return;
  machine.runText(`${text} "$${UNTOLD}"`, copyOf(state), NOTHING, text === raw ? regionOf({ text, range, raw }) : () => range, raw);
  machine.gathering.effect('runs-code', 'watch', `makes a program start another: ${readable(text)}`, range);
  machine.gathering.effect('unresolved', 'watch', `makes a program start another: ${readable(text)}`, range);
}

/** A variable that is never set. What stands for it is a file's name or the like, unknown but one word. */
export const UNTOLD = 'HOLDPOINT_WORD';
