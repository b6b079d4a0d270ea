/** How the tests run: those without a desktop side by side, then those with one, one file at a time, then real agents. */

import { defineConfig } from 'vitest/config';
import { tallyReporter } from './build/reporter.ts';
import { FUZZ_TIMES } from './test/fuzz/runs.ts';

/** What a test waits for comes as soon as it comes; on a busy machine that is not within a second. */
const PATIENT = { poll: { timeout: 20_000 } };

export default defineConfig({
  test: {
    reporters: ['default', tallyReporter()],
    allowOnly: false,
    projects: [
      {
        test: {
          name: 'fast',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: ['test/e2e/**'],
          testTimeout: 30_000 * FUZZ_TIMES,
          hookTimeout: 30_000,
          expect: PATIENT,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.{ts,tsx}'],
          exclude: ['test/e2e/agents/**', 'test/e2e/machine/**'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          expect: PATIENT,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'agents',
          include: ['test/e2e/agents/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // One of them mostly waits; of the others one at a time is as much as a small machine can do.
          maxWorkers: 2,
          expect: PATIENT,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: 'machine',
          include: ['test/e2e/machine/*.test.ts'],
          testTimeout: 180_000,
          // A fresh Debian may have to be made first.
          hookTimeout: 600_000,
          fileParallelism: false,
          expect: PATIENT,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
