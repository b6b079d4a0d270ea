/** What commands of PowerShell and cmd.exe do with files and addresses, whatever they are called there. */

import type { Range, Word } from '../gathering.ts';
import { gravest, HOLE, type Holding, holdingIn, isOpen, readable } from '../holes.ts';
import { hostOf } from '../hosts.ts';
import { judgeSending } from '../sending.ts';
import { runFile } from '../shell/files.ts';
import { judgeHost } from '../shell/hosts.ts';
import { type Flow, fileFlow, holdingOf, type Machine, NOTHING, type ShellState, together } from '../shell/machine.ts';
import { shareHost } from './foreign.ts';

export interface Circumstance {
  readonly machine: Machine;
  readonly state: ShellState;
  readonly range: Range;
}

/** What the files hold. `whole` is said of everything below them. */
export function readFiles(files: readonly Word[], { machine, state }: Circumstance, whole = false): Flow {
  return files.reduce<Flow>((flow, file) => {
    const place = machine.gathering.reads(file, state.cwd, whole);
    if (place.kind === 'nothing') return together(flow, { kind: 'text', text: '' });
    toShare(file, undefined, machine);
    return together(flow, fileFlow(file.text, state, machine));
  }, NOTHING);
}

/** Puts what flows into the files. `clears` where what was there is gone and nothing is written instead. */
export function writeFiles(files: readonly Word[], flow: Flow, { machine, state }: Circumstance, verb = 'writes', clears = false): void {
  for (const file of files) {
    if (toShare(file, { flow }, machine)) continue;
    const place = machine.gathering.writes(file, state.cwd, clears ? 'empties' : verb);
    if (clears && !/^(generated|scratch|nothing|device)$/.test(place.kind))
      machine.gathering.effect('destructive', 'watch', `empties ${place.shown}`, file.range);
    if (place.kind === 'nothing') continue;
    const earlier = /^(adds|appends)/.test(verb) ? (machine.disk.files.get(place.path) ?? NOTHING) : NOTHING;
    machine.disk.files.set(place.path, together(earlier, flow));
  }
}

export function deleteFiles(files: readonly Word[], { machine, state }: Circumstance, how?: 'whole' | 'found'): void {
  for (const file of files) {
    const place = machine.gathering.deletes(file, state.cwd, how);
    machine.disk.files.delete(place.path);
  }
}

/** Copies or moves; the last of them is where they go. What lands on a share has left the machine. */
export function copyFiles(from: readonly Word[], to: Word | undefined, given: Circumstance, how: 'copy' | 'move', whole = false): void {
  const { machine, state } = given;
  const { gathering } = machine;
  for (const file of from) {
    if (how === 'copy') gathering.reads(file, state.cwd, whole);
    else {
      const place = gathering.writes(file, state.cwd, 'moves away');
      if (/^(everything|system|workspace-whole)$/.test(place.kind))
        gathering.effect('destructive', 'risk', `moves ${place.shown} away`, file.range);
    }
    toShare(file, undefined, machine);
  }
  if (!to) return;
  const flow = from.reduce<Flow>((all, file) => together(all, fileFlow(file.text, state, machine)), NOTHING);
  if (toShare(to, { flow, files: from }, machine)) return;
  const target = gathering.writes(to, state.cwd);
  if (target.kind === 'nothing') return;
  machine.disk.files.set(target.path, flow);
  for (const file of from) {
    const name = /[^\\/]+$/.exec(file.text)?.[0];
    if (name) machine.disk.files.set(gathering.paths.place(`${to.text}/${name}`, state.cwd).path, fileFlow(file.text, state, machine));
  }
}

/** A file on another machine: reading it fetches, writing it sends. Says whether it is one. */
function toShare(word: Word, sent: { readonly flow: Flow; readonly files?: readonly Word[] } | undefined, { gathering }: Machine): boolean {
  const host = shareHost(word.text);
  if (host === undefined || /^(localhost|127\.0\.0\.1|wsl\$|wsl\.localhost|\?|\.)$/.test(host)) return false;
  gathering.host(host);
  if (!sent) {
    gathering.effect('network', 'plain', `fetches files from ${readable(host)}`, word.range);
    return false;
  }
  const holds = holdingOf(sent.flow);
  const what = sent.files?.[0] && readable(sent.files[0].raw, 40);
  if (sent.flow.kind === 'nothing' && !sent.files) gathering.effect('network', 'watch', `sends data to ${readable(host)}`, word.range);
  else judgeSending({ holds, host: readable(host), what, range: word.range }, gathering);
  // A share is nobody's web site: whole files go there as they are.
  if (sent.files) gathering.effect('exfiltrate', 'watch', `copies files to ${readable(host)}${what ? ` (${what})` : ''}`, word.range);
  return true;
}

/** Fetches an address: what it sends is a download. */
export function fetchAddress(address: Word, { machine, state }: Circumstance): Flow {
  const bare = isOpen(address.text) || /^[a-z][\w+.-]*:/i.test(address.text) ? address : { ...address, text: `http://${address.text}` };
  judgeHost(bare, machine, state.cwd);
  if (/^file:/i.test(bare.text)) return { kind: 'unknown', holds: 'private' };
  return { kind: 'download', from: readable(isOpen(address.text) ? address.raw : address.text) };
}

/** Sends something along: `what` is how it was written. */
export function sendTo(address: string | undefined, holds: Holding | undefined, what: string, { machine, range }: Circumstance): void {
  const host = address === undefined ? undefined : (hostOf(address) ?? hostOf(`http://${address}`));
  judgeSending(
    { holds, host, what: holds === undefined || holds === 'workspace' ? undefined : readable(what, 40), range },
    machine.gathering,
  );
}

/** The name that a program keeps a download under where none is given. */
export function downloadName(address: string): string {
  if (isOpen(address)) return HOLE;
  return (
    address
      .replace(/[?#].*$/, '')
      .replace(/^[a-z]+:\/\//i, '')
      .split('/')
      .slice(1)
      .pop() || 'index.html'
  );
}

/** Opens or runs a file by its path. One on a share has just been fetched. */
export function openFile(file: Word, parameters: readonly Word[], stdin: Flow, { machine, state, range }: Circumstance): Flow {
  const host = shareHost(file.text);
  const address = /^(?:https?|ftp):\/\//i.test(file.text);
  if (host !== undefined || address) {
    machine.gathering.effect('download-execute', 'risk', `runs ${readable(file.text)}, which is on another machine`, file.range);
    machine.gathering.host(host ?? hostOf(file.text) ?? '');
    return NOTHING;
  }
  return runFile(file, parameters, { state, stdin, machine, range });
}

export function heaviest(words: readonly Word[], ...flows: readonly Flow[]): Holding | undefined {
  return gravest(...words.map(({ text }) => holdingIn(text)), ...flows.map(holdingOf));
}
