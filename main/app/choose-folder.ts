/** Lets the person name a folder, in the system's own window. */

import { type BrowserWindow, dialog, type OpenDialogOptions } from 'electron';

/** Null where none was chosen. */
export async function chooseFolder(window: BrowserWindow | undefined): Promise<string | null> {
  const options: OpenDialogOptions = { properties: ['openDirectory'] };
  const { canceled, filePaths } = await (window ? dialog.showOpenDialog(window, options) : dialog.showOpenDialog(options));
  return canceled ? null : (filePaths[0] ?? null);
}
