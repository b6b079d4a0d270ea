/** What the parts of the shell reader share: its state, what flows between programs, and the machine that runs both. */

import type { Function as FunctionNode } from 'unbash';
import type { Gathering, Range, Word } from '../gathering.ts';
import { DOWNLOADED, gravest, HOLE, type Holding, holdingIn, holeOf } from '../holes.ts';

/** What a program reads or prints, as far as it can be told. */
export type Flow =
  | { readonly kind: 'nothing' }
  /** Known text, perhaps with holes. */
  | { readonly kind: 'text'; readonly text: string }
  /** Bytes that come from another machine. */
  | { readonly kind: 'download'; readonly from: string; readonly holds?: Holding | undefined }
  /** Names of files that match these patterns. */
  | { readonly kind: 'paths'; readonly patterns: readonly string[] }
  /** `holds` is the gravest local data in it. */
  | { readonly kind: 'unknown'; readonly holds?: Holding | undefined; readonly file?: string | undefined };

export const NOTHING: Flow = { kind: 'nothing' };
export const UNKNOWN: Flow = { kind: 'unknown' };

/** Where in `Facts.text` a stretch of parsed text lies. */
export type Region = (start: number, end: number) => Range;

export interface ShellFunction {
  readonly body: FunctionNode['body'];
  readonly source: Source;
}

export interface Source {
  readonly text: string;
  readonly region: Region;
}

export interface ShellState {
  /** Undefined where it cannot be told. */
  cwd: string | undefined;
  readonly variables: Map<string, readonly string[]>;
  readonly functions: Map<string, ShellFunction>;
  readonly aliases: Map<string, string>;
  /** $1, $2 … */
  parameters: readonly string[];
}

/** Something that a command line has put on disk, by path: shared by all its subshells. */
export interface Disk {
  readonly files: Map<string, Flow>;
  /** Folders filled from another machine: path to source. */
  readonly fetched: Map<string, string>;
  /** Everything downloaded, in order. */
  readonly sources: string[];
  /** Names of git's remotes that this command line has given, and where they lead. */
  readonly remotes: Map<string, string>;
  /** What came out of decoders: whoever runs that did not want it to be read. */
  readonly hidden: Set<string>;
  /** Something has looked for Holdpoint’s own process: whatever is ended behind that may be it. */
  seeksGuard?: boolean;
  /** The last command that printed keys of the environment. */
  shown?: Range;
  /** Where a descriptor that stays open leads to: `exec 3<>/dev/tcp/…`. */
  readonly connections: Map<number, string>;
}

/** Text of another shell, with what is around it. */
export interface OtherText {
  readonly text: string;
  readonly state: ShellState;
  readonly stdin: Flow;
  readonly region: Region;
  readonly machine: Machine;
  readonly shown: string;
  /** Of cmd.exe: the text is a file's, `!x!` is a variable. */
  readonly batch?: boolean;
  readonly delayed?: boolean;
}

/** A program that a shell of Windows starts. */
export interface OtherStart {
  readonly state: ShellState;
  readonly stdin: Flow;
  readonly range: Range;
  readonly machine: Machine;
}

/** The other shells and the programs that only they know. Each shell starts the others, so none of them names another. */
export interface Others {
  powershell(given: OtherText): Flow;
  cmd(given: OtherText): Flow;
  /** Whether it is one of Windows' own programs, by its lower-case name. */
  knows(name: string): boolean;
  program(words: readonly Word[], start: OtherStart): Flow;
}

export interface Machine {
  readonly others: Others;
  readonly gathering: Gathering;
  readonly disk: Disk;
  /** Reads text as shell commands; `region` is where that text lies, `shown` how it was written. */
  runText(text: string, state: ShellState, stdin: Flow, region: Region, shown?: string): Flow;
  /** Reads text of another shell within the same bounds: what is too long or too deep is told, and what is open becomes `unset` first. */
  readOther(given: string, unset: string, region: Region, shown: string, read: (text: string, region: Region) => Flow): Flow;
  /** Counts a step, and says so where there were too many. */
  spent(range: Range): boolean;
  /** Runs words as one command. */
  runWords(words: readonly Word[], state: ShellState, stdin: Flow, range: Range): Flow;
  /** The same machine with its effects kept apart, for what happens elsewhere. */
  apart(gathering: Gathering): Machine;
}

/** A handler of a program's special meaning: what it prints, or nothing to say about that. */
export type Handler = (invocation: Invocation) => Flow | undefined;

export interface Option {
  readonly name: string;
  readonly word: Word;
  readonly value?: Word;
}

/** One simple command, with its place. */
export interface Invocation {
  readonly name: string;
  /** All words after the name. */
  readonly words: readonly Word[];
  readonly options: readonly Option[];
  readonly operands: readonly Word[];
  /** The whole simple command. */
  readonly range: Range;
  readonly raw: string;
  readonly stdin: Flow;
  readonly state: ShellState;
  readonly machine: Machine;
}

/** What a file holds: what this command line has put there, else what its place tells. */
export function fileFlow(word: string, state: ShellState, { gathering, disk }: Machine): Flow {
  const place = gathering.paths.place(word, state.cwd);
  const known = place.path === '' ? undefined : disk.files.get(place.path);
  return known ?? { kind: 'unknown', holds: gravest(place.holds, holdingIn(word)) };
}

export function newState(cwd: string | undefined): ShellState {
  return { cwd, variables: new Map(), functions: new Map(), aliases: new Map(), parameters: [] };
}

export function copyOf(state: ShellState): ShellState {
  return {
    ...state,
    variables: new Map(state.variables),
    functions: new Map(state.functions),
    aliases: new Map(state.aliases),
  };
}

/** After a branch that may or may not have been taken: what differs is not known any more. */
export function joinInto(state: ShellState, other: ShellState): void {
  if (state.cwd !== other.cwd) state.cwd = undefined;
  for (const name of new Set([...state.variables.keys(), ...other.variables.keys()])) {
    const [one, two] = [state.variables.get(name), other.variables.get(name)];
    if (one?.join(HOLE) !== two?.join(HOLE)) state.variables.set(name, [HOLE]);
  }
  for (const [name, body] of other.functions) state.functions.set(name, body);
  for (const [name, text] of other.aliases) state.aliases.set(name, text);
}

/** UTF-16 units of text that are followed from one program to the next. */
const LONGEST_FLOW = 128 * 1024;

/** What two programs print one after the other. */
export function together(first: Flow, second: Flow): Flow {
  if (first.kind === 'nothing') return second;
  if (second.kind === 'nothing') return first;
  const holds = gravest(holdingOf(first), holdingOf(second));
  if (first.kind === 'download') return { ...first, holds };
  if (second.kind === 'download') return { ...second, holds };
  if (first.kind === 'text' && second.kind === 'text')
    return first.text.length + second.text.length > LONGEST_FLOW
      ? { kind: 'unknown', holds }
      : { kind: 'text', text: first.text + second.text };
  if (first.kind === 'paths' && second.kind === 'paths') return { kind: 'paths', patterns: [...first.patterns, ...second.patterns] };
  return { kind: 'unknown', holds };
}

/** The gravest local data in what flows. */
export function holdingOf(flow: Flow): Holding | undefined {
  if (flow.kind === 'text') return holdingIn(flow.text);
  return flow.kind === 'unknown' || flow.kind === 'download' ? flow.holds : undefined;
}

/** Something made of it that cannot be told: sorted, packed, encrypted. */
export function madeOf(...flows: readonly Flow[]): Flow {
  const download = flows.find((flow) => flow.kind === 'download');
  const holds = gravest(...flows.map(holdingOf));
  return download ? { ...download, holds } : { kind: 'unknown', holds };
}

/** As a command substitution sees it. */
export function textOf(flow: Flow): string {
  switch (flow.kind) {
    case 'nothing':
      return '';
    case 'text':
      return flow.text.replace(/\n+$/, '');
    case 'paths':
      return flow.patterns.join('\n') || HOLE;
    case 'download':
      return flow.holds ? DOWNLOADED + holeOf(flow.holds) : DOWNLOADED;
    case 'unknown':
      return holeOf(flow.holds);
  }
}
