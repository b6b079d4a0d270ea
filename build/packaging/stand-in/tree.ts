/** The files of a package as they will lie on a machine, under a folder that stands for its root. */

import { chmod, copyFile, lstat, lutimes, mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { must } from '../../commands.ts';
import type { FpmOptions } from './options.ts';

/**
 * Fills `root`. Modes say only whether a file is a program, and times are `epoch`, so that a package owes nothing to who built
 * it, where and when. Content is linked where it can be: it is large, and nothing changes it.
 */
export async function layOut(root: string, mappings: FpmOptions['mappings'], epoch: Date): Promise<void> {
  await chmod(root, 0o755); // What mkdtemp makes is private.
  for (const { from, to } of mappings) {
    const target = join(root, to);
    await mkdir(from.endsWith('/') ? target : dirname(target), { recursive: true });
    if (from.endsWith('/')) await must('cp', ['--archive', '--link', `${from}.`, target]);
    else await copyFile(from, target);
  }
  await evenOut(root, epoch);
}

async function evenOut(folder: string, epoch: Date): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const stats = await lstat(path);
    if (stats.isDirectory()) await evenOut(path, epoch);
    if (!stats.isSymbolicLink()) await chmod(path, stats.isDirectory() || (stats.mode & 0o100) !== 0 ? 0o755 : 0o644);
    await lutimes(path, epoch, epoch);
  }
  await lutimes(folder, epoch, epoch);
}
