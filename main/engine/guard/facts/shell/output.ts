/** Output: what a program prints, as far as its row and what it reads tell. */

import type { Word } from '../gathering.ts';
import { FILLER, HOLE, IDENTITY, isOpen, readable } from '../holes.ts';
import type { Program } from '../programs/program.ts';
import { type Flow, fileFlow, holdingOf, type Invocation, type Machine, madeOf, NOTHING, together, UNKNOWN } from './machine.ts';
import { hasOption, type Parsed } from './options.ts';

export function outputOf(program: Program, { name, words, options, operands, stdin, machine, state }: Invocation): Flow {
  if (program.gives === 'nothing') return NOTHING;
  if (program.gives === 'identity') return { kind: 'text', text: IDENTITY };
  if (program.gives === 'data' || program.gives === 'private' || program.gives === 'secret')
    return { kind: 'unknown', holds: program.gives };
  if (program.gives === 'scratch' && operands.length === 0)
    return { kind: 'text', text: state.cwd === machine.gathering.paths.cwd ? `/tmp/tmp.${FILLER}` : HOLE };
  // `date +/etc/x` prints a path all the same.
  if (program.gives === 'name')
    return name !== 'basename' && words.some(({ text }) => isOpen(text) || /[/~]/.test(text)) ? UNKNOWN : { kind: 'text', text: FILLER };
  const lists = /grep$|^(rg|ag|ack)$/.test(name) && hasOption(options, '-l --files-with-matches -L --files-without-match --files');
  if (lists) {
    const folders = operands.slice(hasOption(options, '--files') ? 0 : 1).map(({ text }) => text);
    return { kind: 'paths', patterns: (folders.length > 0 ? folders : ['.']).map((one) => (/[*?]/.test(one) ? one : `${one}/*`)) };
  }
  if (program.gives === 'paths') {
    const folders = operands.length > 0 ? operands.map(({ text }) => text) : ['.'];
    return { kind: 'paths', patterns: folders.map((folder) => (/[*?]/.test(folder) ? folder : `${folder}/*`)) };
  }
  if (program.gives === 'measure') return UNKNOWN;
  if (/grep$|^(rg|ag|ack)$/.test(name) && holdingOf(stdin) === 'environment') return ofEnvironment(operands[0], options, machine);
  const files = program.operands === 'read' || program.operands === 'text-then-read' ? operands : [];
  const read = files.map(({ text }) => fileFlow(text, state, machine));
  const known = operands.flatMap(({ text }) => machine.disk.files.get(machine.gathering.paths.place(text, state.cwd).path) ?? []);
  const input = [...read, ...known].reduce<Flow>(together, stdin);
  if (program.gives === 'stdin' && input.kind === 'paths') return input;
  return madeOf(input);
}

/** `env | grep PATTERN`: what is left of all variables. */
function ofEnvironment(pattern: Word | undefined, options: Parsed['options'], { gathering }: Machine): Flow {
  if (hasOption(options, '-c --count -q --quiet --silent -l')) return UNKNOWN;
  if (hasOption(options, '-v --invert-match')) return { kind: 'unknown', holds: 'environment' };
  if (pattern && !ASKS_FOR_SECRETS.test(pattern.text)) return { kind: 'unknown', holds: 'variable' };
  gathering.effect(
    'credential-access',
    'risk',
    `looks for passwords or keys among the variables (${readable(pattern?.raw ?? '')})`,
    pattern?.range,
  );
  return { kind: 'unknown', holds: 'secret' };
}

/** Words that stand in the names of secret variables, and patterns that fit any name. */
const ASKS_FOR_SECRETS = /key|token|secret|passw|credential|\bauth\b|\bpat\b|private|^(\.|\^?\.\*|=|\^?\[A-Z].*|)$/i;
