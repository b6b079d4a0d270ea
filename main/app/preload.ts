/** What a page gets of the main process: the named channels and nothing else. */

import { contextBridge, type IpcRendererEvent, ipcRenderer } from 'electron';
import { CALL_NAMES, EVENT_NAMES } from './channel-names.ts';

const calls: ReadonlySet<string> = new Set(CALL_NAMES);
const events: ReadonlySet<string> = new Set(EVENT_NAMES);

contextBridge.exposeInMainWorld('holdpoint', {
  call(name: string, params: unknown): Promise<unknown> {
    if (!calls.has(name)) return Promise.reject(new Error('There is no such call.'));
    return ipcRenderer.invoke(name, params);
  },
  on(name: string, listener: (data: unknown) => void): () => void {
    if (!events.has(name)) throw new Error('There is no such event.');
    // The page never sees the IPC event itself: it carries the sender.
    const heard = (_event: IpcRendererEvent, data: unknown) => listener(data);
    ipcRenderer.on(name, heard);
    return () => void ipcRenderer.removeListener(name, heard);
  },
});
