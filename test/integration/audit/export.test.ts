import { createPublicKey, generateKeyPairSync, hash, type KeyObject } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linkOf } from '../../../main/engine/audit/chain.ts';
import { rawPublicKey } from '../../../main/engine/audit/checkpoint.ts';
import { fingerprintOf, type Line, type Manifest, signedManifest } from '../../../main/engine/audit/export/format.ts';
import { type ExportVerdict, verifyExport } from '../../../main/engine/audit/export/verify.ts';
import { type ExportOptions, writeExport } from '../../../main/engine/audit/export/write.ts';
import { openAudit } from '../../../main/engine/audit/log.ts';
import { entry, KEY, optionsFor, temporaryFolder } from './support.ts';

const pem = (key: KeyObject) => createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
const { privateKey: STRANGER } = generateKeyPairSync('ed25519');
const FINGERPRINT = fingerprintOf(rawPublicKey(KEY));

/** Records that have one. */
const TEXTS = 20;

let log: string;
let whole: string;
beforeAll(async () => {
  log = mkdtempSync(join(tmpdir(), 'holdpoint-export-'));
  // A checkpoint amid them, and one at the end.
  const audit = await openAudit(optionsFor(log));
  await Promise.all(Array.from({ length: 1005 }, (_, i) => audit.append(entry(i + 1, i < TEXTS ? {} : { blocks: [] }))));
  await audit.close();
  whole = join(log, 'export');
  exported(join(log, 'audit.db'), whole, { withContent: true });
});
afterAll(() => rmSync(log, { recursive: true }));

function exported(file: string, to: string, changes: Partial<ExportOptions> = {}): Manifest {
  return writeExport({ file, to, key: KEY, version: '1.2.3', format: 'ndjson', withContent: false, ...changes });
}

/** What verifying says of the export after somebody had a hand in it. */
async function touched(change: (dir: string) => void, options: Parameters<typeof verifyExport>[1] = {}): Promise<ExportVerdict> {
  const dir = join(temporaryFolder(), 'export');
  cpSync(whole, dir, { recursive: true });
  change(dir);
  return verifyExport(dir, options);
}

function editLines(dir: string, edit: (lines: string[]) => string[]): void {
  const file = join(dir, 'records.ndjson');
  writeFileSync(
    file,
    edit(readFileSync(file, 'utf8').split('\n').slice(0, -1))
      .map((line) => `${line}\n`)
      .join(''),
  );
}

function editRecord(dir: string, seq: number, edit: (line: Line) => object): void {
  editLines(dir, (lines) => lines.map((line, at) => (at === seq - 1 ? JSON.stringify(edit(JSON.parse(line) as Line)) : line)));
}

describe('an export', () => {
  it('is whole, and says who signed it', async () => {
    const verdict = await verifyExport(whole);
    expect(verdict).toMatchObject({
      ok: true,
      records: 1005,
      faults: [],
      signedBy: FINGERPRINT,
      key: 'unpinned',
      range: { from: 1, to: 1005 },
    });
    expect(await verifyExport(whole, { pinned: pem(KEY) })).toMatchObject({ ok: true, key: 'expected' });
    expect(readdirSync(join(whole, 'content')).length).toBe(TEXTS);
  });

  it.each<[string, (dir: string) => void, number, RegExp]>([
    ['a changed column', (dir) => editRecord(dir, 7, (line) => ({ ...line, verdict: 'deny' })), 7, /changed/],
    [
      'a changed body',
      (dir) => editRecord(dir, 8, (line) => ({ ...line, body: line.body!.replace('make', 'fake') })),
      8,
      /body was changed/,
    ],
    ['a body taken out', (dir) => editRecord(dir, 9, (line) => ({ ...line, state: 'purged', body: null })), 9, /retention has not purged/],
    ['a body called withheld', (dir) => editRecord(dir, 9, (line) => ({ ...line, state: 'withheld', body: null })), 9, /taken out/],
    ['a record taken out', (dir) => editLines(dir, (lines) => lines.toSpliced(9, 1)), 10, /missing/],
    ['two records in another order', (dir) => editLines(dir, (lines) => lines.with(10, lines[11]!).with(11, lines[10]!)), 11, /order/],
    ['the end cut off', (dir) => editLines(dir, (lines) => lines.slice(0, 600)), 601, /cut off/],
    ['the beginning cut off', (dir) => editLines(dir, (lines) => lines.slice(3)), 1, /missing/],
    ['a record put in', (dir) => editLines(dir, (lines) => [...lines, lines.at(-1)!.replace('"seq":1005', '"seq":1006')]), 1006, /put in/],
    ['a line that is no JSON', (dir) => editLines(dir, (lines) => lines.with(4, '{"seq":5')), 5, /changed/],
    ['the chain written anew from a record on', (dir) => rewritten(dir, 900), 1000, /checkpoint signs another/],
    ['the chain written anew after the last checkpoint but one', (dir) => rewritten(dir, 1002), 1005, /checkpoint signs another/],
    ['a text that was changed', (dir) => writeFileSync(join(dir, 'content', contentOf(dir, 12)), 'Another text.'), 12, /was changed/],
    [
      'two texts that were swapped',
      (dir) => cpSync(join(dir, 'content', contentOf(dir, 12)), join(dir, 'content', contentOf(dir, 11))),
      11,
      /was changed/,
    ],
    ['a text that is gone', (dir) => rmSync(join(dir, 'content', contentOf(dir, 13))), 13, /missing/],
    ['a checkpoint that is gone', (dir) => writeFileSync(join(dir, 'checkpoints.ndjson'), ''), 1000, /checkpoint is missing/],
  ])('tells of %s, and at which record', async (_what, change, seq, what) => {
    const verdict = await touched(change);
    expect(verdict.ok).toBe(false);
    expect(verdict.firstBad).toMatchObject({ seq, what: expect.stringMatching(what) });
  });

  it.each<[string, (dir: string) => void, RegExp]>([
    ['a file put in', (dir) => writeFileSync(join(dir, 'notes.txt'), 'x'), /notes.txt.*put in/],
    ['a text put in', (dir) => writeFileSync(join(dir, 'content', 'f'.repeat(64)), 'x'), /put in: no record names it/],
    ['other keys', (dir) => writeFileSync(join(dir, 'keys.json'), JSON.stringify({ keys: [] })), /keys.json is not the one/],
    [
      'a line that only looks different',
      (dir) => editLines(dir, (lines) => lines.with(0, ` ${lines[0]}`)),
      /records.ndjson is not the one/,
    ],
    [
      'a changed manifest',
      (dir) => editManifest(dir, (manifest) => ({ ...manifest, device: { ...manifest.device, name: 'other' } })),
      /was changed or replaced/,
    ],
    [
      'a changed signature',
      (dir) =>
        writeFileSync(join(dir, 'manifest.note'), readFileSync(join(dir, 'manifest.note'), 'utf8').replace(/.{6}=?\n$/, 'AAAAAA=\n')),
      /does not hold/,
    ],
    ['a manifest of another key', (dir) => resign(dir, STRANGER), /another key/],
    ['another public key', (dir) => writeFileSync(join(dir, 'audit.pub'), pem(STRANGER)), /another key/],
  ])('tells of %s', async (_what, change, fault) => {
    const verdict = await touched(change);
    expect(verdict.ok).toBe(false);
    expect(verdict.faults.join('\n')).toMatch(fault);
  });

  it('that a stranger has signed anew is told by the key that was expected, and shows the other key where none was', async () => {
    const anew = (dir: string) => {
      writeFileSync(join(dir, 'audit.pub'), pem(STRANGER));
      editManifest(dir, (manifest) => ({
        ...manifest,
        device: { ...manifest.device, key: fingerprintOf(rawPublicKey(STRANGER)) },
        files: { ...manifest.files, 'audit.pub': fileOf(dir, 'audit.pub') },
      }));
      resign(dir, STRANGER);
    };
    expect(await touched(anew, { pinned: pem(KEY) })).toMatchObject({ ok: false, key: 'unexpected', signedBy: null });
    expect(await touched(anew)).toMatchObject({ ok: true, signedBy: fingerprintOf(rawPublicKey(STRANGER)) });
  });

  it('of one session holds what the session said, of others only what the chain needs', async () => {
    const dir = temporaryFolder();
    const audit = await openAudit(optionsFor(dir));
    for (let n = 1; n <= 9; n++) await audit.append(entry(n, { session: n % 3 === 0 ? 'mine' : 'other', summary: `said by ${n}` }));
    await audit.close();
    const to = join(dir, 'export');
    const { range } = exported(join(dir, 'audit.db'), to, { session: 'mine', withContent: true });
    expect(range).toMatchObject({ from: 3, to: 9 });
    expect(await verifyExport(to)).toMatchObject({ ok: true, records: 7 });
    const text = readFileSync(join(to, 'records.ndjson'), 'utf8');
    expect(text.match(/said by \d/g)).toEqual(['said by 3', 'said by 6', 'said by 9']);
    expect(readdirSync(join(to, 'content')).length).toBe(3);
  });

  it('from a time on begins there, and an empty one says so', async () => {
    const dir = temporaryFolder();
    let hour = 0;
    const audit = await openAudit(optionsFor(dir, { now: () => new Date(Date.UTC(2026, 0, 1, hour)) }));
    for (hour = 1; hour <= 5; hour++) await audit.append(entry(hour));
    await audit.close();
    const file = join(dir, 'audit.db');
    expect(exported(file, join(dir, 'some'), { since: new Date('2026-01-01T03:00:00Z') }).range).toMatchObject({ from: 3, to: 5 });
    expect(await verifyExport(join(dir, 'some'))).toMatchObject({ ok: true, records: 3 });
    exported(file, join(dir, 'none'), { since: new Date('2027-01-01T00:00:00Z') });
    expect(await verifyExport(join(dir, 'none'))).toMatchObject({ ok: true, records: 0 });
  });

  it('of a log that retention has purged is whole', async () => {
    const dir = temporaryFolder();
    let now = new Date('2026-01-01T00:00:00Z');
    const first = await openAudit(optionsFor(dir, { now: () => now }));
    for (let n = 1; n <= 5; n++) await first.append(entry(n));
    await first.close();
    now = new Date('2026-12-01T00:00:00Z');
    const second = await openAudit(optionsFor(dir, { now: () => now }));
    await second.append(entry(6));
    await second.close();
    const to = join(dir, 'export');
    expect(exported(join(dir, 'audit.db'), to, { withContent: true }).purgedThrough).toBeGreaterThanOrEqual(5);
    expect(await verifyExport(to)).toMatchObject({ ok: true });
    expect(readFileSync(join(to, 'records.ndjson'), 'utf8')).toContain('"state":"purged"');
  });

  it.each(['otlp', 'ocsf'] as const)('may hold its records as %s, too', async (format) => {
    const to = join(temporaryFolder(), 'export');
    exported(join(log, 'audit.db'), to, { format });
    expect(readFileSync(join(to, `${format}.ndjson`), 'utf8').split('\n').length).toBeGreaterThan(2);
    expect(await verifyExport(to)).toMatchObject({ ok: true });
    writeFileSync(join(to, `${format}.ndjson`), '{}\n');
    expect((await verifyExport(to)).faults).toEqual([expect.stringContaining(`${format}.ndjson is not the one`)]);
  });

  it('is not made where something is already, and does not touch that', async () => {
    const to = join(temporaryFolder(), 'taken');
    mkdirSync(to);
    writeFileSync(join(to, 'mine'), 'x');
    expect(() => exported(join(log, 'audit.db'), to)).toThrow(/something in it/);
    expect(readdirSync(to)).toEqual(['mine']);
  });

  it('is not there at all without its signature', async () => {
    await expect(touched((dir) => rmSync(join(dir, 'manifest.note')))).rejects.toThrow(/not finished/);
    expect(existsSync(whole)).toBe(true);
  });
});

function contentOf(dir: string, seq: number): string {
  const line = JSON.parse(readFileSync(join(dir, 'records.ndjson'), 'utf8').split('\n')[seq - 1]!) as Line;
  return (JSON.parse(line.body!) as { blocks: { hash: string }[] }).blocks[0]!.hash;
}

/** What somebody does who knows the format, and has no key. */
function rewritten(dir: string, from: number): void {
  editLines(dir, (lines) => {
    let previous: Buffer | undefined;
    return lines.map((text, at) => {
      const line = JSON.parse(text) as Line;
      if (line.seq < from) return text;
      const before = previous ?? Buffer.from((JSON.parse(lines[at - 1]!) as Line).hash, 'hex');
      const changed = line.seq === from ? { ...line, verdict: 'deny' } : line;
      previous = linkOf(before, changed, Buffer.from(changed.bodyHash, 'hex'));
      return JSON.stringify({ ...changed, hash: previous.toString('hex') });
    });
  });
}

function editManifest(dir: string, edit: (manifest: Manifest) => Manifest): void {
  const file = join(dir, 'manifest.json');
  writeFileSync(file, JSON.stringify(edit(JSON.parse(readFileSync(file, 'utf8')) as Manifest)));
}

function resign(dir: string, key: KeyObject): void {
  writeFileSync(join(dir, 'manifest.note'), signedManifest(readFileSync(join(dir, 'manifest.json')), key));
}

function fileOf(dir: string, name: string): Manifest['files'][string] {
  const bytes = readFileSync(join(dir, name));
  return { bytes: bytes.length, sha256: hash('sha256', bytes) };
}
