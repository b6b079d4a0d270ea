/** cmd.exe's own commands (`help`). */

import type { Range, Word } from '../gathering.ts';
import { FILLER, isOpen, readable } from '../holes.ts';
import { type Flow, NOTHING, type ShellState, UNKNOWN } from '../shell/machine.ts';
import { judgeUnset, judgeVariable } from '../shell/variables.ts';
import { type Circumstance, copyFiles, deleteFiles, readFiles, writeFiles } from '../windows/actions.ts';
import { type CmdState, expandPercents } from './expand.ts';
import { wordsOfLine } from './words.ts';

export interface BuiltinCall extends Circumstance {
  readonly name: string;
  readonly rest: string;
  readonly words: readonly Word[];
  /** Words that are no switches. */
  readonly operands: readonly Word[];
  readonly range: Range;
  readonly raw: string;
  readonly stdin: Flow;
  readonly state: ShellState;
  readonly cmd: CmdState;
  has(letter: string): boolean;
  /** Runs text as a line of its own. */
  run(text: string, loops?: ReadonlyMap<string, string>): Flow;
  program(words: readonly Word[]): Flow;
}

type Builtin = (call: BuiltinCall) => Flow;

const nothing: Builtin = () => NOTHING;
const deletes: Builtin = (call) => {
  const recursive = call.has('s');
  for (const file of call.operands) {
    const place = call.machine.gathering.paths.place(file.text, call.state.cwd);
    // `del folder` is everything in that folder; with /s the pattern counts in every folder below.
    const below = recursive && /[*?]/.test(file.text);
    deleteFiles(
      [below ? { ...file, text: file.text.replace(/^\*(\.\*)?$/, '.\\*') } : file],
      call,
      below && place.kind !== 'generated' ? 'found' : recursive ? 'whole' : undefined,
    );
  }
  return NOTHING;
};
const removes: Builtin = (call) => {
  deleteFiles(call.operands, call, call.has('s') ? 'whole' : undefined);
  return NOTHING;
};
const makes: Builtin = (call) => {
  for (const folder of call.operands) call.machine.gathering.writes(folder, call.state.cwd);
  return NOTHING;
};
const goes: Builtin = ({ name, rest, state, machine, operands }) => {
  const target = rest
    .trim()
    .replace(/^\/d\s+/i, '')
    .replaceAll('"', '');
  if (target === '') return name === 'pushd' ? NOTHING : { kind: 'text', text: state.cwd ?? FILLER };
  if (name === 'pushd') state.variables.set('\0pushd', [state.cwd ?? '']);
  if (operands[0] && isOpen(target)) state.cwd = undefined;
  else state.cwd = machine.gathering.paths.absolute(target, state.cwd);
  return NOTHING;
};

export const BUILTINS: Readonly<Record<string, Builtin>> = {
  echo({ rest }) {
    const said = rest.replace(/^[ .:,;/\\([+=\]]/, '');
    if (/^\s*(on|off)?\s*$/i.test(said)) return rest.trim() === '' || /^\s/.test(rest) ? UNKNOWN : { kind: 'text', text: '\r\n' };
    return { kind: 'text', text: `${said.trimEnd()}\n` };
  },
  del: deletes,
  erase: deletes,
  rd: removes,
  rmdir: removes,
  md: makes,
  mkdir: makes,
  cd: goes,
  chdir: goes,
  pushd: goes,
  popd({ state }) {
    state.cwd = state.variables.get('\0pushd')?.[0] || undefined;
    return NOTHING;
  },
  type: (call) => readFiles(call.operands, call),
  dir(call) {
    for (const folder of call.operands) call.machine.gathering.reads(folder, call.state.cwd);
    const folders = call.operands.length > 0 ? call.operands.map(({ text }) => text) : ['.'];
    return { kind: 'paths', patterns: folders.map((folder) => (/[*?]/.test(folder) ? folder : `${folder}/*`)) };
  },
  copy(call) {
    // `copy a+b c` joins them; `con` and `nul` are no files.
    const files = call.operands.flatMap((word) =>
      word.text
        .split('+')
        .filter(Boolean)
        .map((text) => ({ ...word, text })),
    );
    const from = files.length > 1 ? files.slice(0, -1) : files;
    const to = files.length > 1 ? files.at(-1)! : undefined;
    if (to && from.every(({ text }) => /^nul$/i.test(text))) writeFiles([to], NOTHING, call, 'empties', true);
    else copyFiles(from, to ?? { text: '.', range: call.range, raw: '.' }, call, 'copy');
    return NOTHING;
  },
  move(call) {
    const [from, to] = call.operands;
    if (from) copyFiles([from], to ?? { text: '.', range: call.range, raw: '.' }, call, 'move');
    return NOTHING;
  },
  ren: renames,
  rename: renames,
  mklink(call) {
    const [link, target] = call.operands;
    if (link) call.machine.gathering.writes(link, call.state.cwd);
    if (!target) return NOTHING;
    const place = call.machine.gathering.paths.place(target.text, call.state.cwd);
    if (place.where === 'workspace' || place.kind === 'scratch') call.machine.gathering.reads(target, call.state.cwd);
    else call.machine.gathering.writes(target, call.state.cwd, 'gives another name to');
    return NOTHING;
  },
  set: sets,
  call: calls,
  start: (call) => call.program([{ text: 'start', range: call.range, raw: 'start' }, ...startWords(call)]),
  path(call) {
    const value = call.rest.replace(/^\s*=?\s*/, '');
    if (value.trim() === '') return UNKNOWN;
    judgeVariable({ name: 'PATH', value, range: call.range }, call.state, call.machine);
    return NOTHING;
  },
  setlocal(call) {
    if (/enabledelayedexpansion/i.test(call.rest)) call.cmd.delayed = true;
    return NOTHING;
  },
  ...Object.fromEntries(
    ['endlocal', 'exit', 'goto', 'shift', 'pause', 'cls', 'color', 'title', 'prompt', 'break', 'verify', 'dpath', 'keys', 'rem'].map(
      (name) => [name, nothing],
    ),
  ),
  ...Object.fromEntries(['ver', 'vol'].map((name): [string, Builtin] => [name, () => UNKNOWN])),
  date: clock,
  time: clock,
  assoc: associates,
  ftype: associates,
};

/** Which program opens which files: it runs whenever somebody opens one. */
function associates({ name, rest, machine, range, raw }: BuiltinCall): Flow {
  if (!rest.includes('=')) return UNKNOWN;
  machine.gathering.effect('persistence', 'risk', `changes which program opens files (${readable(raw, 60)})`, range);
  machine.gathering.effect('write-outside', 'risk', `changes which program opens files (${readable(raw, 60)})`, range);
  return name === '' ? UNKNOWN : NOTHING;
}

function clock({ rest, machine, range, raw }: BuiltinCall): Flow {
  if (/\d/.test(rest)) machine.gathering.effect('privilege', 'watch', `sets this machine’s clock (${readable(raw, 60)})`, range);
  return { kind: 'text', text: FILLER };
}

function renames(call: BuiltinCall): Flow {
  const [from, to] = call.operands;
  if (!from) return NOTHING;
  const folder = /^(.*[\\/])[^\\/]*$/.exec(from.text)?.[1] ?? '';
  copyFiles([from], to && { ...to, text: folder + to.text }, call, 'move');
  return NOTHING;
}

/** `set NAME=VALUE`, `set "NAME=VALUE"`, `set /a X=1+2`, `set /p X=Prompt`. */
function sets({ rest, state, machine, range, words, stdin }: BuiltinCall): Flow {
  if (rest.trim() === '') return { kind: 'unknown', holds: 'environment' };
  const option = /^\s*\/([ap])\b/i.exec(rest)?.[1]?.toLowerCase();
  const given = option ? rest.replace(/^\s*\/[ap]\s*/i, '') : rest.trimStart();
  const plain = given.startsWith('"') && given.lastIndexOf('"') > 0 ? given.slice(1, given.lastIndexOf('"')) : given;
  const match = /^([^=]+)=([\s\S]*)$/.exec(plain);
  if (!match) return words.length === 1 && /^\w*path$/i.test(plain.trim()) ? UNKNOWN : { kind: 'unknown', holds: holdingOfName(plain) };
  const name = match[1]!.trim().replace(/[+\-*/%&|^]$/, '');
  const value = option === 'a' ? FILLER : option === 'p' ? (stdin.kind === 'text' ? stdin.text.split(/\r?\n/)[0]! : '\0') : match[2]!;
  if (value === '') {
    judgeUnset(name, range, machine);
    state.variables.delete(name.toUpperCase());
  } else {
    judgeVariable({ name, value, range }, state, machine);
    state.variables.set(name.toUpperCase(), [value]);
  }
  return NOTHING;
}

function holdingOfName(name: string): 'environment' | 'variable' {
  return name.trim().length <= 3 ? 'environment' : 'variable';
}

/** Variables are put in once more, and the rest is a command. */
function calls(call: BuiltinCall): Flow {
  const again = expandPercents(call.rest.trim(), call.cmd, call.machine.gathering);
  if (/^:/.test(again)) return NOTHING;
  if (again !== call.rest.trim() || wordsOfLine(again, () => call.range) === undefined) return call.run(again);
  return call.words[0] ? call.run(again) : NOTHING;
}

/** Everything behind `start`, as a program's words, with quotes still seen. */
function startWords(call: BuiltinCall): Word[] {
  const inner = wordsOfLine(`_ ${call.rest}`, () => call.range);
  return inner ? [...inner.words] : [];
}
