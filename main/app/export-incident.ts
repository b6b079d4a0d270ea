/** Takes an incident out of the log: the person chooses a place, the engine writes it there, and the system's file manager shows it. */

import { app, type BrowserWindow, dialog, shell } from 'electron';
import { messageOf } from '../contract/errors.ts';
import type { ControlClient } from '../engine/control/client.ts';
import type { IncidentExport } from './channels.ts';

/** A page names the session and never a place: that is the person's to choose, in a dialog that no page can draw. */
export function createIncidentExport(parts: {
  client(): ControlClient | undefined;
  window(): BrowserWindow | undefined;
}): (session: string) => Promise<IncidentExport> {
  return async (session) => {
    const window = parts.window();
    const options: Electron.OpenDialogOptions = {
      title: 'Export a session',
      message: 'A folder with the session’s records and a report is made here.',
      buttonLabel: 'Export here',
      defaultPath: app.getPath('documents'),
      properties: ['openDirectory', 'createDirectory'],
    };
    const { canceled, filePaths } = await (window ? dialog.showOpenDialog(window, options) : dialog.showOpenDialog(options));
    const [folder] = filePaths;
    if (canceled || folder === undefined) return { state: 'cancelled' };
    const client = parts.client();
    if (!client) return { state: 'failed', says: 'The guard is not running.' };
    const off = client.on('exporting', (progress) => parts.window()?.webContents.send('console:exporting', progress));
    try {
      const incident = await client.call('exportIncident', { session, folder });
      shell.showItemInFolder(incident.folder);
      return { state: 'saved', incident };
    } catch (thrown) {
      return { state: 'failed', says: messageOf(thrown) };
    } finally {
      off();
    }
  };
}
