/** Audit records: what happened, in an order that can be proved. */

import { z } from 'zod';
import { RECORD_KINDS } from './record-kinds.ts';

export { RECORD_KINDS };
export const recordKindSchema = z.enum(RECORD_KINDS);
export type RecordKind = z.infer<typeof recordKindSchema>;

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What the engine hands to the log. `summary`, `data` and `blocks` are redacted by the log before they are kept. */
export interface AuditEntry {
  readonly kind: RecordKind;
  readonly session?: string;
  readonly exchange?: string;
  readonly action?: string;
  readonly agent?: string;
  readonly host?: string;
  /** Login name of the person whose agent it was, where the process is known. Kept as `user` in the record's data; see own-record.ts. */
  readonly user?: string | undefined;
  /** allow, ask, deny, released, refused … as the kind has it. */
  readonly verdict?: string;
  /** One line for a person: "Claude Code: rm -rf build". */
  readonly summary: string;
  /** Metadata of the kind. Never a credential. */
  readonly data: { readonly [key: string]: Json };
  /** Message content by reference: stored once however often it is resent, and only at the capture level that allows it. */
  readonly blocks?: readonly ContentBlock[];
}

/** A piece of a conversation. */
export interface ContentBlock {
  /** `system`, `user`, `assistant`, `tool_call`, `tool_result`. */
  readonly role: string;
  readonly text: string;
}

/** A record as it is read back. */
export const auditRecordSchema = z.strictObject({
  seq: z.number().int(),
  id: z.string(),
  at: z.iso.datetime(),
  kind: recordKindSchema,
  session: z.string().nullable(),
  exchange: z.string().nullable(),
  action: z.string().nullable(),
  agent: z.string().nullable(),
  host: z.string().nullable(),
  verdict: z.string().nullable(),
  summary: z.string(),
  data: z.record(z.string(), z.json()),
  /** SHA-256 (hex) of each content block, in order, with its role. */
  blocks: z.array(z.strictObject({ role: z.string(), hash: z.string() })),
  /** This record's link in the chain, hex. */
  hash: z.string(),
});
export type AuditRecord = z.infer<typeof auditRecordSchema>;
