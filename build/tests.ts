/** Runs Vitest and ends with the one line that sums it up. */

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { wordsOf } from './commands.ts';
import { foreground } from './foreground.mjs';
import { NODE, ROOT } from './places.ts';
import type { Tally } from './reporter.ts';

/**
 * Gives the exit code: 0 when tests ran and nothing failed. `prepare` gives the names of failed checks; each counts as one
 * failure, as do a test file that could not be loaded, an error outside every test, and a preparation that failed: so the
 * closing line and the exit code always say the same.
 */
export async function runTests(args: readonly string[], prepare: () => Promise<readonly string[]>): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'holdpoint-tally-'));
  const file = join(folder, 'tally.json');
  try {
    const failedChecks = await prepare();
    const env = { ...process.env, HOLDPOINT_TALLY: file };
    const code = await foreground(NODE, [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', ...args], { cwd: ROOT, env });
    const { passed, failed } = await tallyOf(file);
    for (const name of failedChecks) console.log(`Check failed: ${name} (see above)`);
    return closed(passed, failedChecks.length + (code !== 0 && failed === 0 ? 1 : failed));
  } catch (error) {
    console.error(wordsOf(error));
    return closed(0, 1);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function closed(passed: number, failed: number): number {
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

/** A run that ended before it could say anything has passed nothing. */
async function tallyOf(file: string): Promise<Tally> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Tally;
  } catch {
    return { passed: 0, failed: 0 };
  }
}
