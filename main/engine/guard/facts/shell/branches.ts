/** Branches: what may or may not run, and what is known after it. */

import { copyOf, type Flow, joinInto, NOTHING, type ShellState, together } from './machine.ts';

/** Runs what may or may not run. */
export function maybe(state: ShellState, body: (copy: ShellState) => Flow): Flow {
  return either(state, NOTHING, [body]);
}

export function either(state: ShellState, printed: Flow, branches: readonly ((copy: ShellState) => Flow)[]): Flow {
  const start = copyOf(state);
  return branches.reduce<Flow>((flow, branch) => {
    const copy = copyOf(start);
    const more = branch(copy);
    joinInto(state, copy);
    return together(flow, more);
  }, printed);
}

/** A program that reads from a pipe does not wait for a person, even where the pipe stays empty. */
export function onPipe(flow: Flow): Flow {
  return flow.kind === 'nothing' ? { kind: 'text', text: '' } : flow;
}
