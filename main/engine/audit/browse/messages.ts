/** What the browser and its thread say to each other: one question at a time. */

import type { ACTIVITY_METHODS } from '../../../contract/activity.ts';
import type { ControlParams, ControlResult } from '../../../contract/control.ts';
import type { ErrorCode } from '../../../contract/errors.ts';

export type BrowseMethod = keyof typeof ACTIVITY_METHODS;

export type BrowseQuestion = { readonly [M in BrowseMethod]: { readonly method: M; readonly params: ControlParams<M> } }[BrowseMethod];

export type BrowseAnswer =
  | { readonly kind: 'answer'; readonly result: ControlResult<BrowseMethod> }
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly message: string };

/** Given to the thread when it starts. */
export interface BrowseSetup {
  readonly file: string;
}
