/** Every word that the pages say of themselves, a file for each part. What the engine says is shown as it came. */

import { ACTIVITY } from './strings/activity.ts';
import { CONSOLE } from './strings/console.ts';
import { POPUP } from './strings/popup.ts';

export const STRINGS = { popup: POPUP, console: CONSOLE, activity: ACTIVITY } as const;
