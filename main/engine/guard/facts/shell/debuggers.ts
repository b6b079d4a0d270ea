/** Debuggers that are driven by commands, and keys that are made or looked at. */

import { isOpen, readable } from '../holes.ts';
import type { Special } from '../programs/program.ts';
import { copyOf, type Handler, NOTHING, UNKNOWN } from './machine.ts';
import { hasOption, valuesOf } from './options.ts';

type Debugger = Extract<Special, 'debugger' | 'ssh-keygen'>;

/** What looks, stops and goes on; the program that is debugged runs anyway. */
const LOOKS =
  /^\s*(bt|backtrace|where|info|i|thread|threads|frame|f|up|down|list|l|quit|q|exit|set (pagination|confirm|width|height|args|print|listsize|logging|env)|run|r|start|continue|c|next|n|step|s|finish|until|break|b|tbreak|watch|delete|disable|enable|x\/|disassemble|disas|help|show|file|symbol-file|core-file|directory|display|process|image|register|target (create|list)|settings|breakpoint|kill|detach|p|print|po|ptype|whatis|inspect)\b/;

export const DEBUGGERS: Readonly<Record<Debugger, Handler>> = {
  debugger({ options, machine, state, range, raw }) {
    for (const file of valuesOf(options, '-s -S -x').filter(({ text }) => !/\s/.test(text))) machine.gathering.reads(file, state.cwd);
    const script = valuesOf(options, '-x -s -S').find(({ text }) => machine.gathering.paths.place(text, state.cwd).where !== 'workspace');
    if (script) machine.gathering.effect('unresolved', 'watch', `drives a debugger by commands (${readable(raw, 60)})`, range);
    for (const { text, range: where } of valuesOf(options, '-ex -iex -eval-command -o -O')) {
      const command = /^\s*(?:shell|!|make|pipe|platform shell)\s*(.+)$/s.exec(text)?.[1];
      if (command) machine.runText(command, copyOf(state), NOTHING, () => where);
      else if (!LOOKS.test(text) || isOpen(text) || /\bsystem\s*\(|\bexec\w*\s*\(|\bdlopen\b|\bpopen\b/.test(text))
        machine.gathering.effect('unresolved', 'watch', `drives a debugger by commands (${readable(text, 60)})`, where);
    }
    return UNKNOWN;
  },

  /** ssh-keygen(1): `-l`, `-F` and `-y` look at a key, the rest makes or changes one. */
  'ssh-keygen'({ options, machine, state, range }) {
    const file = valuesOf(options, '-f').at(-1);
    if (hasOption(options, '-l -F -B -L')) {
      if (file) machine.gathering.lists(file, state.cwd);
      return UNKNOWN;
    }
    if (hasOption(options, '-y -e')) {
      if (file) machine.gathering.reads(file, state.cwd);
      return { kind: 'unknown', holds: 'identity' };
    }
    if (hasOption(options, '-A')) machine.gathering.effect('privilege', 'watch', 'makes keys for this machine', range);
    machine.gathering.writes(file ?? { text: '~/.ssh/id_ed25519', raw: '~/.ssh', range }, state.cwd);
    return NOTHING;
  },
};
