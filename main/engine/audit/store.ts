/** The log as its one writer sees it: appends, checkpoints and purges, each all or nothing. */

import type { KeyObject } from 'node:crypto';
import { zstdCompressSync } from 'node:zlib';
import { GENESIS, linkOf, sha256 } from './chain.ts';
import { rawPublicKey, signedCheckpoint } from './checkpoint.ts';
import { type Draft, ownDraft } from './draft.ts';
import { createFirstSaid } from './first-said.ts';
import { purgedThrough } from './rows.ts';
import type { Db } from './schema.ts';
import { createTallies } from './tallies.ts';
import { NOBODY } from './tally-tables.ts';

/** Every record whose number is a multiple of this has a checkpoint; verification counts on it. */
export const CHECKPOINT_EVERY = 1000;

export interface Link {
  readonly seq: number;
  /** Hex. */
  readonly hash: string;
}

export interface Store {
  /** Number of records, and the last link. */
  head(): { readonly seq: number; readonly hash: Buffer };
  /** In one transaction, durable when it returns. Throws with nothing kept. */
  append(drafts: readonly Draft[]): Link[];
  /** Tallies up to `most` records that no version has tallied yet. Gives whether there may be more. */
  catchUp(most: number): boolean;
  /** Signs the head unless it is signed already. */
  checkpoint(at: string): void;
  /** Purges content and bodies of the oldest records and says so in a record, whose draft and link it returns. */
  purge(limits: { readonly now: Date; readonly retainDays: number; readonly maxBytes: number }): { draft: Draft; link: Link }[];
}

export function createStore(db: Db, key: KeyObject): Store {
  const insertRecord = db.prepare(`INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const insertBody = db.prepare(`INSERT INTO bodies VALUES (?, ?)`);
  const insertSearch = db.prepare(`INSERT INTO search (rowid, summary, text) VALUES (?, ?, ?)`);
  const findContent = db.prepare<[Buffer], number>(`SELECT id FROM content WHERE hash = ?`).pluck();
  const insertContent = db.prepare(`INSERT INTO content (hash, zstd) VALUES (?, ?)`);
  const useContent = db.prepare(`INSERT OR REPLACE INTO content_use VALUES (?, ?)`);
  const insertCheckpoint = db.prepare(`INSERT OR IGNORE INTO checkpoints VALUES (?, ?)`);
  const firstSince = db.prepare<[number, string], number>(`SELECT seq FROM records WHERE seq > ? AND at >= ? ORDER BY seq LIMIT 1`).pluck();
  const last = db.prepare<[], { seq: number; hash: Buffer }>(`SELECT seq, hash FROM records ORDER BY seq DESC LIMIT 1`).get();
  const tallies = createTallies(db);
  const firstSaid = createFirstSaid(db);
  let head = last ?? { seq: 0, hash: GENESIS };
  let signed = db.prepare<[], number>(`SELECT max(seq) FROM checkpoints`).pluck().get() ?? 0;

  db.prepare(`INSERT OR IGNORE INTO keys (key) VALUES (?)`).run(rawPublicKey(key));

  return { head: () => head, append, catchUp: tallies.catchUp, checkpoint, purge };

  function append(drafts: readonly Draft[]): Link[] {
    let next = head;
    let checkpointed = signed;
    const links = db.transaction(() => {
      const written = drafts.map((draft) => {
        next = insert(draft, next);
        if (next.seq % CHECKPOINT_EVERY === 0) {
          insertCheckpoint.run(next.seq, signedCheckpoint(next, draft.at, key));
          checkpointed = next.seq;
        }
        return { seq: next.seq, hash: next.hash.toString('hex') };
      });
      tallies.follow(drafts.map((draft, at) => ({ ...draft, seq: written[at]!.seq })));
      return written;
    })();
    // Only now: a transaction that threw has moved nothing.
    head = next;
    signed = checkpointed;
    return links;
  }

  function insert(draft: Draft, previous: { seq: number; hash: Buffer }): { seq: number; hash: Buffer } {
    const seq = previous.seq + 1;
    const bodyHash = Buffer.from(sha256(draft.body), 'hex');
    const hash = linkOf(previous.hash, { ...draft, seq }, bodyHash);
    const { id, at, kind, session, exchange, action, agent, host, verdict } = draft;
    insertRecord.run(seq, id, at, kind, session, exchange, action, agent, host, verdict, bodyHash, hash);
    insertBody.run(seq, draft.body);
    const owner = draft.content.length === 0 ? NOBODY : tallies.numberOf(draft.tally.owner);
    const fresh = draft.content.map(({ hash: contentHash, text }) => keep(contentHash, text, seq, owner));
    insertSearch.run(seq, draft.summary, fresh.join('\n'));
    return { seq, hash };
  }

  /** What the record is found by. */
  function keep(hash: string, text: string | undefined, seq: number, owner: number): string {
    const bytes = Buffer.from(hash, 'hex');
    const had = findContent.get(bytes);
    if (had !== undefined) {
      useContent.run(had, seq);
      return firstSaid.again(had, owner);
    }
    if (text === undefined) throw new Error(`The text of content ${hash} was not given, and the log does not have it.`);
    const id = Number(insertContent.run(bytes, zstdCompressSync(text)).lastInsertRowid);
    useContent.run(id, seq);
    return firstSaid.now(id, owner, text);
  }

  function checkpoint(at: string): void {
    if (head.seq === signed) return;
    insertCheckpoint.run(head.seq, signedCheckpoint(head, at, key));
    signed = head.seq;
  }

  function purge({ now, retainDays, maxBytes }: { now: Date; retainDays: number; maxBytes: number }): { draft: Draft; link: Link }[] {
    const purged: { draft: Draft; link: Link }[] = [];
    const done = purgedThrough(db);
    const byAge = (firstSince.get(done, dayStart(now.getTime() - retainDays * DAY)) ?? head.seq + 1) - 1;
    if (byAge > done) purged.push(purgeThrough(byAge, 'age', now));
    // The newest stay whatever the size: a purge would otherwise find its own record to purge, for ever.
    const newest = head.seq - KEPT;
    if (bytesUsed() <= maxBytes || newest - done < PURGE_STEP / 10) return purged;
    // Down to nine tenths, so that the next record does not purge again.
    for (let through = Math.max(byAge, done); through < newest && bytesUsed() > maxBytes * 0.9; ) {
      through = Math.min(newest, through + PURGE_STEP);
      purged.push(purgeThrough(through, 'size', now));
    }
    return purged;
  }

  function purgeThrough(through: number, reason: 'age' | 'size', now: Date): { draft: Draft; link: Link } {
    const draft = ownDraft({
      at: now.toISOString(),
      kind: 'engine',
      verdict: 'purged',
      summary: `Retention by ${reason}: what the records up to ${through} said was purged. Their chain stays.`,
      data: { through, reason },
    });
    const before = { head, signed };
    try {
      const link = db.transaction(() => {
        db.prepare(`DELETE FROM bodies WHERE seq <= ?`).run(through);
        db.prepare(`DELETE FROM search WHERE rowid <= ?`).run(through);
        firstSaid.forget(through);
        db.prepare(`DELETE FROM content WHERE id IN (SELECT id FROM content_use WHERE seq <= ?)`).run(through);
        db.prepare(`DELETE FROM content_use WHERE seq <= ?`).run(through);
        tallies.purge(through);
        return append([draft])[0]!;
      })();
      db.pragma('incremental_vacuum');
      return { draft, link };
    } catch (error) {
      ({ head, signed } = before);
      throw error;
    }
  }

  function bytesUsed(): number {
    const pages = Number(db.pragma('page_count', { simple: true })) - Number(db.pragma('freelist_count', { simple: true }));
    return pages * Number(db.pragma('page_size', { simple: true }));
  }
}

const DAY = 86_400_000;
/** Records that one purge by size covers: few enough not to keep appends waiting. */
const PURGE_STEP = 500;
const KEPT = 50;

/** Whole days, so that retention by age leaves one record a day and not one for every record that ages. */
function dayStart(time: number): string {
  return new Date(Math.floor(time / DAY) * DAY).toISOString();
}
