/** What is checked without running the project: types, lint and format. The layers are checked by a test. */

import { join } from 'node:path';
import { ran } from './commands.ts';
import { ROOT } from './places.ts';

const CHECKS: Record<string, readonly [string, ...string[]]> = {
  types: ['tsc', '--project', ROOT],
  'lint and format': ['biome', 'check', '--error-on-warnings', '--max-diagnostics=100', ROOT],
};

/** Runs all checks at the same time; prints what failed, and gives the names of those that did. */
export async function checks(): Promise<readonly string[]> {
  const results = await Promise.all(
    Object.entries(CHECKS).map(async ([name, [program, ...args]]) => ({
      name,
      ...(await ran(join(ROOT, 'node_modules', '.bin', program), args, { cwd: ROOT })),
    })),
  );
  for (const { name, code, out, err } of results) {
    console.log(code === 0 ? `Checked: ${name}` : `Check failed: ${name}\n${out}${err}`);
  }
  return results.filter(({ code }) => code !== 0).map(({ name }) => name);
}
