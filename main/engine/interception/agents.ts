/** Which agent a process is. The process speaks first: what a program says of itself in a header is only its word. */

import { readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Agent, Process } from '../../contract/action.ts';
import { fileName, scriptOf } from './attribution/script.ts';

interface KnownAgent {
  readonly name: string;
  /** File names of its program, or of the script or module that an interpreter runs, without `.exe`. */
  readonly programs: readonly string[];
  /** Where it lies, for programs whose file name says nothing. The group, if any, is the version. */
  readonly path?: RegExp;
  /** What its requests say. The group is the version. */
  readonly userAgent?: RegExp;
  /** npm packages that it comes in, also with a platform's name behind. */
  readonly packages?: readonly string[];
  /** A place where people type, too: what descends from it need not be an agent's doing. */
  readonly isEditor?: true;
}

/** The first that fits counts. Only signs that no other known program shares. */
const AGENTS: readonly KnownAgent[] = [
  // Before Claude Code: its program on Windows is claude.exe too.
  { name: 'Claude Desktop', programs: [], path: /[\\/](?:Claude\.app|AnthropicClaude)[\\/]/ },
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
  { name: 'Qwen Code', programs: ['qwen'], userAgent: /^QwenCode\/(\d[\w.-]*)/, packages: ['@qwen-code/qwen-code'] },
  { name: 'opencode', programs: ['opencode'], userAgent: /^opencode\/(\d[\w.-]*)/, packages: ['opencode', 'opencode-ai'] },
  // It calls the SDK of the provider, whose name its requests bear: only the process tells.
  { name: 'Copilot CLI', programs: ['copilot'], packages: ['@github/copilot'] },
  { name: 'Aider', programs: ['aider'] },
  { name: 'Goose', programs: ['goose', 'goosed'], path: /[\\/]Goose\.app[\\/]/ },
  // `amp` and `cn` are names of other programs, too.
  { name: 'Amp', programs: [], path: /[\\/]\.amp[\\/]bin[\\/]amp(?:\.exe)?$/, packages: ['@sourcegraph/amp'] },
  { name: 'Continue CLI', programs: [], packages: ['@continuedev/cli'] },
  { name: 'Crush', programs: ['crush'], packages: ['@charmland/crush'] },
  { name: 'Cline CLI', programs: [], packages: ['cline'] },
  { name: 'Kilo Code CLI', programs: [], packages: ['@kilocode/cli'] },
  { name: 'Kiro CLI', programs: ['kiro-cli'] },
  {
    name: 'Cursor',
    programs: ['cursor', 'Cursor', 'cursor-agent'],
    path: /[\\/](?:Cursor\.app|\.cursor-server|cursor-agent[\\/]versions)[\\/]/,
    userAgent: /^Cursor\/(\d[\w.-]*)/i,
    isEditor: true,
  },
  {
    name: 'Windsurf',
    programs: ['windsurf', 'Windsurf'],
    path: /[\\/](?:Windsurf\.app|\.windsurf-server)[\\/]/,
    isEditor: true,
  },
  { name: 'Kiro', programs: ['kiro', 'Kiro'], path: /[\\/]Kiro\.app[\\/]/, isEditor: true },
  {
    // Its extensions (Cline, Roo Code, Continue, Copilot) share one process, which does not tell which of them speaks.
    name: 'VS Code',
    programs: ['code', 'code-insiders', 'Code', 'Code - Insiders'],
    path: /[\\/](?:Visual Studio Code(?: - Insiders)?\.app|\.vscode-server(?:-insiders)?)[\\/]/,
    isEditor: true,
  },
  {
    name: 'Zed',
    programs: ['zed', 'Zed', 'zed-editor'],
    path: /[\\/]Zed(?: Preview)?\.app[\\/]/,
    userAgent: /^Zed\/(\d[\w.-]*)/,
    isEditor: true,
  },
  { name: 'ChatGPT', programs: [], path: /[\\/](?:ChatGPT\.app|OpenAI\.ChatGPT-Desktop_[^\\/]*)[\\/]/ },
  { name: 'LM Studio', programs: ['lm-studio', 'LM Studio'], path: /[\\/]LM Studio\.app[\\/]/ },
];

const NAMES: ReadonlySet<string> = new Set(AGENTS.map(({ name }) => name));

/** Whether it is the name of an agent that Holdpoint knows. */
export function isKnownAgent(name: string): boolean {
  return NAMES.has(name);
}

const MAX_NAME = 64;
const MAX_PACKAGE_JSON_BYTES = 256 * 1024;
const MAX_LEVELS = 4;

/** Of each process, as long as it is known, the agent that it was last taken for: to look it up takes some thirty names and a file. */
const recognised = new WeakMap<Process, { readonly userAgent: string | undefined; readonly agent: Agent }>();

/** Never throws. A program that is not in the table goes by its own name: `python3 agent.py`. */
export function recogniseAgent(process: Process | undefined, userAgent: string | undefined): Agent {
  const before = process && recognised.get(process);
  if (before && before.userAgent === userAgent) return before.agent;
  const agent = recognise(process, userAgent);
  if (process) recognised.set(process, { userAgent, agent });
  return agent;
}

function recognise(process: Process | undefined, userAgent: string | undefined): Agent {
  const script = process && scriptOf(process);
  const agent = (process && agentOf(process.executable, script)) ?? AGENTS.find((known) => known.userAgent?.test(userAgent ?? ''));
  const name = agent?.name ?? (process ? programName(process, script) : 'Unknown program');
  const version = agent && versionOf(agent, process, script, userAgent);
  const startedBy = agent ? undefined : starterOf(process);
  return {
    name,
    ...(version !== undefined && { version }),
    ...(startedBy !== undefined && { startedBy }),
    ...(process && { process }),
  };
}

function agentOf(executable: string, script: string | undefined): KnownAgent | undefined {
  const files = script === undefined ? [executable] : [executable, script];
  return AGENTS.find((known) => files.some((file) => isProgramOf(known, file)));
}

function isProgramOf({ programs, path, packages = [] }: KnownAgent, file: string): boolean {
  return (
    programs.includes(fileName(file).replace(/^-m /, '')) ||
    path?.test(file) ||
    packages.some((name) => file.replaceAll('\\', '/').includes(`/node_modules/${name}/`))
  );
}

/**
 * What an agent starts is not the agent: what was allowed to Claude Code is not allowed to the curl that it runs. Who started it is told
 * beside, and only by what the system knows of the ancestors.
 */
function starterOf(process: Process | undefined): string | undefined {
  for (const { executable, script } of process?.parents ?? []) {
    const agent = executable === undefined ? undefined : agentOf(executable, script);
    if (agent && !agent.isEditor) return agent.name;
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

function versionOf(
  agent: KnownAgent,
  process: Process | undefined,
  script: string | undefined,
  userAgent: string | undefined,
): string | undefined {
  const said = agent.userAgent?.exec(userAgent ?? '')?.[1] ?? agent.path?.exec(process?.executable ?? '')?.[1];
  if (said !== undefined || process === undefined) return said;
  const file = script === undefined ? process.executable : resolve(process.cwd ?? dirname(process.executable), script);
  return packagedVersion(file, agent.packages ?? []);
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
