import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ProviderReply, ProviderRequest } from '../../main/cli/demo/provider.ts';
import { anthropicTurn } from '../../main/cli/demo/turns.ts';
import { type Display, startDisplay } from '../support/display.ts';
import { type GuardProcess, ROOT, run, startGuardProcess } from '../support/guard-process.ts';
import { type App, picture, startApp } from './app/app-driver.ts';

let display: Display;
let guard: GuardProcess | undefined;
let app: App | undefined;
beforeAll(async () => {
  display = await startDisplay({ parts: ['windows', 'tray'] });
}, 60_000);
afterAll(() => display.stop());
afterEach(async () => {
  await app?.stop();
  await guard?.stop();
  app = guard = undefined;
});

/** The model wants a file outside the project; the starter policy asks. */
const command = 'echo made > ~/outside.txt';
function reply({ body }: ProviderRequest): ProviderReply {
  const { messages, stream = false } = JSON.parse(Buffer.from(body).toString()) as { messages: unknown[]; stream?: boolean };
  if (messages.length > 1) return anthropicTurn({ text: 'All done.' }, { stream });
  return anthropicTurn({ text: 'I will write it.', calls: [{ id: 'toolu_1', tool: 'Bash', input: { command } }] }, { stream });
}

function agent({ project, agentEnv }: GuardProcess) {
  return run(process.execPath, [join(ROOT, 'main/cli/demo/agent.ts'), 'Please write it.'], {
    cwd: project,
    env: agentEnv,
    timeout: 60_000,
  });
}

describe('a call held by the engine and answered in the popup', { timeout: 120_000 }, () => {
  it.each([
    ['Deny', false, 'Holdpoint refused this Bash call'],
    ['Allow once', true, 'All done.'],
  ])('%s', async (button, made, said) => {
    guard = await startGuardProcess({ reply });
    app = await startApp({ display, dataDir: guard.ready.dataDir });
    // Until the app has connected nobody is there, and the call would be refused at once.
    const control = await guard.control();
    await expect.poll(async () => (await control.call('status', {})).approvals.attended, { timeout: 20_000 }).toBe(true);

    const ended = agent(guard);
    await expect.poll(() => app!.popupVisible(), { timeout: 20_000 }).toBe(true);
    const choice = app.popup.getByRole('button', { name: button, exact: false }).first();
    await app.popup.getByText('outside.txt').first().waitFor();
    await picture(app.popup, `held-${button.toLowerCase().replace(' ', '-')}`);
    expect(existsSync(join(guard.home, 'outside.txt'))).toBe(false);
    await app.popup.locator('.card:not(.unarmed)').waitFor();
    await choice.click();
    await expect.poll(() => app!.popupVisible()).toBe(false);

    expect((await ended).stdout).toContain(said);
    expect(existsSync(join(guard.home, 'outside.txt'))).toBe(made);
    expect((await guard.cli('audit', 'verify')).code).toBe(0);
  });
});
