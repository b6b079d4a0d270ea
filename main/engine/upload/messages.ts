/** What the upload's thread and the engine say to each other. */

import type { Settings } from '../../contract/settings.ts';
import type { Cursor } from '../audit/cursors.ts';
import type { Attributes } from '../audit/otlp.ts';

export type UploadSettings = NonNullable<Settings['audit']['upload']>;

/** Given to the thread when it starts. */
export interface UploadSetup {
  /** The log. */
  readonly file: string;
  readonly settings: UploadSettings;
  readonly userAgent: string;
  readonly resource: Attributes;
  /** What the collector may be signed by, in PEM. */
  readonly roots: readonly string[];
  /** As a URL with its credentials. */
  readonly proxy: string | undefined;
}

export type ToUpload =
  | { readonly kind: 'wake' }
  /** Send what there is, and say `flushed`. */
  | { readonly kind: 'flush' }
  | { readonly kind: 'kept'; readonly ticket: number; readonly failed?: string };

export type FromUpload =
  | { readonly kind: 'keep'; readonly ticket: number; readonly cursor: Cursor }
  | { readonly kind: 'state'; readonly state: UploadState }
  | { readonly kind: 'flushed' };

export interface UploadState {
  /** The last record that is dealt with. */
  readonly seq: number;
  readonly uploaded: number;
  readonly confirmedAt: string | null;
  readonly problem: string | null;
}
