/** Every word that the pages say of themselves, a file for each part. What the engine says is shown as it came. */

import { CONSOLE } from './strings/console.ts';
import { EXPORT } from './strings/export.ts';
import { POPUP } from './strings/popup.ts';

export const STRINGS = { popup: POPUP, console: CONSOLE, export: EXPORT } as const;
