/** The popup for those who hear it, or see it in colours of their own. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from './app-driver.ts';
import { expectAccessible } from './axe.ts';
import { aQuestion } from './content.ts';
import type { FakeEngine } from './fake-engine.ts';
import { startPopupDesk } from './popup-support.ts';
import { REAL } from './real-questions.ts';

const stack = new AsyncDisposableStack();
let engine: FakeEngine;
let app: App;

beforeAll(async () => {
  ({ engine, app } = await startPopupDesk(stack));
});
afterAll(() => stack.disposeAsync());

describe('the popup', () => {
  it('says that it can be answered, and that time runs out, but not every second', async () => {
    const heard = app.popup.locator('.unseen[role=status]');
    const said = async (secondsLeft: number) => {
      const question = aQuestion({ secondsLeft });
      engine.ask(question);
      await app.popup.locator('.card:not(.unarmed)').waitFor();
      const text = await heard.innerText();
      engine.end(question.id);
      await expect.poll(() => app.popupVisible()).toBe(false);
      return text;
    };
    expect(await said(100)).toBe('You can answer now');
    expect(await said(28)).toBe('Less than 30 seconds left, then it is refused');
    expect(await said(9)).toBe('Less than 10 seconds left, then it is refused');
  });

  it('counts down by a clock that nobody can set', async () => {
    const question = aQuestion({ secondsLeft: 100 });
    engine.ask(question);
    const timer = app.popup.getByRole('timer');
    await timer.waitFor();
    for (const jump of [3_600_000, -3_600_000]) {
      await app.popup.evaluate((ms) => {
        const { now } = Date;
        Date.now = () => now() + ms;
      }, jump);
      await expect.poll(() => timer.getAttribute('aria-label')).toMatch(/^1:[0-3]\d left, then it is refused$/);
    }
    engine.end(question.id);
    await expect.poll(() => app.popupVisible()).toBe(false);
  });

  it('has labels that axe finds nothing wrong with, beside the words that they are about', async () => {
    const text = `rm -rf ${'~/Documents/a-folder-with-a-long-name '.repeat(6)}&& ls`;
    const question = aQuestion({ text, marks: [[text.slice(7, -6).trim(), 'risk', 'deletes six folders, not in this project']] });
    engine.ask(question);
    const mark = app.popup.locator('.mark-risk');
    await mark.focus();
    const [tip, lines] = await Promise.all([
      app.popup.getByRole('tooltip').boundingBox(),
      mark.evaluate((element) => [...element.getClientRects()].map(({ top, bottom }) => ({ top, bottom }))),
    ]);
    expect(lines.length).toBeGreaterThan(2);
    for (const { top, bottom } of lines) expect(tip!.y >= bottom || tip!.y + tip!.height <= top).toBe(true);
    expect(tip!.x).toBeGreaterThanOrEqual(0);
    expect(tip!.x + tip!.width).toBeLessThanOrEqual(560);
    expect(await mark.getAttribute('aria-description')).toBe('deletes six folders, not in this project');
    await expectAccessible(app.popup);
    // Esc takes away the label, and only then the question.
    await app.popup.keyboard.press('Escape');
    await expect.poll(() => app.popup.getByRole('tooltip').count()).toBe(0);
    expect(await app.popupVisible()).toBe(true);
    engine.end(question.id);
    await expect.poll(() => app.popupVisible()).toBe(false);
  });

  it.each(Object.keys(REAL))('has nothing in it that axe finds wrong: %s', async (name) => {
    const questions = REAL[name]!();
    engine.ask(...questions);
    await app.popup.locator('.card:not(.unarmed)').waitFor();
    for (const media of [
      { colorScheme: 'light', forcedColors: 'none' },
      { colorScheme: 'dark', forcedColors: 'none' },
      { colorScheme: 'light', forcedColors: 'active' },
    ] as const) {
      await app.popup.emulateMedia(media);
      await expectAccessible(app.popup);
    }
    engine.end(...questions.map(({ id }) => id));
    await expect.poll(() => app.popupVisible()).toBe(false);
  });
});
