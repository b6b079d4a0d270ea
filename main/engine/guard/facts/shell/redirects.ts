/** Redirections: where a command's bytes go to and come from. */

import type { Redirection, Word as WordNode } from 'unbash';
import type { Word } from '../gathering.ts';
import { readable } from '../holes.ts';
import { judgeSending } from '../sending.ts';
import { type Flow, fileFlow, holdingOf, type Machine, NOTHING, type ShellState, together } from './machine.ts';
import { expandQuoted, expandText, type WordWorld } from './words.ts';

export interface RedirectContext {
  readonly state: ShellState;
  readonly stdin: Flow;
  /** The simple command's own words; absent for a compound command. */
  readonly words: readonly Word[] | undefined;
  readonly machine: Machine;
  readonly world: WordWorld;
  readonly wordsOf: (node: WordNode) => readonly Word[];
}

/** Gives what the command reads, and `out`, which puts what it prints where it goes and gives what is left for a pipe. */
export function judgeRedirects(redirects: readonly Redirection[], context: RedirectContext): { stdin: Flow; out: (printed: Flow) => Flow } {
  const { state, world, wordsOf, machine } = context;
  const { gathering, disk } = machine;
  const empties = context.words !== undefined && isEmpty(context.words);
  let stdin = context.stdin;
  const targets: string[] = [];
  let sentTo: { host: string; word: Word } | undefined;
  const isExec = context.words?.[0]?.text === 'exec' && context.words.length === 1;
  for (const node of redirects) {
    if (node.type === 'HereDoc') {
      const body = node.body.parts ? expandQuoted(node.body.parts, world) : node.body.text;
      stdin = { kind: 'text', text: node.operator === '<<-' ? body.replace(/^\t+/gm, '') : body };
      continue;
    }
    if (!node.target) continue;
    if (node.type === 'HereString') {
      stdin = { kind: 'text', text: `${expandText(node.target, world)}\n` };
      continue;
    }
    const [word] = wordsOf(node.target);
    if (!word) continue;
    if (/^[<>]&$/.test(node.operator) && /^(\d+-?|-)$/.test(word.text)) {
      const host = node.operator === '>&' ? disk.connections.get(Number.parseInt(word.text, 10)) : undefined;
      if (host !== undefined) sentTo = { host, word };
      continue;
    }
    const dial = /^\/dev\/(tcp|udp)\/([^/]+)\/(.+)$/.exec(word.text);
    if (dial) {
      const host = readable(dial[2]!);
      gathering.host(host);
      if (node.operator.includes('>')) sentTo = { host, word };
      const descriptor = node.descriptor?.type === 'FileDescriptor' ? node.descriptor.value : undefined;
      if (isExec && descriptor !== undefined) disk.connections.set(descriptor, host);
      gathering.effect('network', 'risk', `opens a raw connection to ${readable(dial[2]!)}:${readable(dial[3]!)}`, word.range);
      disk.sources.push(`what ${readable(dial[2]!)}:${readable(dial[3]!)} sends`);
      stdin = { kind: 'download', from: disk.sources.at(-1)! };
      continue;
    }
    if (node.operator === '<') {
      gathering.reads(word, state.cwd);
      const flow = fileFlow(word.text, state, machine);
      stdin = flow.kind === 'unknown' ? { ...flow, file: word.text } : flow;
      continue;
    }
    const clears = empties && !node.operator.includes('>>');
    const place = gathering.writes(word, state.cwd, clears ? 'empties' : 'writes');
    if (clears && place.where !== 'outside' && place.kind !== 'generated') {
      gathering.effect('destructive', 'watch', `empties ${place.shown}`, word.range);
    }
    // Names that a search gave: each of them is a file that there is, and what was in it is gone.
    else if (/[*?]/.test(word.text) && node.operator !== '>>' && place.where === 'workspace' && place.kind !== 'generated')
      gathering.effect('destructive', 'watch', `overwrites every file that it finds (${place.shown})`, word.range);
    if (node.descriptor?.type === 'FileDescriptor' && node.descriptor.value !== 1) continue;
    targets.push(place.path);
  }
  const out = (printed: Flow): Flow => {
    const holds = sentTo && holdingOf(printed);
    if (sentTo && holds) judgeSending({ holds, host: sentTo.host, range: sentTo.word.range }, gathering);
    for (const path of targets) disk.files.set(path, together(disk.files.get(path) ?? NOTHING, printed));
    return targets.length > 0 || sentTo ? NOTHING : printed;
  };
  return { stdin, out };
}

/** `> file`, `: > file`, `cat /dev/null > file`. */
function isEmpty(words: readonly Word[]): boolean {
  const [name, ...rest] = words.map(({ text }) => text);
  return name === undefined || name === ':' || name === 'true' || (name === 'cat' && rest.join(' ') === '/dev/null');
}
