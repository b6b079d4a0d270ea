/** Recognising agents, by what they run as and by what they say of themselves. */

import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Process } from '../../../../main/contract/action.ts';
import { recogniseAgent } from '../../../../main/engine/interception/agents.ts';

const run = (executable: string, ...rest: string[]): Process => ({
  pid: 7,
  executable,
  commandLine: [executable, ...rest],
  user: 'dev',
  cwd: '/home/dev/project',
  parents: [],
});

describe('an agent', () => {
  it.each<[string, Process | undefined, string | undefined, string, string | undefined]>([
    ['Claude Code by its program', run('/usr/local/bin/claude'), undefined, 'Claude Code', undefined],
    ['Claude Code by its request', undefined, 'claude-cli/2.1.197 (external, cli)', 'Claude Code', '2.1.197'],
    ['Claude Code by both', run('/usr/local/bin/claude'), 'claude-cli/2.1.197 (external, cli)', 'Claude Code', '2.1.197'],
    ['Claude Code from its own installer', run('/home/dev/.local/share/claude/versions/2.1.197'), undefined, 'Claude Code', '2.1.197'],
    ['Claude Code on Windows', run('C:\\Users\\dev\\.local\\bin\\claude.exe'), undefined, 'Claude Code', undefined],
    ['Codex by its program', run('/opt/codex/bin/codex', 'exec'), undefined, 'Codex', undefined],
    ['Codex by its request', undefined, 'codex_cli_rs/0.169.0 (Debian 12; x86_64) dumb', 'Codex', '0.169.0'],
    [
      'Gemini CLI by its script',
      run('/usr/bin/node', '--max-old-space-size=4096', '/usr/bin/gemini', '-p', 'x'),
      undefined,
      'Gemini CLI',
      undefined,
    ],
    ['Gemini CLI by its request', undefined, 'GeminiCLI/0.61.0/gemini-2.5-flash (linux; x64)', 'Gemini CLI', '0.61.0'],
    ['opencode by its request', undefined, 'opencode/1.18.33 ai-sdk/provider-utils/4.0.1 runtime/bun/1.3.14', 'opencode', '1.18.33'],
    ['Copilot CLI, whose requests bear another name', run('/home/dev/.npm/bin/copilot'), 'OpenAI/JS 5.20.1', 'Copilot CLI', undefined],
    ['Cursor', run('/Applications/Cursor.app/Contents/Frameworks/Cursor Helper'), undefined, 'Cursor', undefined],
    [
      'an SDK in Python',
      run('/usr/bin/python3', '-u', 'tools/agent.py', '--verbose'),
      'Anthropic/Python 0.40',
      'python3 agent.py',
      undefined,
    ],
    ['a Python module', run('/usr/bin/python3', '-m', 'my_agent', 'go'), undefined, 'python3 -m my_agent', undefined],
    ['an SDK in Node', run('/usr/bin/node', '--import', 'tsx', 'src/script.ts'), 'Anthropic/JS 0.94.0', 'node script.ts', undefined],
    ['code on the command line', run('/usr/bin/node', '-e', 'fetch("https://api.anthropic.com")'), undefined, 'node', undefined],
    ['curl', run('/usr/bin/curl', 'https://api.openai.com'), 'curl/7.88.1', 'curl', undefined],
    ['a program that only claims to be another', run('/usr/bin/codex'), 'claude-cli/2.1.197', 'Codex', undefined],
    ['nobody', undefined, undefined, 'Unknown program', undefined],
    ['nobody who says nothing known', undefined, 'Mozilla/5.0', 'Unknown program', undefined],
  ])('is named: %s', (_what, process, userAgent, name, version) => {
    expect(recogniseAgent(process, userAgent)).toEqual({ name, ...(version && { version }), ...(process && { process }) });
  });

  it.each<[string, string, string]>([
    [
      'Claude Desktop on Windows, whose program is called claude too',
      'C:\\Users\\dev\\AppData\\Local\\AnthropicClaude\\app-1.0.2\\claude.exe',
      'Claude Desktop',
    ],
    [
      'Claude Code inside Claude Desktop’s folder',
      '/Users/dev/Library/Application Support/Claude/claude-code/2.1.197/claude',
      'Claude Code',
    ],
    ['Qwen Code', '/usr/lib/node_modules/@qwen-code/qwen-code/bin/qwen', 'Qwen Code'],
    ['Amp from its installer', '/home/dev/.amp/bin/amp', 'Amp'],
    ['another program called amp', '/usr/bin/amp', 'amp'],
    [
      'an extension of VS Code',
      '/Applications/Visual Studio Code.app/Contents/Frameworks/Code Helper (Plugin).app/Contents/MacOS/Code Helper (Plugin)',
      'VS Code',
    ],
    ['an extension of VS Code on a server', '/home/dev/.vscode-server/cli/servers/Stable-1/server/node', 'VS Code'],
    ['Windsurf', '/Applications/Windsurf.app/Contents/MacOS/Electron', 'Windsurf'],
    ['LM Studio', 'C:\\Program Files\\LM Studio\\LM Studio.exe', 'LM Studio'],
  ])('is named: %s', (_what, executable, name) => {
    expect(recogniseAgent(run(executable), undefined).name).toBe(name);
  });

  it('is named when Python runs it, as a script or as a module', () => {
    expect(recogniseAgent(run('/usr/bin/python3', '/home/dev/.local/bin/aider', '--model', 'x'), undefined).name).toBe('Aider');
    expect(recogniseAgent(run('/usr/bin/python3', '-m', 'aider'), undefined).name).toBe('Aider');
  });

  it('is not what it starts: that goes by its own name, and who started it is told', () => {
    const parents = [
      { pid: 6, name: 'bash', executable: '/usr/bin/bash' },
      { pid: 5, name: 'node', executable: '/usr/bin/node', script: '/usr/bin/gemini' },
      { pid: 4, name: 'claude', executable: '/usr/local/bin/claude' },
    ];
    const curl = recogniseAgent({ ...run('/usr/bin/curl'), parents }, 'claude-code');
    expect(curl).toMatchObject({ name: 'curl', startedBy: 'Gemini CLI' });
    expect(recogniseAgent({ ...run('/usr/local/bin/codex'), parents }, undefined)).not.toHaveProperty('startedBy');
  });

  it('is not an editor for what a person types in its terminal', () => {
    const parents = [{ pid: 6, name: 'code', executable: '/usr/share/code/code' }];
    expect(recogniseAgent({ ...run('/usr/bin/curl'), parents }, undefined)).not.toHaveProperty('startedBy');
  });

  it('cannot draw on the question that shows its name', () => {
    const { name } = recogniseAgent(run('/tmp/x\n\u202eedoC edualC'), undefined);
    expect(name).toBe('x??edoC edualC');
    expect(recogniseAgent(run(`/tmp/${'long'.repeat(1000)}`), undefined).name).toHaveLength(64);
  });

  it('is named whatever its program is called and whatever it says', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.array(fc.string()),
        fc.option(fc.string(), { nil: undefined }),
        (executable, args, userAgent) => {
          const { name } = recogniseAgent(run(executable, ...args), userAgent);
          expect(name.length).toBeGreaterThan(0);
          expect(name).not.toMatch(/\p{Cc}/u);
        },
      ),
    );
  });
});

describe('an agent’s version', () => {
  let home: string;
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'holdpoint-agents-'));
    await mkdir(join(home, 'lib/node_modules/@google/gemini-cli/dist'), { recursive: true });
    await writeFile(join(home, 'lib/node_modules/@google/gemini-cli/package.json'), '{"name":"@google/gemini-cli","version":"0.61.0"}');
    await writeFile(join(home, 'lib/node_modules/@google/gemini-cli/dist/index.js'), '');
    await symlink('lib/node_modules/@google/gemini-cli/dist/index.js', join(home, 'gemini'));
    await mkdir(join(home, 'lib/node_modules/@anthropic-ai/claude-code-linux-x64'), { recursive: true });
    await writeFile(
      join(home, 'lib/node_modules/@anthropic-ai/claude-code-linux-x64/package.json'),
      '{"name":"@anthropic-ai/claude-code-linux-x64","version":"2.1.197"}',
    );
    await writeFile(join(home, 'lib/node_modules/@anthropic-ai/claude-code-linux-x64/claude'), '');
    await mkdir(join(home, 'elsewhere'));
    await writeFile(join(home, 'elsewhere/package.json'), '{"name":"my-project","version":"9.9.9"}');
    await writeFile(join(home, 'elsewhere/claude'), '');
    await mkdir(join(home, 'broken'));
    await writeFile(join(home, 'broken/package.json'), '{"name":');
    await writeFile(join(home, 'broken/claude'), '');
  });
  afterAll(() => rm(home, { recursive: true }));

  it.each([
    ['a script behind a link', () => run('/usr/bin/node', join(home, 'gemini')), '0.61.0'],
    ['a program in a package', () => run(join(home, 'lib/node_modules/@anthropic-ai/claude-code-linux-x64/claude')), '2.1.197'],
    ['a program beside somebody else’s package.json', () => run(join(home, 'elsewhere/claude')), undefined],
    ['a program beside a broken package.json', () => run(join(home, 'broken/claude')), undefined],
    ['a program that is gone', () => run(join(home, 'gone/claude')), undefined],
  ])('is that of its package: %s', (_what, process, version) => {
    expect(recogniseAgent(process(), undefined).version).toBe(version);
  });
});
