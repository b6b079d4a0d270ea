/** What goes into the app's archive: the bundles, and as much of package.json as Electron and electron-builder read. */

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundle } from '../bundle.ts';
import { ROOT } from '../places.ts';

/**
 * Fills `folder` with the app: nothing in it is imported from a package, because the bundles hold what they need. Gives the files
 * that they are made of.
 */
export async function stageApp(folder: string): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true });
  const files = await bundle({ folder: join(folder, 'out'), maps: false });
  const { name, version, description, license, main } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as Record<
    string,
    string
  >;
  const about = { productName: 'Holdpoint', desktopName: 'holdpoint.desktop', homepage: HOMEPAGE, author: AUTHOR };
  const manifest = { name, version, description, license, main, ...about };
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
  return files;
}

const HOMEPAGE = 'https://holdpoint.example';
const AUTHOR = { name: 'Holdpoint', email: 'packages@holdpoint.example' };
