/** Addresses in commands: what fetching one is, and what goes along in it. */

import type { Word } from '../gathering.ts';
import { FILLER, fillHoles, HOLE, holdingIn, holeOf, isOpen, readable } from '../holes.ts';
import { hostOf, isHere, isMetadata } from '../hosts.ts';
import { judgeSending } from '../sending.ts';
import { fileFlow, holdingOf, type Machine, type ShellState } from './machine.ts';

/** A URL that is fetched. One that cannot be told is still a request. */
export function judgeHost(word: Word, machine: Machine, cwd: string | undefined): void {
  const { gathering } = machine;
  const file = /^file:\/\/(?:localhost)?(\/.*)$/i.exec(word.text);
  if (file) {
    gathering.reads({ ...word, text: file[1]! }, cwd);
    return;
  }
  const host = hostOf(word.text);
  if (host) gathering.host(host);
  const { text, raw, range } = word;
  const shown = isOpen(text) ? readable(raw) : readable(text);
  machine.disk.sources.push(readable(fillHoles(text, FILLER)));
  if (host && isMetadata(host)) {
    gathering.effect('credential-access', 'risk', `asks this machine’s cloud for its keys (${shown})`, range);
    gathering.effect('network', 'watch', `asks this machine’s cloud for its keys (${shown})`, range);
    return;
  }
  // What is put into the address leaves the machine as well. Of a variable only its own value does, which somebody chose.
  const holds = holdingIn(text);
  const grave = holds !== undefined && !/^(variable|workspace)$/.test(holds) && !(holds === 'key' && isAtHome(raw, host));
  if (grave) judgeSending({ holds, host, what: shown, range }, gathering);
  const unclear = text.includes(HOLE) || text.includes(holeOf('workspace')) || (isOpen(text) && host === undefined);
  if (unclear && !(host && isHere(host)))
    gathering.effect('network', 'watch', `sends what can’t be told before it runs, in an address: ${shown}`, range);
  else gathering.effect('network', 'plain', `fetches ${shown}`, range);
}

/** `$GITHUB_TOKEN` to api.github.com: the key goes where it is from. Told by the names of both. */
export function isAtHome(raw: string, host: string | undefined): boolean {
  const owner = host?.split('.').at(-2);
  if (!owner || !host) return false;
  const names = [...raw.matchAll(/\$\{?([A-Za-z]+)_\w+/g)].map(([, name]) => name!.toLowerCase());
  return names.length > 0 && names.every((name) => (HOMES[name] ?? [name]).includes(owner));
}

const HOMES: Readonly<Record<string, readonly string[]>> = {
  gh: ['github'],
  npm: ['npmjs'],
  node: ['npmjs'],
  cf: ['cloudflare'],
  do: ['digitalocean'],
  hf: ['huggingface'],
  gitlab: ['gitlab'],
  google: ['googleapis'],
  gemini: ['googleapis'],
  vercel: ['vercel'],
};

/** An operand of scp or rsync: here, or `host:path`. */
export function judgeRemotePath(word: Word, last: boolean, sources: readonly Word[], machine: Machine, state: ShellState): void {
  const { gathering } = machine;
  if (!isRemotePath(word.text)) {
    if (last) gathering.writes(word, state.cwd);
    else gathering.reads(word, state.cwd, true);
    return;
  }
  const host = hostOf(word.text) ?? readable(word.text.split(':')[0]!);
  gathering.host(host);
  if (last && isHere(host)) return;
  if (last) sendFiles(sources, host, word, machine, state);
  else gathering.effect('network', 'plain', `fetches files from ${host}`, word.range);
}

export function isRemotePath(text: string): boolean {
  return /^(?:[a-z][a-z0-9+.-]*:\/\/|(?:[^/\s]+@)?[^/\s:]+:)/i.test(text) && !/^file:/i.test(text);
}

/** Each of the files leaves for that host; `to` is where the command says so. */
export function sendFiles(files: readonly Word[], host: string | undefined, to: Word, machine: Machine, state: ShellState): void {
  for (const file of files) {
    const holds = holdingOf(fileFlow(file.text, state, machine));
    judgeSending({ holds, host, what: holds === 'workspace' ? undefined : readable(file.raw, 40), range: file.range }, machine.gathering);
  }
  if (files.length === 0) machine.gathering.effect('network', 'watch', `sends files to ${host ?? 'another machine'}`, to.range);
}
