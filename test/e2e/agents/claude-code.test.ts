import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { ProviderReply, ProviderRequest } from '../../../main/cli/demo/provider.ts';
import { anthropicTurn } from '../../../main/cli/demo/turns.ts';
import { claude } from '../../support/agents.ts';
import { claudeCode } from '../../support/agents-cache.ts';
import { startDisplay } from '../../support/display.ts';
import { ASK_ALL, type GuardProcess, type GuardProcessOptions, run, startGuardProcess } from '../../support/guard-process.ts';
import { picture, startApp } from '../app/app-driver.ts';
import { proveHolds } from './proof.ts';

proveHolds([claude]);

let guard: GuardProcess | undefined;
afterEach(async () => {
  await guard?.stop();
  guard = undefined;
});

/** Claude Code is told to run `command`; when a tool's result or a refusal comes back, the model says goodbye. */
function orders(command: string) {
  return (request: ProviderRequest): ProviderReply => {
    if (!request.path.startsWith('/v1/messages')) return { status: 404, chunks: ['{}'] };
    const {
      messages,
      tools = [],
      stream = false,
    } = JSON.parse(Buffer.from(request.body).toString()) as {
      messages: { role: string; content: unknown }[];
      tools?: { name: string }[];
      stream?: boolean;
    };
    const answered = JSON.stringify(messages).includes('"tool_result"');
    const asked = tools.some((tool) => tool.name === 'Bash') && !answered;
    return anthropicTurn(
      asked
        ? {
            text: 'I will write the file.',
            calls: [{ id: 'toolu_scripted', tool: 'Bash', input: { command, description: 'Write a file' } }],
          }
        : { text: 'All done.' },
      { stream },
    );
  };
}

async function start(options: Omit<GuardProcessOptions, 'reply'> & { command: string }) {
  guard = await startGuardProcess({ ...options, reply: orders(options.command) });
  await mkdir(join(guard.home, '.claude'), { recursive: true });
  return guard;
}

async function runClaude(): Promise<{ code: number; stdout: string; stderr: string }> {
  const { agentEnv, project } = guard!;
  const [program, ...first] = await claudeCode();
  return run(
    program,
    [...first, '-p', 'Please write the file.', '--dangerously-skip-permissions', '--model', 'claude-sonnet-4-5', '--output-format', 'text'],
    {
      cwd: project,
      env: {
        ...agentEnv,
        IS_SANDBOX: '1',
        ANTHROPIC_API_KEY: `sk-ant-${'dummy'.repeat(4)}`,
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      },
      timeout: 120_000,
    },
  );
}

/** Answers the first question by the command line, as a person on a server would. */
async function answerByCommandLine(...answer: string[]): Promise<void> {
  const { cli } = guard!;
  const questions = async () =>
    (JSON.parse((await cli('approvals', 'list', '--json')).stdout) as { approvals: { id: string; agent: string; action: string }[] })
      .approvals;
  await expect.poll(questions, { timeout: 60_000, interval: 250 }).toHaveLength(1);
  const [question] = await questions();
  expect(question?.agent).toBe('Claude Code');
  const [verb, ...rest] = answer;
  expect(await cli('approvals', verb!, question!.id, ...rest)).toMatchObject({ code: 0 });
}

describe('Claude Code behind the guard', { timeout: 180_000 }, () => {
  it('does not run a command that a person denied, ends normally, and says why', async () => {
    const { project, cli, provider } = await start({
      command: 'echo made > proof.txt',
      policy: ASK_ALL,
      config: { approvals: { unattended: 'wait' } },
    });
    const [ended] = await Promise.all([runClaude(), answerByCommandLine('deny', '--reason', 'Use the editor instead.')]);
    expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining('Use the editor instead.') });
    expect(existsSync(join(project, 'proof.txt'))).toBe(false);
    expect(provider.requests.filter(({ path }) => path.startsWith('/v1/messages')).length).toBeGreaterThan(0);

    const verified = await cli('audit', 'verify', '--json');
    expect(JSON.parse(verified.stdout)).toMatchObject({ ok: true });
    const story = (await cli('audit', 'export', '--format', 'ndjson')).stdout;
    for (const part of [
      'echo made > proof.txt',
      '"kind":"hold"',
      '"kind":"approval"',
      'Use the editor instead.',
      '"kind":"outcome"',
      '"verdict":"refused"',
    ]) {
      expect(story).toContain(part);
    }
    expect(story).not.toContain('dummydummy');
  });

  it('runs a command that a person allowed, having received the provider’s own call', async () => {
    const { project, cli, provider } = await start({
      command: 'echo made > proof.txt',
      policy: ASK_ALL,
      config: { approvals: { unattended: 'wait' } },
    });
    const [ended] = await Promise.all([runClaude(), answerByCommandLine('allow')]);
    expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining('All done.') });
    expect(existsSync(join(project, 'proof.txt'))).toBe(true);
    const last = Buffer.from(provider.requests.at(-1)!.body).toString();
    expect(last).toContain('toolu_scripted');
    expect((await cli('audit', 'verify', '--json')).code).toBe(0);
  });

  it.each([
    ['denied', 'Deny', false],
    ['allowed', 'Allow once', true],
  ])('does what the person in front of the popup %s', async (_name, button, made) => {
    const { project, ready, control } = await start({ command: 'echo made > proof.txt', policy: ASK_ALL });
    await using display = await startDisplay({ parts: ['windows', 'tray'] });
    await using app = await startApp({ display, dataDir: ready.dataDir });
    const client = await control();
    await expect.poll(async () => (await client.call('status', {})).approvals.attended, { timeout: 20_000 }).toBe(true);

    const running = runClaude();
    await expect.poll(() => app.popupVisible(), { timeout: 60_000 }).toBe(true);
    await app.popup.getByText('Claude Code wants to').first().waitFor();
    await app.popup.locator('.card:not(.unarmed)').waitFor();
    await picture(app.popup, `claude-code-${button.toLowerCase().replace(' ', '-')}`);
    await app.popup.getByRole('button', { name: button }).first().click();
    expect(await running).toMatchObject({ code: 0 });
    expect(existsSync(join(project, 'proof.txt'))).toBe(made);
  });

  it('is refused and not broken when nobody answers', async () => {
    const { project, cli } = await start({
      command: 'echo made > proof.txt',
      policy: ASK_ALL,
      config: { approvals: { timeoutSeconds: 1, unattended: 'wait' } },
    });
    expect(await runClaude()).toMatchObject({ code: 0, stdout: expect.stringContaining('Nobody answered in time') });
    expect(existsSync(join(project, 'proof.txt'))).toBe(false);
    expect((await cli('approvals', 'list')).stdout).toMatch(/missed/i);
  });

  it('does an ordinary day’s work without a question under the starter policy', async () => {
    const { project } = await start({ command: 'echo made > proof.txt' });
    expect(await runClaude()).toMatchObject({ code: 0, stdout: expect.stringContaining('All done.') });
    expect(existsSync(join(project, 'proof.txt'))).toBe(true);
  });
});
