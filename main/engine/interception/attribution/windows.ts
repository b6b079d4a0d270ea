/** Attribution on Windows, through PowerShell: Get-NetTCPConnection and the CIM class Win32_Process. */

import { win32 } from 'node:path';
import { z } from 'zod';
import type { Ancestor, Process } from '../../../contract/action.ts';
import type { runCommand } from './command.ts';
import type { Endpoints } from './endpoints.ts';
import { isInterpreter, scriptOf } from './script.ts';

const MAX_PARENTS = 16;

/** Ports are numbers of ours: nothing foreign stands in the script. */
function script(clientPort: number): string {
  return [
    "$ErrorActionPreference = 'SilentlyContinue'",
    '[Console]::OutputEncoding = New-Object System.Text.UTF8Encoding $false',
    `$sockets = @(Get-NetTCPConnection -State Established -LocalPort ${clientPort} | Select-Object LocalAddress, LocalPort, RemoteAddress, RemotePort, OwningProcess)`,
    "$processes = @(Get-CimInstance Win32_Process | Select-Object ProcessId, ParentProcessId, Name, ExecutablePath, CommandLine, @{ n = 'Created'; e = { if ($_.CreationDate) { $_.CreationDate.ToFileTimeUtc() } else { 0 } } })",
    '$owners = @($sockets | ForEach-Object OwningProcess | Select-Object -Unique | ForEach-Object { $o = Get-CimInstance Win32_Process -Filter "ProcessId = $_" | Invoke-CimMethod -MethodName GetOwner; @{ ProcessId = $_; User = $o.User } })',
    '@{ sockets = $sockets; processes = $processes; owners = $owners } | ConvertTo-Json -Depth 3 -Compress',
  ].join('; ');
}

const text = z.string().nullable();
const toldSchema = z.looseObject({
  sockets: z.array(
    z.looseObject({
      LocalAddress: z.string(),
      LocalPort: z.number(),
      RemoteAddress: z.string(),
      RemotePort: z.number(),
      OwningProcess: z.int().positive(),
    }),
  ),
  processes: z.array(
    z.looseObject({
      ProcessId: z.int(),
      ParentProcessId: z.int(),
      Name: text,
      ExecutablePath: text,
      CommandLine: text,
      /** In steps of 100 ns since 1601. */
      Created: z.number(),
    }),
  ),
  owners: z.array(z.looseObject({ ProcessId: z.int(), User: text })),
});
type Told = z.infer<typeof toldSchema>;
type Listed = Told['processes'][number];

/** Program and command line of another user's process are only told to an administrator. */
export function createWindowsLookup(run: typeof runCommand, systemRoot = process.env.SystemRoot ?? 'C:\\Windows') {
  const powershell = win32.join(systemRoot, 'System32', 'WindowsPowerShell', 'v1.0', 'powershell.exe');
  return async (endpoints: Endpoints, patience: AbortSignal): Promise<Process | undefined> => {
    const args = ['-NoLogo', '-NoProfile', '-NonInteractive', '-Command', script(Math.trunc(endpoints.clientPort))];
    return processIn(await run(powershell, args, patience), endpoints);
  };
}

/** The process that has the client's end, from the script's answer. */
export function processIn(output: string, endpoints: Endpoints): Process | undefined {
  const told = toldIn(output);
  if (!told) return undefined;
  const pid = holderIn(told.sockets, endpoints);
  const byId = new Map(told.processes.map((process) => [process.ProcessId, process]));
  const found = pid === undefined ? undefined : byId.get(pid);
  if (pid === undefined || !found?.ExecutablePath) return undefined;
  return {
    pid,
    executable: found.ExecutablePath,
    commandLine: commandLineOf(found),
    user: told.owners.find(({ ProcessId }) => ProcessId === pid)?.User ?? '',
    parents: parentsOf(found, byId),
  };
}

function toldIn(output: string): Told | undefined {
  try {
    return toldSchema.safeParse(JSON.parse(output)).data;
  } catch {
    return undefined;
  }
}

function holderIn(sockets: Told['sockets'], { clientAddress, clientPort, proxyAddress, proxyPort }: Endpoints): number | undefined {
  const mine = sockets.filter(({ LocalAddress, LocalPort }) => LocalPort === clientPort && plain(LocalAddress) === plain(clientAddress));
  const direct = mine.find(({ RemoteAddress, RemotePort }) => RemotePort === proxyPort && plain(RemoteAddress) === plain(proxyAddress));
  // Of a connection that was redirected to us, the other end is where it was going to.
  return (direct ?? (mine.length === 1 ? mine[0] : undefined))?.OwningProcess;
}

/** A parent that started after its child is another process: Windows gives ids of ended ones anew. */
function parentsOf(child: Listed, byId: ReadonlyMap<number, Listed>): readonly Ancestor[] {
  const chain: Ancestor[] = [];
  const seen = new Set([child.ProcessId]);
  let below = child;
  while (chain.length < MAX_PARENTS) {
    const parent = byId.get(below.ParentProcessId);
    // 0 and 4 are the system itself.
    if (!parent || parent.ProcessId <= 4 || seen.has(parent.ProcessId) || parent.Created > below.Created) break;
    seen.add(parent.ProcessId);
    chain.push(ancestor(parent));
    below = parent;
  }
  return chain;
}

function ancestor(process: Listed): Ancestor {
  const { ProcessId: pid, Name, ExecutablePath: executable } = process;
  if (!executable) return { pid, name: Name ?? '' };
  const runs = isInterpreter(executable) ? scriptOf({ executable, commandLine: commandLineOf(process) }) : undefined;
  return { pid, name: Name ?? win32.basename(executable), executable, ...(runs !== undefined && { script: runs }) };
}

function commandLineOf({ CommandLine, ExecutablePath }: Listed): readonly string[] {
  const words = splitCommandLine(CommandLine ?? '');
  return words.length > 0 ? words : [ExecutablePath ?? ''];
}

/**
 * A command line's arguments, as Microsoft's C runtime parses them:
 * https://learn.microsoft.com/en-us/cpp/c-language/parsing-c-command-line-arguments
 */
export function splitCommandLine(line: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quoted = false;
  for (let at = 0; at < line.length; at++) {
    const slashes = slashesAt(line, at);
    if (slashes > 0) {
      const beforeQuote = line[at + slashes] === '"';
      word = (word ?? '') + '\\'.repeat(beforeQuote ? Math.floor(slashes / 2) : slashes);
      at += slashes - 1;
      if (beforeQuote && slashes % 2 === 1) {
        word += '"';
        at += 1;
      }
      continue;
    }
    const character = line[at]!;
    if (character === '"') {
      word ??= '';
      if (quoted && line[at + 1] === '"') {
        word += '"';
        at += 1;
      } else quoted = !quoted;
    } else if (!quoted && (character === ' ' || character === '\t')) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + character;
  }
  if (word !== undefined) words.push(word);
  return words;
}

function plain(address: string): string {
  return (address.split('%', 1)[0] ?? '').replace(/^::ffff:(?=\d+\.)/i, '').toLowerCase();
}

function slashesAt(line: string, at: number): number {
  let end = at;
  while (line[end] === '\\') end += 1;
  return end - at;
}
