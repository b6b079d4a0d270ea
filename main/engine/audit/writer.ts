/** The writer's thread: commits what queued while the commit before it ran, and keeps count of what it could not write. */

import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import Database from 'better-sqlite3';
import { HoldpointError, messageOf } from '../../contract/errors.ts';
import { writeCursor } from './cursors.ts';
import { type Draft, ownDraft } from './draft.ts';
import type { Append, FromWriter, ToWriter, WriterSetup } from './messages.ts';
import { newestOwnRows } from './own-rows.ts';
import { assertTailHolds, recover } from './recovery.ts';
import { newestRows, recordOf } from './rows.ts';
import { broken, type Db, LOCK_FILE, LOG_FILE, openForWriting } from './schema.ts';
import { createStore, type Link, type Store } from './store.ts';

const port = parentPort!;
const setup = workerData as WriterSetup;

/** Records of one commit. More would keep the first of them waiting for the last. */
const MAX_BATCH = 500;
/** Records that are tallied at a time. */
const CATCH_UP = 500;

start();

function start(): void {
  try {
    const lock = lockOut(join(setup.dir, LOCK_FILE));
    const file = join(setup.dir, LOG_FILE);
    const db = openForWriting(file);
    const { store, recovery } = opened(db, file);
    say({ kind: 'opened', head: linkAt(store), recovery });
    serve(db, lock, store);
  } catch (error) {
    const known = error instanceof HoldpointError && (error.code === 'audit-unwritable' || error.code === 'data-dir-busy');
    say({ kind: 'unopened', code: known && error.code === 'data-dir-busy' ? error.code : 'audit-unwritable', message: messageOf(error) });
    port.close();
  }
}

function opened(db: Db, file: string): { store: Store; recovery: ReturnType<typeof recover> } {
  try {
    assertTailHolds(db, file);
    const store = createStore(db, setup.key);
    return { store, recovery: recover(db, store, setup) };
  } catch (error) {
    db.close();
    throw error instanceof HoldpointError ? error : broken(file, messageOf(error), error);
  }
}

/** A lock that the operating system takes back however this process ends. */
function lockOut(file: string): Db {
  const lock = new Database(file, { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    throw new HoldpointError(
      'data-dir-busy',
      `Another process writes the audit log in ${setup.dir}. Stop the other engine, or give this one its own --data-dir.`,
      error,
    );
  }
}

function serve(db: Db, lock: Db, store: Store): void {
  let queue: Append[] = [];
  let scheduled = false;
  let gap: { count: number; readonly from: string; to: string; readonly reason: string } | undefined;
  let catchingUp = false;
  let closed = false;
  catchUp();

  port.on('message', (message: ToWriter) => {
    switch (message.kind) {
      case 'append':
        queue.push(...message.appends);
        if (!scheduled) setImmediate(commitQueue);
        scheduled = true;
        return;
      case 'lost':
        return missed(message.at, message.why);
      case 'records':
        commitQueue();
        return readBack(message);
      case 'cursor':
        return moved(message);
      case 'checkpoint':
        commitQueue();
        attempt(() => {
          if (gap) commit([]);
          store.checkpoint(message.now);
        });
        catchUp();
        return;
      case 'purge':
        commitQueue();
        attempt(() => {
          const { now, retainDays, maxBytes } = message;
          const purged = store.purge({ now: new Date(now), retainDays, maxBytes });
          tell(purged.length);
        });
        return;
      case 'close':
        commitQueue();
        attempt(() => {
          if (gap) commit([]);
          store.checkpoint(message.now);
        });
        closed = true;
        db.close();
        lock.close();
        port.close();
    }
  });

  /** A log of a version that kept no tallies: some records at a time, so that no append waits for all of them. */
  function catchUp(): void {
    if (!catchingUp) setImmediate(catchUpSome);
    catchingUp = true;
  }

  function catchUpSome(): void {
    if (closed) return;
    catchingUp = false;
    attempt(() => {
      if (store.catchUp(CATCH_UP)) catchUp();
    });
  }

  function commitQueue(): void {
    scheduled = false;
    for (; queue.length > 0; ) {
      const batch = queue.slice(0, MAX_BATCH);
      queue = queue.slice(MAX_BATCH);
      try {
        const links = commit(batch.map(({ draft }) => draft));
        say({ kind: 'written', links: batch.map(({ ticket }, i) => ({ ticket, link: links[i]! })) });
      } catch (error) {
        for (const { draft } of batch) missed(draft.at, messageOf(error));
        say({ kind: 'refused', tickets: batch.map(({ ticket }) => ticket), why: messageOf(error) });
        makeRoom();
      }
    }
  }

  /** What was lost before comes first, in the same transaction: no record is kept without it. */
  function commit(drafts: readonly Draft[]): Link[] {
    const owed = gap ? [gapDraft(gap)] : [];
    const links = store.append([...owed, ...drafts]);
    if (owed.length > 0) {
      gap = undefined;
      tell(1, links[0]!.seq + 1);
    }
    return links.slice(owed.length);
  }

  function missed(at: string, reason: string): void {
    if (gap) {
      gap.count++;
      gap.to = at;
    } else gap = { count: 1, from: at, to: at, reason };
  }

  /** On a full disk the journal holds pages that the log has room for. */
  function makeRoom(): void {
    attempt(() => db.pragma('wal_checkpoint(TRUNCATE)'));
  }

  function readBack({ ticket, limit, before, user }: Extract<ToWriter, { kind: 'records' }>): void {
    try {
      say({ kind: 'records', ticket, records: newestOwnRows(db, limit, before, user).map(recordOf) });
    } catch (error) {
      say({ kind: 'records-failed', ticket, why: messageOf(error) });
    }
  }

  function moved({ ticket, cursor }: Extract<ToWriter, { kind: 'cursor' }>): void {
    try {
      writeCursor(db, cursor);
      say({ kind: 'cursor', ticket });
    } catch (error) {
      say({ kind: 'cursor', ticket, failed: messageOf(error) });
    }
  }

  /** The `count` records before `before`, which are the log's own. */
  function tell(count: number, before?: number): void {
    if (count > 0) say({ kind: 'own', records: newestRows(db, count, before).reverse().map(recordOf) });
  }

  /** For what is tried again later: the next append says whether the log can be written. */
  function attempt(work: () => void): void {
    try {
      work();
    } catch {
      // Nothing was kept and nothing was promised.
    }
  }
}

function gapDraft(gap: { count: number; from: string; to: string; reason: string }): Draft {
  const { count, from, to, reason } = gap;
  const summary = `${count} ${count === 1 ? 'record' : 'records'} could not be kept between ${from} and ${to}: ${reason}`;
  return ownDraft({ at: to, kind: 'gap', verdict: 'lost', summary, data: { count, from, to, reason } });
}

function linkAt(store: Store): Link {
  const { seq, hash } = store.head();
  return { seq, hash: hash.toString('hex') };
}

function say(message: FromWriter): void {
  port.postMessage(message);
}
