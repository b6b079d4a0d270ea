/** `npm run demo` where there is a display: the question comes in the app's window. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ran } from '../../build/commands.ts';
import { ROOT } from '../../build/places.ts';
import { startDisplay } from '../support/display.ts';

it('asks in the window and in the terminal, and closes both when it was answered', { timeout: 120_000 }, async () => {
  await using display = await startDisplay();
  const env = { ...process.env, ...display.env, TMPDIR: display.home };
  const shown = async () => (await ran('xwininfo', ['-root', '-tree'], { env })).out.includes('"Holdpoint asks"');
  const demo = spawn(process.execPath, [join(ROOT, 'build/tasks.ts'), 'demo'], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  let out = '';
  demo.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  const ended = once(demo, 'exit');
  await expect.poll(() => out, { timeout: 60_000 }).toContain('d REASON');
  await expect.poll(shown, { timeout: 30_000 }).toBe(true);
  demo.stdin.end('d\n');
  expect(await ended).toEqual([0, null]);
  expect(out).toContain('The thesis is still there: 1 call refused');
  expect(await shown()).toBe(false);
  expect((await readdir(display.home)).filter((name) => name.startsWith('holdpoint-demo-'))).toEqual([]);
});
