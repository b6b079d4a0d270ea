/** Big packages that few commands need, each set pinned by a lock file of its own and installed outside the clone. */

import { createHash } from 'node:crypto';
import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exists, Missing, ran } from './commands.ts';
import { madeOnce } from './once.ts';
import { cacheFolder, ROOT } from './places.ts';

/** `agents`: the real agents of the end-to-end tests. `clients`: others' client libraries and servers in them. `bench`: what the benchmark compares to. */
export type PackageSet = 'agents' | 'clients' | 'bench';

/** The folder whose `node_modules` holds the set, installed on first use. No install script runs. */
export async function packages(set: PackageSet): Promise<string> {
  const from = join(ROOT, 'test', set);
  const lock = await readFile(join(from, 'package-lock.json'));
  const folder = join(cacheFolder(), `${set}-${createHash('sha256').update(lock).digest('hex').slice(0, 16)}`);
  if (await exists(folder)) return folder;
  console.log(`Installing the packages of test/${set} into ${folder} …`);
  return madeOnce(folder, async (unfinished) => {
    for (const file of ['package.json', 'package-lock.json']) await copyFile(join(from, file), join(unfinished, file));
    const { code, err } = await ran('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: unfinished });
    if (code !== 0) throw new Missing(`the packages of test/${set} (${lastLine(err)})`, `Install them with: cd test/${set} && npm ci`);
  });
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
