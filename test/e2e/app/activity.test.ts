/** What happened, as a person finds and reads it in the console. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../../../build/bundle.ts';
import { HoldpointError } from '../../../main/contract/errors.ts';
import type { AuditRecord } from '../../../main/contract/record.ts';
import { type Display, startDisplay } from '../../support/display.ts';
import { aFolder, picture, startApp } from './app-driver.ts';
import { barriers } from './axe.ts';
import { anAfternoon, aQuestion } from './content.ts';
import { faintTexts } from './contrast.ts';
import { startFakeEngine } from './fake-engine.ts';
import { aLog, aToldAfternoon, BASH, CLAUDE_SESSION } from './told-afternoon.ts';

let display: Display;
beforeAll(async () => {
  await bundle();
  display = await startDisplay({ parts: ['windows', 'tray'], size: '1400x900' });
});
afterAll(() => display[Symbol.asyncDispose]());

const WHO = {
  session: 's',
  agent: 'Claude Code',
  host: 'api.anthropic.com',
  workspace: '/w',
  model: 'claude-sonnet-4-5',
  version: '2.1.14',
};

/** The console on a log. */
async function aConsole(log: Parameters<typeof startFakeEngine>[1]) {
  const stack = new AsyncDisposableStack();
  const folder = stack.use(await aFolder());
  const engine = stack.use(await startFakeEngine(folder.path, log));
  const app = stack.use(await startApp({ display, dataDir: folder.path }));
  const page = await app.openConsole();
  return { folder, engine, page, story: page.getByRole('main'), [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

async function look(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await picture(page, `console-activity-${name}-${colorScheme}`);
    expect(await faintTexts(page)).toEqual([]);
    expect(await barriers(page)).toEqual([]);
  }
}

describe('a session', () => {
  it('reads like a story: what was asked, said, done and found, and what it cost', async () => {
    await using console = await aConsole(aToldAfternoon());
    const { page, story, engine } = console;
    engine.ask(aQuestion());
    await story.getByText('It builds again.').waitFor();
    await page
      .getByRole('button', { name: /^Claude Code/ })
      .getByText('1 waiting')
      .waitFor();
    await look(page, 'end');

    await story.locator('.scroll').evaluate((element) => element.scrollTo(0, 0));
    await story.getByText('You asked').waitFor();
    const head = await story.locator('header').innerText();
    expect(head).toContain('The build fails since this morning.');
    expect(head).toMatch(/Claude Code 2\.1\.14 in thesis-site.*claude-sonnet-4-5.*10 calls.*81,207 tokens.*\$0\.32/s);
    const reads = story.getByRole('listitem').filter({ hasText: 'CONTRIBUTING.md, package.json and 3 more' });
    await reads.getByRole('button', { name: 'Show all 7' }).click();
    await reads.getByText('Build with `npm run build`').waitFor();
    await look(page, 'story');
  });

  it('shows the proof of each of its records', async () => {
    await using console = await aConsole(aToldAfternoon());
    const { page, story } = console;
    const step = story.getByRole('listitem').filter({ hasText: 'npm run build' }).filter({ hasText: 'runs this project' });
    await step.getByRole('button', { name: 'Why' }).click();
    await step.getByRole('article').first().getByRole('button', { name: 'Proof in the chain' }).click();
    await step.getByText('this computer’s key has signed that').waitFor();
    await step.getByRole('article').first().scrollIntoViewIfNeeded();
    await look(page, 'proof');
    const proof = await step.locator('.proof').innerText();
    expect(proof).toMatch(/Link before\s+[0-9a-f]{64}\s+Hashed together with it\s+\{"seq":\d+/);
    expect(proof).toContain('— holdpoint/audit/v1 ');
    expect(proof).toContain('npx holdpoint audit verify');
    expect(
      await step
        .locator('.proof dd code')
        .first()
        .evaluate((code) => getComputedStyle(code).userSelect),
    ).toBe('text');

    // The last record has no checkpoint after it yet.
    const last = story.getByRole('listitem').filter({ hasText: 'waiting for you' });
    await last.getByRole('button', { name: 'Why' }).click();
    await last.getByRole('article').last().getByRole('button', { name: 'Proof in the chain' }).click();
    await last.getByText('No checkpoint after this record is signed yet').waitFor();
  });

  it('leaves a reader where they are when more happens, and draws a bounded part of a long conversation', async () => {
    await using console = await aConsole({});
    const { engine, story } = console;
    const happen = (from: number, to: number) => {
      for (let seq = from; seq <= to; seq++) {
        engine.record({
          ...anAfternoon().at(-1)!,
          ...{
            seq,
            id: `record-${seq}`,
            action: `action-${seq}`,
            exchange: `exchange-${seq}`,
            kind: 'action',
            at: new Date().toISOString(),
          },
          summary: `Claude Code: Bash: echo ${seq}`,
          data: { tool: 'Bash', toolKind: 'shell' },
        });
      }
    };
    happen(1, 1_500);
    await story.getByText('echo 1500', { exact: true }).waitFor();
    expect(await story.getByRole('listitem').count()).toBeLessThan(60);
    const scroll = story.locator('.scroll');
    const fromEnd = () => scroll.evaluate((element) => element.scrollHeight - element.clientHeight - element.scrollTop);
    await expect.poll(fromEnd).toBeLessThan(2);

    // Not by the wheel, whose turn is drawn over many frames: nobody can tell when it has come to rest.
    await scroll.evaluate((element) => {
      element.scrollTop -= 3_000;
    });
    await expect.poll(fromEnd).toBeGreaterThan(1_000);
    /** The step in the middle of what the reader sees, and where it is on the screen. */
    const inView = () =>
      scroll.evaluate((element) => {
        const { top, height } = element.getBoundingClientRect();
        const step = [...element.querySelectorAll('li')].find((one) => {
          const { top: from, bottom } = one.getBoundingClientRect();
          return from <= top + height / 2 && bottom > top + height / 2;
        })!;
        return { text: step.querySelector('pre')!.innerText, y: step.getBoundingClientRect().top };
      });
    await expect.poll(async () => (await inView()).text).toMatch(/echo 14/);
    const before = await inView();
    const height = await scroll.evaluate((element) => element.scrollHeight);
    happen(1_501, 1_501);
    await expect.poll(() => scroll.evaluate((element) => element.scrollHeight)).toBeGreaterThan(height);
    const after = await inView();
    expect(after.text).toBe(before.text);
    expect(Math.abs(after.y - before.y)).toBeLessThan(8);

    // Back to the beginning, page by page.
    await expect
      .poll(async () => {
        await scroll.evaluate((element) => element.scrollTo(0, 0));
        return await story.getByText('echo 1', { exact: true }).count();
      })
      .toBe(1);
    expect(await story.getByRole('listitem').count()).toBeLessThan(60);
  });
});

describe('everything', () => {
  it('is searched, filtered and reached by keys, down to the step that a record is told in', async () => {
    await using console = await aConsole(aToldAfternoon());
    const { page, story } = console;
    await story.getByText('It builds again.').waitFor();
    await page.keyboard.press('Control+k');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Search everything');
    await page.keyboard.type('rounding');
    // Only what was said has the word.
    await page
      .getByRole('button', { name: /^Codex/ })
      .getByText('2 matches')
      .waitFor();
    expect(await page.getByRole('list', { name: 'Sessions' }).getByRole('listitem').count()).toBe(1);
    await story.getByText('Invoices are a cent off', { exact: false }).first().waitFor();

    await page.getByRole('radio', { name: 'Records' }).check();
    const found = page.getByRole('list', { name: 'Records' }).getByRole('listitem');
    await expect.poll(() => found.count()).toBe(2);
    expect(await found.last().locator('mark').first().innerText()).toBe('rounding');
    await look(page, 'search');
    await page.getByLabel('Search everything').press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await story.locator('li.here').getByText('fix the rounding').waitFor();

    await page.getByLabel('Search everything').press('Escape');
    await page.getByRole('button', { name: 'Ended' }).click();
    await page.getByRole('menuitemradio', { name: 'Refused' }).click();
    await page.getByRole('button', { name: 'Agent', exact: true }).click();
    await page.getByRole('menuitemradio', { name: 'Claude Code' }).waitFor();
    await picture(page, 'console-activity-menu');
    await page.getByRole('menuitemradio', { name: 'Claude Code' }).click();
    await expect.poll(() => found.count()).toBe(2);
    await look(page, 'filtered');
    // A command is written as the popup writes it: what runs stands out.
    expect(await story.locator('.step-command').last().locator('.ink-name').allInnerTexts()).toEqual(['npm', 'rm', 'git']);
    await page.getByRole('button', { name: 'Remove the filter Claude Code' }).click();
    await page.getByRole('button', { name: 'Remove the filter Refused' }).click();
    const sessions = page.getByRole('list', { name: 'Sessions' }).getByRole('listitem');
    await expect.poll(() => sessions.count()).toBe(5);

    await page.getByRole('button', { name: 'Found' }).click();
    await page.getByRole('menuitemradio', { name: 'a secret (github token)' }).click();
    await page.getByRole('radio', { name: 'Sessions' }).check();
    await expect.poll(() => sessions.count()).toBe(1);
    await page.getByLabel('Search everything').fill('nothing like it');
    await story.getByText('Nothing here matches.').waitFor();
  });

  it('is reached in the middle of a long session, which goes on in both directions', async () => {
    const log = aLog();
    for (let i = 1; i <= 1_200; i++) log.turn(WHO, { ago: 1_300 - i, calls: [BASH(`echo ${i} done`)] });
    await using console = await aConsole(log);
    const { page, story } = console;
    await story.getByText('echo 1200 done', { exact: true }).waitFor();
    await page.getByLabel('Search everything').fill('echo 600 done');
    await page.getByRole('radio', { name: 'Records' }).check();
    await page.getByRole('list', { name: 'Records' }).getByText('echo 600 done').click();
    const scroll = story.locator('.scroll');
    const inSight = () =>
      scroll.evaluate((element) => {
        const { top, bottom } = element.getBoundingClientRect();
        return [...element.querySelectorAll('li')]
          .filter((one) => one.getBoundingClientRect().top >= top && one.getBoundingClientRect().bottom <= bottom)
          .map((one) => one.querySelector('pre')?.innerText);
      });
    await expect.poll(inSight).toContain('echo 600 done');
    /** Which one is in sight after so many turns of going as far as there is something. */
    const goTo = (top: number, text: string) =>
      expect
        .poll(async () => {
          await scroll.evaluate((element, to) => element.scrollTo(0, to), top);
          return await inSight();
        })
        .toContain(text);
    await goTo(1e9, 'echo 1200 done');
    await story.getByRole('button', { name: 'Go to the newest' }).waitFor({ state: 'detached' });
    await goTo(0, 'echo 1 done');
  });

  it('is a list of ten thousand sessions that is drawn a screen at a time', async () => {
    const log = aLog();
    for (let i = 10_000; i > 0; i--)
      log.add('action', i * 3, {
        ...{ session: `session-${i}`, agent: i % 3 === 0 ? 'Codex' : 'Claude Code', action: `action-${i}` },
        summary: `Claude Code: Bash: echo ${i}`,
        data: { tool: 'Bash', toolKind: 'shell', workspace: `/home/mara/code/project-${i}` },
      });
    await using console = await aConsole(log);
    const { page, story } = console;
    const items = page.locator('.items');
    await page.getByText('project-1 ·').waitFor();
    expect(await page.getByRole('list', { name: 'Sessions' }).getByRole('listitem').count()).toBeLessThan(40);
    const down = async () => {
      await items.evaluate((element) => element.scrollTo(0, element.scrollHeight));
      return await items.evaluate((element) => element.scrollHeight);
    };
    await expect.poll(down).toBeGreaterThan(20_000);
    expect(await page.getByRole('list', { name: 'Sessions' }).getByRole('listitem').count()).toBeLessThan(40);

    await items.evaluate((element) => element.scrollTo(0, 0));
    await page.getByRole('button', { name: /project-1 / }).focus();
    for (let i = 0; i < 12; i++) await page.keyboard.press('ArrowDown');
    await page
      .getByRole('button', { name: /project-13 / })
      .and(page.locator(':focus'))
      .waitFor();
    await page.keyboard.press('Enter');
    await story.getByText('echo 13', { exact: true }).waitFor();
  });
});

describe('while it happens', () => {
  it('two hundred records a second are taken in without a frame that is felt', async () => {
    const log = aToldAfternoon();
    await using console = await aConsole(log);
    const { page, story, engine } = console;
    await story.getByText('It builds again.').waitFor();
    const measured = page.evaluate(
      () =>
        new Promise<{ frames: number; longest: number; ms: number }>((resolve) => {
          let longest = 0;
          let frames = 0;
          new PerformanceObserver((list) => {
            for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
          }).observe({ type: 'longtask' });
          const start = performance.now();
          const next = () => {
            frames += 1;
            const ms = performance.now() - start;
            if (ms < 2_000) requestAnimationFrame(next);
            else resolve({ frames, longest, ms });
          };
          requestAnimationFrame(next);
        }),
    );
    let seq = log.records.length;
    const more = (count: number) => {
      for (let i = 0; i < count; i++) engine.record(anEcho(++seq));
    };
    for (let tick = 0; tick < 40; tick++) {
      more(10);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const { frames, longest, ms } = await measured;
    globalThis.console.log(
      `200 records a second: ${((frames / ms) * 1000).toFixed(0)} frames a second, longest task ${longest.toFixed(0)} ms`,
    );
    expect(longest).toBeLessThan(500);
    // The newest is in sight, and counted in the list.
    await story.getByText(`echo ${seq}`, { exact: true }).waitFor();
    await page
      .getByRole('button', { name: /^Claude Code/ })
      .getByText('410 calls')
      .waitFor();
  });

  it('an engine that goes away leaves what was known in sight, and the next one is asked by itself', async () => {
    await using folder = await aFolder();
    const log = aToldAfternoon();
    const engine = await startFakeEngine(folder.path, log);
    // The app can start none of its own.
    const config = join(folder.path, 'config.json');
    await writeFile(config, JSON.stringify({ proxy: { port: 'eighty' } }));
    await using app = await startApp({ display, dataDir: folder.path, args: ['--config', config] });
    const page = await app.openConsole();
    const story = page.getByRole('main');
    await story.getByText('It builds again.').waitFor();
    await engine.die();
    await page.getByText('This is what was known when it was last asked.').waitFor();
    await look(page, 'lost');
    expect(await story.getByText('It builds again.').count()).toBe(1);
    log.turn({ ...WHO, session: CLAUDE_SESSION }, { ago: 0, said: 'It happened meanwhile.', calls: [BASH('echo meanwhile')] });
    await page.getByRole('button', { name: 'Start again' }).waitFor();
    await using _again = await startFakeEngine(folder.path, log);
    await page.getByRole('button', { name: 'Start again' }).click();
    await story.getByText('It happened meanwhile.').waitFor();
    await page.getByText('This is what was known').waitFor({ state: 'detached' });
  });
});

describe('an engine that refuses', () => {
  it('is quoted, and asked again by itself', async () => {
    const log = aToldAfternoon();
    let isBroken = true;
    const texts = {
      get(hash: string) {
        if (isBroken) throw new HoldpointError('not-found', 'The log audit.db can’t be read. Check the disk.');
        return log.texts.get(hash);
      },
    } as Map<string, string>;
    await using console = await aConsole({ records: log.records, texts });
    await console.story.getByText('The log audit.db can’t be read. Check the disk. It is tried again by itself.').waitFor();
    expect(await console.story.getByText('No agent has been seen yet.').count()).toBe(0);
    await look(console.page, 'refused');
    isBroken = false;
    await console.story.getByText('It builds again.').waitFor();
    // What is known stays in sight when it can't be read later.
    isBroken = true;
    console.engine.record(anEcho(log.records.length + 1));
    await console.page.locator('.list-problem').getByText('Check the disk.').waitFor();
    expect(await console.story.getByText('It builds again.').count()).toBe(1);
  });
});

describe('hostile text', () => {
  it('breaks nothing, runs nothing, and is bounded', async () => {
    const zalgo = `z${'\u0301\u0316\u0338'.repeat(400)}algo`;
    const words = ['<img src=x onerror="window.hacked=1">', `abc\u202Etxt.exe\u0007\u200B`, zalgo, 'W'.repeat(100_000), 'שלום <b>עולם</b>'];
    const log = aLog();
    for (const [i, word] of words.entries()) {
      const who = {
        ...WHO,
        session: `s-${i}`,
        agent: word.slice(0, 200),
        workspace: `/w/${word.slice(0, 500)}`,
        model: word.slice(0, 300),
      };
      log.turn(who, {
        ago: 9 - i,
        asked: word,
        got: [word, word.repeat(2)],
        said: `${word} ${i}`,
        calls: [
          BASH(`echo ${word}`, word),
          { tool: word, toolKind: 'read', text: `Read /${word}`, does: word },
          BASH(word.split('').join(' && ')),
        ],
      });
      log.add('finding', 9 - i, {
        ...{ session: who.session, agent: who.agent, action: `found-${i}` },
        summary: word,
        data: { action: 'send_prompt', findings: [{ label: `${word}.${word}` }] },
      });
    }
    await using console = await aConsole(log);
    const { page, story } = console;
    const rows = page.getByRole('list', { name: 'Sessions' }).getByRole('listitem');
    await expect.poll(() => rows.count()).toBe(words.length);
    for (let i = 0; i < words.length; i++) {
      await rows.nth(i).getByRole('button').click();
      await expect.poll(() => rows.nth(i).getByRole('button').getAttribute('aria-current')).toBe('true');
      await story.getByRole('listitem').last().waitFor();
      const sizes = await page.evaluate(() => ({
        characters: document.body.textContent!.length,
        wide: document.documentElement.scrollWidth - window.innerWidth,
        story: document.querySelector('.scroll')!.scrollWidth - document.querySelector('.scroll')!.clientWidth,
        high: Math.max(...[...document.querySelectorAll('.row')].map((row) => row.getBoundingClientRect().height)),
      }));
      expect(sizes.characters).toBeLessThan(100_000);
      expect(sizes).toMatchObject({ wide: 0, story: 0 });
      expect(sizes.high).toBeLessThan(200);
      await picture(page, `console-activity-hostile-${i}`);
    }
    expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
    expect(await page.locator('main img, section img').count()).toBe(0);
    await page.getByText('U+202E').first().waitFor();
  });
});

function anEcho(seq: number): AuditRecord {
  return {
    ...anAfternoon().at(-1)!,
    ...{ seq, id: `record-${seq}`, action: `action-${seq}`, exchange: `exchange-${seq}`, kind: 'action', at: new Date().toISOString() },
    session: CLAUDE_SESSION,
    summary: `Claude Code: Bash: echo ${seq}`,
    data: { tool: 'Bash', toolKind: 'shell', workspace: '/home/mara/code/thesis-site' },
  };
}
