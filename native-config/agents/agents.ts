/** The agents that can be put behind the guard for good, and how each is. */

import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { parseEnv } from 'node:util';
import { type FileEdit, membersIn } from './edit.ts';
import { type GuardPlace, variablesFor } from './environment.ts';
import { readSettings } from './files.ts';

/** The machine that agents are set up on. */
export interface Machine {
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
}

/** How to reach the guard. */
export interface Guard extends GuardPlace {
  /** A shell command that runs what follows it behind the guard: `holdpoint run --`. */
  readonly runCommand: string;
}

export interface SetupAgent {
  /** Its word on the command line. */
  readonly id: string;
  readonly name: string;
  /** Its program. */
  readonly program: string;
  /** `settings`: by a file of its own, however it is started. `shell`: by a function of that name in the user's shell. */
  readonly attach: 'settings' | 'shell';
  /** Why so. */
  readonly because: string;
  /** Its own settings file, where it is attached by that. */
  file?(machine: Machine): string;
  /** What its settings say of its environment when it is started in a folder: that wins over what it is started with. */
  ownEnvironment?(machine: Machine, cwd: string): readonly OwnEnvironment[];
  edits(machine: Machine, guard: Guard): readonly WantedEdit[];
}

export interface OwnEnvironment {
  readonly file: string;
  readonly variables: { readonly [name: string]: string };
}

export interface WantedEdit {
  readonly file: string;
  readonly edit: FileEdit;
}

const SHELL_ONLY = 'it reads proxy and certificates from its environment only';

export const SETUP_AGENTS: readonly SetupAgent[] = [
  {
    id: 'claude',
    name: 'Claude Code',
    program: 'claude',
    attach: 'settings',
    // https://code.claude.com/docs/en/network-config: its variables can also stand in settings.json.
    because: 'it takes environment variables from its settings.json',
    file: claudeSettings,
    ownEnvironment: (machine, cwd) =>
      [claudeSettings(machine), join(cwd, '.claude', 'settings.json'), join(cwd, '.claude', 'settings.local.json')].map((file) => ({
        file,
        variables: membersIn(readSettings(file) ?? '', 'env'),
      })),
    edits: (machine, guard) => {
      const file = claudeSettings(machine);
      // A company's authority that the settings name is trusted still.
      const env = { ...machine.env, ...membersIn(readSettings(file) ?? '', 'env') };
      return [{ file, edit: { kind: 'members', at: 'env', members: pick(env, guard, CLAUDE_VARIABLES) } }];
    },
  },
  {
    id: 'codex',
    name: 'Codex',
    program: 'codex',
    attach: 'settings',
    // codex-rs/arg0: it reads .env of its own folder when it starts, and leaves out what begins with CODEX_; config.toml knows no proxy.
    because:
      'it takes environment variables from .env in its own folder; SSL_CERT_FILE stands in for CODEX_CA_CERTIFICATE, which it ignores there',
    file: codexEnvironment,
    ownEnvironment: (machine) => {
      const file = codexEnvironment(machine);
      return [{ file, variables: parseEnv(readSettings(file) ?? '') as Record<string, string> }];
    },
    edits: (machine, guard) => {
      const lines = Object.entries(pick(machine.env, guard, CODEX_VARIABLES)).map(([name, value]) => `${name}='${value}'`);
      return [{ file: codexEnvironment(machine), edit: { kind: 'block', mark: 'codex', lines } }];
    },
  },
  ...(
    [
      // It has an .env too, but Node has read NODE_EXTRA_CA_CERTS before the program begins.
      ['gemini', 'Gemini CLI', 'its own .env is read too late for the certificate'],
      ['qwen', 'Qwen Code', SHELL_ONLY],
      ['opencode', 'opencode', SHELL_ONLY],
      ['copilot', 'Copilot CLI', SHELL_ONLY],
      ['cursor-agent', 'Cursor CLI', SHELL_ONLY],
      ['aider', 'Aider', SHELL_ONLY],
      ['goose', 'Goose', SHELL_ONLY],
      ['amp', 'Amp', SHELL_ONLY],
      ['crush', 'Crush', SHELL_ONLY],
    ] as const
  ).map(([id, name, because]) => shellAgent(id, name, because)),
];

// In both spellings: Claude Code goes by the lower case first, which a shell may have set to somewhere else.
const PROXY_VARIABLES = ['HTTPS_PROXY', 'HTTP_PROXY', 'https_proxy', 'http_proxy', 'NO_PROXY', 'no_proxy'];
const CLAUDE_VARIABLES = [...PROXY_VARIABLES, 'NODE_EXTRA_CA_CERTS'];
const CODEX_VARIABLES = [...PROXY_VARIABLES, 'SSL_CERT_FILE'];

/** Whether the agent is there: its program on PATH, or its own settings. */
export function isFound({ program, file }: SetupAgent, machine: Machine): boolean {
  const folders = (machine.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const names = programNames(program, machine);
  return folders.some((folder) => names.some((name) => isProgram(join(folder, name)))) || (file !== undefined && existsSync(file(machine)));
}

function claudeSettings({ home, env }: Machine): string {
  return join(env.CLAUDE_CONFIG_DIR || join(home, '.claude'), 'settings.json');
}

function codexEnvironment({ home, env }: Machine): string {
  return join(env.CODEX_HOME || join(home, '.codex'), '.env');
}

function shellAgent(id: string, name: string, because: string): SetupAgent {
  return {
    id,
    name,
    program: id,
    attach: 'shell',
    because,
    edits: (machine, { runCommand }) =>
      profilesOf(machine).map(({ file, define }) => ({ file, edit: { kind: 'block', mark: id, lines: define(id, runCommand) } })),
  };
}

interface Profile {
  readonly file: string;
  define(program: string, runCommand: string): readonly string[];
}

/** Of the shells that the user has: those with a profile, and the one that they log in with. */
function profilesOf({ home, env, platform }: Machine): readonly Profile[] {
  // The word `function`, because an alias of the same name would be put in the place of a bare name.
  const posix = (program: string, runCommand: string) => [`function ${program} { ${runCommand} ${program} "$@"; }`];
  const fish = (program: string, runCommand: string) => [`function ${program}`, `    ${runCommand} ${program} $argv`, 'end'];
  // Terminals on macOS open login shells, for which bash reads another file.
  const bashrc = platform === 'darwin' ? '.bash_profile' : '.bashrc';
  const shells = [
    { shell: 'bash', file: join(home, bashrc), define: posix },
    { shell: 'zsh', file: join(env.ZDOTDIR || home, '.zshrc'), define: posix },
    { shell: 'fish', file: join(env.XDG_CONFIG_HOME || join(home, '.config'), 'fish', 'config.fish'), define: fish },
  ];
  return shells.filter(({ shell, file }) => existsSync(file) || env.SHELL?.endsWith(`/${shell}`));
}

function pick(env: NodeJS.ProcessEnv, guard: Guard, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(variablesFor(env, guard).filter(([name]) => names.includes(name)));
}

function programNames(program: string, { platform }: Machine): readonly string[] {
  return platform === 'win32' ? [`${program}.exe`, `${program}.cmd`] : [program];
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
