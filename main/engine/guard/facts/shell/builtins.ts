/** The shell's own commands that change its state or run text. */

import { HOLE, holeOf, isOpen } from '../holes.ts';
import type { Special } from '../programs/program.ts';
import { runFile } from './files.ts';
import { copyOf, type Handler, holdingOf, type Invocation, NOTHING, UNKNOWN } from './machine.ts';
import { hasOption } from './options.ts';
import { regionOf } from './regions.ts';
import { judgeAssignment, judgeUnset } from './variables.ts';

type Builtin = Extract<
  Special,
  'alias' | 'cd' | 'declare' | 'dirname' | 'eval' | 'pwd' | 'read' | 'set' | 'shift' | 'source' | 'trap' | 'unset'
>;

export const BUILTINS: Readonly<Record<Builtin, Handler>> = {
  alias({ operands, state }) {
    for (const { text } of operands) {
      const at = text.indexOf('=');
      if (at > 0) state.aliases.set(text.slice(0, at), text.slice(at + 1));
    }
    return NOTHING;
  },

  cd({ name, operands, state, machine }) {
    const [folder] = operands;
    const target = folder?.text ?? machine.gathering.paths.home ?? '~';
    // `cd -` and `popd` go where the shell has been, which is not kept.
    state.cwd = name === 'popd' || target === '-' || /[*?]/.test(target) ? undefined : machine.gathering.paths.absolute(target, state.cwd);
    return NOTHING;
  },

  declare({ name, operands, options, state, machine }) {
    if (operands.length === 0 && (name === 'export' || hasOption(options, '-x -p'))) return { kind: 'unknown', holds: 'environment' };
    // `declare +x NAME` and `export -n NAME` keep it from the programs that come after.
    if (hasOption(options, '-n') || operands.some(({ text }) => text === '+x'))
      for (const { text, range } of operands) judgeUnset(text, range, machine);
    for (const word of operands) {
      const assignment = judgeAssignment(word, state, machine);
      if (assignment) state.variables.set(assignment.name, [assignment.value]);
    }
    return NOTHING;
  },

  dirname({ operands }) {
    const [path] = operands;
    if (!path || isOpen(path.text) || !path.text.includes('/')) return { kind: 'text', text: path && !isOpen(path.text) ? '.' : HOLE };
    return { kind: 'text', text: path.text.slice(0, path.text.lastIndexOf('/')) || '/' };
  },

  eval({ operands, state, stdin, machine, range }) {
    const [only] = operands;
    const region = operands.length === 1 && only ? regionOf(only) : () => range;
    return machine.runText(operands.map(({ text }) => text).join(' '), state, stdin, region, operands.map(({ raw }) => raw).join(' '));
  },

  pwd: ({ state }) => ({ kind: 'text', text: state.cwd ?? HOLE }),

  /** Names of files that are read line by line stay names of files; the rest is known only where it is one line. */
  read(invocation) {
    const { operands, stdin, state, name } = invocation;
    const names = operands.map(({ text }) => text).filter((text) => /^\w+$/.test(text));
    const untold = holeOf(holdingOf(stdin));
    const line = stdin.kind === 'text' ? stdin.text.trim() : untold;
    const fields = line.includes('\n') ? [untold] : line.split(/\s+/);
    names.forEach((variable, index) => {
      const isLast = index === names.length - 1;
      if (name !== 'read') state.variables.set(variable, [untold]);
      else if (stdin.kind === 'paths') state.variables.set(variable, [stdin.patterns.length === 1 ? stdin.patterns[0]! : HOLE]);
      else state.variables.set(variable, [(isLast ? fields.slice(index).join(' ') : fields[index]) ?? '']);
    });
    return NOTHING;
  },

  set({ words, state }) {
    if (words.length === 0) return { kind: 'unknown', holds: 'environment' };
    const at = words.findIndex(({ text }) => text === '--' || !/^[-+]/.test(text));
    const from = words[at]?.text === '--' ? at + 1 : at;
    if (at >= 0 && !words.slice(0, at).some(({ text }) => /^[-+]\w*o$/.test(text)))
      state.parameters = words.slice(from).map(({ text }) => text);
    return NOTHING;
  },

  shift({ operands, state }) {
    const count = Number(operands[0]?.text ?? 1);
    state.parameters = Number.isInteger(count) ? state.parameters.slice(count) : [HOLE];
    return NOTHING;
  },

  source(invocation: Invocation) {
    const { operands, state, stdin, machine, range } = invocation;
    const [file, ...parameters] = operands;
    return file ? runFile(file, parameters, { state, stdin, machine, range }, 'shell') : UNKNOWN;
  },

  unset({ operands, state, machine }) {
    for (const { text, range } of operands) {
      judgeUnset(text, range, machine);
      state.variables.delete(text);
    }
    return NOTHING;
  },

  trap({ operands, state, machine }) {
    const [body] = operands;
    if (body && operands.length > 1 && body.text !== '' && body.text !== '-')
      machine.runText(body.text, copyOf(state), NOTHING, regionOf(body));
    return NOTHING;
  },
};
