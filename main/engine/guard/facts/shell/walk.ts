/** Walks a syntax tree in the order in which a shell would run it, and keeps the state that the commands leave. */

import {
  type CommandNode,
  forEachChild,
  parse,
  type Redirection,
  type Script,
  type Statement,
  type SyntaxNode,
  type Word as WordNode,
} from 'unbash';
import { messageOf } from '../../../../contract/errors.ts';
import type { Gathering, Range, Word } from '../gathering.ts';
import { fillHoles, HOLE, isDownloaded, isOpen, readable } from '../holes.ts';
import { either, maybe, onPipe } from './branches.ts';
import { runCommand } from './command.ts';
import {
  copyOf,
  type Disk,
  type Flow,
  holdingOf,
  type Machine,
  NOTHING,
  type Others,
  type Region,
  type ShellState,
  type Source,
  textOf,
  together,
  UNKNOWN,
} from './machine.ts';
import { judgeRedirects } from './redirects.ts';
import { UNSET } from './unset.ts';
import { judgeVariable, unknownVariable, variable } from './variables.ts';
import { expandText, expandWord, type WordWorld } from './words.ts';

/** A shell's text beyond this is not read. UTF-16 units. */
export const LONGEST_TEXT = 64 * 1024;
/** Scripts within scripts: `sh -c "sh -c …"`. */
const DEEPEST = 6;
/** Commands of one call, loops and functions counted as often as they are followed. */
const MOST_STEPS = 4_000;
const MOST_TURNS = 16;
/** Of one command with its variables filled in. */
const LONGEST_COMMAND = 1024 * 1024;
const MOST_WORDS = 1_000;

export function createMachine(gathering: Gathering, others: Others): Machine {
  const disk: Disk = { files: new Map(), fetched: new Map(), sources: [], remotes: new Map(), connections: new Map(), hidden: new Set() };
  const budget = { steps: 0, depth: 0, pipes: 0 };
  return machineOf(gathering, disk, budget, others);
}

function machineOf(gathering: Gathering, disk: Disk, budget: { steps: number; depth: number; pipes: number }, others: Others): Machine {
  const machine: Machine = {
    gathering,
    disk,
    others,
    runText,
    readOther,
    spent,
    runWords: (words, state, stdin, range) => (spent(range) ? UNKNOWN : runCommand(words, { state, stdin, range, machine, callFunction })),
    apart: (other) => machineOf(other, disk, budget, others),
  };
  return machine;

  function runText(given: string, state: ShellState, stdin: Flow, region: Region, shown = given): Flow {
    return readOther(given, UNSET, region, shown, (text, where) => script(parse(text), { text, region: where }, state, stdin));
  }

  function readOther(given: string, unset: string, region: Region, shown: string, read: (text: string, region: Region) => Flow): Flow {
    const all = region(0, given.length);
    if (budget.depth >= DEEPEST) return notRead('holds commands within commands, too deep to be read', all);
    if (given.length > LONGEST_TEXT) return notRead('is too long to be read', all);
    if (isDownloaded(given))
      gathering.effect('download-execute', 'risk', `downloads ${disk.sources.at(-1) ?? 'something'} and runs it`, all);
    else if (isOpen(given)) gathering.effect('unresolved', 'watch', `runs what can’t be told before it runs: ${readable(shown)}`, all);
    if ([...disk.hidden].some((text) => given.includes(text)))
      gathering.effect('unresolved', 'watch', `hides what it runs: ${readable(shown)}`, all);
    // The rest of the text still counts: what is not known becomes a variable that nobody has set.
    const open = isOpen(given);
    budget.depth += 1;
    try {
      return read(open ? fillHoles(given, unset) : given, open ? () => all : region);
    } catch (thrown) {
      return notRead(`can’t be read as shell commands (${readable(messageOf(thrown))})`, all);
    } finally {
      budget.depth -= 1;
    }
  }

  function notRead(says: string, range: Range): Flow {
    gathering.effect('unresolved', 'watch', says, range);
    return UNKNOWN;
  }

  function spent(range: Range): boolean {
    budget.steps += 1;
    if (budget.steps > MOST_STEPS) gathering.effect('unresolved', 'watch', 'does too much to be followed', range);
    return budget.steps > MOST_STEPS;
  }

  function script(
    node: Script & { errors?: readonly { message: string; pos: number }[] | undefined },
    source: Source,
    state: ShellState,
    stdin: Flow,
  ): Flow {
    const [error] = node.errors ?? [];
    if (error) notRead(`can’t be read as shell commands: ${error.message}`, source.region(0, source.text.length));
    return list(node.commands, source, state, stdin);
  }

  function list(statements: readonly Statement[], source: Source, state: ShellState, stdin: Flow): Flow {
    return statements.reduce<Flow>((printed, statement) => together(printed, run(statement.command, source, state, stdin)), NOTHING);
  }

  function run(node: Statement['command'], source: Source, state: ShellState, stdin: Flow): Flow {
    switch (node.type) {
      case 'AndOr':
        return node.commands.reduce<Flow>((printed, command, index) => {
          if (index === 0 || node.operators[index - 1] === '&&') return together(printed, run(command, source, state, stdin));
          return together(
            printed,
            maybe(state, (copy) => run(command, source, copy, stdin)),
          );
        }, NOTHING);
      case 'Pipeline':
        if (node.commands.length === 1) return command(node.commands[0]!, source, state, stdin);
        return node.commands.reduce<Flow>(
          (flow, stage, index) => command(stage, source, copyOf(state), index === 0 ? stdin : onPipe(flow)),
          stdin,
        );
      default:
        return command(node, source, state, stdin);
    }
  }

  function command(node: CommandNode, source: Source, state: ShellState, stdin: Flow): Flow {
    if (spent(source.region(node.pos, node.end))) return UNKNOWN;
    switch (node.type) {
      case 'Command':
        return simple(node, source, state, stdin);
      case 'Redirected': {
        const streams = redirect(node.redirects, source, state, stdin);
        return streams.out(command(node.command, source, state, streams.stdin));
      }
      case 'Subshell':
        return list(node.body.commands, source, copyOf(state), stdin);
      case 'BraceGroup':
        return list(node.body.commands, source, state, stdin);
      case 'If': {
        const branches = [node.then, ...node.elif.flatMap((elif) => [elif.clause, elif.then]), ...(node.else ? [node.else] : [])];
        const printed = list(node.clause.commands, source, state, stdin);
        return either(
          state,
          printed,
          branches.map((branch) => (copy) => list(branch.commands, source, copy, stdin)),
        );
      }
      case 'While': {
        const turn = (copy: ShellState) =>
          together(list(node.clause.commands, source, copy, stdin), list(node.body.commands, source, copy, stdin));
        return maybe(state, (copy) => together(turn(copy), turn(copy)));
      }
      case 'ArithmeticFor': {
        for (const part of [node.initialize, node.test, node.update]) if (part) visit(part, source, state);
        const turn = (copy: ShellState) => list(node.body.commands, source, copy, stdin);
        return maybe(state, (copy) => together(turn(copy), turn(copy)));
      }
      case 'For':
      case 'Select': {
        const values = node.wordlist?.flatMap((word) => expandWord(word, wordWorld(source, state, stdin))) ?? [...state.parameters];
        const turns = values.length > MOST_TURNS ? [...values.slice(0, MOST_TURNS), HOLE] : values;
        return turns.reduce<Flow>((printed, value) => {
          state.variables.set(node.name.value, [value]);
          return together(printed, list(node.body.commands, source, state, stdin));
        }, NOTHING);
      }
      case 'Case': {
        const world = wordWorld(source, state, stdin);
        expandText(node.word, world);
        for (const item of node.items) for (const pattern of item.pattern) expandText(pattern, world);
        return either(
          state,
          NOTHING,
          node.items.map((item) => (copy) => list(item.body.commands, source, copy, stdin)),
        );
      }
      case 'Function':
        state.functions.set(node.name.value, { body: node.body, source });
        return NOTHING;
      case 'Coproc':
        if (node.body.type === 'CompoundList') return list(node.body.commands, source, copyOf(state), UNKNOWN);
        return command(node.body, source, copyOf(state), UNKNOWN);
      case 'TestCommand':
        visit(node.expression, source, state);
        return NOTHING;
      case 'ArithmeticCommand':
        if (node.expression) visit(node.expression, source, state);
        return NOTHING;
    }
  }

  function simple(node: CommandNode & { type: 'Command' }, source: Source, state: ShellState, stdin: Flow): Flow {
    const range = source.region(node.pos, node.end);
    const world = wordWorld(source, state, stdin);
    const words = node.name ? wordsOf(node.name, source, world) : [];
    for (const argument of node.args) {
      if (argument.type === 'Word') words.push(...wordsOf(argument, source, world));
      else words.push({ text: `${argument.name}=${assigned(argument.value, world).join(' ')}`, ...placeOf(argument, source) });
    }
    const assignments = node.prefix.flatMap((part) => (part.type === 'Assignment' ? [part] : []));
    const before = new Map<string, readonly string[] | undefined>();
    for (const part of assignments) {
      before.set(part.name, state.variables.get(part.name));
      const value = assigned(part.value, world);
      const [first = '', ...rest] = value;
      const earlier = part.append ? (state.variables.get(part.name)?.join(' ') ?? HOLE) : '';
      state.variables.set(
        part.name,
        earlier.length + first.length > LONGEST_TEXT || value.length > MOST_WORDS ? [HOLE] : [earlier + first, ...rest],
      );
      judgeVariable({ name: part.name, value: value.join(' '), ...placeOf(part, source) }, state, machine);
    }
    if (words.reduce((length, { text }) => length + text.length, 0) > LONGEST_COMMAND)
      return notRead('is too long to be read once its variables are filled in', range);
    const streams = redirect(node.redirects, source, state, stdin, words);
    const printed = words.length === 0 ? NOTHING : runCommand(words, { state, stdin: streams.stdin, range, machine, callFunction });
    if (words.length > 0) {
      for (const [name, value] of before) {
        if (value === undefined) state.variables.delete(name);
        else state.variables.set(name, value);
      }
    }
    if (/^(environment|key)$/.test(holdingOf(printed) ?? '')) disk.shown = range;
    return streams.out(printed);
  }

  function callFunction(name: string, parameters: readonly string[], state: ShellState, stdin: Flow, range: Range): Flow | undefined {
    const known = state.functions.get(name);
    if (!known) return undefined;
    if (budget.depth >= DEEPEST) return notRead('calls functions within functions, too deep to be followed', range);
    const outer = state.parameters;
    state.parameters = parameters;
    budget.depth += 1;
    try {
      return known.body.type === 'CompoundList'
        ? list(known.body.commands, known.source, state, stdin)
        : command(known.body, known.source, state, stdin);
    } finally {
      budget.depth -= 1;
      state.parameters = outer;
    }
  }

  function redirect(redirects: readonly Redirection[], source: Source, state: ShellState, stdin: Flow, words?: readonly Word[]) {
    const world = wordWorld(source, state, stdin);
    return judgeRedirects(redirects, { state, stdin, words, machine, world, wordsOf: (node) => wordsOf(node, source, world) });
  }

  function wordsOf(node: WordNode, source: Source, world: WordWorld): Word[] {
    const place = placeOf(node, source);
    return expandWord(node, world).map((text) => ({ text, ...place }));
  }

  function assigned(value: WordNode | { type: 'ArrayValue'; elements: readonly WordNode[] }, world: WordWorld): readonly string[] {
    return value.type === 'Word' ? [expandText(value, world)] : value.elements.flatMap((element) => expandWord(element, world));
  }

  function wordWorld(source: Source, state: ShellState, stdin: Flow): WordWorld {
    return {
      variable: (name) => variable(name, state, gathering),
      unknown: unknownVariable,
      assign: (name, value) => state.variables.set(name, value),
      command: (part) => textOf(substitution(part, source, state, NOTHING)),
      process(part) {
        // What `>(…)` will be fed is the command's own output, which is not known yet.
        const feed = part.operator === '<' ? NOTHING : stdin.kind === 'nothing' ? UNKNOWN : stdin;
        const printed = substitution(part, source, state, feed);
        budget.pipes += 1;
        const path = `/dev/fd/${budget.pipes}`;
        if (part.operator === '<') disk.files.set(path, onPipe(printed));
        return path;
      },
      within: (part, text) => wordWorld({ text, region: () => source.region(part.pos, part.end) }, state, stdin),
      visit: (node) => visit(node, source, state),
    };
  }

  function substitution(
    part: { pos: number; end: number; script?: Script | undefined },
    source: Source,
    state: ShellState,
    stdin: Flow,
  ): Flow {
    if (!part.script) return UNKNOWN;
    // A script from escaped backticks counts its positions in a text of its own.
    const own = part.script.source;
    const inner = own === undefined ? source : { text: own, region: () => source.region(part.pos, part.end) };
    return script(part.script, inner, copyOf(state), stdin);
  }

  function visit(node: SyntaxNode, source: Source, state: ShellState): void {
    if (node.type === 'CommandExpansion' || node.type === 'ProcessSubstitution') void substitution(node, source, state, UNKNOWN);
    else if (node.type === 'ArithmeticCommandExpansion') void substitution(node, source, state, NOTHING);
    else {
      // Some shells run as commands what is no arithmetic.
      if (node.type === 'ArithmeticWord' && /\w\s+\S/.test(node.value))
        notRead('holds arithmetic that can’t be read', source.region(node.pos, node.end));
      forEachChild(node, (child) => visit(child, source, state));
    }
  }
}

function placeOf(node: { pos: number; end: number }, source: Source): Pick<Word, 'range' | 'raw'> {
  return { range: source.region(node.pos, node.end), raw: source.text.slice(node.pos, node.end) };
}
