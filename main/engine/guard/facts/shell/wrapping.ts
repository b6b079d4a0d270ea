/** Programs that run another one in a way of their own: env, parallel, flock, terminals, timers. */

import type { Word } from '../gathering.ts';
import { HOLE, isOpen, readable } from '../holes.ts';
import type { Special } from '../programs/program.ts';
import { copyOf, type Flow, type Handler, NOTHING, UNKNOWN } from './machine.ts';
import { findOption, hasOption, valuesOf } from './options.ts';
import { regionOf } from './regions.ts';
import { judgeAssignment, judgeUnset } from './variables.ts';

type Wrapping = Extract<Special, 'at' | 'env' | 'environment' | 'expect' | 'flock' | 'parallel' | 'systemd-run' | 'terminal' | 'texts'>;

const AGENTS = /^(claude|codex|gemini|opencode|cursor-agent|copilot|aider|goose|amp|crush|qwen)$/;
const SECRET_WORDS = /key|secret|token|pass|cred|auth|pwd|aws|azure|gcp|private|\bpat\b/i;
const MOST_VALUES = 50;

export const WRAPPING: Readonly<Record<Wrapping, Handler>> = {
  /** `env [-i] [-u NAME] [-S TEXT] [NAME=VALUE …] [CMD …]`; alone it prints every variable. */
  env(invocation) {
    const { options, operands, machine, state, stdin, range } = invocation;
    const inner = copyOf(state);
    for (const { text, range: where } of valuesOf(options, '-u --unset')) judgeUnset(text, where, machine);
    const bare = hasOption(options, '-i --ignore-environment -') || operands[0]?.text === '-';
    let rest = operands[0]?.text === '-' ? operands.slice(1) : operands;
    while (rest[0]) {
      const assignment = judgeAssignment(rest[0], inner, machine);
      if (!assignment) break;
      inner.variables.set(assignment.name, [assignment.value]);
      rest = rest.slice(1);
    }
    const split = valuesOf(options, '-S --split-string').at(-1);
    const before = machine.gathering.facts();
    let printed: Flow = UNKNOWN;
    if (split) printed = machine.runText([split.text, ...rest.map(quoted)].join(' '), inner, stdin, regionOf(split), split.raw);
    else if (rest.length > 0) printed = machine.runWords(rest, inner, stdin, { start: rest[0]!.range.start, end: range.end });
    else return bare ? UNKNOWN : { kind: 'unknown', holds: 'environment' };
    if (bare) {
      const after = machine.gathering.facts();
      const talks = after.effects.some(({ effect }, index) => index >= before.effects.length && effect === 'network');
      if (talks || after.programs.slice(before.programs.length).some((name) => AGENTS.test(name)))
        judgeUnset('HTTPS_PROXY', range, machine);
    }
    return printed;
  },

  /** printenv: of one variable, or of all. */
  environment({ operands, machine, range }) {
    if (operands.length === 0) return { kind: 'unknown', holds: 'environment' };
    const secret = operands.find(({ text }) => SECRET_WORDS.test(text));
    if (secret) machine.gathering.effect('credential-access', 'risk', `shows a password or key (${readable(secret.text)})`, range);
    return { kind: 'unknown', holds: secret ? 'secret' : 'variable' };
  },

  flock(invocation) {
    const { operands, options, machine, state, stdin, range } = invocation;
    const [, ...rest] = operands;
    const given = findOption(options, '-c --command');
    const [first] = rest;
    if (!first) return UNKNOWN;
    if (given || /^(-c|--command)$/.test(first.text)) {
      const text = given ? first : rest[1];
      return text ? machine.runText(text.text, copyOf(state), stdin, regionOf(text), text.raw) : UNKNOWN;
    }
    return machine.runWords(rest, copyOf(state), stdin, { start: first.range.start, end: range.end });
  },

  /** GNU parallel: `parallel CMD {} ::: A B`, and from its input without `:::`. */
  parallel({ operands, stdin, machine, state, range }) {
    const at = operands.findIndex(({ text }) => /^:::+\+?$/.test(text));
    const command = at < 0 ? operands : operands.slice(0, at);
    const files = at >= 0 && /^::::/.test(operands[at]!.text);
    const given =
      at < 0 || files
        ? fed(stdin)
        : operands
            .slice(at + 1)
            .filter(({ text }) => !/^:::+\+?$/.test(text))
            .map(({ text }) => text);
    const text = command.map((word) => (command.length === 1 ? word.text : word.text)).join(' ');
    const region = command.length === 1 ? regionOf(command[0]!) : () => range;
    for (const value of given.slice(0, MOST_VALUES)) {
      const line = text.includes('{') ? text.replaceAll(/\{[./]*\d*\}/g, () => value) : `${text} ${value}`;
      machine.runText(line, copyOf(state), NOTHING, text === line ? region : () => range, text);
    }
    return UNKNOWN;
  },

  /** expect(1): `spawn CMD` runs it, `system CMD` and `exec CMD` too; the rest is typing. */
  expect({ options, operands, machine, state, stdin, range }) {
    const scripts = valuesOf(options, '-c').map((word) => ({ text: word.text, range: word.range }));
    if (scripts.length === 0 && operands.length === 0 && stdin.kind === 'text') scripts.push({ text: stdin.text, range });
    for (const script of scripts) {
      for (const line of script.text.split(/[\n;]/)) {
        const command = /^\s*(?:spawn(?:\s+-noecho)?|system|exec)\s+(.+)$/.exec(line)?.[1];
        const typed = /^\s*send\s+(?:--\s+)?"(.*?)(?:\\[rn])*"$/.exec(line)?.[1];
        if (command ?? typed) machine.runText((command ?? typed)!, copyOf(state), NOTHING, () => script.range);
      }
    }
    machine.gathering.effect('runs-code', 'plain', 'runs an expect script', range);
    return UNKNOWN;
  },

  /** A command that the system runs: now, or whenever a timer says. */
  'systemd-run'({ options, operands, machine, state, stdin, range, raw }) {
    if (options.some(({ name }) => name.startsWith('--on-') || name === '--timer-property'))
      machine.gathering.effect('persistence', 'risk', `makes something run by itself later (${readable(raw, 60)})`, range);
    return machine.runWords(operands, copyOf(state), stdin, range);
  },

  /** Each operand is a command of its own. */
  texts({ operands, machine, state }) {
    for (const word of operands) machine.runText(word.text, copyOf(state), NOTHING, regionOf(word), word.raw);
    return UNKNOWN;
  },

  at(invocation) {
    const { options, stdin, machine, state, range } = invocation;
    const file = valuesOf(options, '-f').at(-1);
    if (file) machine.gathering.reads(file, state.cwd);
    else if (stdin.kind === 'text') machine.runText(stdin.text, copyOf(state), NOTHING, () => range);
    return NOTHING;
  },

  /** tmux and screen: the commands that they are given to start with; what is typed into a window is read as well. */
  terminal(invocation) {
    const { name, words, options, operands, machine, state, range, raw } = invocation;
    const verb = name === 'tmux' ? operands[0]?.text : undefined;
    if (name === 'tmux' && (verb === undefined || QUIET_TMUX.test(verb))) return UNKNOWN;
    if (
      name === 'screen' &&
      words.every(({ text }) => /^-(ls|list|r|d|x|wipe|D|R|S|v)\b/.test(text) || /^[\w.-]+$/.test(text)) &&
      !hasOption(options, '-m -X')
    )
      return UNKNOWN;
    const typed = name === 'tmux' ? typedInto(words) : operands;
    if (typed.length === 0) return UNKNOWN;
    if (typed.some(({ text }) => isOpen(text))) {
      machine.gathering.effect('unresolved', 'watch', `runs what a terminal of its own is given (${readable(raw, 60)})`, range);
      return UNKNOWN;
    }
    const [only] = typed;
    machine.runText(
      typed.map(({ text }) => text).join(' '),
      copyOf(state),
      NOTHING,
      typed.length === 1 && only ? regionOf(only) : () => range,
    );
    return UNKNOWN;
  },
};

const QUIET_TMUX =
  /^(ls|list-\w+|lsw?|lsp|has(-session)?|kill-\w+|attach(-session)?|a|at|detach(-client)?|capture-pane|capturep|show-\w+|display(-message)?|select-\w+|rename-\w+|resize-\w+|info|source(-file)?|set(-option)?|setw|wait(-for)?|switch(-client)?|-V)$/;
const TMUX_KEYS = /^(Enter|C-[a-z]|M-[a-z]|Escape|Tab|Space|Up|Down|Left|Right|BSpace|C-m)$/i;

/** What follows tmux's verb and its options: a command, or keys. */
function typedInto(words: readonly Word[]): Word[] {
  const start = words.findIndex(({ text }) =>
    /^(new(-session|-window)?|neww|splitw?|split-window|respawn-\w+|send(-keys)?|run(-shell)?|pipe-pane|if(-shell)?|display-popup|popup)$/.test(
      text,
    ),
  );
  if (start < 0) return [];
  const typed: Word[] = [];
  for (let at = start + 1; at < words.length; at += 1) {
    const word = words[at]!;
    if (/^-[censtFxyhlpTwX]$/.test(word.text)) at += 1;
    else if (!word.text.startsWith('-') && !TMUX_KEYS.test(word.text)) typed.push(word);
  }
  return typed;
}

function fed(stdin: Flow): string[] {
  if (stdin.kind === 'paths') return [...stdin.patterns];
  if (stdin.kind === 'text') return stdin.text.split('\n').filter((line) => line !== '');
  return [HOLE];
}

function quoted({ text }: Word): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
