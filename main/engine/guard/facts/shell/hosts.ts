/** Hosts: which machine a word names, and what talking to it is. */

import type { Word } from '../gathering.ts';
import { FILLER, fillHoles, isOpen, readable } from '../holes.ts';
import type { Machine } from './machine.ts';

/** Of a URL, `user@host:path`, `host:port` or a bare name with a dot; lower case. */
export function hostOf(text: string): string | undefined {
  const url = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/@\s]*@)?(\[[0-9a-f:]+\]|[^/:?#\s]+)/i.exec(text);
  if (url) return named(url[1]!);
  const remote = /^(?:[\w.+-]+@)?([\w.-]+):(?!\/\/)/.exec(text);
  if (remote && !/^[a-z]$/i.test(remote[1]!)) return named(remote[1]!);
  const bare = /^(?:[\w.+-]+@)?((?:[\w-]+\.)+[a-z]{2,}|localhost|\d+\.\d+\.\d+\.\d+)(?:[:/?#]|$)/i.exec(text);
  return bare ? named(bare[1]!) : undefined;
}

function named(host: string): string | undefined {
  return isOpen(host) ? undefined : host.toLowerCase().replace(/^\[|\]$/g, '');
}

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
  const shown = isOpen(word.text) ? readable(word.raw) : readable(word.text);
  // What is put into the address leaves the machine as well.
  const open = isOpen(word.text);
  gathering.effect(
    'network',
    open ? 'watch' : 'plain',
    open ? `sends what can’t be told before it runs, in an address: ${shown}` : `fetches ${shown}`,
    word.range,
  );
  machine.disk.sources.push(readable(fillHoles(word.text, FILLER)));
}

/** An operand of scp or rsync: here, or `host:path`. */
export function judgeRemotePath(word: Word, last: boolean, machine: Machine, cwd: string | undefined): void {
  const { gathering } = machine;
  const remote = /^(?:rsync:\/\/|(?:[^/\s]+@)?[^/\s:]+:)/.test(word.text);
  if (!remote) {
    if (last) gathering.writes(word, cwd);
    else gathering.reads(word, cwd, true);
    return;
  }
  const host = hostOf(word.text) ?? readable(word.text.split(':')[0]!);
  gathering.host(host);
  if (last) gathering.effect('network', 'watch', `sends files to ${host}`, word.range);
  else gathering.effect('network', 'plain', `fetches files from ${host}`, word.range);
}
