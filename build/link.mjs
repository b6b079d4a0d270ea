/** Makes `npx holdpoint` work in the clone; npm runs it as the package's `prepare` script. */

import { mkdir, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await linkCommand(fileURLToPath(new URL('..', import.meta.url)));

/**
 * @param {string} root the clone
 * @returns {Promise<void>}
 */
export async function linkCommand(root) {
  const bin = join(root, 'node_modules', '.bin');
  await mkdir(bin, { recursive: true });
  if (process.platform === 'win32') {
    await writeFile(join(bin, 'holdpoint.cmd'), '@"%~dp0node.exe" "%~dp0..\\..\\main\\cli\\holdpoint.ts" %*\r\n');
    return;
  }
  const target = '../../build/holdpoint.sh';
  const link = join(bin, 'holdpoint');
  if ((await readlink(link).catch(() => undefined)) === target) return;
  await rm(link, { force: true });
  await symlink(target, link).catch((/** @type {NodeJS.ErrnoException} */ error) => {
    if (error.code !== 'EEXIST') throw error; // another run has just made it
  });
}
