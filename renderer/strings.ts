/** Every word that the pages say of themselves, a file for each part. What the engine says is shown as it came. */

import { BYPASS } from './strings/bypass.ts';
import { CONSOLE } from './strings/console.ts';
import { CORNER } from './strings/corner.ts';
import { POPUP } from './strings/popup.ts';

export const STRINGS = { popup: POPUP, console: CONSOLE, bypass: BYPASS, corner: CORNER } as const;
