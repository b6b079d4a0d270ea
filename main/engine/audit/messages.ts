/** What the log and its writer's thread say to each other. */

import type { KeyObject } from 'node:crypto';
import type { AuditRecord } from '../../contract/record.ts';
import type { Cursor } from './cursors.ts';
import type { Draft } from './draft.ts';
import type { Link } from './store.ts';

/** Given to the writer when it starts. */
export interface WriterSetup {
  readonly dir: string;
  readonly key: KeyObject;
  /** ISO 8601. The writer has no clock: every time is the log's. */
  readonly now: string;
  /** There is a public key of a log beside no log. */
  readonly formerLogGone: boolean;
}

export type ToWriter =
  /** What was appended in one turn of the event loop: one commit. */
  | { readonly kind: 'append'; readonly appends: readonly Append[] }
  /** An entry that never became a draft: it belongs into the gap. */
  | { readonly kind: 'lost'; readonly at: string; readonly why: string }
  /** `user`: only what that person may see. */
  | {
      readonly kind: 'records';
      readonly ticket: number;
      readonly limit: number;
      readonly before: number | undefined;
      readonly user: string | undefined;
    }
  | { readonly kind: 'cursor'; readonly ticket: number; readonly cursor: Cursor }
  | { readonly kind: 'checkpoint'; readonly now: string }
  | { readonly kind: 'purge'; readonly now: string; readonly retainDays: number; readonly maxBytes: number }
  | { readonly kind: 'close'; readonly now: string };

export interface Append {
  readonly ticket: number;
  readonly draft: Draft;
}

export type FromWriter =
  | { readonly kind: 'opened'; readonly head: Link; readonly recovery: Recovery }
  | { readonly kind: 'unopened'; readonly code: 'audit-unwritable' | 'data-dir-busy'; readonly message: string }
  /** Durable. */
  | { readonly kind: 'written'; readonly links: readonly { readonly ticket: number; readonly link: Link }[] }
  | { readonly kind: 'refused'; readonly tickets: readonly number[]; readonly why: string }
  /** Records of the log's own: gaps and purges. */
  | { readonly kind: 'own'; readonly records: readonly AuditRecord[] }
  | { readonly kind: 'records'; readonly ticket: number; readonly records: readonly AuditRecord[] }
  | { readonly kind: 'records-failed'; readonly ticket: number; readonly why: string }
  | { readonly kind: 'cursor'; readonly ticket: number; readonly failed?: string };

/** What was found when the log was opened. */
export interface Recovery {
  /** False where the engine before this one did not say that it stopped. */
  readonly clean: boolean;
  /** The outcome records that were written for calls held when the guard stopped. */
  readonly abandoned: readonly AuditRecord[];
  /** Everything that opening has added to the log, in order. */
  readonly written: readonly AuditRecord[];
}
