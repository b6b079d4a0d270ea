/** The app beside an engine that only pretends, for all tests of a file: what is asked, and what becomes of it. */

import { afterEach, expect } from 'vitest';
import { bundle } from '../../../build/bundle.ts';
import type { Answered, Question } from '../../../main/contract/approval.ts';
import { type Display, startDisplay } from '../../support/display.ts';
import { type App, aFolder, startApp } from './app-driver.ts';
import { type FakeEngine, startFakeEngine } from './fake-engine.ts';

export interface PopupDesk {
  readonly display: Display;
  readonly engine: FakeEngine;
  readonly app: App;
}

/** Stopped with the stack. */
export async function startPopupDesk(stack: AsyncDisposableStack): Promise<PopupDesk> {
  await bundle();
  const display = stack.use(await startDisplay({ size: '1400x900' }));
  const folder = stack.use(await aFolder());
  const engine = stack.use(await startFakeEngine(folder.path));
  const app = stack.use(await startApp({ display, dataDir: folder.path }));
  await engine.joined;
  return { display, engine, app };
}

export interface Asking {
  /** Of questions that were asked: what a test leaves open is ended after it. */
  readonly open: Set<string>;
  /** Resolves when the popup is there. */
  ask(...questions: readonly Question[]): Promise<void>;
  /** The popup says itself when it takes answers. */
  armed(): Promise<void>;
  answersTo(question: Question): readonly Answered['answer'][];
}

/** `desk`: what is started by then. */
export function createAsking(desk: () => Pick<PopupDesk, 'engine' | 'app'>): Asking {
  const open = new Set<string>();
  afterEach(async () => {
    desk().engine.end(...open);
    open.clear();
    await expect.poll(() => desk().app.popupVisible()).toBe(false);
  });
  return {
    open,
    async ask(...questions) {
      for (const { id } of questions) open.add(id);
      desk().engine.ask(...questions);
      await expect.poll(() => desk().app.popupVisible()).toBe(true);
    },
    armed: () => desk().app.popup.locator('.card:not(.unarmed)').waitFor(),
    answersTo: ({ id }) =>
      desk()
        .engine.answers.filter((one) => one.id === id)
        .map(({ answer }) => answer),
  };
}
