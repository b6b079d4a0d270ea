/** A record's link: the hash that covers the record and, through the link before it, all that came earlier. */

import { createHash, hash } from 'node:crypto';
import { canonicalJson } from '../../contract/canonical.ts';

/** All columns of a record except the link itself. */
export interface Metadata {
  readonly seq: number;
  readonly id: string;
  /** ISO 8601, UTC, milliseconds. */
  readonly at: string;
  readonly kind: string;
  readonly session: string | null;
  readonly exchange: string | null;
  readonly action: string | null;
  readonly agent: string | null;
  readonly host: string | null;
  readonly verdict: string | null;
}

/** The link before the first record's. */
export const GENESIS: Buffer = Buffer.alloc(32);

/** Says that what follows is a record's link and not the hash of something else. */
const LINK = Buffer.from([1]);

/** SHA-256(0x01 ‖ previous link ‖ canonical JSON of the metadata with the body's hash). */
export function linkOf(previous: Buffer, record: Metadata, bodyHash: Buffer): Buffer {
  return createHash('sha256').update(LINK).update(previous).update(metadataJson(record, bodyHash)).digest();
}

export function metadataJson(record: Metadata, bodyHash: Buffer): string {
  const { seq, id, at, kind, session, exchange, action, agent, host, verdict } = record;
  return canonicalJson({ seq, id, at, kind, session, exchange, action, agent, host, verdict, body: bodyHash.toString('hex') });
}

/** SHA-256 of the text in UTF-8, hex. */
export function sha256(text: string): string {
  return hash('sha256', text);
}
