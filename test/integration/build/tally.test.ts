/** The numbers in the closing line of `npm test`, from real runs of Vitest. */

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ran } from '../../../build/commands.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdpoint-tally-'));
  const reporter = JSON.stringify(join(ROOT, 'build/reporter.ts'));
  await writeFile(
    join(folder, 'vitest.config.mjs'),
    `import { tallyReporter } from ${reporter};\nexport default { test: { globals: true, include: ['*.test.js'], reporters: [tallyReporter()] } };`,
  );
});
afterEach(() => rm(folder, { recursive: true }));

describe('the tally', () => {
  it.each<[string, Record<string, string>, number, number, ...string[]]>([
    ['passed and failed', { 'a.test.js': `it('a', () => {}); it('b', () => {}); it('c', () => { throw new Error('no'); });` }, 2, 1],
    ['a skipped test as a failed one', { 'a.test.js': `it('a', () => {}); it.skip('b', () => {}); it.todo('c');` }, 1, 2],
    ['a file that does not load', { 'a.test.js': `it('a', () => {});`, 'b.test.js': `import './gone.js'; it('b', () => {});` }, 1, 1],
    [
      'an error outside every test',
      {
        'a.test.js': `it('a', () => { setTimeout(() => { throw new Error('late'); }); return new Promise((done) => setTimeout(done, 50)); });`,
      },
      1,
      1,
    ],
    ['only the tests that were asked for', { 'a.test.js': `it('a', () => {}); it('b', () => {});` }, 1, 0, '-t', 'b'],
  ])('counts %s', async (_what, files, passed, failed, ...args) => {
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    const tally = join(folder, 'tally.json');
    const env = { PATH: process.env.PATH, HOME: folder, HOLDPOINT_TALLY: tally };
    await ran(process.execPath, [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', '--root', folder, ...args], { cwd: folder, env });
    expect(JSON.parse(await readFile(tally, 'utf8'))).toEqual({ passed, failed });
  });
});
