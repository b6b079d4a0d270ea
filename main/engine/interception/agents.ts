/** Which agent a process is. The process speaks first: what a program says of itself in a header is only its word. */

import { readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Agent, Process } from '../../contract/action.ts';

interface KnownAgent {
  readonly name: string;
  /** File names of its program, or of the script that an interpreter runs, without `.exe`. */
  readonly programs: readonly string[];
  /** Where it lies, for programs whose file name says nothing. The group, if any, is the version. */
  readonly path?: RegExp;
  /** What its requests say. The group is the version. */
  readonly userAgent?: RegExp;
  /** npm packages that it comes in, also with a platform's name behind. */
  readonly packages: readonly string[];
}

const AGENTS: readonly KnownAgent[] = [
  {
    name: 'Claude Code',
    programs: ['claude'],
    // Its own installer names the program by its version.
    path: /[\\/]claude[\\/]versions[\\/](\d[\w.-]*)$/,
    userAgent: /^claude-(?:cli|code)\/(\d[\w.-]*)/,
    packages: ['@anthropic-ai/claude-code', '@anthropic-ai/claude-agent-sdk'],
  },
  { name: 'Codex', programs: ['codex'], userAgent: /^codex[_-]\w+\/(\d[\w.-]*)/, packages: ['@openai/codex'] },
  { name: 'Gemini CLI', programs: ['gemini'], userAgent: /^GeminiCLI[\w-]*\/(\d[\w.-]*)/, packages: ['@google/gemini-cli'] },
  { name: 'opencode', programs: ['opencode'], userAgent: /^opencode\/(\d[\w.-]*)/, packages: ['opencode', 'opencode-ai'] },
  // It calls the SDK of the provider, whose name its requests bear: only the process tells.
  { name: 'Copilot CLI', programs: ['copilot'], packages: ['@github/copilot'] },
  {
    name: 'Cursor',
    programs: ['cursor', 'Cursor', 'cursor-agent'],
    path: /[\\/](?:Cursor\.app|cursor-agent[\\/]versions)[\\/]/,
    userAgent: /^Cursor\/(\d[\w.-]*)/i,
    packages: [],
  },
];

const INTERPRETERS = /^(?:node|bun|deno|ts-node|tsx|python[\d.]*|pythonw|ruby[\d.]*|perl[\d.]*|php[\d.]*|MainThread)$/;
/** Options of interpreters that take the next argument with them. */
const WITH_VALUE = new Set([
  '-r',
  '--require',
  '--import',
  '--loader',
  '--experimental-loader',
  '-C',
  '--conditions',
  '-W',
  '-X',
  '--env-file',
]);
const INLINE = new Set(['-e', '--eval', '-p', '--print', '-c', '-']);
const MAX_NAME = 64;
const MAX_PACKAGE_JSON_BYTES = 256 * 1024;
const MAX_LEVELS = 4;

/** Never throws. A program that is not in the table goes by its own name: `python3 agent.py`. */
export function recogniseAgent(process: Process | undefined, userAgent: string | undefined): Agent {
  const script = process && scriptOf(process);
  const agent =
    (process && AGENTS.find((known) => isProgramOf(known, process, script))) ??
    AGENTS.find((known) => known.userAgent?.test(userAgent ?? ''));
  const name = agent?.name ?? (process ? programName(process, script) : 'Unknown program');
  const version = agent && versionOf(agent, process, script, userAgent);
  return { name, ...(version !== undefined && { version }), ...(process && { process }) };
}

function isProgramOf({ programs, path, packages }: KnownAgent, { executable }: Process, script: string | undefined): boolean {
  return [executable, script]
    .filter((file) => file !== undefined)
    .some(
      (file) =>
        programs.includes(fileName(file)) ||
        path?.test(file) ||
        packages.some((name) => file.replaceAll('\\', '/').includes(`/node_modules/${name}/`)),
    );
}

/** What an interpreter was told to run: `agent.py`, or `-m agent`; undefined for other programs and for inline code. */
function scriptOf({ executable, commandLine }: Process): string | undefined {
  if (!INTERPRETERS.test(fileName(executable))) return undefined;
  for (let at = 1; at < commandLine.length; at++) {
    const argument = commandLine[at] ?? '';
    if (INLINE.has(argument)) return undefined;
    if (argument === '-m') return `-m ${commandLine[at + 1] ?? ''}`;
    if (WITH_VALUE.has(argument)) at += 1;
    else if (!argument.startsWith('-') && argument !== 'run') return argument;
  }
  return undefined;
}

function programName({ executable }: Process, script: string | undefined): string {
  const words = [fileName(executable), ...(script === undefined ? [] : [script.startsWith('-m ') ? script : fileName(script)])];
  // Whoever wrote the program chose its name: it must not be able to draw on the question that a person reads.
  const name = words
    .join(' ')
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '?')
    .slice(0, MAX_NAME);
  return name === '' ? 'Unknown program' : name;
}

function fileName(path: string): string {
  return (path.split(/[\\/]/).at(-1) ?? '').replace(/\.exe$/i, '');
}

function versionOf(
  agent: KnownAgent,
  process: Process | undefined,
  script: string | undefined,
  userAgent: string | undefined,
): string | undefined {
  const said = agent.userAgent?.exec(userAgent ?? '')?.[1] ?? agent.path?.exec(process?.executable ?? '')?.[1];
  if (said !== undefined || process === undefined) return said;
  return packagedVersion(script === undefined ? process.executable : resolve(process.cwd, script), agent.packages);
}

/** The version in the package.json of the package that a file lies in, where that is one of `packages`. */
function packagedVersion(file: string, packages: readonly string[]): string | undefined {
  try {
    let folder = dirname(realpathSync(file));
    for (let level = 0; level < MAX_LEVELS; level++, folder = dirname(folder)) {
      const manifest = join(folder, 'package.json');
      const size = statSync(manifest, { throwIfNoEntry: false })?.size;
      if (size === undefined || size > MAX_PACKAGE_JSON_BYTES) continue;
      const { name, version }: { name?: unknown; version?: unknown } = JSON.parse(readFileSync(manifest, 'utf8'));
      const isOurs = typeof name === 'string' && packages.some((known) => name === known || name.startsWith(`${known}-`));
      if (isOurs) return typeof version === 'string' && /^\d[\w.+-]{0,63}$/.test(version) ? version : undefined;
    }
    return undefined;
  } catch {
    // Gone, unreadable or not JSON: an agent without a version.
    return undefined;
  }
}
