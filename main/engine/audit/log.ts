/** The audit log: what happened, in an order that can be proved; kept by a writer in a thread of its own. */

import type { KeyObject } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { HoldpointError, messageOf, missingCase } from '../../contract/errors.ts';
import type { AuditEntry, AuditRecord, Json } from '../../contract/record.ts';
import type { Redactor } from '../detection/redact.ts';
import { createContentReader } from './content.ts';
import type { Cursor } from './cursors.ts';
import { type Body, bodyOf, type Capture, type Draft, draftOf } from './draft.ts';
import { prepareFolder, writePublicKey } from './folder.ts';
import type { Append, FromWriter, Recovery, ToWriter, WriterSetup } from './messages.ts';
import { keptRecord } from './rows.ts';
import type { Link } from './store.ts';

/** `capture`, `retainDays` and `maxBytes` are looked at each time, because settings can change. */
export interface AuditOptions {
  /** Made where it is missing. Holds `audit.db` (mode 0600), `audit.pub` and `audit.lock`. */
  readonly dir: string;
  readonly capture: Capture;
  /** Bodies and content of records older than this many days are purged; the chain stays. */
  readonly retainDays: number;
  /** Bodies and content of the oldest records are purged when the log is larger than this. */
  readonly maxBytes: number;
  /** Ed25519, private: signs the checkpoints. */
  readonly signingKey: KeyObject;
  readonly redactor: Redactor;
  readonly now?: () => Date;
}

export interface AuditLog {
  /**
   * Resolves when the record is durable, with what was kept.
   * @throws HoldpointError `audit-unwritable` where it cannot be kept; a gap record will tell of it.
   */
  append(entry: AuditEntry): Promise<AuditRecord>;
  /** As `append`, for what nobody waits for: it is committed with the next append, or within 50 ms. */
  note(entry: AuditEntry): Promise<AuditRecord>;
  /** Newest first; `before` is a `seq`. Of `user`, and everybody's; all of them where that is undefined. */
  records(query: {
    readonly limit: number;
    readonly before?: number | undefined;
    readonly user?: string | undefined;
  }): Promise<AuditRecord[]>;
  /** Resolves when it is durable. Who reads on from there takes it from the log's file. */
  keepCursor(cursor: Cursor): Promise<void>;
  stats(): { readonly records: number; readonly head: string; readonly writable: boolean };
  /** Told of every record once it is durable, the log's own included, in order. Gives back what ends it. */
  onRecord(listener: (record: AuditRecord) => void): () => void;
  readonly recovery: Recovery;
  /** Keeps what was appended before, signs the head, closes the file. */
  close(): Promise<void>;
}

/** Time between checkpoints while there are new records. */
const CHECKPOINT_MS = 60_000;
/** How long a note may wait for company. */
const NOTE_MS = 50;
const PURGE_MS = 10 * 60_000;
/** Characters of records and content that may wait for a disk that does not answer. */
const MAX_WAITING = 128 * 1024 * 1024;

/** @throws HoldpointError `audit-unwritable` where the log cannot be used, `data-dir-busy` where another process writes it. */
export async function openAudit(options: AuditOptions): Promise<AuditLog> {
  const { dir, signingKey, redactor, now = () => new Date() } = options;
  const formerLogGone = prepareFolder(dir);
  const setup: WriterSetup = {
    dir,
    key: signingKey,
    now: now().toISOString(),
    formerLogGone,
  };
  const worker = new Worker(new URL('./writer.ts', import.meta.url), { workerData: setup });
  const { head: firstHead, recovery } = await started(worker);
  writePublicKey(dir, signingKey);

  const contents = createContentReader({ capture: () => options.capture, redactor });
  const listeners = new Set<(record: AuditRecord) => void>();
  const appends = new Map<
    number,
    Waiting<AuditRecord> & { readonly size: number; readonly draft: Draft; readonly said: Body; kept(): void }
  >();
  let unsent: Append[] = [];
  let soon: NodeJS.Timeout | undefined;
  const queries = new Map<number, Waiting<AuditRecord[]>>();
  const cursors = new Map<number, Waiting<void>>();
  const closing = Promise.withResolvers<void>();
  let head = firstHead;
  let signedAt = head.seq;
  let writable = true;
  let waiting = 0;
  let lastTicket = 0;
  let dead: HoldpointError | undefined;

  worker.on('message', (message: FromWriter) => receive(message));
  worker.on('error', (error) => die(messageOf(error)));
  worker.on('exit', () => die('its writer has ended'));

  const checkpoints = setInterval(checkpoint, CHECKPOINT_MS).unref();
  const purges = setInterval(purge, PURGE_MS).unref();
  purge();

  return {
    append: (entry) => take(entry, () => queueMicrotask(send)),
    note: (entry) =>
      take(entry, () => {
        soon ??= setTimeout(send, NOTE_MS);
      }),
    records({ limit, before, user }) {
      if (dead) return Promise.reject(dead);
      const query = Promise.withResolvers<AuditRecord[]>();
      const ticket = ++lastTicket;
      queries.set(ticket, query);
      say({ kind: 'records', ticket, limit, before, user });
      return query.promise;
    },
    keepCursor(cursor) {
      if (dead) return Promise.reject(dead);
      const kept = Promise.withResolvers<void>();
      const ticket = ++lastTicket;
      cursors.set(ticket, kept);
      say({ kind: 'cursor', ticket, cursor });
      return kept.promise;
    },
    stats: () => ({ records: head.seq, head: head.hash, writable }),
    onRecord(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    recovery,
    close() {
      clearInterval(checkpoints);
      clearInterval(purges);
      if (!dead) {
        say({ kind: 'close', now: now().toISOString() });
        dead = unwritable(dir, 'it is closed');
      }
      return closing.promise;
    },
  };

  // Not async: what throws here must still be counted as lost.
  function take(entry: AuditEntry, schedule: () => void): Promise<AuditRecord> {
    if (dead) return Promise.reject(dead);
    const at = now().toISOString();
    try {
      const { capture } = options;
      const { blocks, content, kept } = contents.read(entry.blocks ?? []);
      const told = redactor.redactJson(entry.data) as { readonly [key: string]: Json };
      // As it is: a name with a part replaced would be nobody's.
      const data = entry.user === undefined ? told : { ...told, user: entry.user };
      const said = bodyOf({ summary: redactor.redact(entry.summary), data, blocks, capture });
      const draft = draftOf({ ...entry, ...said, at, content });
      const size = draft.body.length + content.reduce((sum, { text }) => sum + (text?.length ?? 0), 0);
      if (waiting + size > MAX_WAITING) throw new Error(`${appends.size} records are waiting for the disk`);
      schedule();
      return sent(draft, said, size, kept);
    } catch (error) {
      say({ kind: 'lost', at, why: messageOf(error) });
      return Promise.reject(unwritable(dir, messageOf(error), error));
    }
  }

  function sent(draft: Draft, said: Body, size: number, kept: () => void): Promise<AuditRecord> {
    const ticket = ++lastTicket;
    const { promise, resolve, reject } = Promise.withResolvers<AuditRecord>();
    waiting += size;
    appends.set(ticket, { size, draft, said, kept, resolve, reject });
    unsent.push({ ticket, draft });
    return promise;
  }

  function receive(message: FromWriter): void {
    switch (message.kind) {
      case 'written':
        writable = true;
        for (const record of message.links.flatMap(written)) tell(record);
        return;
      case 'refused':
        writable = false;
        for (const ticket of message.tickets) taken(ticket)?.reject(unwritable(dir, message.why));
        return;
      case 'own':
        writable = true;
        for (const record of message.records) {
          head = { seq: record.seq, hash: record.hash };
          tell(record);
        }
        return;
      case 'records':
        queries.get(message.ticket)?.resolve([...message.records]);
        queries.delete(message.ticket);
        return;
      case 'records-failed':
        queries.get(message.ticket)?.reject(unwritable(dir, message.why));
        queries.delete(message.ticket);
        return;
      case 'cursor':
        if (message.failed === undefined) cursors.get(message.ticket)?.resolve();
        else cursors.get(message.ticket)?.reject(unwritable(dir, message.failed));
        cursors.delete(message.ticket);
        return;
      case 'opened':
      case 'unopened':
        return;
      default:
        missingCase(message);
    }
  }

  function written({ ticket, link }: { readonly ticket: number; readonly link: Link }): AuditRecord[] {
    head = link;
    const append = taken(ticket);
    if (!append) return [];
    append.kept();
    const record = keptRecord(append.draft, append.said, link);
    append.resolve(record);
    return [record];
  }

  function taken(ticket: number) {
    const append = appends.get(ticket);
    appends.delete(ticket);
    waiting -= append?.size ?? 0;
    return append;
  }

  function tell(record: AuditRecord): void {
    for (const listener of listeners) listener(record);
  }

  function checkpoint(): void {
    if (head.seq === signedAt && writable) return;
    signedAt = head.seq;
    say({ kind: 'checkpoint', now: now().toISOString() });
  }

  function purge(): void {
    // Before it is asked for: what is sent from here on carries its text, whatever is purged.
    contents.forget();
    const { retainDays, maxBytes } = options;
    say({ kind: 'purge', now: now().toISOString(), retainDays, maxBytes });
  }

  function die(why: string): void {
    const error = unwritable(dir, why);
    dead ??= error;
    writable = false;
    for (const ticket of [...appends.keys()]) taken(ticket)?.reject(error);
    for (const query of queries.values()) query.reject(error);
    queries.clear();
    for (const cursor of cursors.values()) cursor.reject(error);
    cursors.clear();
    closing.resolve();
  }

  /** What one turn of the event loop appends, and what was noted before it, goes to the writer in one message, and so into one commit. */
  function send(): void {
    clearTimeout(soon);
    soon = undefined;
    if (unsent.length === 0) return;
    const appends = unsent;
    unsent = [];
    worker.postMessage({ kind: 'append', appends } satisfies ToWriter);
  }

  function say(message: Exclude<ToWriter, { kind: 'append' }>): void {
    send();
    worker.postMessage(message);
  }
}

interface Waiting<Result> {
  resolve(result: Result): void;
  reject(error: unknown): void;
}

/** The writer's first word. */
async function started(worker: Worker): Promise<Extract<FromWriter, { kind: 'opened' }>> {
  const first = Promise.withResolvers<FromWriter>();
  worker.once('message', first.resolve);
  worker.once('error', first.reject);
  const message = await first.promise;
  worker.off('error', first.reject);
  if (message.kind === 'opened') return message;
  throw new HoldpointError(
    message.kind === 'unopened' ? message.code : 'internal',
    message.kind === 'unopened' ? message.message : 'The writer did not open.',
  );
}

function unwritable(dir: string, why: string, cause?: unknown): HoldpointError {
  return new HoldpointError(
    'audit-unwritable',
    `A record could not be kept in the audit log in ${dir}: ${why}. Make sure that the disk has room and that the folder can be written.`,
    cause,
  );
}
