/** Attribution on macOS, which shows processes only through its tools: lsof(8) and ps(1). */

import type { Ancestor, Process } from '../../../contract/action.ts';
import type { runCommand } from './command.ts';
import type { Endpoints } from './endpoints.ts';
import { isInterpreter, scriptOf } from './script.ts';

const LSOF = '/usr/sbin/lsof';
const PS = '/bin/ps';
const MAX_PARENTS = 16;

/** One process as `ps -o pid=,ppid=,user=,comm=` tells it. */
export interface Listed {
  readonly pid: number;
  readonly parent: number;
  readonly user: string;
  readonly executable: string;
}

/** A process of another user is only found where we are root. */
export function createMacLookup(run: typeof runCommand) {
  return async (endpoints: Endpoints, patience: AbortSignal): Promise<Process | undefined> => {
    const sockets = await run(LSOF, ['-nP', '-w', `-iTCP:${endpoints.clientPort}`, '-sTCP:ESTABLISHED', '-F', 'pn'], patience);
    const pid = holderIn(sockets, endpoints);
    if (pid === undefined) return undefined;
    const [list, words, folder] = await Promise.all([
      run(PS, ['-axww', '-o', 'pid=,ppid=,user=,comm='], patience),
      run(PS, ['-axww', '-o', 'pid=,args='], patience),
      run(LSOF, ['-nP', '-w', '-a', '-p', String(pid), '-d', 'cwd', '-F', 'fn'], patience),
    ]);
    const processes = processesIn(list);
    const { executable, user } = processes.get(pid) ?? {};
    if (executable === undefined || user === undefined) return undefined;
    const commandLines = commandLinesIn(words);
    const cwd = cwdIn(folder);
    return {
      pid,
      executable,
      commandLine: wordsOf(executable, commandLines.get(pid)),
      user,
      ...(cwd !== undefined && { cwd }),
      parents: parentsOf(pid, processes, commandLines),
    };
  };
}

/**
 * The process that has the client's end, from `lsof -F pn`: a line `p` and its id, then for each file a line `n` with its name, which for a
 * TCP connection is `local->remote` (lsof(8), "OUTPUT FOR OTHER PROGRAMS" and NAME). Of several, because one forked after connecting, the
 * one with the highest id. A redirected connection's other end is not ours: then the client's own address must do, where only one process
 * has it.
 */
export function holderIn(output: string, { clientAddress, clientPort, proxyAddress, proxyPort }: Endpoints): number | undefined {
  const client = endpoint(clientAddress, clientPort);
  const proxy = endpoint(proxyAddress, proxyPort);
  const direct = new Set<number>();
  const redirected = new Set<number>();
  let pid = 0;
  for (const line of output.split('\n')) {
    if (line.startsWith('p')) pid = Number(line.slice(1));
    if (!line.startsWith('n') || !Number.isSafeInteger(pid) || pid <= 0) continue;
    const [local, remote] = line.slice(1).split('->');
    if (local === client) (remote === proxy ? direct : redirected).add(pid);
  }
  if (direct.size > 0) return Math.max(...direct);
  return redirected.size === 1 ? [...redirected][0] : undefined;
}

/** By process id. The path of the program stands last, because it may hold spaces. */
export function processesIn(output: string): ReadonlyMap<number, Listed> {
  const processes = new Map<number, Listed>();
  for (const line of output.split('\n')) {
    const [, pid, parent, user, executable] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\S.*)$/.exec(line) ?? [];
    if (pid && parent && user && executable)
      processes.set(Number(pid), { pid: Number(pid), parent: Number(parent), user, executable: executable.trimEnd() });
  }
  return processes;
}

/** What `ps -o pid=,args=` tells, by process id. An argument with a line break continues on lines that do not begin with a number. */
export function commandLinesIn(output: string): ReadonlyMap<number, string> {
  const lines = new Map<number, string>();
  for (const line of output.split('\n')) {
    const [, pid, words] = /^\s*(\d+)\s+(\S.*)$/.exec(line) ?? [];
    if (pid && words && !lines.has(Number(pid))) lines.set(Number(pid), words.trimEnd());
  }
  return lines;
}

/** The folder that follows the line `fcwd`. */
export function cwdIn(output: string): string | undefined {
  const lines = output.split('\n');
  const name = lines[lines.indexOf('fcwd') + 1];
  return lines.includes('fcwd') && name?.startsWith('n/') ? name.slice(1) : undefined;
}

/** ps tells arguments with a space between them, whatever they hold: where one ends cannot be told. The program's own path can. */
function wordsOf(executable: string, told = executable): readonly string[] {
  const rest = told.startsWith(`${executable} `) ? [executable, told.slice(executable.length)] : ['', told];
  return rest.flatMap((part, at) => (at === 0 && part !== '' ? [part] : part.split(' '))).filter((word) => word !== '');
}

function parentsOf(pid: number, processes: ReadonlyMap<number, Listed>, commandLines: ReadonlyMap<number, string>): readonly Ancestor[] {
  const chain: Ancestor[] = [];
  const seen = new Set([pid]);
  for (let next = processes.get(pid)?.parent ?? 0; next > 1 && !seen.has(next) && chain.length < MAX_PARENTS; ) {
    seen.add(next);
    const parent = processes.get(next);
    if (parent === undefined) break;
    const { executable } = parent;
    const commandLine = wordsOf(executable, commandLines.get(next));
    const script = isInterpreter(executable) ? scriptOf({ executable, commandLine }) : undefined;
    const name = executable.split('/').at(-1) || executable;
    chain.push({ pid: next, name, executable, ...(script !== undefined && { script }) });
    next = parent.parent;
  }
  return chain;
}

/** As lsof writes it with -n and -P: an IPv6 address in brackets, one of IPv4 bare. */
function endpoint(address: string, port: number): string {
  const bare = (address.split('%', 1)[0] ?? '').replace(/^::ffff:(?=\d+\.)/i, '');
  return bare.includes(':') ? `[${bare}]:${port}` : `${bare}:${port}`;
}
