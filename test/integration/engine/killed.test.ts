import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { anthropicTurn } from '../../../main/cli/demo/turns.ts';
import { ASK_ALL, type GuardProcess, ROOT, startGuardProcess } from '../../support/guard-process.ts';
import { fetchThrough } from '../../support/proxied-fetch.ts';

let guard: GuardProcess;
afterEach(() => guard.stop());

const body = JSON.stringify({ model: 'claude-sonnet-4-5', stream: true, max_tokens: 10, messages: [{ role: 'user', content: 'go' }] });
const turn = anthropicTurn({
  text: 'First, words.',
  calls: [{ id: 'toolu_marker', tool: 'Bash', input: { command: 'rm -rf /srv/marker' } }],
});

/** An engine, a question that is open, and what its agent has received so far and in the end. */
async function holding() {
  guard = await startGuardProcess({ reply: () => turn, policy: ASK_ALL, config: { approvals: { unattended: 'wait' } } });
  const control = await guard.control();
  const fetchIt = await fetchThrough(guard.ready);
  const response = await fetchIt('https://api.anthropic.com/v1/messages', {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json' },
  });
  const reader = response.body!.getReader();
  let seen = '';
  const ended = (async () => {
    for (let part = await reader.read(); !part.done; part = await reader.read()) seen += Buffer.from(part.value).toString();
    return 'complete';
  })().catch(() => 'cut off');
  await expect.poll(async () => (await control.call('questions', {})).length, { timeout: 20_000 }).toBe(1);
  return { ended, seen: () => seen };
}

describe('an engine that is killed while a call is held', { timeout: 60_000 }, () => {
  it('has given the agent nothing of it, and the log tells of the abandoned hold after the restart', async () => {
    const { ended, seen } = await holding();
    await guard.kill();
    expect(await ended).toBe('cut off');
    expect(seen()).toContain('First, ');
    expect(seen()).not.toMatch(/marker|tool_use/);

    await guard.restart();
    expect(await guard.cli('audit', 'verify', '--json')).toMatchObject({ code: 0 });
    expect((await guard.cli('audit', 'export', '--format', 'ndjson')).stdout).toMatch(/"kind":"outcome"[^\n]*"verdict":"abandoned"/);
  });
});

describe('an engine that is told to stop while a call is held', { timeout: 60_000 }, () => {
  it('refuses the call, lets the agent have a proper end, and says so in the log before it says that it stopped', async () => {
    const { ended, seen } = await holding();
    await guard.end();
    expect(await ended).toBe('complete');
    expect(seen()).toMatch(/First, [\s\S]*Holdpoint refused[\s\S]*message_stop/);
    const kinds = (await guard.cli('audit', 'export', '--format', 'ndjson')).stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { kind: string }).kind);
    expect(kinds.indexOf('outcome')).toBeGreaterThan(0);
    expect(kinds.at(-1)).toBe('engine');
    expect(await guard.cli('audit', 'verify')).toMatchObject({ code: 0 });
  });
});

describe('an agent that is killed while its call is held', { timeout: 60_000 }, () => {
  it('takes its question with it, and the log says that the call was abandoned', async () => {
    guard = await startGuardProcess({
      reply: ({ body: asked }) =>
        anthropicTurn(
          { calls: [{ id: 'toolu_1', tool: 'Bash', input: { command: 'true' } }] },
          { stream: Buffer.from(asked).includes('"stream":true') },
        ),
      policy: ASK_ALL,
      config: { approvals: { unattended: 'wait' } },
    });
    const control = await guard.control();
    const agent = spawn(process.execPath, [join(ROOT, 'main/cli/demo/agent.ts')], {
      cwd: guard.project,
      env: guard.agentEnv,
      stdio: 'ignore',
    });
    await expect.poll(async () => (await control.call('questions', {})).length, { timeout: 20_000 }).toBe(1);
    agent.kill('SIGKILL');
    await expect.poll(async () => (await control.call('questions', {})).length, { timeout: 30_000 }).toBe(0);
    await expect.poll(async () => (await control.call('status', {})).counts.abandoned).toBe(1);
  });
});
