/** A deb of this clone for tests: made once for what the clone holds, and again only when that has changed. */

import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { must } from '../commands.ts';
import { madeOnce } from '../once.ts';
import { NODE, ROOT } from '../places.ts';
import { builderEnvironment, DIST } from './package.ts';

const KEPT = join(DIST, 'for-tests');
const MADE_OF = ['main', 'renderer', 'native-config', 'build', 'package.json', 'package-lock.json'];
const BUILD_MS = 10 * 60_000;

/** The path of the deb. Rejects with the builder's last words where it cannot be made. */
export async function packagedDeb(): Promise<string> {
  const folder = await packagedForTests();
  const deb = (await readdir(folder)).find((name) => name.endsWith('.deb'));
  if (deb === undefined) throw new Error(`There is no deb in ${folder}. Remove that folder to have it made again.`);
  return join(folder, deb);
}

/** The folder that holds the deb and `linux-unpacked`, from which it was made. */
export async function packagedForTests(): Promise<string> {
  const folder = join(KEPT, await hashOfClone());
  await mkdir(KEPT, { recursive: true });
  await madeOnce(folder, async (unfinished) => {
    const args = [join(ROOT, 'build', 'packaging', 'builder.ts'), unfinished, 'deb', '--quick'];
    await must(NODE, args, { cwd: ROOT, env: await builderEnvironment(), timeoutMs: BUILD_MS });
  });
  // Those of earlier states of the clone are of no use any more; what is being made has another name.
  for (const name of await readdir(KEPT)) {
    if (/^[0-9a-f]{16}$/.test(name) && join(KEPT, name) !== folder) await rm(join(KEPT, name), { recursive: true, force: true });
  }
  return folder;
}

async function hashOfClone(): Promise<string> {
  const listed = await must('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', ...MADE_OF], { cwd: ROOT });
  const hash = createHash('sha256');
  for (const path of listed.split('\0').filter(Boolean).sort()) {
    const content = await readFile(join(ROOT, path)).catch(() => undefined); // removed, and not yet committed
    hash.update(`${path}\0${content?.length ?? -1}\0`);
    if (content) hash.update(content);
  }
  return hash.digest('hex').slice(0, 16);
}
