/** The tasks behind the scripts of package.json, under the clone's own Node, with its packages in place. */

import { join } from 'node:path';
import { bundle, OUT } from './bundle.ts';
import { checks } from './checks.ts';
import { wordsOf } from './commands.ts';
import { freshDebian } from './debian.ts';
import { demo } from './demo.ts';
import { electronRuntime } from './electron-runtime.ts';
import { foreground } from './foreground.mjs';
import { ICONS, writeIcons } from './icons.ts';
import { packages } from './packages.ts';
import { DIST, packageApp } from './packaging/package.ts';
import { BILL, LICENCES, papersOfThisClone } from './packaging/papers.ts';
import { NODE, ROOT } from './places.ts';
import { start } from './start.ts';
import { needSystem } from './system.ts';
import { runTests } from './tests.ts';

const AGENTS = 'test/e2e/agents';
const MACHINE = 'test/e2e/machine';

const TASKS: Record<string, (args: readonly string[]) => Promise<number>> = {
  start,
  test: (args) => {
    const withAgents = process.env.CI === 'true';
    if (!withAgents) console.log('Tests with real agents are not among these: npm run test:agents, npm run test:machine');
    return runTests([...args, ...(withAgents ? [] : ['--exclude', `${AGENTS}/**`, '--exclude', `${MACHINE}/**`])], async () => {
      await prepareTests(withAgents);
      return checks();
    });
  },
  'test:agents': (args) =>
    runTests([AGENTS, ...args], async () => {
      await prepareTests(true);
      return [];
    }),
  'test:machine': (args) =>
    runTests([MACHINE, ...args], async () => {
      await prepareTests(true);
      return [];
    }),
  fuzz: async ([times = '50', ...args]) => {
    if (!/^[1-9]\d{0,4}$/.test(times))
      throw new Error(`npm run fuzz -- TIMES: expected how many times as long as among all tests, got "${times}".`);
    process.env.HOLDPOINT_FUZZ_TIMES = times;
    return runTests(['test/fuzz', ...args], async () => []);
  },
  bench: (args) => foreground(NODE, [join(ROOT, 'test/bench/main.ts'), ...args]),
  eval: (args) => foreground(NODE, [join(ROOT, 'test/eval/main.ts'), ...args]),
  demo,
  check: async () => ((await checks()).length === 0 ? 0 : 1),
  format: () => foreground(join(ROOT, 'node_modules/.bin/biome'), ['check', '--write', '.'], { cwd: ROOT }),
  build: async () => {
    await bundle();
    console.log(`Built: ${OUT}`);
    return 0;
  },
  package: packageApp,
  sbom: async ([folder = DIST]) => {
    await papersOfThisClone(folder);
    console.log(`Written: ${join(folder, BILL)}, ${join(folder, LICENCES)}`);
    return 0;
  },
  icons: async () => {
    await writeIcons();
    console.log(`Drawn: ${ICONS}`);
    return 0;
  },
};

/** Everything that any test needs, so that a missing part is named before the first one runs. */
async function prepareTests(withAgents: boolean): Promise<void> {
  await needSystem('app', 'desktop', 'tools', 'packages');
  if (withAgents) await Promise.all([packages('agents'), packages('clients'), prepareMachines()]);
  await electronRuntime();
  await bundle();
}

/** Only root on Linux can start them; elsewhere their tests are skipped. */
async function prepareMachines(): Promise<void> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return;
  await needSystem('machine');
  await freshDebian();
}

const [name = '', ...args] = process.argv.slice(2);
const task = TASKS[name];
if (task === undefined) {
  console.error(`There is no task "${name}". There are: ${Object.keys(TASKS).join(', ')}.`);
  process.exitCode = 2;
} else {
  try {
    process.exitCode = await task(args);
  } catch (error) {
    console.error(wordsOf(error));
    process.exitCode = 1;
  }
}
