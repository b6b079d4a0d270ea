/** A Vitest reporter that leaves the numbers of passed and failed tests where the runner finds them. */

import { writeFile } from 'node:fs/promises';
import type { Reporter } from 'vitest/node';

export interface Tally {
  readonly passed: number;
  readonly failed: number;
}

/** Writes to the file named by `HOLDPOINT_TALLY`, where that is set. */
export function tallyReporter(file: string | undefined = process.env.HOLDPOINT_TALLY): Reporter {
  let someWereChosen = false;
  return {
    onInit(vitest) {
      someWereChosen = vitest.config.testNamePattern !== undefined;
    },
    async onTestRunEnd(modules, unhandledErrors) {
      if (file === undefined) return;
      const states = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state));
      const passed = states.filter((state) => state === 'passed').length;
      // A test that was skipped has proved nothing, except where somebody asked for a few by name.
      const failed = states.filter((state) => state !== 'passed' && !(state === 'skipped' && someWereChosen)).length;
      // A file that did not load has no tests to fail.
      const unloaded = modules.filter((module) => module.state() === 'failed' && module.children.size === 0).length;
      const tally: Tally = { passed, failed: failed + unloaded + unhandledErrors.length };
      await writeFile(file, JSON.stringify(tally));
    },
  };
}
