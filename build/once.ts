/** Folders that are made once, whole or not at all, whoever else makes them at the same time. */

import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { exists } from './commands.ts';

/**
 * Gives `folder`, after filling it with `fill` where it is not there yet. It is filled under another name beside its place
 * and then renamed, so that an interrupted run leaves nothing that looks finished, and of parallel runs one wins.
 */
export async function madeOnce(folder: string, fill: (folder: string) => Promise<void>): Promise<string> {
  if (await exists(folder)) return folder;
  await mkdir(dirname(folder), { recursive: true });
  const unfinished = await mkdtemp(join(dirname(folder), `${basename(folder)}-unfinished-`));
  try {
    await fill(unfinished);
    await rename(unfinished, folder);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    if (!(await exists(folder))) throw error;
  }
  return folder;
}
