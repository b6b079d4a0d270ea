/** find, tar, dd and chmod: tools whose options say more than their names. */

import type { Word } from '../gathering.ts';
import { isOpen, readable } from '../holes.ts';
import { judgePatch } from '../patch.ts';
import type { Special } from '../programs/program.ts';
import { copyOf, type Flow, type Handler, type Invocation, NOTHING, UNKNOWN } from './machine.ts';
import { hasOption } from './options.ts';

type FileTool = Extract<Special, 'apply-patch' | 'dd' | 'extract' | 'find' | 'recursive-change'>;

export const FILE_TOOLS: Readonly<Record<FileTool, Handler>> = {
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
      /^-(i?name|i?path|i?wholename)$/.test(text) && expression[index + 1] ? [expression[index + 1]!.text] : [],
    );
    const found = foundBy(starts, names, invocation);

    expression.forEach(({ text, range }, index) => {
      const next = expression[index + 1];
      if (/^-f(print0?|ls|printf)$/.test(text) && next) gathering.writes(next, state.cwd);
      if (text === '-delete') {
        for (const word of found) gathering.deletes({ ...word, range }, state.cwd, 'found');
      }
      if (/^-(exec|execdir|ok|okdir)$/.test(text)) execute(expression.slice(index + 1), found, invocation);
    });
    return { kind: 'paths', patterns: found.map(({ text }) => text) };
  },

  /** `tar xzf A -C D`, `tar -czf A FILES`, `unzip A -d D`. */
  extract(invocation) {
    const { name, words, machine, state, stdin } = invocation;
    const { gathering, disk } = machine;
    const zip = !/tar/.test(name);
    const letters = zip
      ? ''
      : words
          .filter(({ text }, index) => /^-\w/.test(text) || index === 0)
          .map(({ text }) => (text.startsWith('--') ? '' : text))
          .join('');
    const has = (letter: string, long: string) => letters.includes(letter) || words.some(({ text }) => text === long);
    const after = (pattern: RegExp) => words.find((_, index) => index > 0 && pattern.test(words[index - 1]!.text));
    const archive = zip
      ? words.find(({ text }) => !text.startsWith('-') && !/^[xelt]$/.test(text))
      : (after(/^-?\w*f$|^--file$/) ??
        words.flatMap((word) => (word.text.startsWith('--file=') ? [{ ...word, text: word.text.slice(7) }] : []))[0]);
    const folder = after(zip ? /^-d$/ : /^(-C|--directory)$/);
    if (!zip && has('c', '--create')) {
      if (archive && archive.text !== '-') gathering.writes(archive, state.cwd);
      for (const word of words.slice(1))
        if (word !== archive && word !== folder && !word.text.startsWith('-')) gathering.reads(word, state.cwd, true);
      return UNKNOWN;
    }
    if (archive && archive.text !== '-') gathering.reads(archive, state.cwd);
    if (zip ? words.some(({ text }) => /^(-l|-t|-p|l|t)$/.test(text)) : !has('x', '--extract')) return UNKNOWN;
    const place = gathering.writes(folder ?? { text: '.', range: invocation.range, raw: '.' }, state.cwd, 'unpacks into');
    const path = archive && gathering.paths.absolute(archive.text, state.cwd);
    if (!zip && has('P', '--absolute-names'))
      gathering.effect('unresolved', 'watch', 'unpacks to wherever the archive says', invocation.range);
    const flow = archive && archive.text !== '-' ? path && disk.files.get(path) : stdin;
    if (flow && flow.kind === 'download') disk.fetched.set(place.path, flow.from);
    return NOTHING;
  },

  /** patch(1) takes its text from a file or from its input; Codex's apply_patch takes it as its one word as well. */
  'apply-patch'({ name, operands, stdin, machine, state, range }) {
    const word = name === 'patch' ? undefined : operands[0];
    const text = word?.text ?? (stdin.kind === 'text' ? stdin.text : undefined);
    for (const file of name === 'patch' ? operands.slice(0, 1) : []) machine.gathering.writes(file, state.cwd, 'changes');
    const outside = machine.gathering.paths.place('.', state.cwd).where !== 'workspace';
    if (text !== undefined) judgePatch(text, state.cwd, machine.gathering, () => range);
    else if (outside) machine.gathering.writes({ text: '.', raw: '.', range }, state.cwd, 'changes');
    else machine.gathering.effect('write-workspace', 'plain', 'changes the files that a patch names', range);
    return NOTHING;
  },

  dd({ words, machine, state }) {
    for (const word of words) {
      const match = /^(if|of)=([\s\S]+)$/.exec(word.text);
      if (!match) continue;
      const file = { ...word, text: match[2]! };
      if (match[1] === 'if') machine.gathering.reads(file, state.cwd);
      else machine.gathering.writes(file, state.cwd, 'overwrites');
    }
    return UNKNOWN;
  },

  'recursive-change'({ name, options, operands, machine, state, raw }) {
    const [mode] = operands;
    // chmod(1): the set-user-ID bit makes a program run as its owner, whoever starts it.
    if (mode && /^[ugoa]*[+=][rwxXt]*s|^0*[2-7][0-7]{3}$/.test(mode.text) && name === 'chmod')
      machine.gathering.effect('privilege', 'risk', `makes programs run with their owner’s rights (${readable(raw, 40)})`, mode.range);
    if (!hasOption(options, '-R --recursive')) return NOTHING;
    for (const word of operands.slice(1)) {
      const place = machine.gathering.paths.place(word.text, state.cwd);
      if (place.kind === 'everything' || place.kind === 'system') {
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
