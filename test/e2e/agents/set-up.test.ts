/** Real agents that `holdpoint agents setup` has put behind the guard: nothing but their own settings says where it is. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { claudeCode, codex, type Program } from '../../support/agents-cache.ts';
import { CLI, type GuardProcess, run, startGuardProcess } from '../../support/guard-process.ts';

const REFUSAL = '{"type":"error","error":{"type":"invalid_request_error","message":"not today"}}';

let guard: GuardProcess;
beforeAll(async () => {
  guard = await startGuardProcess({
    hosts: ['api.anthropic.com', 'api.openai.com', 'chatgpt.com', 'api.github.com'],
    reply: () => ({ status: 400, contentType: 'application/json', chunks: [REFUSAL] }),
  });
});
afterAll(() => guard.stop());

it.each<[string, string, () => Promise<Program>, readonly string[], Record<string, string>, RegExp]>([
  ['Claude Code', 'claude', claudeCode, ['-p', 'hello'], { ANTHROPIC_API_KEY: 'sk-ant-dummy', IS_SANDBOX: '1' }, /^\/v1\/messages/],
  ['Codex', 'codex', codex, ['exec', '--skip-git-repo-check', '-m', 'gpt-5.2', 'hello'], { CODEX_API_KEY: 'dummy' }, /^\/v1\/responses/],
])('%s asks its model through the guard', async (_name, id, program, args, key, path) => {
  const env = { PATH: process.env.PATH ?? '', HOME: guard.home, SHELL: '/bin/bash', TERM: 'dumb', CI: '1' };
  const setUp = await run(process.execPath, [CLI, 'agents', 'setup', id, '--yes', '--data-dir', guard.ready.dataDir], { env });
  expect(setUp).toMatchObject({ code: 0 });
  const [command, ...first] = await program();
  // What the shell has set does not lead past it.
  const shell = { https_proxy: 'http://127.0.0.1:9', HTTPS_PROXY: 'http://127.0.0.1:9', no_proxy: '*', NO_PROXY: '*' };
  const agent = spawn(command, [...first, ...args], {
    cwd: guard.project,
    env: { ...env, ...shell, ...key },
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  try {
    await expect.poll(() => guard.provider.requests.some((request) => path.test(request.path)), { timeout: 60_000 }).toBe(true);
  } finally {
    const ended = agent.exitCode ?? agent.signalCode ?? once(agent, 'exit');
    agent.kill('SIGKILL');
    await ended;
  }
});
