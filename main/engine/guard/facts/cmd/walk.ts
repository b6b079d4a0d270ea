/** Walks cmd.exe's lines in the order in which they would run, and keeps the state that they leave. */

import type { Range, Word } from '../gathering.ts';
import { FILLER, isOpen, readable } from '../holes.ts';
import {
  copyOf,
  type Flow,
  fileFlow,
  joinInto,
  type Machine,
  NOTHING,
  type OtherText,
  type Region,
  type ShellState,
  together,
  UNKNOWN,
} from '../shell/machine.ts';
import { readFiles, writeFiles } from '../windows/actions.ts';
import { runProgram } from '../windows/external.ts';
import { windowsMachine } from '../windows/spelling.ts';
import { BUILTINS, type BuiltinCall } from './builtins.ts';
import { type CmdState, expandPercents } from './expand.ts';
import { valuesOfLoop } from './loops.ts';
import { parseCmd } from './parse.ts';
import type { CmdNode, CmdRedirect } from './syntax.ts';
import { wordsOfLine } from './words.ts';

/** What stands for a hole where text with holes is read once more: a variable that nobody sets. */
export const UNSET_CMD = '%_unset_%';

/** Reads text as cmd.exe; what it prints is given on. */
export function runCmd(run: OtherText): Flow {
  return readLines(run, new Map());
}

/** Within a loop its variables count. */
function readLines(run: OtherText, loops: ReadonlyMap<string, string>): Flow {
  const machine = windowsMachine(run.machine);
  const state: CmdState = { shell: run.state, loops, batch: run.batch ?? false, delayed: run.delayed ?? false };
  return machine.readOther(run.text, UNSET_CMD, run.region, run.shown, (text, region) =>
    walk(parseCmd(text), { text, region: within(text.length, region), machine, state }, run.stdin),
  );
}

/** What has no end goes to the end of the text. */
function within(length: number, region: Region): Region {
  return (start, end) => region(Math.min(start, length), Math.min(Math.max(start, end), length));
}

interface Context {
  readonly text: string;
  readonly region: Region;
  readonly machine: Machine;
  readonly state: CmdState;
}

function walk(node: CmdNode, context: Context, stdin: Flow): Flow {
  const { machine, region, state } = context;
  const range = region(node.start, node.end);
  if (machine.spent(range)) return UNKNOWN;
  switch (node.type) {
    case 'simple':
      return redirected(node.redirects, context, stdin, (input) => simple(node.text, context, node, input));
    case 'list':
      return redirected(node.redirects, context, stdin, (input) =>
        node.items.reduce<Flow>(
          (printed, item, index) =>
            together(
              printed,
              node.operators[index - 1] === '||' ? maybe(state.shell, () => walk(item, context, input)) : walk(item, context, input),
            ),
          NOTHING,
        ),
      );
    case 'pipe':
      return node.items.reduce<Flow>((flow, item, index) => {
        const inner = { ...context, state: { ...state, shell: copyOf(state.shell) } };
        return walk(item, inner, index === 0 ? flow : flow.kind === 'nothing' ? { kind: 'text', text: '' } : flow);
      }, stdin);
    case 'if': {
      const printed = maybe(state.shell, () => walk(node.then, context, stdin));
      return node.otherwise
        ? together(
            printed,
            maybe(state.shell, () => walk(node.otherwise!, context, stdin)),
          )
        : printed;
    }
    case 'for': {
      const turns = valuesOfLoop(node, state, machine, range, (line) =>
        readLines(
          { text: line, state: copyOf(state.shell), stdin: NOTHING, region: () => range, machine, batch: state.batch, shown: line },
          state.loops,
        ),
      );
      return turns.reduce<Flow>((printed, values) => {
        const loops = new Map([...state.loops, ...values]);
        return together(printed, walk(node.body, { ...context, state: { ...state, loops } }, stdin));
      }, NOTHING);
    }
  }
}

function maybe(shell: ShellState, run: () => Flow): Flow {
  const before = copyOf(shell);
  const printed = run();
  joinInto(shell, before);
  return printed;
}

function simple(written: string, context: Context, node: CmdNode, stdin: Flow): Flow {
  const { machine, state, region } = context;
  const expanded = expandPercents(written, state, machine.gathering);
  const whole = region(node.start, node.end);
  // What a variable brings along may be more than one command.
  if (expanded !== written && /[&|<>]/.test(unquoted(expanded)) && !/[&|<>]/.test(unquoted(written)) && !/^\s*@?\s*set\b/i.test(expanded))
    return readLines(
      {
        text: expanded,
        state: state.shell,
        stdin,
        region: () => whole,
        machine,
        batch: state.batch,
        shown: readable(written),
        delayed: state.delayed,
      },
      state.loops,
    );
  const exact = expanded === written && context.text.startsWith(written, node.start);
  const place = (start: number, end: number): Range => (exact ? region(node.start + start, node.start + end) : whole);
  const line = wordsOfLine(expanded, place);
  if (!line) return NOTHING;
  const raw = expanded === written ? undefined : written.trim();
  const known = (word: Word): Word => (raw === undefined || !isOpen(word.text) ? word : { ...word, raw });
  return runLine(known(line.name), line.rest, line.words.map(known), { context, stdin, range: whole, written });
}

interface At {
  readonly context: Context;
  readonly stdin: Flow;
  readonly range: Range;
  readonly written: string;
}

function runLine(name: Word, rest: string, words: readonly Word[], at: At): Flow {
  const { machine, state } = at.context;
  if (/^(:|rem$)/i.test(name.text)) return NOTHING;
  if (/^%[~*\w]/.test(name.text)) {
    machine.gathering.effect('unresolved', 'watch', `can’t be told before it runs: ${readable(name.raw)}`, name.range);
    return UNKNOWN;
  }
  const key = name.text.toLowerCase();
  const builtin = Object.hasOwn(BUILTINS, key) ? BUILTINS[key] : undefined;
  if (!builtin) return runProgram([name, ...words], { state: state.shell, stdin: at.stdin, range: at.range, machine });
  if (words.some(({ text }) => text === '/?')) return { kind: 'text', text: FILLER };
  const call: BuiltinCall = {
    name: key,
    rest,
    words,
    operands: words.filter(({ text }) => !/^\/[A-Za-z?-]/.test(text)),
    has: (letter) => words.some(({ text }) => text.toLowerCase().startsWith(`/${letter}`)),
    range: at.range,
    raw: readable(at.written.trim()),
    stdin: at.stdin,
    machine,
    state: state.shell,
    cmd: state,
    run: (text, loops) =>
      readLines(
        {
          text,
          state: state.shell,
          stdin: at.stdin,
          region: () => at.range,
          machine,
          batch: state.batch,
          shown: readable(text),
          delayed: state.delayed,
        },
        loops ?? state.loops,
      ),
    program: (list) => runProgram(list, { state: state.shell, stdin: at.stdin, range: at.range, machine }),
  };
  return builtin(call);
}

function redirected(redirects: readonly CmdRedirect[] | undefined, context: Context, stdin: Flow, run: (stdin: Flow) => Flow): Flow {
  if (!redirects || redirects.length === 0) return run(stdin);
  const { machine, state, region } = context;
  let input = stdin;
  const outputs: { word: Word; adds: boolean; stream: string }[] = [];
  for (const redirect of redirects) {
    if (redirect.target.startsWith('&')) continue;
    const target = expandPercents(redirect.target, state, machine.gathering).replaceAll('"', '').replace(/\^(.)/g, '$1');
    const word: Word = { text: target, range: region(redirect.start, redirect.end), raw: redirect.target };
    const given = { machine, state: state.shell, range: word.range };
    if (redirect.operator === '<') {
      readFiles([word], given);
      input = /^nul$/i.test(target) ? { kind: 'text', text: '' } : fileFlow(target, state.shell, machine);
    } else outputs.push({ word, adds: redirect.operator === '>>', stream: redirect.stream });
  }
  const printed = run(input);
  for (const { word, adds, stream } of outputs) {
    const given = { machine, state: state.shell, range: word.range };
    const own = stream === '1';
    writeFiles(
      [word],
      own ? printed : NOTHING,
      given,
      adds ? 'adds to' : 'writes',
      own && !adds && printed.kind === 'text' && printed.text.trim() === '',
    );
  }
  return outputs.some(({ stream }) => stream === '1') ? NOTHING : printed;
}

/** Without what stands in quotes or behind a caret. */
function unquoted(text: string): string {
  return text.replace(/"[^"]*("|$)|\^./g, '');
}
