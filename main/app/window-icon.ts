/** The app's icon for its windows: where a desktop shows one beside a title, or in a list of windows. */

import { type NativeImage, nativeImage } from 'electron';
import { appIcon } from './icons/app-icon.ts';

/** Big enough for any switcher of windows, and drawn in a few milliseconds. */
const SIZE = 128;

export function windowIcon(): NativeImage {
  const { size, pixels } = appIcon(SIZE);
  return nativeImage.createFromBitmap(Buffer.from(pixels), { width: size, height: size });
}
