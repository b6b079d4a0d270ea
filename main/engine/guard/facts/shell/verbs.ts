/** Programs of which nothing is known, or not this sub-command: judged by their verbs, and by what else their words give away. */

import type { Word } from '../gathering.ts';
import { gravest, isOpen, readable } from '../holes.ts';
import { hostOf, isHere } from '../hosts.ts';
import type { Said } from '../programs/program.ts';
import {
  ADDED,
  ADDING,
  ADDS,
  DELIVERED,
  DELIVERS,
  DESTROYING_CODE,
  DESTROYING_OPTIONS,
  DESTROYS,
  GONE,
  INSTALLS,
  LOOKS,
  OWN_NAMES,
  REMOVES,
  RUNS_CODE_OF_FRAMEWORKS,
} from '../programs/verbs.ts';
import { judgeSending } from '../sending.ts';
import { fileFlow, holdingOf, type Invocation } from './machine.ts';

export type Judged = Pick<Invocation, 'name' | 'words' | 'range' | 'raw' | 'stdin' | 'state' | 'machine'>;

/** More words than that are arguments. */
const MOST_VERBS = 3;
const LONGEST = 4_096;
const REHEARSES =
  /^(-h|--help|--version|--?(dry-?run|dryrun|just-print|simulate|whatif|what-if|noop|no-act|pretend|check|plan|preview|list)(=(?!false|none).*)?)$/;
const HOST_OPTION = /^-?-(h|host|hostname|server|broker|brokers|bootstrap-server|endpoint|url|remote|target|to|uri|addr|address)$/;

/** `stranger` has no row at all. */
export function judgeVerbs(given: Judged, stranger: boolean): void {
  const { name, words } = given;
  if (words.some(({ text }) => REHEARSES.test(text.slice(0, LONGEST)))) return;
  judgeCode(given);
  judgeData(given, stranger);
  if (OWN_NAMES.has(name.replace(/\d+$/, ''))) return;
  const own = stranger ? piecesOf(name.replace(/\.\w{1,3}$/, '')) : [];
  if (own.length > 1 && words.length > 0 && !words.some(({ text }) => LOOKS.has(text))) {
    if (own.some((one) => DELIVERS.has(one))) tell(DELIVERED, given);
    else if (own.some((one) => DESTROYS.has(one))) tell(GONE, given);
  }
  const verbs = words.filter(({ text }) => isVerb(text)).slice(0, MOST_VERBS);
  for (const [index, { text }] of verbs.entries()) {
    const [first, ...more] = piecesOf(text);
    if (first === undefined) continue;
    const ends = [text.toLowerCase(), first, more.at(-1) ?? first];
    if (ends.some((one) => DESTROYS.has(one) || (stranger && REMOVES.has(one)))) {
      tell(GONE, given);
      return;
    }
    if (DELIVERS.has(text) || DELIVERS.has(first)) {
      tell(DELIVERED, given);
      return;
    }
    const [before, after] = [verbs[index - 1]?.text ?? '', verbs[index + 1]?.text ?? ''];
    if (
      (ADDS.test(text) && (ADDED.test(before) || ADDED.test(after))) ||
      (more.length > 0 && ADDED.test(first) && ADDS.test(more.at(-1)!))
    ) {
      tell(ADDING, given);
      return;
    }
    if (stranger && INSTALLS.has(text) && words.filter((word) => !word.text.startsWith('-')).length > 1) {
      tell(ADDING, given);
      return;
    }
    if (LOOKS.has(first)) return;
  }
  if (words.some(({ text }) => DESTROYING_OPTIONS.test(text.slice(0, LONGEST)))) tell(GONE, given);
}

/** Code of a framework, given as a word, that empties what is kept. */
export function judgeCode(given: Judged): void {
  if (!RUNS_CODE_OF_FRAMEWORKS.test(given.name) || given.words.some(({ text }) => text.includes(':memory:'))) return;
  if (given.words.some(({ text }) => DESTROYING_CODE.test(text.slice(0, LONGEST)))) tell(GONE, given);
}

/** Files and input that a program is given, and whether they leave with it. */
export function judgeData({ name, words, range, stdin, state, machine }: Judged, stranger: boolean): void {
  const { gathering } = machine;
  const files = words.flatMap(fileIn);
  const places = files.map((file) => ({ file, place: gathering.paths.place(file.text, state.cwd) }));
  for (const { file, place } of places) if (place.kind === 'secret') gathering.reads(file, state.cwd);
  const host = words.map(({ text }, index) => hostGiven(text, words[index - 1]?.text)).find((one) => one !== undefined);
  if (host === undefined || isHere(host)) return;
  gathering.host(host);
  const holds = gravest(holdingOf(stdin), ...files.map(({ text }) => holdingOf(fileFlow(text, state, machine))));
  if (holds && /^(data|private|key|environment|secret)$/.test(holds)) judgeSending({ holds, host, range }, gathering);
  else if (stranger && (stdin.kind === 'text' || holdingOf(stdin) || files.some((file) => !isOutput(file, words))))
    gathering.effect('network', 'watch', `may send something to ${readable(host)} (${name})`, range);
  else gathering.effect('network', 'plain', `talks to ${readable(host)}`, range);
}

export function tell(told: readonly Said[], { machine, raw, range }: Pick<Judged, 'machine' | 'raw' | 'range'>): void {
  for (const { effect, risk, says } of told)
    machine.gathering.effect(
      effect,
      risk ?? 'plain',
      says.replaceAll('{command}', () => readable(raw, 60)),
      range,
    );
}

function isVerb(text: string): boolean {
  return (
    text.length < 40 && !isOpen(text) && /^[a-z][\w:.-]*$/i.test(text) && !/\.[a-z]\w{0,4}$/i.test(text.replace(/^archive\.install$/, ''))
  );
}

/** `deleteTopic`, `delete-topic`, `topic:delete`: the words in a word. */
function piecesOf(text: string): string[] {
  return text
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split(/[-_:.]/)
    .filter(Boolean);
}

/** `.env`, `--file=.env`, `@.env`, `x=@~/.ssh/id_rsa`. */
function fileIn(word: Word): Word[] {
  const text = word.text
    .replace(/^--?[\w-]+=/, '')
    .replace(/^[\w.-]*=?[@<](?=[./~\w])/, '')
    .replace(/^file:\/\//, '');
  if (text === '' || text.startsWith('-') || isOpen(text) || /^[a-z][\w+.-]*:\/\//i.test(text) || text.length > LONGEST) return [];
  return /^[.~]?\/|^\.\w|^~|\/.*\.\w+$|^[\w-]+\.\w{1,8}$|^id_\w+$|^[\w./-]*(credentials|kubeconfig)$/.test(text) ? [{ ...word, text }] : [];
}

function isOutput(file: Word, words: readonly Word[]): boolean {
  const at = words.findIndex(({ range }) => range === file.range);
  return (
    /^-?-(o|out|output|outfile|output-\w+|O|config|c|data-dir|dir|d)$/.test(words[at - 1]?.text ?? '') ||
    /^--(out|config)/.test(words[at]?.text ?? '')
  );
}

/** An address that cannot be taken for a file: with a scheme, of numbers, with a port, or behind an option that says so. */
function hostGiven(text: string, before: string | undefined): string | undefined {
  if (isOpen(text) || text.length > LONGEST) return undefined;
  const value = text.replace(/^--?[\w-]+=/, '');
  const sure =
    /^[a-z][a-z0-9+.-]*:\/\//i.test(value) || /^(\d{1,3}\.){3}\d{1,3}(:\d+)?$/.test(value) || /^([\w-]+\.)+[a-z]{2,}:\d{2,5}$/i.test(value);
  if (!sure && !(before !== undefined && HOST_OPTION.test(before) && /^[\w.-]+(:\d+)?$/.test(value) && /[a-z.]/i.test(value)))
    return undefined;
  if (/^(file|sqlite\d?|unix|pipe|data|about|chrome|app):/i.test(value)) return undefined;
  return hostOf(value) ?? (sure ? undefined : value.replace(/:\d+$/, '').toLowerCase());
}
