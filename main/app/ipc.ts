/** Answers the pages' calls: only those of the right window's own main frame, and only what the map describes. */

import type { IpcMain, IpcMainInvokeEvent, WebContents } from 'electron';
import { PAGES } from './assets.ts';
import { CALL_NAMES, type CallName } from './channel-names.ts';
import { CALLS, type CallParams, type CallResults, type WindowKind } from './channels.ts';

export type CallHandlers = { readonly [C in CallName]: (params: CallParams<C>) => CallResults[C] | Promise<CallResults[C]> };

/** `contentsOf` gives the page of a window, or undefined while there is none. */
export function answerCalls(ipcMain: IpcMain, contentsOf: (kind: WindowKind) => WebContents | undefined, handlers: CallHandlers): void {
  for (const name of CALL_NAMES) answerCall(name);

  function answerCall<C extends CallName>(name: C): void {
    const { from, params } = CALLS[name];
    const handler = handlers[name];
    ipcMain.handle(name, async (event, sent: unknown) => {
      if (!isPageOf(from, contentsOf(from), event)) throw new Error(`${name} is not for this page.`);
      const parsed = params.safeParse(sent);
      if (!parsed.success) throw new Error(`${name} was called with something else than it takes.`);
      return await handler(parsed.data as CallParams<C>);
    });
  }
}

type Sender = Pick<IpcMainInvokeEvent, 'sender' | 'senderFrame'>;

/** The frame is asked for its address at the time of the call: a page that went elsewhere has no say any more. */
export function isPageOf(kind: WindowKind, contents: WebContents | undefined, { sender, senderFrame }: Sender): boolean {
  if (!contents || contents.isDestroyed() || sender.id !== contents.id) return false;
  return senderFrame !== null && senderFrame === contents.mainFrame && senderFrame.url === PAGES[kind];
}
