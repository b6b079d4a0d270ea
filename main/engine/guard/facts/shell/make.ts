// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the shell writes its variables so
/** make: rules that no file of the project holds, and variables that decide what the rules run. */

import type { Word } from '../gathering.ts';
import { isOpen, readable } from '../holes.ts';
import type { Special } from '../programs/program.ts';
import { copyOf, fileFlow, type Handler, type Invocation, NOTHING, UNKNOWN } from './machine.ts';

/** GNU make manual, "Implicit Variables": what they hold is run as a command. */
const RUNNING = /^(SHELL|MAKE|CC|CXX|CPP|LD|AR|AS|RM|INSTALL|LEX|YACC|PYTHON|NODE|NPM|GO|CARGO|MAKESHELL|\.SHELLFLAGS|COMSPEC)$/;
const USUAL = /^((\/usr)?\/bin\/)?[\w+.-]+( -[\w=+-]+)*$/;

export const MAKE: Readonly<Record<Extract<Special, 'make'>, Handler>> = {
  make(invocation) {
    const { words, machine, state, range } = invocation;
    const { gathering } = machine;
    for (const [index, word] of words.entries()) {
      const file = fileOf(word, words[index + 1]);
      if (file) judgeMakefile(file, invocation);
      const rule = /^--eval=?([\s\S]*)$/.exec(word.text);
      if (rule) judgeRules(rule[1] || (words[index + 1]?.text ?? ''), invocation);
      const [, name, value = ''] = /^([\w.]+)[:+?]?=([\s\S]*)$/.exec(word.text) ?? [];
      if (name && /\$\(shell\b/.test(value)) judgeRules(value, invocation);
      if (name && RUNNING.test(name) && (!USUAL.test(value) || (name === 'SHELL' && !/^((\/usr)?\/bin\/)?(ba|z|da)?sh$/.test(value)))) {
        gathering.effect('unresolved', 'watch', `makes make run something else (${readable(word.raw, 60)})`, word.range);
        machine.runText(value, copyOf(state), NOTHING, () => word.range);
      }
    }
    // What was downloaded just now under the name that make looks for.
    for (const name of words.some(({ text }) => /^-(f|-file|-makefile)/.test(text)) ? [] : ['GNUmakefile', 'makefile', 'Makefile']) {
      const flow = fileFlow(name, state, machine);
      if (flow.kind === 'download') gathering.effect('download-execute', 'risk', `downloads ${flow.from} and runs it`, range);
      else if (flow.kind === 'text') judgeRules(flow.text, invocation);
    }
    return UNKNOWN;
  },
};

/** `-f FILE`, `-fFILE`, `--file=FILE`. */
function fileOf({ text, range, raw }: Word, next: Word | undefined): Word | undefined {
  if (/^(-f|--(make)?file)$/.test(text)) return next;
  const joined = /^(?:-f|--(?:make)?file=)(.+)$/s.exec(text)?.[1];
  return joined === undefined ? undefined : { text: joined, range, raw };
}

function judgeMakefile(file: Word, invocation: Invocation): void {
  const { machine, state, stdin, raw } = invocation;
  const { gathering } = machine;
  const isStdin = /^(-|\/dev\/(stdin|fd\/\d+))$/.test(file.text);
  const flow = file.text === '-' || file.text === '/dev/stdin' ? stdin : fileFlow(file.text, state, machine);
  const place = gathering.paths.place(file.text, state.cwd);
  if (flow.kind === 'download') gathering.effect('download-execute', 'risk', `downloads ${flow.from} and runs it`, file.range);
  else if (flow.kind === 'text') judgeRules(flow.text, invocation);
  if (isStdin || isOpen(file.text))
    gathering.effect('unresolved', 'watch', `runs rules that no file holds (${readable(raw, 60)})`, file.range);
  else if (place.where !== 'workspace') {
    gathering.reads(file, state.cwd);
    if (flow.kind !== 'text')
      gathering.effect('unresolved', 'watch', `runs the rules in ${place.shown}, which are not this project’s`, file.range);
  }
}

/** Recipes are lines behind a tab or a semicolon; `$(shell …)` runs while the rules are read. */
function judgeRules(text: string, { machine, state, range, raw }: Invocation): void {
  for (const match of text.matchAll(/\$\(shell\s+([^()]*)\)/g)) machine.runText(match[1]!, copyOf(state), NOTHING, () => range);
  const recipes = text
    .split('\n')
    .flatMap((line) => /^\t[@+-]*(.+)$/.exec(line)?.[1] ?? /^[^\s:=#]+:[^=;]*;\s*[@+-]*(.+)$/.exec(line)?.[1] ?? []);
  // `$(X)` is make's variable, `$$` the shell's dollar.
  for (const recipe of recipes.slice(0, 200))
    machine.runText(recipe.replaceAll('$$', '$').replaceAll(/\$[({](\w+)[)}]/g, '${$1}'), copyOf(state), NOTHING, () => range, raw);
}
