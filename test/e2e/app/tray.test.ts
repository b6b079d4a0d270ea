/** What the tray, the notifications and the console say of the guard's state, and where they lead. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../../../build/bundle.ts';
import { connectControl } from '../../../main/engine/control/client.ts';
import { version } from '../../../main/engine/version.ts';
import { type Display, startDisplay } from '../../support/display.ts';
import { startForeignEngine } from '../../support/foreign-engine.ts';
import { aFolder, picture, startApp } from './app-driver.ts';
import { expectAccessible } from './axe.ts';
import { aMissed, anAfternoon, aQuestion, aStatus, FORCE_PUSH, inFleet, unread } from './content.ts';
import { faintTexts } from './contrast.ts';
import { startFakeEngine } from './fake-engine.ts';

let display: Display;
beforeAll(async () => {
  await bundle();
  display = await startDisplay({ parts: ['windows', 'notifications'], size: '1400x900' });
});
afterAll(() => display?.stop());

const PATIENCE = { timeout: 30_000 };

describe('the tray', () => {
  it('names what is open, missed, unread and refused, and leads there', async () => {
    await using folder = await aFolder();
    await using engine = await startFakeEngine(folder.path, { records: anAfternoon() });
    await using app = await startApp({ display, dataDir: folder.path });
    await engine.joined;
    const questions = [aQuestion(), FORCE_PUSH()];
    engine.ask(...questions);
    engine.status({ ...unread(), state: 'attention' });
    await expect.poll(async () => (await app.tray()).menu.join('\n')).toContain('4 things could not be read…');
    const { menu } = await app.tray();
    expect(menu.slice(0, 3)).toEqual(['2 questions are waiting for you', ...questions.map(({ title }) => title)]);
    const refusals = menu.indexOf('Refused lately');
    expect(menu[refusals + 1]).toMatch(/^ {2}\d{1,2}:\d\d.* Claude Code: Credentials stay where they are$/);

    await app.chooseInTray(/Credentials stay/);
    const console = await app.openConsole();
    await expect.poll(() => console.getByRole('button', { name: /^Activity/ }).getAttribute('aria-current')).toBe('page');
    await app.chooseInTray(/could not be read/);
    await console.getByRole('heading', { name: 'What could not be read' }).waitFor();
    // A question is out of the way until it is asked for by its name.
    await app.popup.keyboard.press('Escape');
    await expect.poll(() => app.popupVisible()).toBe(false);
    await app.chooseInTray(/can’t be undone/);
    await expect.poll(() => app.popupVisible()).toBe(true);
    await app.popup.getByRole('heading', { name: /can’t be undone/ }).waitFor();
    engine.end(...questions.map(({ id }) => id));
    await expect.poll(async () => (await app.tray()).tip).toBe('Holdpoint: 4 things could not be read');
    engine.status({ bypassAllowed: { minutes: 480 } });
    await console.getByRole('status').getByText('Not everything was read').waitFor();
    await picture(console, 'console-unread');
  });

  it('tells of what was missed, once a minute, and a click leads to it', async () => {
    await using folder = await aFolder();
    await using engine = await startFakeEngine(folder.path);
    await using app = await startApp({ display, dataDir: folder.path });
    const console = await app.openConsole();
    await console.getByRole('status').getByText('Protecting').waitFor();
    engine.miss(aMissed(FORCE_PUSH()));
    await expect.poll(() => app.notices()).toHaveLength(1);
    engine.miss(aMissed(aQuestion()));
    await expect.poll(async () => (await app.tray()).menu).toContain('2 missed questions…');
    await expect.poll(() => app.notices()).toHaveLength(1);
    await app.clickNotice(/not answered/);
    await console.getByRole('heading', { name: 'Missed questions' }).waitFor();
  });

  it('says that the policy is out of date', async () => {
    await using folder = await aFolder();
    const status = inFleet();
    await using engine = await startFakeEngine(folder.path, { status: { ...status, fleet: { ...status.fleet!, state: 'current' } } });
    await using app = await startApp({ display, dataDir: folder.path });
    const console = await app.openConsole();
    await console.getByRole('status').getByText('Needs attention').waitFor();
    engine.status({ fleet: { ...status.fleet!, state: 'stale' } });
    await expect.poll(async () => (await app.tray()).tip).toBe('Holdpoint: The policy is older than your company permits');
    await expect.poll(async () => (await app.notices()).map(({ title }) => title)).toEqual(['Holdpoint is out of date']);
    await console.getByRole('status').getByText('Out of date').waitFor();
  });
});

describe('an engine of another version', () => {
  it('that is understood goes on, and is said to be that', async () => {
    await using folder = await aFolder();
    await using engine = await startFakeEngine(folder.path, { version: '9.9.9' });
    await using app = await startApp({ display, dataDir: folder.path });
    const console = await app.openConsole();
    const corner = console.getByRole('status');
    await corner.getByText(`The guard is version 9.9.9, this window is ${await version()}: quit Holdpoint and start it again.`).waitFor();
    await picture(console, 'console-other-version');
    const question = aQuestion();
    engine.ask(question);
    await expect.poll(async () => (await app.tray()).menu).toContain(question.title);
    engine.end(question.id);
    await expect.poll(async () => (await app.tray()).tip).toMatch(/The guard is version 9\.9\.9, this app is \d/);
  });

  it('that is not understood is left alone: nothing is started, nothing is shown of it', async () => {
    await using folder = await aFolder();
    const status = { ...aStatus({ dataDir: folder.path }), moon: 'full' };
    await using engine = await startForeignEngine(folder.path, { version: '9.9.9', methods: { status: () => status } });
    await using app = await startApp({ display, dataDir: folder.path });
    const console = await app.openConsole();
    const corner = console.getByRole('status');
    await corner.getByText('Out of date').waitFor(PATIENCE);
    expect(await corner.innerText()).toContain('this window is');
    await console.getByRole('button', { name: 'Status' }).click();
    await picture(console, 'console-not-understood');
    const before = engine.hellos();
    await corner.getByRole('button', { name: 'Try again' }).click();
    await expect.poll(() => engine.hellos()).toBe(before + 1);
    // Once it is gone, the app starts one of its own.
    await engine.stop();
    await corner.getByRole('button', { name: 'Try again' }).click();
    await expect.poll(async () => (await app.tray()).tip, PATIENCE).toBe('Holdpoint: Protecting');
  });
});

describe('pausing protection', () => {
  it('takes a time and a reason, says until when it lasts, everywhere, and is ended by one click', async () => {
    await using folder = await aFolder();
    const config = join(folder.path, 'config.json');
    await writeFile(config, JSON.stringify({ bypass: { allowed: true, maxMinutes: 60 } }));
    await using app = await startApp({ display, dataDir: folder.path, args: ['--config', config] });
    await expect.poll(async () => (await app.tray()).menu, PATIENCE).toContain('Pause protection');
    expect((await app.tray()).menu.filter((line) => line.startsWith('  For'))).toEqual(['  For 15 minutes…', '  For 1 hour…']);

    await app.chooseInTray(/For 1 hour/);
    const console = await app.openConsole();
    const dialog = console.getByRole('dialog', { name: 'Pause protection' });
    await dialog.waitFor();
    expect(await dialog.getByRole('radio', { name: '1 h' }).isChecked()).toBe(true);
    await dialog.getByRole('radio', { name: '15 min' }).check();
    const begin = dialog.getByRole('button', { name: 'Pause for 15 minutes' });
    // No reason, no pause.
    expect(await begin.isDisabled()).toBe(true);
    for (const colorScheme of ['light', 'dark'] as const) {
      await console.emulateMedia({ colorScheme });
      await picture(console, `console-pause-${colorScheme}`);
      expect(await faintTexts(console)).toEqual([]);
      await expectAccessible(console);
    }
    await dialog.getByLabel('Why').fill('The new policy stops our release build');
    await begin.click();

    const bar = console.getByRole('region', { name: 'Paused protection' });
    await bar.getByText(/^Protection is paused until \d/).waitFor();
    expect(await bar.innerText()).toContain('The new policy stops our release build');
    expect(await dialog.count()).toBe(0);
    await console
      .getByRole('status')
      .getByText(/^Paused until/)
      .waitFor();
    expect((await app.tray()).tip).toMatch(/^Holdpoint: Protection is paused until \d/);
    for (const colorScheme of ['light', 'dark'] as const) {
      await console.emulateMedia({ colorScheme });
      await picture(console, `console-paused-${colorScheme}`);
      expect(await faintTexts(console)).toEqual([]);
    }
    await using client = await engineOf(folder.path);
    expect((await client.status()).bypass).toMatchObject({ reason: 'The new policy stops our release build' });

    await bar.getByRole('button', { name: 'Resume now' }).click();
    await expect.poll(() => bar.count()).toBe(0);
    await expect.poll(async () => (await app.tray()).menu).toContain('Pause protection');
    await expect
      .poll(async () => (await app.notices()).map(({ title }) => title).join())
      .toMatch(/^Protection is paused until .*,Protection is on again$/);
    expect((await client.status()).bypass).toBeUndefined();

    // The other ways to both: the corner, with the keyboard alone, and the tray.
    await console.getByRole('button', { name: 'Pause…' }).focus();
    await console.keyboard.press('Enter');
    await console.keyboard.type('Again');
    await console.keyboard.press('Tab');
    await console.keyboard.press('Escape');
    await expect.poll(() => dialog.count()).toBe(0);
    expect((await client.status()).bypass).toBeUndefined();
    await client.pause();
    await expect.poll(async () => (await app.tray()).menu).toContain('Resume protection now');
    await app.chooseInTray(/^Resume/);
    await expect.poll(async () => (await app.tray()).menu).toContain('Pause protection');
  });

  it('is offered nowhere where settings do not permit it', async () => {
    await using folder = await aFolder();
    await using engine = await startFakeEngine(folder.path);
    await using app = await startApp({ display, dataDir: folder.path });
    await engine.joined;
    const console = await app.openConsole();
    await console.getByRole('status').getByText('Protecting').waitFor();
    expect((await app.tray()).menu.join()).not.toContain('Pause');
    expect(await console.getByRole('button', { name: 'Pause…' }).count()).toBe(0);
  });
});

async function engineOf(dataDir: string) {
  const client = await connectControl(dataDir, { client: 'terminal', attends: false });
  return {
    status: () => client.call('status', {}),
    pause: () => client.call('bypass', { minutes: 1, reason: 'From a terminal' }),
    [Symbol.asyncDispose]: async () => client.close(),
  };
}
