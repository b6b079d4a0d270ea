/** The popup in the real Electron: what a person sees, and what their keys and clicks do. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Question } from '../../../main/contract/approval.ts';
import { type App, picture } from './app-driver.ts';
import { aQuestion, CURL_TO_SHELL, EDIT_ELSEWHERE, FORCE_PUSH, LONG_COMMAND } from './content.ts';
import type { FakeEngine } from './fake-engine.ts';
import { createAsking, startPopupDesk } from './popup-support.ts';
import { REAL } from './real-questions.ts';

const stack = new AsyncDisposableStack();
let engine: FakeEngine;
let app: App;

beforeAll(async () => {
  ({ engine, app } = await startPopupDesk(stack));
});
afterAll(() => stack.disposeAsync());

const { open, armed, answersTo, ...asking } = createAsking(() => ({ engine, app }));
async function ask(...questions: readonly Question[]): Promise<void> {
  await asking.ask(...questions);
  await app.popup.getByRole('alertdialog').waitFor();
}

const button = (name: string | RegExp) => app.popup.getByRole('button', { name, exact: true });
const allowOnce = () => app.popup.getByRole('button', { name: /^Allow once/ });

describe('the popup', () => {
  it('shows what is asked, exactly, and denies by a click', async () => {
    const question = aQuestion();
    await ask(question);
    const dialog = app.popup.getByRole('alertdialog', { name: 'Claude Code wants to delete files outside this project' });
    await expect.poll(() => dialog.count()).toBe(1);
    const text = await dialog.innerText();
    for (const part of [
      'thesis-site',
      'gnome-terminal → zsh → Claude Code 2.1.14',
      'deletes ~/Documents/thesis/drafts, not in this project',
      question.reason,
      'claude-sonnet-4-5',
      'CONTRIBUTING.md',
      '#help-agents',
    ]) {
      expect(text).toContain(part);
    }
    expect(await dialog.locator('.action-text').textContent()).toBe(question.action.text);
    await armed();
    await picture(app.popup, 'popup-delete');
    await button('Deny').click();
    await expect.poll(() => answersTo(question)).toEqual([{ choice: 'deny' }]);
    expect(engine.answers.at(-1)).toMatchObject({ nonce: question.nonce, shown: question.shown });
    await expect.poll(() => app.popupVisible()).toBe(false);
  });

  it('is a window above the others that leaves the keyboard where it is', async () => {
    await ask(aQuestion());
    const window = await app.electron.evaluate(({ BrowserWindow }) => {
      const popup = BrowserWindow.getAllWindows().find((one) => one.getTitle() === 'Holdpoint asks')!;
      return { onTop: popup.isAlwaysOnTop(), focused: popup.isFocused(), bounds: popup.getBounds() };
    });
    expect(window).toMatchObject({ onTop: true, focused: false });
    const height = await app.popup.locator('.page').evaluate((page) => page.getBoundingClientRect().height);
    expect(window.bounds.height).toBe(Math.ceil(height));
  });

  it('allows by Ctrl+Enter once it is armed, and not before', async () => {
    const question = aQuestion();
    engine.ask(question);
    open.add(question.id);
    // The very first moment that it is there.
    await app.popup.locator('.card.unarmed').waitFor();
    await app.popup.keyboard.press('Control+Enter');
    await armed();
    expect(answersTo(question)).toEqual([]);
    await app.popup.keyboard.press('Control+Enter');
    await expect.poll(() => answersTo(question)).toEqual([{ choice: 'allow', for: 'once' }]);
  });

  it('is not armed by the page alone: the main process refuses a hasty answer', async () => {
    const question = aQuestion();
    open.add(question.id);
    await app.popup.evaluate(() => {
      const watch = window as unknown as { hasty: Promise<unknown> };
      watch.hasty = new Promise((resolve) => {
        const off = window.holdpoint.on('popup:view', (view) => {
          const asked = view.card?.questions[0];
          if (!asked) return;
          off();
          const { id, nonce, shown } = asked;
          resolve(window.holdpoint.call('popup:answer', { id, nonce, shown, answer: { choice: 'allow', for: 'once' } }));
        });
      });
    });
    engine.ask(question);
    expect(await app.popup.evaluate(() => (window as unknown as { hasty: Promise<unknown> }).hasty)).toEqual({
      accepted: false,
      why: 'arming',
    });
    await armed();
    expect(answersTo(question)).toEqual([]);
  });

  it('denies by a bare Enter, for Deny has the focus', async () => {
    const question = aQuestion();
    await ask(question);
    await armed();
    expect(await button('Deny').evaluate((element) => element === document.activeElement)).toBe(true);
    await app.popup.keyboard.press('Enter');
    await expect.poll(() => answersTo(question)).toEqual([{ choice: 'deny' }]);
  });

  it('never allows by a bare Enter, even on the button', async () => {
    const question = aQuestion();
    await ask(question);
    await armed();
    await allowOnce().focus();
    await app.popup.keyboard.press('Enter');
    await app.popup.keyboard.press('Escape');
    await expect.poll(() => app.popupVisible()).toBe(false);
    expect(answersTo(question)).toEqual([]);
  });

  it('is put into the tray by Esc, where the question stays open, and comes back from there', async () => {
    const question = aQuestion();
    await ask(question);
    await app.popup.keyboard.press('Escape');
    await expect.poll(() => app.popupVisible()).toBe(false);
    expect(await app.tray()).toMatchObject({ tip: 'Holdpoint: 1 question is waiting for you' });
    await app.chooseInTray(/^Claude Code wants to/);
    await expect.poll(() => app.popupVisible()).toBe(true);
    await armed();
    await button('Deny').click();
    await expect.poll(() => answersTo(question)).toEqual([{ choice: 'deny' }]);
    await expect.poll(async () => (await app.tray()).tip).toBe('Holdpoint: Protecting');
  });

  it('tells the agent why', async () => {
    const question = CURL_TO_SHELL();
    await ask(question);
    await armed();
    await button('Deny and say why…').click();
    const field = app.popup.getByLabel('Tell the agent why');
    await field.fill('Use the package from npm instead.');
    await picture(app.popup, 'popup-why');
    await field.press('Enter');
    await expect.poll(() => answersTo(question)).toEqual([{ choice: 'deny', reason: 'Use the package from npm instead.' }]);
  });

  it('goes from the reason back to the question by Esc', async () => {
    await ask(aQuestion());
    await armed();
    await button('Deny and say why…').click();
    await app.popup.getByLabel('Tell the agent why').press('Escape');
    await button('Deny').waitFor();
    expect(await app.popupVisible()).toBe(true);
  });

  it('grants for longer from the arrow, as far as policy permits', async () => {
    const question = FORCE_PUSH();
    await ask(question);
    await armed();
    await button('Allow for longer').click();
    expect(await app.popup.getByRole('menuitem').count()).toBe(1);
    await app.popup.getByRole('menuitem', { name: /this session/ }).click();
    await expect.poll(() => answersTo(question)).toEqual([{ choice: 'allow', for: 'session' }]);
  });

  it('offers nothing beyond once where policy permits nothing', async () => {
    await ask(CURL_TO_SHELL());
    expect(await button('Allow for longer').count()).toBe(0);
  });

  it('shows the questions of one answer together; each is answered by itself', async () => {
    const [first, second] = [aQuestion({ group: 'one answer' }), FORCE_PUSH({ group: 'one answer' })];
    await ask(first, second);
    await app.popup.getByRole('alertdialog', { name: 'Claude Code wants to do 2 things' }).waitFor();
    await armed();
    await picture(app.popup, 'popup-group');
    await app.popup
      .getByRole('listitem')
      .filter({ hasText: 'rewrites origin/main' })
      .getByRole('button', { name: /^Allow once/ })
      .click();
    await expect.poll(() => answersTo(second)).toEqual([{ choice: 'allow', for: 'once' }]);
    await app.popup.getByRole('alertdialog', { name: 'Claude Code wants to delete files outside this project' }).waitFor();
    expect(answersTo(first)).toEqual([]);
  });

  it('denies all of them at once', async () => {
    const together = [aQuestion({ group: 'all' }), FORCE_PUSH({ group: 'all' }), CURL_TO_SHELL({ group: 'all' })];
    await ask(...together);
    await armed();
    await button('Deny all').click();
    for (const question of together) await expect.poll(() => answersTo(question)).toEqual([{ choice: 'deny' }]);
  });

  it('denies all of them at once even where the first is gone before the others are heard', async () => {
    const together = [aQuestion({ group: 'slow' }), FORCE_PUSH({ group: 'slow' }), CURL_TO_SHELL({ group: 'slow' })];
    await ask(...together);
    await armed();
    // One by one, each when the list without the one before has long been told.
    await app.electron.evaluate(({ ipcMain }) => {
      const { _invokeHandlers: handlers } = ipcMain as unknown as {
        _invokeHandlers: Map<string, (...given: unknown[]) => Promise<unknown>>;
      };
      const answer = handlers.get('popup:answer')!;
      let before: Promise<unknown> = Promise.resolve();
      handlers.set('popup:answer', (...given) => {
        before = before.then(() => answer(...given)).then((said) => new Promise((resolve) => setTimeout(() => resolve(said), 60)));
        return before;
      });
    });
    await button('Deny all').click();
    for (const question of together) await expect.poll(() => answersTo(question), { timeout: 5_000 }).toEqual([{ choice: 'deny' }]);
  });

  it('counts through questions that came one after the other, and arms for each anew', async () => {
    const questions = [aQuestion({ secondsLeft: 60 }), FORCE_PUSH({ secondsLeft: 70 }), CURL_TO_SHELL({ secondsLeft: 80 })];
    await ask(...questions);
    await app.popup.getByText('1 of 3').waitFor();
    await armed();
    await button('Deny').click();
    await app.popup.getByText('2 of 3').waitFor();
    await app.popup.locator('.card.unarmed').waitFor();
    await armed();
    await app.popup.keyboard.press('Control+Enter');
    await app.popup.getByText('3 of 3').waitFor();
    expect(questions.flatMap(answersTo)).toEqual([{ choice: 'deny' }, { choice: 'allow', for: 'once' }]);
  });

  it('goes away when the question ends without it', async () => {
    const question = aQuestion();
    await ask(question);
    engine.end(question.id);
    await expect.poll(() => app.popupVisible()).toBe(false);
  });

  it('folds a long command but never its marked part, and shows all of it when asked', async () => {
    const question = LONG_COMMAND();
    await ask(question);
    const code = app.popup.locator('.action-text');
    expect(await code.textContent()).not.toContain('plot-30.webp');
    const mark = app.popup.locator('.mark-risk');
    expect(await mark.textContent()).toBe('find ~/Pictures/thesis -name "*.tiff" -mtime +30 -delete');
    expect(
      await mark.evaluate(
        (element) => element.closest('.action-text')!.getBoundingClientRect().bottom - element.getBoundingClientRect().bottom,
      ),
    ).toBeGreaterThan(0);
    await picture(app.popup, 'popup-long');
    await button(/^Show all/).click();
    await expect.poll(() => code.textContent()).toContain('plot-30.webp');
  });

  it('tells what a marked part means on hover and on keyboard focus', async () => {
    await ask(EDIT_ELSEWHERE());
    const tip = app.popup.getByRole('tooltip');
    await app.popup.locator('.mark-risk').hover();
    expect(await tip.innerText()).toBe('writes ~/.ssh/config, not in this project');
    await app.popup.mouse.move(5, 5);
    await expect.poll(() => tip.count()).toBe(0);
    await app.popup.locator('.mark-risk').focus();
    expect(await tip.count()).toBe(1);
  });

  it('shows right-to-left names in the order of their characters, so that none changes places with another', async () => {
    await ask(aQuestion({ text: 'cp ~/מסמכים/א 1 ב && rm וثائق.pdf', marks: [['~/מסמכים/א', 'watch', 'copies ~/מסמכים/א']] }));
    const isInOrder = await app.popup.locator('.action-text').evaluate((code) => {
      const walk = document.createTreeWalker(code, NodeFilter.SHOW_TEXT);
      const places: { left: number; top: number }[] = [];
      for (let node = walk.nextNode(); node; node = walk.nextNode()) {
        for (let i = 0; i < node.textContent!.length; i++) {
          const range = document.createRange();
          range.setStart(node, i);
          range.setEnd(node, i + 1);
          places.push(range.getBoundingClientRect());
        }
      }
      return places.every(({ left, top }, i) => i === 0 || top > places[i - 1]!.top + 10 || left >= places[i - 1]!.left);
    });
    expect(isInOrder).toBe(true);
  });

  it('tells which tool of which server is meant, and after what', async () => {
    await ask(REAL.mcp!()[0]!);
    const dialog = app.popup.getByRole('alertdialog');
    expect(await dialog.locator('.tool').innerText()).toBe('jira_transition_issue of the MCP server atlassian');
    expect(await dialog.innerText()).toContain('jira_get_issue (atlassian)');
  });

  it('tells the loudest of many effects, and all of them when asked', async () => {
    const question = REAL.effects!()[0]!;
    await ask(question);
    const effects = app.popup.locator('.effects li:not(.more)');
    expect(await effects.count()).toBeLessThan(question.effects.length);
    await app.popup.getByRole('button', { name: /^and \d+ more$/ }).click();
    expect(await effects.count()).toBe(question.effects.length);
    expect(await app.popup.getByRole('alertdialog').innerText()).toContain('#help-agents, release@acme.example');
  });

  it('keeps its buttons in sight when there is more than the screen holds', async () => {
    await ask(...Array.from({ length: 6 }, () => aQuestion({ group: 'six' })));
    const denyAll = await button('Deny all').boundingBox();
    const height = await app.popup.evaluate(() => window.innerHeight);
    expect(await app.popup.locator('.page').evaluate((page) => page.getBoundingClientRect().height)).toBeGreaterThan(height);
    expect(denyAll!.y + denyAll!.height).toBeLessThanOrEqual(height);
    await app.popup.getByRole('listitem').last().scrollIntoViewIfNeeded();
    await app.popup.getByRole('timer').waitFor();
    expect((await app.popup.getByRole('timer').boundingBox())!.y).toBeGreaterThanOrEqual(0);
  });

  it('says calmly that a question has ended meanwhile, and only of that question', async () => {
    const [late, next] = [aQuestion({ secondsLeft: 50 }), FORCE_PUSH({ secondsLeft: 90 })];
    await ask(late);
    await armed();
    engine.endUntold(late.id);
    await button('Deny').click();
    await app.popup.getByRole('status').getByText('This question is no longer open.').waitFor();
    engine.ask(next);
    open.add(next.id);
    await app.popup.getByRole('alertdialog', { name: next.title }).waitFor();
    expect(await app.popup.locator('.notice').count()).toBe(0);
    expect(answersTo(late)).toEqual([]);
  });

  it('shows characters that hide or reorder others as their numbers', async () => {
    await ask(aQuestion({ text: 'cat safe\u202Egnp.exe', marks: [], title: 'Claude Code wants to run\u200B a program' }));
    expect(await app.popup.locator('.action-text').innerText()).toContain('safeU+202Egnp.exe');
    expect(await app.popup.locator('h1').innerText()).toContain('runU+200B a program');
  });
});
