/** Reads the log for whoever shows it, beside the writer and off the engine's own thread. */

import type { ACTIVITY_METHODS } from '../../../contract/activity.ts';
import type { ControlParams, ControlResult } from '../../../contract/control.ts';
import { HoldpointError } from '../../../contract/errors.ts';

export type BrowseMethod = keyof typeof ACTIVITY_METHODS;

export type BrowseHandlers = { readonly [M in BrowseMethod]: (params: ControlParams<M>) => Promise<ControlResult<M>> };

export interface Browse {
  readonly handlers: BrowseHandlers;
  close(): Promise<void>;
}

export function createBrowse({ file }: { readonly file: string }): Browse {
  const notYet = () => Promise.reject(new HoldpointError('not-found', `${file} is not read yet.`));
  return {
    handlers: { sessions: notYet, session: notYet, search: notYet, filterChoices: notYet, recordProof: notYet, figures: notYet },
    close: async () => {},
  };
}
