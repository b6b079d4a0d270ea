/** One simple command: which program it is, and what that program's row in the tables makes of its words. */

import type { Range, Word } from '../gathering.ts';
import { FILLER, IDENTITY, isDownloaded, isOpen, readable } from '../holes.ts';
import { hostOf } from '../hosts.ts';
import { knownProgram } from '../programs/known.ts';
import type { Program, Said, When } from '../programs/program.ts';
import { PRINTS_SETTINGS } from '../programs/settings-printers.ts';
import { downloadedCode } from './downloaded-code.ts';
import { judgeEmbedded } from './embedded.ts';
import { fetchedFrom, runFile } from './files.ts';
import { copyOf, type Flow, type Invocation, type Machine, madeOf, NOTHING, type ShellState, UNKNOWN } from './machine.ts';
import { useOperands } from './operands.ts';
import { hasOption, type Parsed, parseWords, valuesOf } from './options.ts';
import { outputOf } from './output.ts';
import { judgePager, UNTOLD } from './pagers.ts';
import { regionOf, writtenAs } from './regions.ts';
import { SPECIAL } from './special.ts';
import { UNSET } from './unset.ts';
import { judgeAssignment } from './variables.ts';
import { judgeCode, judgeVerbs } from './verbs.ts';

export interface Circumstances {
  readonly state: ShellState;
  readonly stdin: Flow;
  readonly range: Range;
  readonly machine: Machine;
  readonly callFunction: (name: string, parameters: readonly string[], state: ShellState, stdin: Flow, range: Range) => Flow | undefined;
}

/** Where a name with a folder means the program that everybody knows. */
const SYSTEM_PROGRAM = /^(\/usr|\/usr\/local|\/opt\/homebrew|\/opt\/local)?\/s?bin\/[^/]+$/;
const PROJECT_PROGRAM = /(^|\/)(node_modules\/\.bin|\.venv\/bin|venv\/bin|vendor\/bin)\/[^/]+$/;

/** Agents written for Node, which takes certificates on anybody's word where it is told to. */
const TRUSTS_ANYBODY = /^(claude|codex|gemini|opencode|copilot|cursor-agent|amp|qwen)$/;
/** Build tools that a project brings along. */
const PROJECT_WRAPPER = /^(\.\.?\/)*(gradlew|mvnw)$/;

/** Takes code of a language that is not read as such here. */
const TAKES_CODE =
  /^(guile|racket|raco|ocaml|ghci?|runghc|erl|elixir|iex|sbcl|clisp|ecl|chicken-csi|csi|octave|octave-cli|gnuplot|m4|crystal|jshell|dc|bc|ed|rpm|cmake|julia|R|Rscript|scala|scala-cli|kotlin|kotlinc|swift|groovy|tclsh|wish|lua|luajit|nim|dart|v|io|janet|bb|clj|clojure|lein|maxima|gp|sage|matlab|scilab|emacs|vim|nvim|vi|ex|gnuplot|jq|j|apl|idris2|agda|coqtop|swipl|gprolog|hy|fennel|nix|nix-instantiate|dotnet-script|csi|fsi)$/;

/** Patterns look at no more of a word: some of them take the square of its length. */
const LONGEST_VERB = 4_096;

export function runCommand(words: readonly Word[], circumstances: Circumstances): Flow {
  const { state, stdin, range, machine, callFunction } = circumstances;
  const { gathering } = machine;
  const [first, ...rest] = words;
  if (!first) return NOTHING;
  const whole: Range = { start: Math.min(range.start, first.range.start), end: range.end };
  if (isDownloaded(first.text)) {
    gathering.effect('download-execute', 'risk', `downloads ${machine.disk.sources.at(-1) ?? 'something'} and runs it`, first.range);
    return UNKNOWN;
  }
  if (
    isOpen(first.text) ||
    first.text.includes(FILLER) ||
    first.text.includes(IDENTITY) ||
    (/[*?[]/.test(first.text) && !/^\[\[?$/.test(first.text))
  ) {
    // Where the text around it is open, that has been said already.
    if (!first.raw.includes(UNSET))
      gathering.effect('unresolved', 'watch', `can’t be told before it runs: ${readable(first.raw)}`, first.range);
    return UNKNOWN;
  }

  if (machine.disk.hidden.has(first.text))
    gathering.effect('unresolved', 'watch', `hides what it runs: ${readable(first.raw)}`, first.range);
  const alias = state.aliases.get(first.text);
  if (alias !== undefined) {
    const without = copyOf(state);
    without.aliases.delete(first.text);
    return machine.runText(`${alias} ${rest.map(quoted).join(' ')}`, without, stdin, () => whole);
  }
  const result = callFunction(
    first.text,
    rest.map(({ text }) => text),
    state,
    stdin,
    whole,
  );
  if (result) return result;

  // zsh takes `=rm` for the path of rm.
  const name = first.text.replace(/^.*[/\\]|^=/, '').replace(/\.exe$/i, '');
  const inFolder = first.text.includes('/');
  if (
    inFolder &&
    !SYSTEM_PROGRAM.test(first.text) &&
    !((PROJECT_PROGRAM.test(first.text) || PROJECT_WRAPPER.test(first.text)) && knownProgram(name))
  ) {
    gathering.program(name);
    return runFile(first, rest, { state, stdin, machine, range: whole });
  }
  if (
    /^(awk|gawk|mawk|grep|egrep|fgrep|rg|sed|pgrep|pidof|lsof|fuser|ss|ps)$/.test(name) &&
    rest.some(({ text }) => /holdpoint/i.test(text))
  )
    machine.disk.seeksGuard = true;
  gathering.program(name);
  const program = knownProgram(name);
  const invocation = { name, range: whole, raw: writtenAs(words), stdin, state, machine };
  if (PRINTS_SETTINGS.test([name, ...rest.map(({ text }) => text)].join(' ').slice(0, 400))) return { kind: 'text', text: '' };
  if (TRUSTS_ANYBODY.test(name) && state.variables.get('NODE_TLS_REJECT_UNAUTHORIZED')?.[0] === '0')
    gathering.effect('disable-guard', 'risk', `starts an agent that trusts whoever answers (${readable(name)})`, whole);
  if (program) return apply(program, rest, invocation);
  if (machine.others.knows(name.toLowerCase())) return machine.others.program(words, { state, stdin, range: whole, machine });
  gathering.effect('runs-code', 'plain', `runs ${readable(name)}, a program that Holdpoint does not know`, first.range);
  judgeVerbs({ ...invocation, words: rest }, true);
  judgeEmbedded({ ...invocation, words: rest });
  return madeOf(stdin);
}

type Circumstance = Omit<Invocation, 'words' | 'options' | 'operands'> & {
  /** A sub-command, whose verb is done with. */
  readonly below?: true;
};

function apply(program: Program, words: readonly Word[], given: Circumstance): Flow {
  const { machine, state } = given;
  const { gathering } = machine;
  if (words.length === 1 && /^(--version|--help|-version|-V)$/.test(words[0]!.text)) return UNKNOWN;
  if (words.length === 1 && words[0]!.text === '-v' && program.special === 'interpreter' && !/^(python|pypy)/.test(given.name))
    return UNKNOWN;
  if (!program.wraps && !program.special && !program.runs && asksForHelp(words)) return UNKNOWN;

  const parsed = parseWords(
    words,
    program,
    program.wraps ||
      program.commands ||
      /^(at|env|eval|flock|parallel|run-package|ssh|systemd-run|terminal|xargs)$/.test(program.special ?? '')
      ? 'operand'
      : 'end',
  );
  const invocation: Invocation = { ...given, words, ...parsed };
  let inner = state;
  for (const folder of valuesOf(parsed.options, program.goes)) {
    inner = copyOf(inner);
    inner.cwd = gathering.paths.absolute(folder.text, inner.cwd);
  }
  const rule = program.when?.find((when) => fits(when, invocation));
  const told = [...(program.effects ?? []), ...(rule?.effects ?? [])];
  const rehearsal = isRehearsal(program, invocation);
  for (const said of told) {
    if (!rehearsal) tell(said, invocation);
    else if (/^(network|runs-code|publish)$/.test(said.effect))
      tell({ effect: said.effect === 'publish' ? 'network' : said.effect, says: 'only says what it would do ({command})' }, invocation);
  }
  for (const word of valuesOf(parsed.options, program.reads)) gathering.reads(word, inner.cwd);
  for (const word of valuesOf(parsed.options, program.writes)) if (word.text !== '-') gathering.writes(word, inner.cwd);
  for (const word of valuesOf(parsed.options, program.runs)) machine.runText(word.text, copyOf(inner), NOTHING, regionOf(word), word.raw);
  for (const word of valuesOf(parsed.options, program.helps))
    machine.runText(`${word.text} "$${UNTOLD}"`, copyOf(inner), NOTHING, regionOf(word), word.raw);
  for (const word of valuesOf(parsed.options, program.pages)) judgePager(word, inner, machine);
  if (!rehearsal && !given.below && isVague(program, rule, told)) judgeVerbs(invocation, false);
  else judgeCode(invocation);
  if (TAKES_CODE.test(given.name)) judgeEmbedded(invocation);
  if (program.operands && !rehearsal) useOperands(program.operands, { ...invocation, state: inner });

  const printed =
    program.special && !(rehearsal && program.special === 'uploads')
      ? SPECIAL[program.special]({ ...invocation, state: inner })
      : undefined;
  if (program.wraps) return unwrap(program, parsed, { ...given, state: inner });
  if (program.commands) return descend(program, parsed, { ...given, state: inner });
  if (told.some(({ effect }) => effect === 'credential-access')) return { kind: 'unknown', holds: 'secret' };
  return printed ?? outputOf(program, invocation);
}

/** Its row says no more than that something runs or is asked, whatever the words. */
function isVague(program: Program, rule: When | undefined, told: readonly Said[]): boolean {
  if (program.special || program.wraps || program.commands || program.operands) return false;
  if (rule && (rule.word || rule.options || rule.phrase || rule.only || rule.operands)) return false;
  return told.length > 0 && told.every(({ effect, risk }) => /^(runs-code|network)$/.test(effect) && (risk ?? 'plain') === 'plain');
}

/** `timeout 5 CMD`, `env A=b CMD`: the rest is a command of its own. */
function unwrap(program: Program, parsed: Parsed, given: Circumstance): Flow {
  const { machine, state, stdin, range } = given;
  const inner = copyOf(state);
  let rest = parsed.operands.slice(program.wraps?.skip ?? 0);
  if (program.wraps?.loose) {
    const start = rest.findIndex(({ text }) => knownProgram(text.replace(/^.*\//, '')) !== undefined);
    rest = start < 0 ? [] : rest.slice(start);
  }
  if (hasOption(parsed.options, '-v -V') && given.name === 'command') return UNKNOWN;
  while (program.wraps?.assignments && rest[0]) {
    const assignment = judgeAssignment(rest[0], inner, machine);
    if (!assignment) break;
    inner.variables.set(assignment.name, [assignment.value]);
    rest = rest.slice(1);
  }
  const last = rest.at(-1);
  if (program.wraps?.text && last)
    return machine.runText(rest.map(({ text }) => text).join(' '), inner, stdin, rest.length === 1 ? regionOf(last) : () => range);
  // `exec`, `command` and `builtin` run in this very shell: what `cd` does stays.
  const keeps = /^(command|builtin|exec|noglob|nocorrect)$/.test(given.name);
  return machine.runWords(rest, keeps ? state : inner, stdin, { start: rest[0]?.range.start ?? range.start, end: range.end });
}

function descend(program: Program, parsed: Parsed, given: Circumstance): Flow {
  const [verb, ...rest] = parsed.operands;
  const commands = program.commands!;
  if (verb && isOpen(verb.text)) {
    given.machine.gathering.effect(
      'unresolved',
      'watch',
      `runs ${given.name} with what can’t be told before it runs: ${readable(verb.raw)}`,
      verb.range,
    );
    return UNKNOWN;
  }
  const key = verb?.text ?? '';
  const child = Object.hasOwn(commands, key) ? commands[key] : verb ? commands['*'] : undefined;
  if (verb && !Object.hasOwn(commands, key)) judgeVerbs({ ...given, words: [verb, ...rest] }, false);
  if (!child) return UNKNOWN;
  // Options before the verb count for it as well: `npm --global install x`. Folders and files among them are done with.
  const done = new Set([program.goes, program.reads, program.writes, program.runs, program.helps, program.pages].join(' ').split(' '));
  const early = parsed.options
    .filter((option) => !done.has(option.name))
    .flatMap((option) => (option.value && option.value.raw !== option.word.raw ? [option.word, option.value] : [option.word]));
  const inherited: Program = { ...child, values: joined(child.values, program.values), reads: joined(child.reads, program.reads) };
  return apply(inherited, child.commands || child.wraps ? rest : [...new Set(early), ...rest], { ...given, below: true });
}

function joined(...lists: readonly (string | undefined)[]): string {
  return lists.filter(Boolean).join(' ');
}

/** `--help` among what it would do otherwise. */
function asksForHelp(words: readonly Word[]): boolean {
  const end = words.findIndex(({ text }) => text === '--');
  return (end < 0 ? words : words.slice(0, end)).some(({ text }) => text === '--help');
}

function isRehearsal(program: Program, { options }: Invocation): boolean {
  return options.some(
    ({ name, value }) =>
      (/^--?(dry-?run|dry|just-print|simulate|whatif|what-if|noop|no-act|pretend)$/.test(name) &&
        !/^(none|false)$/.test(value?.text ?? '')) ||
      program.rehearses?.split(' ').includes(name),
  );
}

function fits(when: When, { options, operands, words }: Invocation): boolean {
  if (when.options && !hasOption(options, when.options)) return false;
  if (when.without && hasOption(options, when.without)) return false;
  if (
    when.phrase &&
    !when.phrase.test(
      words
        .map(({ text }) => text)
        .join(' ')
        .slice(0, LONGEST_VERB),
    )
  )
    return false;
  if (when.only && !(operands.length > 0 && operands.every(({ text }) => when.only!.test(text.slice(0, LONGEST_VERB))))) return false;
  if (when.operands && (when.operands === 'none') !== (operands.length === 0)) return false;
  return !when.word || words.some(({ text }) => when.word!.test(text.slice(0, LONGEST_VERB)));
}

function tell(said: Said, invocation: Invocation): void {
  const { operands, name, range, raw, machine, state } = invocation;
  const meant = operands.length > 1 ? operands.filter(({ text }) => !/^(HEAD|@)([~^]\d*)*$/.test(text)) : operands;
  const words = meant.map(({ text, raw: written }) => (text === '.' ? 'this folder' : readable(isOpen(text) ? written : text, 60)));
  const listed = words.length > 3 ? `${words.slice(0, 3).join(', ')} and ${words.length - 3} more` : words.join(', ');
  const host = operands.map(({ text }) => hostOf(text)).find((found) => found !== undefined);
  const says = said.says
    .replaceAll('{name}', () => name)
    .replaceAll('{command}', () => readable(raw, 60))
    .replaceAll('{1}', () => words[0] ?? 'something')
    .replaceAll('{operands}', () => listed || 'something')
    .replaceAll('{host}', () => host ?? 'another machine');
  machine.gathering.effect(said.effect, said.risk ?? 'plain', says, range);
  const from = said.effect === 'runs-code' && state.cwd !== undefined ? fetchedFrom(state.cwd, machine.disk) : undefined;
  const named = said.effect === 'runs-code' && from === undefined ? downloadedCode(invocation) : undefined;
  const source = from ?? named;
  if (source !== undefined) machine.gathering.effect('download-execute', 'risk', `downloads ${source} and runs it`, range);
}

function quoted({ text }: Word): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
