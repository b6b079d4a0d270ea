import { readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { readCursor } from '../../../main/engine/audit/cursors.ts';
import { openAudit } from '../../../main/engine/audit/log.ts';
import { openForReading } from '../../../main/engine/audit/schema.ts';
import { verifyLog } from '../../../main/engine/audit/verify.ts';
import { entry, openLog, optionsFor, temporaryFolder, writtenLog } from './support.ts';

function kept(file: string, name: string) {
  const db = openForReading(file);
  try {
    return readCursor(db, name);
  } finally {
    db.close();
  }
}

describe('a reader’s cursor', () => {
  it('is there again after a restart, one for each reader, and is no part of the proof', async () => {
    const dir = temporaryFolder();
    const log = await openAudit(optionsFor(dir));
    await log.append(entry(1));
    await log.keepCursor({ name: 'a', seq: 1, state: '{"first":true}' });
    await log.keepCursor({ name: 'b', seq: 0, state: '' });
    await log.keepCursor({ name: 'a', seq: 1, state: '{"first":false}' });
    await log.close();
    const again = await openLog(dir);
    await again.append(entry(2));
    expect(kept(`${dir}/audit.db`, 'a')).toEqual({ name: 'a', seq: 1, state: '{"first":false}' });
    expect(kept(`${dir}/audit.db`, 'b')).toEqual({ name: 'b', seq: 0, state: '' });
    expect(await verifyLog(`${dir}/audit.db`)).toMatchObject({ ok: true });
  });

  it('can be kept in a log of an earlier version, which has no table for it, and which that version still knows', async () => {
    const dir = temporaryFolder();
    const file = await writtenLog(dir, 3);
    const db = new Database(file);
    db.exec('DROP TABLE cursors');
    db.close();
    expect(kept(file, 'a')).toBeUndefined();
    const log = await openLog(dir);
    await log.keepCursor({ name: 'a', seq: 3, state: '' });
    expect(kept(file, 'a')).toMatchObject({ seq: 3 });
    expect(readFileSync(file).readUInt32BE(60)).toBe(1);
    expect(await verifyLog(file)).toMatchObject({ ok: true });
  });

  it('is not promised by a log that is closed', async () => {
    const log = await openAudit(optionsFor(temporaryFolder()));
    await log.close();
    await expect(log.keepCursor({ name: 'a', seq: 0, state: '' })).rejects.toMatchObject({ code: 'audit-unwritable' });
  });
});
