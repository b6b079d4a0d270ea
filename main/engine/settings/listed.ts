/** What is in force of every setting, for the control API and for the command line. */

import type { ControlResult } from '../../contract/control.ts';
import type { SettingsStack } from './stack.ts';

export function listedSettings(stack: SettingsStack): ControlResult<'settingsList'> {
  return { settings: [...stack.list()], contact: stack.current().contact ?? null, notes: [...stack.notes()] };
}
