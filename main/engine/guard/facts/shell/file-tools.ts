/** find, tar, dd and chmod: tools whose options say more than their names. */

import type { Word } from '../gathering.ts';
import { isOpen, readable } from '../holes.ts';
import { judgePatch } from '../patch.ts';
import type { Special } from '../programs/program.ts';
import { copyOf, type Flow, fileFlow, type Handler, type Invocation, madeOf, NOTHING, UNKNOWN } from './machine.ts';
import { hasOption } from './options.ts';

type FileTool = Extract<Special, 'apply-patch' | 'dd' | 'fd' | 'find' | 'recursive-change'>;

/** Commands of one search, and words of one command. */
const MOST_RUNS = 20;
const LONGEST_RUN = 2_000;

export const FILE_TOOLS: Readonly<Record<FileTool, Handler>> = {
  /** `fd [PATTERN] [FOLDER …] [-x CMD …]` */
  fd(invocation) {
    const { words, machine, state, range } = invocation;
    const at = words.findIndex(({ text }) => /^(-x|-X|--exec|--exec-batch)$/.test(text));
    const folders = (at < 0 ? words : words.slice(0, at)).filter(({ text }) => !text.startsWith('-')).slice(1);
    for (const folder of folders) machine.gathering.reads(folder, state.cwd);
    const found = foundBy(folders, [], invocation);
    if (at >= 0) {
      const command = words.slice(at + 1);
      const named = command.some(({ text }) => /\{[./]*\}/.test(text));
      execute(
        named
          ? command.map((word) => ({ ...word, text: word.text.replaceAll(/\{[./]*\}/g, '{}') }))
          : [...command, { text: '{}', raw: '{}', range }],
        found,
        invocation,
      );
    }
    return { kind: 'paths', patterns: found.map(({ text }) => text) };
  },

  find(invocation) {
    const { words, machine, state } = invocation;
    const { gathering } = machine;
    const starts: Word[] = [];
    let at = 0;
    for (; at < words.length && !/^[-(!]/.test(words[at]!.text); at += 1) starts.push(words[at]!);
    for (const start of starts) gathering.reads(start, state.cwd);
    const expression = words.slice(at);
    const unclear = expression.find(({ text }, index) => isOpen(text) && !/^-/.test(expression[index - 1]?.text ?? ''));
    if (unclear)
      gathering.effect('unresolved', 'watch', `searches with what can’t be told before it runs: ${readable(unclear.raw)}`, unclear.range);
    const names = expression.flatMap(({ text }, index) =>
      // What is not looked for says nothing of what is found.
      /^-(i?name|i?path|i?wholename)$/.test(text) && !/^(!|-not)$/.test(expression[index - 1]?.text ?? '') && expression[index + 1]
        ? [expression[index + 1]!.text]
        : [],
    );
    const found = foundBy(starts, names, invocation);

    let runs = 0;
    expression.forEach(({ text, range }, index) => {
      const next = expression[index + 1];
      if (/^-f(print0?|ls|printf)$/.test(text) && next) gathering.writes(next, state.cwd);
      if (text === '-delete') {
        for (const word of found) gathering.deletes({ ...word, range }, state.cwd, 'found');
      }
      if (!/^-(exec|execdir|ok|okdir)$/.test(text)) return;
      runs += 1;
      if (runs <= MOST_RUNS) execute(expression.slice(index + 1, index + 1 + LONGEST_RUN), found, invocation);
      else if (runs === MOST_RUNS + 1) gathering.effect('unresolved', 'watch', 'runs too many commands to be followed', range);
    });
    return { kind: 'paths', patterns: found.map(({ text }) => text) };
  },

  /** patch(1) takes its text from a file or from its input; Codex's apply_patch takes it as its one word as well. */
  'apply-patch'({ name, operands, stdin, machine, state, range }) {
    const word = name === 'patch' ? undefined : operands[0];
    const text = word?.text ?? (stdin.kind === 'text' ? stdin.text : undefined);
    for (const file of name === 'patch' ? operands.slice(0, 1) : []) machine.gathering.writes(file, state.cwd, 'changes');
    const outside = machine.gathering.paths.place('.', state.cwd).where !== 'workspace';
    if (stdin.kind === 'download' && state.cwd !== undefined) machine.disk.fetched.set(state.cwd, stdin.from);
    if (text !== undefined) judgePatch(text, state.cwd, machine.gathering, () => range);
    else if (outside) machine.gathering.writes({ text: '.', raw: '.', range }, state.cwd, 'changes');
    else machine.gathering.effect('write-workspace', 'plain', 'changes the files that a patch names', range);
    return NOTHING;
  },

  dd({ words, machine, state, stdin }) {
    let flow: Flow = stdin;
    let written: Word | undefined;
    for (const word of words) {
      const match = /^(if|of)=([\s\S]+)$/.exec(word.text);
      if (!match) continue;
      const file = { ...word, text: match[2]! };
      if (match[1] === 'if') {
        machine.gathering.reads(file, state.cwd);
        flow = madeOf(fileFlow(file.text, state, machine));
      } else {
        machine.gathering.writes(file, state.cwd, 'overwrites');
        written = file;
      }
    }
    const path = written && machine.gathering.paths.absolute(written.text, state.cwd);
    if (path !== undefined) machine.disk.files.set(path, flow);
    return written ? NOTHING : flow;
  },

  'recursive-change'({ name, options, operands, machine, state, raw }) {
    const [mode] = operands;
    // chmod(1): the set-user-ID bit makes a program run as its owner, whoever starts it.
    if (mode && /^[ugoa]*[+=][rwxXt]*s|^0*[2-7][0-7]{3}$/.test(mode.text) && name === 'chmod')
      machine.gathering.effect('privilege', 'risk', `makes programs run with their owner’s rights (${readable(raw, 40)})`, mode.range);
    if (!hasOption(options, '-R --recursive')) return NOTHING;
    for (const word of operands.slice(1)) {
      const place = machine.gathering.paths.place(word.text, state.cwd);
      if (place.kind === 'everything' || place.kind === 'system' || (place.kind === 'machinery' && place.where === 'outside')) {
        machine.gathering.effect(
          'destructive',
          'risk',
          `changes who may use everything in ${place.shown} (${readable(raw, 40)})`,
          word.range,
        );
      }
    }
    return NOTHING;
  },
};

/** The files that a search may give, as patterns: `src` and `*.o` are `src/*.o`. */
function foundBy(starts: readonly Word[], names: readonly string[], { range, raw }: Invocation): Word[] {
  const from = starts.length > 0 ? starts : [{ text: '.', range, raw }];
  return from.flatMap((start) =>
    (names.length > 0 ? names : ['*']).map((name) => ({
      ...start,
      text: `${start.text}/${name.replace(/^.*\/(?=[^/*]+$|\*[^/]*$)/, '')}`,
    })),
  );
}

function execute(rest: readonly Word[], found: readonly Word[], { machine, state, range }: Invocation): Flow {
  const end = rest.findIndex(({ text }) => text === ';' || text === '+');
  const command = end < 0 ? rest : rest.slice(0, end);
  const [program] = command;
  const words = command.flatMap((word) => {
    if (word.text === '{}') return found.map((file) => ({ ...word, text: file.text }));
    return [{ ...word, text: word.text.replaceAll('{}', found[0]?.text ?? '.') }];
  });
  if (program && /(^|\/)(rm|unlink)$/.test(program.text) && command.some(({ text }) => text === '{}')) {
    machine.gathering.program(program.text.replace(/^.*\//, ''));
    for (const word of found) machine.gathering.deletes({ ...word, range: program.range }, state.cwd, 'found');
    return NOTHING;
  }
  return machine.runWords(words, copyOf(state), UNKNOWN, {
    start: program?.range.start ?? range.start,
    end: command.at(-1)?.range.end ?? range.end,
  });
}
