/** Writes a part of the log into a folder that can be verified anywhere: all of it or nothing. */

import { createPublicKey, type KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { canonicalJson } from '../../../contract/canonical.ts';
import { HoldpointError, messageOf } from '../../../contract/errors.ts';
import type { AuditRecord } from '../../../contract/record.ts';
import { GENESIS } from '../chain.ts';
import { rawPublicKey } from '../checkpoint.ts';
import { writeReport } from '../incident/report.ts';
import { ocsfEvent } from '../ocsf/event.ts';
import { logsPayload, otlpLog } from '../otlp.ts';
import { purgedThrough, type Row, readBody, recordBefore, recordOf, SELECT_ROWS } from '../rows.ts';
import { type Db, openForReading } from '../schema.ts';
import { createFolderWriter, type NewFolder, syncFolder } from './folder.ts';
import {
  CHECKPOINTS_FILE,
  CONTENT_FOLDER,
  FORMAT_FILES,
  fingerprintOf,
  KEY_FILE,
  KEYS_FILE,
  type Line,
  MANIFEST_FILE,
  type Manifest,
  NOTE_FILE,
  RECORDS_FILE,
  REPORT_FILE,
  signedManifest,
} from './format.ts';

export interface ExportOptions {
  /** The log's file. An engine may be writing it. */
  readonly file: string;
  /** The folder to make. It must not be there, or be empty. */
  readonly to: string;
  /** Ed25519, private: the device's. */
  readonly key: KeyObject;
  readonly version: string;
  readonly since?: Date | undefined;
  /** Of other sessions only the columns go along: the chain needs them. */
  readonly session?: string | undefined;
  /** The same records once more, for other tools. */
  readonly format: 'ndjson' | keyof typeof FORMAT_FILES;
  readonly withContent: boolean;
  /** A page that a person can read goes along. Only of a session. */
  readonly report?: boolean;
  /** The folder that is filled first, and renamed in the end: for who may end this thread before, and removes it. It must not be there. */
  readonly draft?: string;
  /** Told now and then how many of the records are written. */
  readonly onProgress?: (done: number, of: number) => void;
  readonly now?: () => Date;
}

/** The manifest, and how many of the records are the session's; all of them where none was asked for. */
export type Written = Manifest & { readonly sessionRecords: number };

/**
 * @returns the manifest, once everything is on disk.
 * @throws HoldpointError `not-found` where there is no log, or a report was wanted of a session that it has nothing of; `export-failed` where the folder cannot be written: then there is none.
 */
export function writeExport(options: ExportOptions): Written {
  const to = resolve(options.to);
  const db = openForReading(options.file);
  let draft: string | undefined;
  let folder: NewFolder | undefined;
  try {
    if (existsSync(to) && readdirSync(to).length > 0) throw new Error('there is something in it. Name a folder that is new or empty');
    mkdirSync(dirname(to), { recursive: true });
    draft = newFolder(options.draft, to);
    folder = createFolderWriter(draft);
    // One view of all tables: what is appended or purged meanwhile is not seen.
    db.exec('BEGIN');
    const manifest = writeFiles(db, folder, options);
    if (existsSync(to)) rmdirSync(to);
    renameSync(draft, to);
    syncFolder(dirname(to));
    return manifest;
  } catch (error) {
    folder?.close();
    if (draft !== undefined) rmSync(draft, { recursive: true, force: true });
    if (error instanceof HoldpointError) throw error;
    throw new HoldpointError('export-failed', `The export to ${to} was not made: ${reasonOf(error)}.`, error);
  } finally {
    db.close();
  }
}

function newFolder(wanted: string | undefined, to: string): string {
  if (wanted === undefined) return mkdtempSync(join(dirname(to), `${basename(to)}.unfinished-`));
  mkdirSync(wanted, { mode: 0o700 });
  return wanted;
}

const PAGE = 500;

function writeFiles(db: Db, folder: NewFolder, options: ExportOptions): Written {
  const { key, version, since, session, format, withContent, report = false, now = () => new Date() } = options;
  const range = rangeOf(db, since, session);
  if (report && range.to < range.from)
    throw new HoldpointError('not-found', `The log ${options.file} has no record of the session ${session}.`);
  const previous =
    db.prepare<[number], Buffer>(`SELECT hash FROM records WHERE seq < ? ORDER BY seq DESC LIMIT 1`).pluck().get(range.from) ?? GENESIS;
  const purged = purgedThrough(db);
  const content = withContent ? contentWriter(db, folder) : undefined;
  const records = folder.file(RECORDS_FILE);
  const fingerprint = fingerprintOf(rawPublicKey(key));
  const other = format === 'ndjson' ? undefined : folder.file(FORMAT_FILES[format]);
  const context = { device: { hostname: hostname(), key: fingerprint }, version };
  let head = previous;
  let sessionRecords = 0;
  let before = recordBefore(db, range.from);
  for (const rows of pagesOf(db, range)) {
    const shown: AuditRecord[] = [];
    for (const row of rows) {
      const isShown = session === undefined || row.session === session;
      records.write(`${JSON.stringify(lineOf(row, isShown))}\n`);
      const record = recordOf(row);
      if (isShown) {
        sessionRecords += 1;
        shown.push(record);
        if (row.seq > purged) for (const hash of contentOf(row)) content?.write(hash);
        if (format === 'ocsf') other?.write(`${JSON.stringify(ocsfEvent(record, { ...context, previous: before }))}\n`);
      }
      head = row.hash;
      before = record;
    }
    options.onProgress?.(rows.at(-1)!.seq - range.from + 1, range.to - range.from + 1);
    if (format === 'otlp' && shown.length > 0) other?.write(`${JSON.stringify(logsPayload(shown.map((record) => otlpLog(record))))}\n`);
  }

  const files: Manifest['files'] = { [RECORDS_FILE]: records.end() };
  if (other && format !== 'ndjson') files[FORMAT_FILES[format]] = other.end();
  files[CHECKPOINTS_FILE] = folder.whole(CHECKPOINTS_FILE, checkpointLines(db, range));
  const keys = db.prepare<[], Buffer>(`SELECT key FROM keys ORDER BY id`).pluck().all();
  files[KEYS_FILE] = folder.whole(KEYS_FILE, `${JSON.stringify({ keys: keys.map((raw) => raw.toString('hex')) })}\n`);
  files[KEY_FILE] = folder.whole(KEY_FILE, createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString());
  content?.end();
  const madeAt = now().toISOString();
  const device = { name: context.device.hostname, key: fingerprint };
  const chain = { previous: previous.toString('hex'), head: head.toString('hex') };
  if (report && session !== undefined) {
    const page = folder.file(REPORT_FILE);
    writeReport(db, { ...range, session, device, version, madeAt, chain, files }, (text) => page.write(text));
    files[REPORT_FILE] = page.end();
  }

  const manifest: Manifest = {
    format: 1,
    madeAt,
    version,
    device,
    since: since?.toISOString() ?? null,
    session: session ?? null,
    range: { ...range, ...chain },
    log: db.prepare<[], number>(`SELECT max(seq) FROM records`).pluck().get() ?? 0,
    purgedThrough: purged,
    content: content?.count() ?? null,
    files,
  };
  const text = `${canonicalJson(manifest)}\n`;
  folder.whole(MANIFEST_FILE, text);
  folder.whole(NOTE_FILE, signedManifest(Buffer.from(text), key));
  folder.sync();
  return { ...manifest, sessionRecords };
}

interface Range {
  readonly from: number;
  readonly to: number;
}

/** The records from the first that is asked for on; of a session, to the checkpoint that covers its last. */
function rangeOf(db: Db, since: Date | undefined, session: string | undefined): Range {
  const newest = db.prepare<[], number>(`SELECT max(seq) FROM records`).pluck().get() ?? 0;
  const { first, last } = db
    .prepare<[string, string | null, string | null], { first: number | null; last: number | null }>(
      `SELECT min(seq) AS first, max(seq) AS last FROM records WHERE at >= ? AND (? IS NULL OR session = ?)`,
    )
    .get(since?.toISOString() ?? '', session ?? null, session ?? null)!;
  if (first === null || last === null) return { from: newest + 1, to: newest };
  if (session === undefined) return { from: first, to: newest };
  const signed = db.prepare<[number], number>(`SELECT min(seq) FROM checkpoints WHERE seq >= ?`).pluck().get(last);
  return { from: first, to: Math.min(signed ?? newest, newest) };
}

function* pagesOf(db: Db, { from, to }: Range): Generator<readonly Row[], void, undefined> {
  const page = db.prepare<[number, number, number], Row>(`${SELECT_ROWS} WHERE r.seq > ? AND r.seq <= ? ORDER BY r.seq LIMIT ?`);
  for (let rows = page.all(from - 1, to, PAGE); rows.length > 0; rows = page.all(rows.at(-1)!.seq, to, PAGE)) yield rows;
}

function lineOf(row: Row, isShown: boolean): Line {
  const { seq, id, at, kind, session, exchange, action, agent, host, verdict } = row;
  const state = row.body === null ? 'purged' : isShown ? 'kept' : 'withheld';
  const [bodyHash, hash] = [row.body_hash.toString('hex'), row.hash.toString('hex')];
  const body = state === 'kept' ? row.body : null;
  return { seq, id, at, kind, session, exchange, action, agent, host, verdict, bodyHash, hash, state, body };
}

function checkpointLines(db: Db, { from, to }: Range): string {
  return db
    .prepare<[number, number], { seq: number; note: string }>(`SELECT seq, note FROM checkpoints WHERE seq BETWEEN ? AND ? ORDER BY seq`)
    .all(from, to)
    .map(({ seq, note }) => `${JSON.stringify({ seq, note })}\n`)
    .join('');
}

function contentOf(row: Row): readonly string[] {
  const body = readBody(row.body);
  return body && body.capture !== 'metadata' ? body.blocks.map(({ hash }) => hash) : [];
}

/** Each text once, by its hash. One that the log does not have is left out: verifying says so. */
function contentWriter(db: Db, folder: NewFolder) {
  const texts = folder.folder(CONTENT_FOLDER, true);
  const find = db.prepare<[Buffer], Buffer>(`SELECT zstd FROM content WHERE hash = ?`).pluck();
  const done = new Set<string>();
  return {
    write(hash: string): void {
      const packed = done.has(hash) || !/^[0-9a-f]{64}$/.test(hash) ? undefined : find.get(Buffer.from(hash, 'hex'));
      if (!packed) return;
      done.add(hash);
      texts.whole(hash, zstdDecompressSync(packed, { maxOutputLength: MAX_TEXT }));
    },
    end: () => texts.sync(),
    count: () => done.size,
  };
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full. Make room, or choose another one',
  EDQUOT: 'no more room is permitted to this user there. Make room, or choose another place',
  EACCES: 'nothing may be written there. Choose another folder',
  EPERM: 'nothing may be written there. Choose another folder',
  EROFS: 'nothing can be written on that disk. Choose another folder',
};

function reasonOf(thrown: unknown): string {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  return REASONS[code] ?? messageOf(thrown);
}

const MAX_TEXT = 256 * 1024 * 1024;
