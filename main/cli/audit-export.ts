/** `holdpoint audit export --to` and `holdpoint audit verify PATH`: a part of the log as evidence, and its proof elsewhere. */

import { closeSync, existsSync, lstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { HoldpointError, messageOf } from '../contract/errors.ts';
import { visibleLine } from '../engine/approvals/visible.ts';
import { MANIFEST_FILE, NOTE_FILE, REPORT_FILE } from '../engine/audit/export/format.ts';
import { type ExportVerdict, verifyExport } from '../engine/audit/export/verify.ts';
import { type ExportOptions, writeExport } from '../engine/audit/export/write.ts';
import { LOG_FILE } from '../engine/audit/schema.ts';
import { keptDeviceKey } from '../engine/certificates/device-key.ts';
import { openKeystore, systemKeystore } from '../engine/certificates/keystore.ts';
import { version } from '../engine/version.ts';
import { DONE, type Io, NO, print, printJson, UsageError } from './io.ts';

export async function exportTo(
  options: Pick<ExportOptions, 'file' | 'to' | 'since' | 'session' | 'format' | 'withContent' | 'report'>,
  io: Io,
  json: boolean,
): Promise<number> {
  const dir = dirname(options.file);
  const key = await keptDeviceKey(openKeystore({ dir, system: await systemKeystore(io.env) }));
  if (!key)
    throw new HoldpointError(
      'not-found',
      `The device key of ${dir} was not found, so an export could not be signed. Run this as the user that the engine runs as, with its keystore open.`,
    );
  const { range, device, sessionRecords } = writeExport({ ...options, key, version: await version() });
  const count = range.to - range.from + 1;
  const page = join(options.to, REPORT_FILE);
  if (json)
    printJson(io, {
      to: options.to,
      records: count,
      range: { from: range.from, to: range.to },
      signedBy: device.key,
      ...(options.report && { report: page }),
    });
  else
    print(
      io,
      `${count} ${count === 1 ? 'record' : 'records'} exported to ${visibleLine(options.to, 1000)}.`,
      ...(options.report
        ? [
            `${sessionRecords} of them are the session’s; the others hold its place in the chain. To read it, open ${visibleLine(page, 1000)}.`,
          ]
        : []),
      `Signed with the key ${device.key}: tell it to whoever checks the export, by another way.`,
    );
  return DONE;
}

/** What `audit verify` was given to look at: an export, a log's file, or a data folder. */
export function placeToVerify(path: string): { readonly kind: 'export' | 'log'; readonly path: string } {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found) throw new HoldpointError('not-found', `There is nothing at ${path}. Name the folder of an export, or a log's file.`);
  if (found.isDirectory()) {
    const log = join(path, LOG_FILE);
    return existsSync(log) && !existsSync(join(path, MANIFEST_FILE)) ? { kind: 'log', path: log } : { kind: 'export', path };
  }
  return [MANIFEST_FILE, NOTE_FILE].includes(basename(path)) || !isDatabase(path)
    ? { kind: 'export', path: dirname(path) }
    : { kind: 'log', path };
}

export async function verifyExportAt(path: string, keyFile: string | undefined, io: Io, json: boolean): Promise<number> {
  const pinned = keyFile === undefined ? undefined : publicKeyIn(keyFile);
  const verdict = await verifyExport(path, { pinned });
  if (json) printJson(io, verdict);
  else print(io, ...linesFor(verdict));
  return verdict.ok ? DONE : NO;
}

function publicKeyIn(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (thrown) {
    throw new UsageError(`--key ${file} cannot be read: ${messageOf(thrown)}`);
  }
}

function linesFor({ ok, records, firstBad, faults, signedBy, key, device, madeAt, range, report }: ExportVerdict): string[] {
  const what = `${records} ${records === 1 ? 'record' : 'records'} (${range.from} to ${range.to}) of ${visibleLine(device, 300)}, exported ${madeAt}`;
  const pinned =
    key === 'expected' ? 'the key that you named' : 'which you should compare with what the device’s owner told you, or name with --key';
  const signer = signedBy === null ? [] : [`Signed with the key ${signedBy}: ${pinned}.`];
  if (ok) return [`The export is whole: ${what}. None changed, removed or reordered.`, ...(report ? [REPORT_LINE] : []), ...signer];
  return [
    'The export was touched, or is not what it says.',
    ...(firstBad ? [`First bad record: ${firstBad.seq}. ${visibleLine(firstBad.what, 1000)}`] : []),
    ...faults.map((fault) => visibleLine(fault, 1000)),
    ...signer,
  ];
}

const REPORT_LINE = `${REPORT_FILE} is the one that was written with them.`;

function isDatabase(path: string): boolean {
  const descriptor = openSync(path, 'r');
  try {
    const head = Buffer.alloc(15);
    readSync(descriptor, head, 0, head.length, 0);
    return head.toString('latin1') === 'SQLite format 3';
  } finally {
    closeSync(descriptor);
  }
}
