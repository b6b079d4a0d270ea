/** What is looked at and put right when the log is opened. */

import { userIn } from '../../contract/own-record.ts';
import type { AuditRecord } from '../../contract/record.ts';
import { linkOf } from './chain.ts';
import { openCheckpoint, rawPublicKey } from './checkpoint.ts';
import { type Draft, ownDraft } from './draft.ts';
import type { Recovery, WriterSetup } from './messages.ts';
import { newestRows, type Row, recordOf, SELECT_ROWS } from './rows.ts';
import { broken, type Db } from './schema.ts';
import type { Store } from './store.ts';

/** Longest part of the chain that is walked at a start, and how much of it before the last checkpoint; `holdpoint audit verify` walks all. */
const TAIL = 5000;
const SIGNED = 1000;

/**
 * The last checkpoint holds and the chain from it to the end is whole.
 * @throws HoldpointError `audit-unwritable` where not.
 */
export function assertTailHolds(db: Db, file: string): void {
  const checkpoint = db.prepare<[], { seq: number; note: string }>(`SELECT seq, note FROM checkpoints ORDER BY seq DESC LIMIT 1`).get();
  const last = db.prepare<[], number>(`SELECT max(seq) FROM records`).pluck().get() ?? 0;
  if (checkpoint && checkpoint.seq > last) throw broken(file, `its records after ${last} are gone: record ${checkpoint.seq} was signed`);
  const keys = db.prepare<[], Buffer>(`SELECT key FROM keys`).pluck().all();
  const head = checkpoint && openCheckpoint(checkpoint.note, keys);
  if (checkpoint && !head) throw broken(file, `the signature of its checkpoint at record ${checkpoint.seq} does not hold`);

  const from = Math.max(1, (checkpoint?.seq ?? last) - SIGNED, last - TAIL);
  let previous: Row | undefined;
  for (const row of db.prepare<[number], Row>(`${SELECT_ROWS} WHERE r.seq >= ? ORDER BY r.seq`).iterate(from)) {
    if (row.seq === head?.seq && !row.hash.equals(head.hash)) throw broken(file, `record ${row.seq} is not the one that was signed`);
    if (previous && (row.seq !== previous.seq + 1 || !row.hash.equals(linkOf(previous.hash, row, row.body_hash)))) {
      throw broken(file, `its chain breaks at record ${previous.seq + 1}`);
    }
    previous = row;
  }
}

/** Writes down what the last stop left open: a changed key, an engine that was killed, calls that it held. */
export function recover(db: Db, store: Store, setup: WriterSetup): Recovery {
  const unclean = wasKilled(db);
  const open = openHolds(db);
  const outcomes = open.map((hold) => abandoned(hold, setup.now));
  const drafts = [...keyDrafts(db, setup), ...outcomes];
  if (unclean) {
    drafts.push(
      ownDraft({
        at: setup.now,
        kind: 'engine',
        verdict: 'recovered',
        summary: `The guard did not stop cleanly last time; held calls abandoned: ${outcomes.length}.`,
        data: { records: store.head().seq, abandoned: outcomes.length },
      }),
    );
  }
  if (drafts.length > 0) {
    store.append(drafts);
    store.checkpoint(setup.now);
  }
  const written: AuditRecord[] = drafts.length > 0 ? newestRows(db, drafts.length).reverse().map(recordOf) : [];
  return { clean: !unclean, abandoned: written.filter((record) => record.kind === 'outcome'), written };
}

function keyDrafts(db: Db, { key, now, formerLogGone }: WriterSetup): Draft[] {
  const keys = db.prepare<[], Buffer>(`SELECT key FROM keys ORDER BY id`).pluck().all();
  const current = rawPublicKey(key);
  const drafts: Draft[] = [];
  if (formerLogGone) {
    const summary = 'A new log begins: there was one here before, and it is gone.';
    drafts.push(ownDraft({ at: now, kind: 'tamper', verdict: 'log-gone', summary, data: {} }));
  }
  // The store has entered the key by now; a log whose newest checkpoint is by another one has changed hands.
  const note = db.prepare<[], string>(`SELECT note FROM checkpoints ORDER BY seq DESC LIMIT 1`).pluck().get();
  if (note !== undefined && !openCheckpoint(note, [current])) {
    const summary = 'The log is signed with another key from here on.';
    drafts.push(
      ownDraft({ at: now, kind: 'tamper', verdict: 'key-changed', summary, data: { key: current.toString('hex'), keys: keys.length } }),
    );
  }
  return drafts;
}

/** The last engine to open this log wrote no `stopped`. */
function wasKilled(db: Db): boolean {
  const last = db.prepare<[], { verdict: string | null }>(
    `SELECT verdict FROM records WHERE kind = 'engine' AND verdict IN ('started', 'stopped', 'recovered') ORDER BY seq DESC LIMIT 1`,
  );
  const verdict = last.get()?.verdict;
  return verdict !== undefined && verdict !== 'stopped';
}

/** Calls that were held and whose outcome nobody wrote. */
function openHolds(db: Db): Row[] {
  return db
    .prepare<[], Row>(
      `${SELECT_ROWS} WHERE r.kind = 'hold' AND r.verdict = 'opened'
       AND NOT EXISTS (SELECT 1 FROM records o WHERE o.kind = 'outcome' AND o.action = r.action AND o.seq > r.seq)
       ORDER BY r.seq`,
    )
    .all();
}

function abandoned(hold: Row, at: string): Draft {
  const { session, exchange, action, agent, host } = hold;
  const { summary, data } = recordOf(hold);
  const what = hold.body === null ? 'a call' : summary;
  const user = userIn(data);
  return ownDraft({
    at,
    kind: 'outcome',
    verdict: 'abandoned',
    session: session ?? undefined,
    exchange: exchange ?? undefined,
    action: action ?? undefined,
    agent: agent ?? undefined,
    host: host ?? undefined,
    summary: `Abandoned: ${what}. The guard stopped while this call was held; the agent got nothing of it.`,
    data: { hold: hold.seq, ...(user !== undefined && { user }) },
  });
}
