import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { openAudit } from '../../../main/engine/audit/log.ts';
import { verifyLog } from '../../../main/engine/audit/verify.ts';
import { entry, openLog, optionsFor, tamper, temporaryFolder, writtenLog } from './support.ts';

const flipText = (table: string, column: string, where: string) => (db: Database.Database) => {
  const changed = db
    .prepare(
      `UPDATE ${table} SET ${column} = substr(${column}, 1, 3) || char(unicode(substr(${column}, 4, 1)) + 1) || substr(${column}, 5) WHERE ${where}`,
    )
    .run();
  expect(changed.changes).toBe(1);
};
const flipBlob = (table: string, column: string, where: string) => (db: Database.Database) => {
  const [blob] = db.prepare<[], Buffer>(`SELECT ${column} FROM ${table} WHERE ${where}`).pluck().all();
  blob![blob!.length - 1]! ^= 1;
  expect(db.prepare(`UPDATE ${table} SET ${column} = ? WHERE ${where}`).run(blob).changes).toBe(1);
};

describe('verifying a log', () => {
  it('finds an untouched log whole, and counts its records', async () => {
    const progress: number[] = [];
    const file = await writtenLog(temporaryFolder(), 1203);
    expect(await verifyLog(file, { onProgress: (done) => progress.push(done) })).toEqual({ ok: true, records: 1203 });
    expect(progress).toEqual([1000, 1203]);
  });

  it.each<[string, (db: Database.Database) => void, number]>([
    ...['id', 'at', 'kind', 'session', 'exchange', 'action', 'agent', 'host', 'verdict'].map(
      (column): [string, (db: Database.Database) => void, number] => [
        `a character of ${column} changed`,
        flipText('records', column, 'seq = 7'),
        7,
      ],
    ),
    ['a column emptied', (db) => db.exec(`UPDATE records SET verdict = NULL WHERE seq = 7`), 7],
    ['a link changed', flipBlob('records', 'hash', 'seq = 7'), 7],
    ['a body’s hash changed', flipBlob('records', 'body_hash', 'seq = 7'), 7],
    ['a body changed', flipText('bodies', 'body', 'seq = 7'), 7],
    ['a body removed', (db) => db.exec(`DELETE FROM bodies WHERE seq = 7`), 7],
    ['content changed', flipBlob('content', 'zstd', 'id = 7'), 7],
    ['content removed', (db) => db.exec(`DELETE FROM content WHERE id = 7`), 7],
    ['content given another’s text', (db) => db.exec(`UPDATE content SET zstd = (SELECT zstd FROM content WHERE id = 8) WHERE id = 7`), 7],
    ['a record deleted', (db) => db.exec(`DELETE FROM records WHERE seq = 7`), 7],
    ['the first record deleted', (db) => db.exec(`DELETE FROM records WHERE seq = 1`), 1],
    [
      'a record deleted and the rest moved up',
      (db) => db.exec(`DELETE FROM records WHERE seq = 7; UPDATE records SET seq = seq - 1 WHERE seq > 7`),
      7,
    ],
    [
      'two records swapped',
      (db) =>
        db.exec(
          `UPDATE records SET seq = -1 WHERE seq = 7; UPDATE records SET seq = 7 WHERE seq = 12; UPDATE records SET seq = 12 WHERE seq = -1`,
        ),
      7,
    ],
    [
      'two bodies swapped',
      (db) =>
        db.exec(
          `UPDATE bodies SET seq = -1 WHERE seq = 7; UPDATE bodies SET seq = 7 WHERE seq = 12; UPDATE bodies SET seq = 12 WHERE seq = -1`,
        ),
      7,
    ],
    ['the tail cut off', (db) => db.exec(`DELETE FROM records WHERE seq > 7; DELETE FROM bodies WHERE seq > 7`), 8],
    [
      'the tail and its checkpoints cut off, but not its bodies',
      (db) => db.exec(`DELETE FROM records WHERE seq > 7; DELETE FROM checkpoints`),
      8,
    ],
    [
      'a checkpoint’s signed number changed',
      (db) => db.exec(`UPDATE checkpoints SET note = replace(note, char(10) || '20' || char(10), char(10) || '21' || char(10))`),
      20,
    ],
    ['a checkpoint’s signature changed', flipText('checkpoints', `note`, 'seq = 20'), 20],
    ['a checkpoint moved', (db) => db.exec(`UPDATE checkpoints SET seq = 7`), 7],
    ['the key replaced', flipBlob('keys', 'key', 'id = 1'), 20],
    [
      'retention claimed for what it has not purged',
      (db) =>
        db.exec(
          `DELETE FROM bodies WHERE seq = 7; UPDATE records SET kind = 'engine', verdict = 'purged' WHERE seq = 9; UPDATE bodies SET body = '{"summary":"","data":{"through":8},"blocks":[],"capture":"metadata"}' WHERE seq = 9`,
        ),
      9,
    ],
  ])('names the first bad record with %s', async (_what, change, seq) => {
    const file = await writtenLog(temporaryFolder(), 20);
    tamper(file, change);
    const result = await verifyLog(file);
    expect(result).toMatchObject({ ok: false, firstBad: { seq } });
    expect(result.firstBad?.what).toMatch(/^[A-Z].+\.$/);
  });

  it('misses no checkpoint that every thousandth record must have', async () => {
    const file = await writtenLog(temporaryFolder(), 1010);
    tamper(file, (db) => db.exec(`DELETE FROM checkpoints WHERE seq = 1000`));
    expect(await verifyLog(file)).toMatchObject({ ok: false, firstBad: { seq: 1000 } });
  });

  it('does not believe a log that was written anew with another key', async () => {
    const [dir, other] = [temporaryFolder(), temporaryFolder()];
    const file = await writtenLog(dir, 5);
    const forged = await writtenLog(other, 5, { signingKey: generateKeyPairSync('ed25519').privateKey });
    writeFileSync(file, readFileSync(forged));
    expect(await verifyLog(file)).toMatchObject({ ok: false, firstBad: { seq: 5 } });
  });

  it('reads a log while an engine writes it', async () => {
    const dir = temporaryFolder();
    const log = await openLog(dir);
    let done = false;
    const writing = (async () => {
      for (let n = 0; n < 400; n++) await log.append(entry(n));
      done = true;
    })();
    let seen = 0;
    while (!done) {
      const { ok, records } = await verifyLog(`${dir}/audit.db`);
      expect(ok).toBe(true);
      expect(records).toBeGreaterThanOrEqual(seen);
      seen = records;
    }
    await writing;
    expect(await verifyLog(`${dir}/audit.db`)).toMatchObject({ ok: true, records: 400 });
  });

  it('says that a file which is no log is none, and leaves it alone', async () => {
    const dir = temporaryFolder();
    writeFileSync(`${dir}/audit.db`, 'These are my holiday notes, and not a database. '.repeat(100));
    await expect(verifyLog(`${dir}/audit.db`)).rejects.toThrow(/audit\.db cannot be used.*move the file aside/s);
    await expect(verifyLog(`${dir}/nothing.db`)).rejects.toMatchObject({ code: 'not-found' });
    await expect(openAudit(optionsFor(dir))).rejects.toMatchObject({
      code: 'audit-unwritable',
      message: expect.stringContaining('holdpoint audit verify'),
    });
    expect(readFileSync(`${dir}/audit.db`, 'utf8')).toMatch(/^These are my holiday notes/);
  });

  it('is kept in a file that only its owner reads, with its public key beside it', async () => {
    const dir = temporaryFolder();
    await writtenLog(dir, 1);
    expect(statSync(`${dir}/audit.db`).mode & 0o777).toBe(0o600);
    expect(readFileSync(`${dir}/audit.pub`, 'utf8')).toContain('BEGIN PUBLIC KEY');
    expect(existsSync(`${dir}/audit.db-wal`)).toBe(false);
  });
});
