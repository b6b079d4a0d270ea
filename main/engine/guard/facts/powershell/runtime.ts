/** What the parts of the PowerShell reader share: its state, and the runtime that evaluates within it. */

import type { Range, Word } from '../gathering.ts';
import { HOLE } from '../holes.ts';
import { copyOf, joinInto, type Machine, type Region, type ShellState, type Source } from '../shell/machine.ts';
import type { Block, Expression, Statement } from './syntax.ts';
import { listOf, textOfValue, type Value } from './values.ts';

export interface PowerFunction {
  readonly block: Block;
  readonly source: Source;
}

export interface PowerState {
  /** The folder, and the environment's variables by their names in capitals. */
  readonly shell: ShellState;
  /** By lower-case name, without scope. */
  readonly variables: Map<string, Value>;
  readonly functions: Map<string, PowerFunction>;
  readonly aliases: Map<string, string>;
  /** `$_`. */
  item: Value | undefined;
}

export interface Runtime {
  readonly machine: Machine;
  readonly source: Source;
  readonly state: PowerState;
  statements(body: readonly Statement[], input?: Value): Value;
  evaluate(expression: Expression): Value;
  /** Runs a script block, in a state of its own where `apart`. */
  call(block: Value, input: Value | undefined, parameters: readonly Value[]): Value;
  /** Reads text as PowerShell. */
  run(text: string, region: Region, shown: string): Value;
  /** Runs words as a command of its own: what Start-Process, Invoke-Command and WMI are given. */
  words(words: readonly Word[], input: Value, range: Range): Value;
  range(of: { readonly start: number; readonly end: number }): Range;
  written(of: { readonly start: number; readonly end: number }): string;
}

export function newPowerState(shell: ShellState): PowerState {
  return { shell, variables: new Map(), functions: new Map(), aliases: new Map(), item: undefined };
}

export function copyOfPower(state: PowerState): PowerState {
  return {
    ...state,
    shell: copyOf(state.shell),
    variables: new Map(state.variables),
    functions: new Map(state.functions),
    aliases: new Map(state.aliases),
  };
}

/** After a branch that may or may not have been taken: what differs is not known any more. */
export function joinPower(state: PowerState, other: PowerState): void {
  joinInto(state.shell, other.shell);
  for (const [name, value] of other.variables) {
    const own = state.variables.get(name);
    if (own === value) continue;
    const same = own && own.kind === value.kind && textOfValue(own) === textOfValue(value) && !textOfValue(own).includes(HOLE);
    if (!same) state.variables.set(name, own ? listOf([own, value]) : value);
  }
  for (const [name, body] of other.functions) state.functions.set(name, body);
  for (const [name, meaning] of other.aliases) state.aliases.set(name, meaning);
}
