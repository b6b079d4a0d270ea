/** A home folder with agents in it, and a desktop that lies there. */

import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { McpServerSeen } from '../../../main/contract/mcp-servers.ts';
import type { SeenAgent } from '../../../main/contract/seen-agents.ts';
import type { Display } from '../../support/display.ts';

export interface Home {
  readonly claudeSettings: string;
  readonly bashrc: string;
}

/** As somebody has it who uses Claude Code and Gemini CLI in bash. */
export const CLAUDE_SETTINGS = '{\n  "model": "opus",\n  "env": {\n    "BASH_DEFAULT_TIMEOUT_MS": "60000" // the tests are slow\n  }\n}\n';
export const BASHRC = 'export EDITOR=vim\nalias ll="ls -l"';

export async function homeWithAgents(home: string): Promise<Home> {
  const [claudeSettings, bashrc] = [join(home, '.claude', 'settings.json'), join(home, '.bashrc')];
  const bin = join(home, '.local', 'bin');
  await Promise.all([mkdir(join(home, '.claude'), { recursive: true }), mkdir(bin, { recursive: true })]);
  await Promise.all([
    writeFile(claudeSettings, CLAUDE_SETTINGS),
    writeFile(bashrc, BASHRC),
    writeFile(join(bin, 'gemini'), '#!/bin/sh\n', { mode: 0o755 }),
  ]);
  return { claudeSettings, bashrc };
}

/** The same desktop, where no agent is found that is installed on the computer of whoever runs the tests. */
export async function apart(display: Display): Promise<Display> {
  const tools = join(display.home, 'tools');
  await mkdir(tools, { recursive: true });
  // What the agent of the demonstration runs.
  for (const tool of ['sh', 'ls', 'rm']) await symlink(`/bin/${tool}`, join(tools, tool));
  return { ...display, env: { ...display.env, PATH: tools, SHELL: '/bin/bash' } };
}

const agoMinutes = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

function seen(change: Partial<SeenAgent>, minutes: number): SeenAgent {
  return {
    agent: 'Claude Code',
    known: true,
    version: '2.1.44',
    startedBy: null,
    program: '/home/mara/.local/bin/claude',
    user: 'mara',
    to: 'model',
    provider: 'Anthropic',
    host: 'api.anthropic.com',
    how: 'intercepted',
    connections: 12,
    exchanges: 240,
    first: agoMinutes(9_000),
    last: agoMinutes(minutes),
    ...change,
  };
}

/** What a busy laptop's guard has seen, newest first. */
export function aBusyLaptop(): { readonly seen: SeenAgent[]; readonly mcpServers: McpServerSeen[] } {
  const unknown = { known: false, version: null, startedBy: null } as const;
  return {
    seen: [
      seen({}, 3),
      seen(
        { agent: 'Cursor', version: '2.0.3', program: '/opt/cursor/cursor', provider: 'Cursor', host: 'api2.cursor.sh', how: 'tunnelled' },
        8,
      ),
      seen(
        {
          ...unknown,
          agent: 'python3 summarise.py',
          program: '/usr/bin/python3.11',
          startedBy: 'Claude Code',
          provider: 'OpenAI',
          host: 'api.openai.com',
        },
        14,
      ),
      seen(
        {
          agent: 'Gemini CLI',
          version: '0.21.1',
          program: '/usr/bin/node',
          provider: 'Google',
          host: 'generativelanguage.googleapis.com',
          how: 'tls-refused',
        },
        31,
      ),
      seen(
        {
          ...unknown,
          agent: 'firefox',
          program: '/usr/lib/firefox/firefox',
          to: 'web',
          provider: 'ChatGPT',
          host: 'chatgpt.com',
          how: 'tunnelled',
        },
        55,
      ),
      seen(
        {
          ...unknown,
          agent: 'obsidian \u202Eexe.txt',
          program: '/opt/Obsidian/obsidian',
          provider: 'Mistral',
          host: 'api.mistral.ai',
          how: 'tls-refused',
        },
        190,
      ),
    ],
    mcpServers: [
      {
        name: 'github',
        address: 'npx -y @modelcontextprotocol/server-github',
        transport: 'stdio',
        version: '0.6.2',
        tools: 26,
        changed: [],
        usedBy: ['Claude Code'],
        last: agoMinutes(4),
      },
      {
        name: 'Linear',
        address: 'https://mcp.linear.app/mcp',
        transport: 'http',
        version: '1.4.0',
        tools: 31,
        changed: ['create_issue', 'delete_comment'],
        usedBy: ['Claude Code', 'Codex'],
        last: agoMinutes(45),
      },
      {
        name: 'mcp.sentry.dev',
        address: 'mcp.sentry.dev',
        transport: 'http',
        version: null,
        tools: null,
        changed: [],
        usedBy: ['Cursor'],
        last: agoMinutes(70),
      },
    ],
  };
}
