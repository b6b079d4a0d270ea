/** What the kernel tells of a process (proc(5)), read with bounds: another program chose most of it. */

import { readFileSync, readlinkSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Ancestor, Process } from '../../../contract/action.ts';
import { isInterpreter, scriptOf } from './script.ts';

/** A process that cannot be mistaken for a later one with the same id. */
export interface Identity {
  readonly pid: number;
  readonly parent: number;
  /** In clock ticks since the machine started. */
  readonly started: number;
  /** At most 15 bytes, and the program may have changed it. */
  readonly name: string;
}

const MAX_COMMAND_LINE_BYTES = 64 * 1024;
const MAX_PARENTS = 16;

/** Undefined where there is no such process (any more). */
export function identify(pid: number, proc: string): Identity | undefined {
  const stat = statOf(pid, proc);
  // The name stands in brackets and may hold brackets itself: the last one closes it.
  const close = stat.lastIndexOf(')');
  const fields = stat.slice(close + 2).split(' ');
  const [parent, started] = [Number(fields[1]), Number(fields[19])];
  if (close < 0 || !Number.isSafeInteger(parent) || !Number.isSafeInteger(started)) return undefined;
  return { pid, parent, started, name: stat.slice(stat.indexOf('(') + 1, close) };
}

/** Undefined where the process has ended meanwhile, or another has its id now. */
export async function describeProcess(identity: Identity, user: string, proc: string): Promise<Process | undefined> {
  const folder = join(proc, String(identity.pid));
  const [commandLine, parents] = await Promise.all([commandLineOf(folder), parentsOf(identity, proc)]);
  const [executable, cwd, now] = [link(join(folder, 'exe')), link(join(folder, 'cwd')), identify(identity.pid, proc)];
  if (executable === undefined || cwd === undefined || now?.started !== identity.started) return undefined;
  return { pid: identity.pid, executable, commandLine, user, cwd, parents };
}

function statOf(pid: number, proc: string): string {
  try {
    return readFileSync(join(proc, String(pid), 'stat'), 'utf8');
  } catch {
    return '';
  }
}

/** A program that was replaced while it runs, by an update, is still the program of that name. */
function link(path: string): string | undefined {
  try {
    return readlinkSync(path).replace(/ \(deleted\)$/, '');
  } catch {
    return undefined;
  }
}

/** By a thread: the kernel reads it from the process's own memory, which can block. */
async function commandLineOf(folder: string): Promise<readonly string[]> {
  const file = await open(join(folder, 'cmdline')).catch(() => undefined);
  if (file === undefined) return [];
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(MAX_COMMAND_LINE_BYTES), 0, MAX_COMMAND_LINE_BYTES, 0);
    const text = buffer.toString('utf8', 0, bytesRead).replace(/\0$/, '');
    return text === '' ? [] : text.split('\0');
  } catch {
    return [];
  } finally {
    await file.close();
  }
}

/** From the parent upwards, without init. A process that ends while we climb ends the chain. */
async function parentsOf({ pid, parent }: Identity, proc: string): Promise<readonly Ancestor[]> {
  const chain: Promise<Ancestor>[] = [];
  const seen = new Set([pid]);
  for (let next = parent; next > 1 && !seen.has(next) && chain.length < MAX_PARENTS; ) {
    seen.add(next);
    const identity = identify(next, proc);
    if (identity === undefined) break;
    chain.push(ancestor(identity, proc));
    next = identity.parent;
  }
  return Promise.all(chain);
}

async function ancestor({ pid, name }: Identity, proc: string): Promise<Ancestor> {
  const folder = join(proc, String(pid));
  const executable = link(join(folder, 'exe'));
  // Node and others rename their main thread; the file's name is what a person knows it by.
  if (executable === undefined || executable.startsWith('/memfd:')) return { pid, name };
  const script = isInterpreter(executable) ? scriptOf({ executable, commandLine: await commandLineOf(folder) }) : undefined;
  return { pid, name: basename(executable), executable, ...(script !== undefined && { script }) };
}
