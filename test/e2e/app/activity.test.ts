/** What happened, as a person finds and reads it in the console. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../../../build/bundle.ts';
import { type Display, startDisplay } from '../../support/display.ts';
import { aFolder, picture, startApp } from './app-driver.ts';
import { aQuestion } from './content.ts';
import { faintTexts } from './contrast.ts';
import { startFakeEngine } from './fake-engine.ts';
import { aToldAfternoon } from './told-afternoon.ts';

let display: Display;
beforeAll(async () => {
  await bundle();
  display = await startDisplay({ parts: ['windows', 'tray'], size: '1400x900' });
});
afterAll(() => display[Symbol.asyncDispose]());

describe('a session', () => {
  it('reads like a story, and looks like one', async () => {
    await using folder = await aFolder();
    await using engine = await startFakeEngine(folder.path, aToldAfternoon());
    await using app = await startApp({ display, dataDir: folder.path });
    const console = await app.openConsole();
    const open = aQuestion();
    engine.ask({ ...open, details: { ...open.details, session: 'claude-1' } });
    const story = console.getByRole('main');
    await story.getByText('It builds again.').waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await console.emulateMedia({ colorScheme });
      await picture(console, `console-activity-${colorScheme}`);
      expect(await faintTexts(console)).toEqual([]);
    }
  });
});
