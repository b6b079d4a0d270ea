/** The thread that writes an incident: a long session must not keep the engine from guarding. */

import type { KeyObject } from 'node:crypto';
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { type ErrorCode, HoldpointError, messageOf } from '../../../contract/errors.ts';
import type { ExportedIncident } from '../../../contract/incident.ts';
import { writeExport } from '../export/write.ts';

export interface ExportOrder {
  readonly file: string;
  /** The folder to make, and the one that it is until it is whole. */
  readonly to: string;
  readonly draft: string;
  readonly session: string;
  readonly key: KeyObject;
  readonly version: string;
}

export type FromExport =
  | { readonly kind: 'progress'; readonly done: number; readonly of: number }
  | { readonly kind: 'done'; readonly exported: ExportedIncident }
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly message: string };

const order = workerData as ExportOrder;
/** In ms: nobody sees more. */
const TOLD_EVERY = 200;
let toldAt = performance.now();

try {
  const { to } = order;
  const { device, sessionRecords } = writeExport({ ...order, format: 'ndjson', withContent: true, report: true, onProgress });
  say({ kind: 'done', exported: { folder: to, records: sessionRecords, key: device.key, ...sizeOf(to) } });
} catch (thrown) {
  const known = thrown instanceof HoldpointError;
  say({ kind: 'failed', code: known ? thrown.code : 'export-failed', message: messageOf(thrown) });
}

function onProgress(done: number, of: number): void {
  if (performance.now() - toldAt < TOLD_EVERY) return;
  toldAt = performance.now();
  say({ kind: 'progress', done, of });
}

function sizeOf(dir: string): { files: number; bytes: number } {
  let [files, bytes] = [0, 0];
  for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    files += 1;
    bytes += lstatSync(join(entry.parentPath, entry.name)).size;
  }
  return { files, bytes };
}

function say(message: FromExport): void {
  parentPort!.postMessage(message);
}
