/** Reads the log for whoever shows it, beside the writer and off the engine's own thread. */

import type { ControlParams, ControlResult } from '../../../contract/control.ts';
import { type BrowseThreadOptions, createBrowseThread } from './browse-thread.ts';
import type { BrowseMethod, BrowseQuestion } from './messages.ts';

/** Who asks: what is `user`'s, and everybody's, is all that there is to be found; everything where that is undefined. */
export interface Asker {
  readonly user: string | undefined;
}

export type BrowseHandlers = { readonly [M in BrowseMethod]: (params: ControlParams<M>, asker: Asker) => Promise<ControlResult<M>> };

export interface Browse {
  readonly handlers: BrowseHandlers;
  /** A thread is there to read: it comes with the first question, and goes when nobody has asked for a while. */
  running(): boolean;
  /** What was asked and not answered is refused. */
  close(): Promise<void>;
}

/** Several questions may be asked at a time; they are answered one after the other. */
export function createBrowse(options: BrowseThreadOptions): Browse {
  const thread = createBrowseThread(options);
  return {
    handlers: {
      sessions: asking('sessions'),
      session: asking('session'),
      search: asking('search'),
      filterChoices: asking('filterChoices'),
      recordProof: asking('recordProof'),
      figures: asking('figures'),
    },
    running: thread.running,
    close: thread.close,
  };

  function asking<M extends BrowseMethod>(method: M): BrowseHandlers[M] {
    const ask = async (params: ControlParams<M>, { user }: Asker) =>
      (await thread.ask({ method, params, user } as BrowseQuestion)) as ControlResult<M>;
    return ask as BrowseHandlers[M];
  }
}
