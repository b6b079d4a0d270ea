/** Exports of single sessions, each written by a thread of its own, beside whatever the engine does meanwhile. */

import { createHash, type KeyObject, randomBytes } from 'node:crypto';
import { existsSync, rmSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { CONNECTIONS_SESSION, GUARD_SESSION } from '../../../contract/activity.ts';
import type { ControlParams, ControlResult } from '../../../contract/control.ts';
import { HoldpointError, messageOf } from '../../../contract/errors.ts';
import type { ExportProgress } from '../../../contract/incident.ts';
import type { AuditEntry } from '../../../contract/record.ts';
import type { ExportOrder, FromExport } from './export-worker.ts';

export interface Incidents {
  /** `by` is what the client calls itself; `gone` ends an export that nobody waits for any more. */
  exportIncident(params: ControlParams<'exportIncident'>, by: string, gone: AbortSignal): Promise<ControlResult<'exportIncident'>>;
  /** Ends what is being written, and leaves nothing of it. */
  close(): Promise<void>;
}

export interface IncidentsOptions {
  /** The log's file. */
  readonly file: string;
  /** Ed25519, private: the device's. */
  readonly key: KeyObject;
  readonly version: string;
  /** Resolves when what was recorded before is in the file. */
  readonly settle: () => Promise<unknown>;
  /** Resolves when it is durable. */
  readonly record: (entry: AuditEntry) => Promise<unknown>;
  /** Told a few times a second while an export is written. */
  readonly onProgress?: (progress: ExportProgress) => void;
  readonly now?: () => Date;
}

/** In the thread, in MB: texts of a session are read one by one. */
const MOST_MEMORY = 1024;
const MOST_NAMES = 100;

export function createIncidents(options: IncidentsOptions): Incidents {
  const { file, key, version, settle, record, onProgress = () => {}, now = () => new Date() } = options;
  const closed = new AbortController();
  let current: Promise<unknown> | undefined;

  return {
    async exportIncident({ session, folder }, by, gone) {
      if (current) throw failed(folder, 'another export is being written. Try again when it is done');
      const running = written(session, folder, by, AbortSignal.any([gone, closed.signal]));
      current = running
        .catch(() => {})
        .finally(() => {
          current = undefined;
        });
      return running;
    },
    async close() {
      closed.abort();
      await current;
    },
  };

  async function written(session: string, folder: string, by: string, ended: AbortSignal): Promise<ControlResult<'exportIncident'>> {
    if (session === GUARD_SESSION || session === CONNECTIONS_SESSION)
      throw new HoldpointError(
        'not-found',
        'What the guard does by itself is no session. "holdpoint audit export --to" exports a part of the log, whatever it is about.',
      );
    if (!isAbsolute(folder) || !statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw failed(folder, 'there is no such folder');
    await settle();
    const to = freeName(folder, session, now());
    const exported = await inThread(
      { file, to, draft: `${to}.unfinished-${randomBytes(4).toString('hex')}`, session, key, version },
      ended,
      onProgress,
    );
    try {
      await record(entryOf(session, exported, by));
    } catch (thrown) {
      // Evidence that left without a trace in the log would be worse than none.
      rmSync(to, { recursive: true, force: true });
      throw thrown;
    }
    return exported;
  }
}

function inThread(
  order: ExportOrder,
  ended: AbortSignal,
  onProgress: (progress: ExportProgress) => void,
): Promise<ControlResult<'exportIncident'>> {
  const { promise, resolve, reject } = Promise.withResolvers<ControlResult<'exportIncident'>>();
  const worker = new Worker(new URL('./export-worker.ts', import.meta.url), {
    workerData: order,
    resourceLimits: { maxOldGenerationSizeMb: MOST_MEMORY },
  });
  let last: Exclude<FromExport, { kind: 'progress' }> | undefined;
  let broke: unknown;
  const end = () => void worker.terminate();
  ended.addEventListener('abort', end, { once: true });
  if (ended.aborted) end();
  worker.on('message', (message: FromExport) => {
    if (message.kind === 'progress') onProgress({ session: order.session, done: message.done, of: message.of });
    else last = message;
  });
  worker.on('error', (error) => {
    broke = error;
  });
  worker.on('exit', () => {
    ended.removeEventListener('abort', end);
    if (last?.kind === 'done' && !ended.aborted) return resolve(last.exported);
    // Ended between the last word and the renaming, or after it: either may be there.
    for (const begun of [order.draft, order.to]) rmSync(begun, { recursive: true, force: true });
    if (last?.kind === 'failed') return reject(new HoldpointError(last.code, last.message));
    reject(
      failed(order.to, ended.aborted ? 'it was given up, because nobody waited for it any more' : messageOf(broke ?? 'its thread ended')),
    );
  });
  return promise;
}

/** `holdpoint-incident-7781d4aa-2026-11-24`, with a number where that is there already. */
function freeName(folder: string, session: string, at: Date): string {
  const plain = /^[\w-]{8,}$/.test(session) ? session : createHash('sha256').update(session).digest('hex');
  const name = join(folder, `holdpoint-incident-${plain.slice(0, 8)}-${at.toISOString().slice(0, 10)}`);
  const names = Array.from({ length: MOST_NAMES }, (_, n) => (n === 0 ? name : `${name}-${n + 1}`));
  const free = names.find((candidate) => !existsSync(candidate));
  if (free === undefined) throw failed(folder, 'this session was exported there today a hundred times already');
  return free;
}

function entryOf(session: string, { folder, records, files, bytes, key }: ControlResult<'exportIncident'>, by: string): AuditEntry {
  return {
    kind: 'engine',
    verdict: 'exported',
    summary: `A session was exported by ${by}: ${session}, ${records} ${records === 1 ? 'record' : 'records'}`,
    data: { session, folder, records, files, bytes, key, by },
  };
}

function failed(folder: string, why: string): HoldpointError {
  return new HoldpointError('export-failed', `The export to ${folder} was not made: ${why}.`);
}
