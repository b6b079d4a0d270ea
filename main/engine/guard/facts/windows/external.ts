/** A program that PowerShell or cmd.exe starts: one of Windows', one that every system has, or a file by its path. */

import type { Word } from '../gathering.ts';
import { isDownloaded, isOpen, readable } from '../holes.ts';
import type { Value } from '../powershell/values.ts';
import { knownProgram } from '../programs/known.ts';
import { type Flow, madeOf, NOTHING, type OtherStart, UNKNOWN } from '../shell/machine.ts';
import { regionOf } from '../shell/regions.ts';
import { windowsProgram } from './known.ts';
import type { ProgramCall, Said, WindowsProgram } from './program.ts';
import { runFileHere } from './run-file.ts';
import { windowsMachine } from './spelling.ts';

/** Folders whose programs are Windows' own, or were installed by somebody. */
const INSTALLED =
  /^(?:[A-Za-z]:)?[\\/](?:Windows|WINDOWS|Program Files(?: \(x86\))?|ProgramData[\\/]chocolatey)[\\/].*$|^[A-Za-z]:[\\/]Users[\\/][^\\/]+[\\/]AppData[\\/]Local[\\/](?:Programs|Microsoft[\\/]WindowsApps)[\\/].*$/i;
const SCRIPT = /\.(ps1|psm1|bat|cmd|vbs|vbe|js|jse|wsf|hta|msi|scr|pif|lnk|py|sh)$/i;
const PROGRAM_ENDING = /\.(exe|com|cmd|bat)$/i;
/** Of the same name elsewhere, and something else there. */
const OTHERWISE_UNIX = /^(find|sort|timeout|more|expand|convert|label|print|tree|comp|replace|start|at|net|path|cipher)$/;

export function runProgram(words: readonly Word[], given: OtherStart): Flow {
  const start = { ...given, machine: windowsMachine(given.machine) };
  const [first, ...rest] = words;
  if (!first) return NOTHING;
  const { machine, state, stdin } = start;
  const { gathering } = machine;
  if (isDownloaded(first.text)) {
    gathering.effect('download-execute', 'risk', `downloads ${machine.disk.sources.at(-1) ?? 'something'} and runs it`, first.range);
    return UNKNOWN;
  }
  if (isOpen(first.text)) {
    gathering.effect('unresolved', 'watch', `can’t be told before it runs: ${readable(first.raw)}`, first.range);
    return UNKNOWN;
  }
  const path = first.text.replace(/^["']|["']$/g, '');
  const base = path.replace(/^.*[\\/]/s, '');
  const name = base.toLowerCase().replace(PROGRAM_ENDING, '');
  const inFolder = /[\\/]/.test(path);
  // What this very command line has put there comes before what is installed.
  const own = [path, `${path}.exe`, `${path}.bat`, `${path}.cmd`, `${path}.ps1`].find((one) =>
    machine.disk.files.has(gathering.paths.place(one, state.cwd).path),
  );
  if (own !== undefined) return runFileHere({ ...first, text: own }, rest, start);
  if (inFolder && !INSTALLED.test(path)) {
    const project = /(^|[\\/])(node_modules[\\/]\.bin|\.?venv[\\/](Scripts|bin)|vendor[\\/]bin)[\\/][^\\/]+$/i.test(path);
    if (project && (knownProgram(name) || windowsProgram(name)))
      return machine.runWords([{ ...first, text: name }, ...rest], state, stdin, start.range);
    gathering.program(readable(base, 80));
    return runFileHere({ ...first, text: path }, rest, start);
  }
  const windows = windowsProgram(name);
  const unix = OTHERWISE_UNIX.test(name) && rest.some(({ text }) => /^-[a-z]{2,}|^--/.test(text)) && name !== 'net';
  if (windows && !unix) return apply(name, windows, rest, start, [first, ...rest]);
  if (knownProgram(name)) return machine.runWords([{ ...first, text: name }, ...rest], state, stdin, start.range);
  if (SCRIPT.test(base)) {
    gathering.program(readable(base, 80));
    return runFileHere({ ...first, text: path }, rest, start);
  }
  return machine.runWords([{ ...first, text: name || path }, ...rest], state, stdin, start.range);
}

/** For PowerShell, what a program prints is a value. */
export function flowOfProgram(flow: Flow): Value {
  return flow;
}

function apply(name: string, program: WindowsProgram, words: readonly Word[], start: OtherStart, all: readonly Word[]): Flow {
  const { machine, state, stdin, range } = start;
  machine.gathering.program(name);
  if (words.some(({ text }) => /^[/-]\?$/.test(text)) || (words.length === 1 && /^(--version|--help|-h|help)$/.test(words[0]!.text)))
    return UNKNOWN;
  const takes = new Set((program.takes ?? '').split(' '));
  const switches = new Map<string, Word>();
  const operands: Word[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at]!;
    const match = /^[/\-–]([A-Za-z?][\w.?-]*)(?:[:=]([\s\S]*))?$/.exec(word.text);
    if (!match) {
      operands.push(word);
      continue;
    }
    const key = match[1]!.toLowerCase();
    const next = words[at + 1];
    if (match[2] !== undefined) switches.set(key, { ...word, text: match[2].replace(/^"|"$/g, '') });
    else if (takes.has(key) && next) {
      switches.set(key, next);
      at += 1;
    } else switches.set(key, { ...word, text: '' });
  }
  const line = words
    .map(({ text }) => text)
    .join(' ')
    .toLowerCase()
    .slice(0, 4_096);
  const raw = all.map(({ raw: one }) => one).join(' ');
  const call: ProgramCall = {
    name,
    words,
    line,
    operands,
    stdin,
    raw,
    range,
    machine,
    state,
    has: (key) => switches.has(key),
    value: (key) => switches.get(key),
    say: tell,
    runWords: (inner, input = NOTHING) => runProgram(inner, { ...start, stdin: input }),
    runLine: (word) => machine.others.cmd({ text: word.text, state, stdin, region: regionOf(word), machine, shown: word.raw }),
  };
  for (const said of program.effects ?? []) tell(said);
  const rule = program.when?.find((one) => one.line.test(line));
  for (const said of rule?.effects ?? []) tell(said);
  const printed = program.run?.(call);
  if (printed) return printed;
  switch (program.gives) {
    case 'nothing':
      return NOTHING;
    case 'measure':
      return UNKNOWN;
    case 'identity':
    case 'secret':
    case 'private':
    case 'environment':
      return { kind: 'unknown', holds: program.gives };
    default:
      return madeOf(stdin);
  }

  function tell(said: Said, where = range): void {
    const says = said.says.replaceAll('{command}', () => readable(raw, 60)).replaceAll('{name}', () => name);
    machine.gathering.effect(said.effect, said.risk ?? 'plain', says, where);
  }
}
