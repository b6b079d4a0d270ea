/** What a wrong input gets: nothing breaks, nothing is run, nothing is shown that isn't so. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Question } from '../../../main/contract/approval.ts';
import { visiblePieces } from '../../../renderer/design/visible.ts';
import { type App, picture } from './app-driver.ts';
import { aQuestion, FORCE_PUSH } from './content.ts';
import type { FakeEngine } from './fake-engine.ts';
import { createAsking, startPopupDesk } from './popup-support.ts';
import { aRealQuestion } from './real-questions.ts';

const stack = new AsyncDisposableStack();
let engine: FakeEngine;
let app: App;

beforeAll(async () => {
  ({ engine, app } = await startPopupDesk(stack));
});
afterAll(() => stack.disposeAsync());

const { ask, armed, answersTo } = createAsking(() => ({ engine, app }));

const HOSTILE = {
  markup: '<img src=x onerror="document.title=\'run\'"><script>document.title="run"</script><style>*{display:none}</style>&lt;b&gt;',
  bidi: 'safe\u202Egnp.exe\u2066\u2067\u200F\u200E',
  control: 'a\u0000b\u0007c\u001B[2Jd\u009B31me\u007F\r\u0008\uFEFF\u00AD',
  'a word of 100,000 characters': 'W'.repeat(100_000),
  zalgo: `Z${'\u0300\u0316\u0489\u035C'.repeat(120)}a${'\u0336\u0347'.repeat(120)}`,
  'right to left': 'מסמכים וثائق تقرير שלום עולם '.repeat(20),
  emoji: '👩‍👩‍👧‍👦🏴󠁧󠁢󠁳󠁣󠁴󠁿🇩🇪️⃣'.repeat(40),
  'half a character': 'a\uD83D b\uDE00 \uFFFE\uFFFF',
  'line ends': '\n\r\n\u2028\u2029\u0085'.repeat(20),
  nothing: '',
} as const;

function hostileIn(text: string): Question {
  const part = text.slice(0, 4_000);
  return {
    ...aQuestion(),
    agent: { name: part, version: part, parents: [part, part], pid: 1 },
    workspace: `/${part}`,
    title: part,
    action: {
      kind: 'call_mcp_tool',
      tool: `mcp__${part}__${part}`,
      toolKind: 'mcp',
      text,
      omitted: 7,
      marks: text === '' ? [] : [{ start: 0, end: Math.min(40, text.length), risk: 'risk', says: part }],
    },
    effects: [
      { risk: 'risk', says: part },
      { risk: 'watch', says: `${part}.` },
    ],
    reason: part,
    policies: [{ id: part, reason: part, contact: part }],
    idea: { model: part, provider: part, after: part },
    details: { session: part, exchange: part, host: part, protocol: part, arguments: text },
  };
}

describe('a question with hostile text in every field', () => {
  it.each(Object.entries(HOSTILE))('shows it and runs nothing of it: %s', async (name, text) => {
    const question = hostileIn(text);
    await ask(question);
    await armed();
    await app.popup.getByRole('button', { name: 'Details', exact: true }).click();
    const { text: shown, ...seen } = await app.popup.evaluate(() => ({
      title: document.title,
      foreign: document.querySelectorAll('img, style, iframe, link:not([href="approval.css"]), script:not([src="approval.js"])').length,
      hidden: [...document.querySelectorAll('h1, .from, .action, .why, .details')].filter((one) => getComputedStyle(one).display === 'none')
        .length,
      text: document.body.innerText,
      hangsOver: Math.max(0, document.documentElement.scrollWidth - window.innerWidth),
    }));
    expect(seen).toEqual({ title: 'Holdpoint asks', foreign: 0, hidden: 0, hangsOver: 0 });
    // What hides or reorders text is nowhere in the page.
    expect(visiblePieces(shown).every(({ plain }) => plain)).toBe(true);
    await picture(app.popup, `popup-hostile-${name.replaceAll(/\W+/g, '-')}`);
    for (const label of ['Deny', 'Deny and say why…', 'Hide details']) {
      const box = (await app.popup.getByRole('button', { name: label, exact: true }).boundingBox())!;
      const { width, height } = await app.popup.evaluate(() => ({ width: window.innerWidth, height: window.innerHeight }));
      expect(box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height).toBe(true);
    }
    await app.popup.getByRole('button', { name: 'Deny', exact: true }).focus();
    await app.popup.keyboard.press('Enter');
    await expect.poll(() => answersTo(question)).toEqual([{ choice: 'deny' }]);
  });
});

describe('too much', () => {
  it('of a command of 5 MB shows what is marked, and says how much is not shown', async () => {
    const question = aRealQuestion({ tool: 'Bash', input: { command: `rm -rf ~/thesis; ${"echo 'b\\n``' \"$(x".repeat(330_000)}` } });
    expect(question.action.omitted).toBeGreaterThan(5_000_000);
    await ask(question);
    await armed();
    expect(await app.popup.locator('.mark-risk, .mark-watch').first().innerText()).toContain('thesis');
    await app.popup.getByText(/more characters are not shown/).waitFor();
    await app.popup.getByRole('button', { name: /^Show all/ }).click();
    await app.popup.getByRole('button', { name: 'Show less' }).waitFor();
    await picture(app.popup, 'popup-hostile-5-mb');
    await app.popup.getByRole('button', { name: 'Deny', exact: true }).click();
    await expect.poll(() => answersTo(question)).toEqual([{ choice: 'deny' }]);
  });

  it('of lines is shown all the same when asked', async () => {
    const question = aRealQuestion({
      tool: 'Edit',
      input: { file_path: '/etc/hosts', old_string: 'a\n'.repeat(8_000), new_string: 'b\n'.repeat(8_000) },
    });
    await ask(question);
    await armed();
    await app.popup.getByRole('button', { name: /^Show all/ }).click();
    await app.popup.getByRole('button', { name: 'Show less' }).waitFor();
    await app.popup.getByRole('button', { name: 'Deny', exact: true }).click();
    await expect.poll(() => answersTo(question)).toEqual([{ choice: 'deny' }]);
  });

  it('of 60 questions at once is one card, whose one no is for all of them', async () => {
    const questions = Array.from({ length: 60 }, () => FORCE_PUSH({ group: 'flood' }));
    await ask(...questions);
    await app.popup.getByRole('alertdialog', { name: 'Claude Code wants to do 60 things' }).waitFor();
    await armed();
    await app.popup.getByText('40 more are held').waitFor();
    expect(
      await app.popup
        .getByRole('listitem')
        .filter({ has: app.popup.getByRole('button', { name: 'Deny', exact: true }) })
        .count(),
    ).toBe(20);
    await app.popup.getByRole('button', { name: 'Deny all' }).click();
    await expect.poll(() => questions.flatMap(answersTo).length, { timeout: 60_000 }).toBe(60);
    expect(questions.flatMap(answersTo).every(({ choice }) => choice === 'deny')).toBe(true);
  });
});

describe('a question that is answered elsewhere while somebody is about to answer it here', () => {
  it('says that it is no longer open, keeps its place for a moment, and gives no answer to anything else', async () => {
    const question = aQuestion();
    await ask(question);
    await armed();
    await app.electron.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()
        .find((one) => one.getTitle() === 'Holdpoint asks')!
        .focus(),
    );
    await expect
      .poll(() => app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getFocusedWindow()?.getTitle()))
      .toBe('Holdpoint asks');
    engine.end(question.id);
    await app.popup.getByRole('status').getByText('This question is no longer open').waitFor();
    expect(await app.popup.getByRole('status').innerText()).toContain(question.title);
    await picture(app.popup, 'popup-ended');
    await app.popup.keyboard.press('Control+Enter');
    await expect.poll(() => app.popupVisible()).toBe(false);
    expect(answersTo(question)).toEqual([]);
  });
});
