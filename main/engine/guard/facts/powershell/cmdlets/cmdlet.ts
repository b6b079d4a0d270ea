/** What is known of a cmdlet, as data: its parameters, what they take, and what running it means. */

import type { Effect, Risk } from '../../../../../contract/action.ts';
import type { Range, Word } from '../../gathering.ts';
import type { Circumstance } from '../../windows/actions.ts';
import type { Given } from '../binding.ts';
import type { Runtime } from '../runtime.ts';
import type { Value } from '../values.ts';

/** `{command}` is the command as written, `{name}` the cmdlet, `{1}` its first positional value. Risk is `plain` where it is not given. */
export interface Said {
  readonly effect: Effect;
  readonly risk?: Risk;
  readonly says: string;
}

export interface Cmdlet {
  /** Space-separated, in order. */
  readonly positional?: string;
  readonly named?: string;
  readonly switches?: string;
  /** The last position takes all that is left. */
  readonly rest?: true;
  /** Parameters whose values are paths. */
  readonly reads?: string;
  readonly writes?: string;
  readonly effects?: readonly Said[];
  /** The first whose parameter is given counts; with `matches`, whose value fits. */
  readonly when?: readonly { readonly given: string; readonly matches?: RegExp; readonly effects: readonly Said[] }[];
  /** What it does beyond that, and what it gives: what came in where it says nothing. */
  readonly run?: (call: CmdletCall) => Value | undefined;
  /** `input`: what came in, perhaps fewer of it. `nothing`, `measure` and `secret` as of programs. */
  readonly gives?: 'input' | 'nothing' | 'measure' | 'secret' | 'identity' | 'private' | 'unknown';
}

export interface CmdletCall extends Circumstance {
  readonly name: string;
  readonly runtime: Runtime;
  readonly input: Value;
  readonly range: Range;
  readonly raw: string;
  has(parameter: string): boolean;
  /** All words that the parameter is given. */
  words(parameter: string): Word[];
  /** The first of them. */
  word(parameter: string): Word | undefined;
  value(parameter: string): Value | undefined;
  given(parameter: string): readonly Given[];
  readonly rest: readonly Given[];
  say(said: Said, range?: Range): void;
}

export function rows(names: string, cmdlet: Cmdlet): Record<string, Cmdlet> {
  return Object.fromEntries(
    names
      .toLowerCase()
      .split(' ')
      .map((name) => [name, cmdlet]),
  );
}
