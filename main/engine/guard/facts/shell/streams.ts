/** Programs that make, copy or turn text: what they print is followed, because a shell may read it. */

import { HOLE, isOpen, readable } from '../holes.ts';
import type { Special } from '../programs/program.ts';
import { copyOf, type Flow, fileFlow, type Handler, type Invocation, madeOf, NOTHING, together, UNKNOWN } from './machine.ts';
import { findOption, hasOption, parseWords } from './options.ts';

type Stream = Extract<Special, 'awk' | 'cat' | 'echo' | 'sed' | 'tee'>;

/** awk's own ways to run a command or to write a file. */
/** A longer script is not read: the patterns below look at every pair of its places. */
const LONGEST_SCRIPT = 4_096;
const AWK_RUNS = /\bsystem\s*\(|\|\s*&?\s*getline|"\s*\|\s*getline|\bprintf?\b[^;}\n]*(\||>)/;
/** sed's `e` command and flag, and `w`. GNU sed manual, "Commands specific to GNU sed". */
const SED_RUNS =
  /(^|[;{\n])\s*(?:[0-9$,!~\s]|\/[^/\n]*\/)*[ew]\s|(^|[;{\n])\s*[0-9$,]*e\s*$|s(.)(?:\\.|(?!\3).)*\3(?:\\.|(?!\3).)*\3[a-zA-Z0-9]*[ew]/;

export const STREAMS: Readonly<Record<Stream, Handler>> = {
  echo({ name, words, options, operands }) {
    if (name === 'printf') return hasOption(options, '-v') ? NOTHING : { kind: 'text', text: formatted(operands.map(({ text }) => text)) };
    const flags = /^-[neE]+$/;
    const first = words.findIndex(({ text }) => !flags.test(text));
    const text =
      first < 0
        ? ''
        : words
            .slice(first)
            .map((word) => word.text)
            .join(' ');
    const escapes = words.slice(0, Math.max(first, 0)).some((word) => word.text.includes('e'));
    return { kind: 'text', text: `${escapes ? unescaped(text) : text}\n` };
  },

  cat(invocation) {
    const files = filesOf(invocation);
    return files ?? invocation.stdin;
  },

  tee({ operands, stdin, machine, state, options }) {
    // Nothing comes in, so that nothing is left in the file.
    const nothing = stdin.kind === 'unknown' && stdin.file === '/dev/null' && !hasOption(options, '-a --append');
    for (const word of nothing ? operands : [])
      if (machine.gathering.paths.place(word.text, state.cwd).kind === 'ordinary')
        machine.gathering.effect('destructive', 'watch', `empties ${readable(word.raw)}`, word.range);
    for (const { text } of operands) {
      const path = machine.gathering.paths.absolute(text, state.cwd);
      if (path !== undefined) machine.disk.files.set(path, stdin);
    }
    return stdin;
  },

  awk(invocation) {
    const { operands, options, machine, stdin, state } = invocation;
    const program = findOption(options, '-f') ? undefined : operands[0];
    if (findOption(options, '-f')) machine.gathering.effect('runs-code', 'plain', 'runs an awk program', invocation.range);
    for (const match of program?.text
      .slice(0, LONGEST_SCRIPT)
      .matchAll(/\bsystem\s*\(\s*"((?:\\.|[^"\\])*)"\s*\)|"((?:\\.|[^"\\])*)"\s*\|\s*&?\s*getline|\|\s*"((?:\\.|[^"\\])*)"/g) ?? [])
      machine.runText((match[1] ?? match[2] ?? match[3]!).replaceAll('\\"', '"'), copyOf(state), UNKNOWN, () => program!.range);
    if (program && (isOpen(program.text) || program.text.length > LONGEST_SCRIPT || AWK_RUNS.test(program.text))) {
      machine.gathering.effect('unresolved', 'watch', 'runs an awk program that may run commands or write files', program.range);
    }
    return madeOf(stdin, filesOf({ ...invocation, operands: operands.slice(1) }) ?? NOTHING);
  },

  sed(invocation) {
    const { machine, state, stdin, words } = invocation;
    const { options, operands } = parseWords(words, { values: '-e --expression -f --file -l' });
    const scripts = options.flatMap(({ name, value }) => (value && (name === '-e' || name === '--expression') ? [value] : []));
    const files = scripts.length > 0 || findOption(options, '-f --file') ? operands : operands.slice(1);
    for (const script of scripts.length > 0 ? scripts : operands.slice(0, 1)) {
      const command = /(?:^|[;{\n])\s*(?:[0-9$,]*|\/[^/\n]*\/)\s*e\s+([^\n]+)/.exec(script.text.slice(0, LONGEST_SCRIPT))?.[1];
      if (command) machine.runText(command, copyOf(state), NOTHING, () => script.range);
      if (script.text.length > LONGEST_SCRIPT || SED_RUNS.test(script.text))
        machine.gathering.effect('unresolved', 'watch', 'runs a sed script that may run commands or write files', script.range);
    }
    if (options.some(({ name }) => name === '-i' || name === '--in-place')) {
      const clears = (scripts.length > 0 ? scripts : operands.slice(0, 1)).some(({ text }) =>
        /^\s*(1,\$|0~1|\/(\.\*|\^)?\/)?\s*d;?\s*$/.test(text),
      );
      for (const file of files) {
        if (file.text === '') continue;
        const place = machine.gathering.writes(file, state.cwd, clears ? 'empties' : 'changes');
        if (clears && !/^(generated|scratch|nothing)$/.test(place.kind))
          machine.gathering.effect(
            'destructive',
            'watch',
            `empties ${place.shown}${place.where === 'outside' ? ', not in this project' : ''}`,
            file.range,
          );
      }
    }
    return madeOf(stdin, filesOf({ ...invocation, operands: files }) ?? NOTHING);
  },
};

/** What the operands hold, as far as that can be told; undefined without operands. */
export function filesOf({ operands, machine, state, stdin }: Invocation): Flow | undefined {
  if (operands.length === 0) return undefined;
  return operands.reduce<Flow>(
    (flow, { text }) => together(flow, text === '-' || text === '/dev/stdin' ? stdin : fileFlow(text, state, machine)),
    NOTHING,
  );
}

/** printf(1): the format is used again while arguments are left. Numbers are short and harmless; the rest is a hole. */
function formatted([format = '', ...values]: readonly string[]): string {
  let text = '';
  let rest = values;
  do {
    const before = rest.length;
    text += unescaped(format).replace(/%(%|[-+ #0]*\d*(?:\.\d+)?([a-zA-Z]))/g, (_, all: string, kind: string | undefined) => {
      if (all === '%') return '%';
      const value = rest[0] ?? '';
      rest = rest.slice(1);
      return kind === 's' || kind === 'd' || kind === 'i' ? value : kind === 'b' ? unescaped(value) : HOLE;
    });
    if (rest.length === before) break;
  } while (rest.length > 0 && text.length < 64 * 1024);
  return text;
}

function unescaped(text: string): string {
  return text.replace(/\\(x[0-9a-fA-F]{1,2}|0?[0-7]{1,3}|u[0-9a-fA-F]{1,4}|[abefnrtv\\"'])/g, (_, code: string) => {
    if (/^[xu]/.test(code)) return String.fromCodePoint(Number.parseInt(code.slice(1), 16));
    if (/^[0-7]/.test(code)) return String.fromCodePoint(Number.parseInt(code, 8));
    return { a: '\x07', b: '\b', e: '\x1b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }[code] ?? code;
  });
}
