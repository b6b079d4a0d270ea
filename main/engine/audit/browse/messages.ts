/** What the browser and its thread say to each other: one question at a time. */

import type { ACTIVITY_METHODS } from '../../../contract/activity.ts';
import type { ControlParams, ControlResult } from '../../../contract/control.ts';
import type { ErrorCode } from '../../../contract/errors.ts';

export type BrowseMethod = keyof typeof ACTIVITY_METHODS;

/** `user`: who asks, and so what there is to be found; undefined for an admin, and where the engine is one person's. */
export type BrowseQuestion = {
  readonly [M in BrowseMethod]: { readonly method: M; readonly params: ControlParams<M>; readonly user: string | undefined };
}[BrowseMethod];

export type BrowseAnswer =
  | { readonly kind: 'answer'; readonly result: ControlResult<BrowseMethod> }
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly message: string };

/** Given to the thread when it starts. */
export interface BrowseSetup {
  readonly file: string;
}
