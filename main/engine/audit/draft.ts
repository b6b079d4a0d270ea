/** A record before it has its place in the chain: cleaned, bounded, its body written out. */

import { randomUUIDv7 } from 'node:crypto';
import { canonicalJson } from '../../contract/canonical.ts';
import type { Json, RecordKind } from '../../contract/record.ts';
import type { Settings } from '../../contract/settings.ts';
import type { Metadata } from './chain.ts';
import { type Tally, tallyOf } from './tally.ts';

export type Capture = Settings['audit']['capture'];

export interface Draft extends Omit<Metadata, 'seq' | 'kind'> {
  readonly kind: RecordKind;
  /** Canonical JSON of `Body`; its SHA-256 goes into the link. */
  readonly body: string;
  /** What search finds the record by. */
  readonly summary: string;
  /** Content to keep, each once. `text` is absent where the log has it already. */
  readonly content: readonly { readonly hash: string; readonly text?: string }[];
  readonly tally: Tally;
}

/** What a record says. Purged by retention; the chain goes on from its hash. */
export interface Body {
  readonly summary: string;
  readonly data: { readonly [key: string]: Json };
  readonly blocks: readonly BlockReference[];
  /** Whether the blocks' text was kept: at `metadata` only their hashes were. */
  readonly capture: Capture;
}

export interface BlockReference {
  readonly role: string;
  /** SHA-256 of the text that is kept (redacted, capped), hex. */
  readonly hash: string;
}

/** What a draft is made of: the columns of an entry, and its body's parts, redacted. */
export interface DraftParts extends Body {
  readonly at: string;
  readonly kind: RecordKind;
  readonly session?: string | undefined;
  readonly exchange?: string | undefined;
  readonly action?: string | undefined;
  readonly agent?: string | undefined;
  readonly host?: string | undefined;
  readonly verdict?: string | undefined;
  readonly content: Draft['content'];
}

const MAX_COLUMN = 1024;
const MAX_SUMMARY = 4096;
const MAX_BODY = 16 * 1024 * 1024;

/** What the record is going to say. */
export function bodyOf({ summary, data, blocks, capture }: Body): Body {
  return {
    summary: bounded(summary, MAX_SUMMARY),
    data,
    blocks: blocks.map(({ role, hash }) => ({ role: bounded(role, MAX_COLUMN), hash })),
    capture,
  };
}

/** @throws RangeError where the body is over 16 MB, TypeError where it is no JSON. */
export function draftOf(parts: DraftParts): Draft {
  const said = bodyOf(parts);
  const { summary } = said;
  const body = canonicalJson({ ...said, blocks: said.blocks.map((block) => ({ ...block })) });
  if (body.length > MAX_BODY) throw new RangeError(`A record of ${body.length} characters is longer than ${MAX_BODY}.`);
  return {
    id: randomUUIDv7(),
    at: parts.at,
    kind: parts.kind,
    session: column(parts.session),
    exchange: column(parts.exchange),
    action: column(parts.action),
    agent: column(parts.agent),
    host: column(parts.host),
    verdict: column(parts.verdict),
    body,
    summary,
    content: parts.content,
    tally: tallyOf({ kind: parts.kind, verdict: parts.verdict ?? null, data: said.data, blocks: said.blocks }),
  };
}

/** A record of the log's own: a gap, a recovery, a purge. */
export function ownDraft(parts: Pick<DraftParts, 'at' | 'kind' | 'verdict' | 'summary' | 'data'> & Partial<DraftParts>): Draft {
  return draftOf({ blocks: [], capture: 'metadata', content: [], ...parts });
}

function column(value: string | undefined): string | null {
  return value === undefined ? null : bounded(value, MAX_COLUMN);
}

function bounded(text: string, max: number): string {
  return (text.length > max ? `${text.slice(0, max - 1)}…` : text).toWellFormed();
}
