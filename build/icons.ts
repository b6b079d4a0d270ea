/** The app's icon as files, for whoever packs the app: `build/icons/`, each drawn anew from the one drawing. */

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { appIcon } from '../main/app/icons/app-icon.ts';
import { icnsOf, icoOf, pngOf } from './icon-files.ts';
import { ROOT } from './places.ts';

export const ICONS = join(ROOT, 'build', 'icons');

const PNG_SIZES = [16, 22, 24, 32, 48, 64, 128, 256, 512, 1024];
const ICO_SIZES = [16, 20, 24, 32, 40, 48, 64, 256];
/** Of Apple's template: 824 of 1024 pixels are drawn on. */
const MACOS_MARGIN = 100 / 1024;

/** The names are those that electron-builder looks for. */
export async function writeIcons(folder: string = ICONS): Promise<void> {
  await mkdir(folder, { recursive: true });
  await Promise.all([
    ...PNG_SIZES.map((size) => writeFile(join(folder, `${size}x${size}.png`), pngOf(appIcon(size)))),
    writeFile(join(folder, 'icon.ico'), icoOf(ICO_SIZES.map((size) => appIcon(size)))),
    writeFile(
      join(folder, 'icon.icns'),
      icnsOf((size) => appIcon(size, MACOS_MARGIN)),
    ),
  ]);
}
