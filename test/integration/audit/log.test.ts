import { generateKeyPairSync } from 'node:crypto';
import { rmSync } from 'node:fs';
import Database from 'better-sqlite3';
import { describe, expect, it, vi } from 'vitest';
import type { AuditRecord } from '../../../main/contract/record.ts';
import { openAudit } from '../../../main/engine/audit/log.ts';
import { showRecord, tailRecords } from '../../../main/engine/audit/read.ts';
import { verifyLog } from '../../../main/engine/audit/verify.ts';
import { entry, openLog, optionsFor, tamper, temporaryFolder, writtenLog } from './support.ts';

describe('the audit log', () => {
  it('gives back what it has kept, in order and linked, and tells listeners of it', async () => {
    const log = await openLog(temporaryFolder(), { now: () => new Date('2026-11-24T10:00:00Z') });
    const heard: number[] = [];
    const stop = log.onRecord((record) => heard.push(record.seq));
    const kept = await Promise.all([1, 2, 3].map((n) => log.append(entry(n))));
    stop();
    await log.append(entry(4));
    expect(kept.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(heard).toEqual([1, 2, 3]);
    expect(kept[1]).toMatchObject({
      at: '2026-11-24T10:00:00.000Z',
      summary: 'Claude Code: make target-2',
      data: { tool: 'Bash', n: 2 },
      verdict: 'allow',
    });
    expect(await log.records({ limit: 2, before: 4 })).toEqual([kept[2], kept[1]]);
    expect(log.stats()).toMatchObject({ records: 4, writable: true });
  });

  it('keeps what is only noted too: before the next append, alone, and when it is closed', async () => {
    const dir = temporaryFolder();
    const log = await openAudit(optionsFor(dir));
    const noted = log.note(entry(1));
    const appended = await log.append(entry(2));
    expect([(await noted).seq, appended.seq]).toEqual([1, 2]);
    expect((await log.note(entry(3))).seq).toBe(3);
    const last = log.note(entry(4));
    await log.close();
    expect((await last).seq).toBe(4);
    expect(await verifyLog(`${dir}/audit.db`)).toEqual({ ok: true, records: 4 });
  });

  it('commits together what was appended while the disk was busy', async () => {
    const dir = temporaryFolder();
    const log = await openLog(dir);
    await log.append(entry(0));
    const commits = () => new Database(`${dir}/audit.db`, { readonly: true });
    const watcher = commits();
    const before = Number(watcher.pragma('data_version', { simple: true }));
    const seen = new Set<number>();
    const all = Array.from({ length: 300 }, (_, n) =>
      log.append(entry(n)).then(() => seen.add(Number(watcher.pragma('data_version', { simple: true })))),
    );
    await Promise.all(all);
    watcher.close();
    expect(seen.size).toBeLessThan(100);
    expect([...seen].every((version) => version > before)).toBe(true);
  });

  it('keeps no credential at any level of capture', async () => {
    const secret = `sk-ant-api03-${'a1B2c3D4e5'.repeat(9)}AA`;
    for (const capture of ['metadata', 'redacted', 'full'] as const) {
      const dir = temporaryFolder();
      const log = await openAudit(optionsFor(dir, { capture }));
      await log.append(
        entry(1, {
          summary: `curl with ${secret}`,
          data: { command: `export KEY=${secret}`, headers: { 'X-Api-Key': 'short-but-secret' } },
          blocks: [{ role: 'user', text: `my key is ${secret}\n` }],
        }),
      );
      await log.close();
      const shown = JSON.stringify(showRecord(`${dir}/audit.db`, 1));
      expect(shown).toContain('[secret:anthropic-key:');
      expect(shown).not.toMatch(/a1B2c3D4e5|short-but-secret/);
      const bytes = new Database(`${dir}/audit.db`, { readonly: true }).serialize().toString('latin1');
      expect(bytes).not.toMatch(/a1b2c3d4e5/i);
    }
  });

  it.each([
    ['metadata', null],
    ['redacted', 65_535],
    ['full', 100_000],
  ] as const)('keeps of a long text at capture level %s: %s characters', async (capture, length) => {
    const dir = temporaryFolder();
    const log = await openAudit(optionsFor(dir, { capture }));
    await log.append(entry(1, { blocks: [{ role: 'user', text: 'word '.repeat(20_000) }] }));
    await log.close();
    const [block] = showRecord(`${dir}/audit.db`, 1).content;
    expect(block!.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(block!.text?.match(/^(?:word ?)*/)?.[0].length ?? null).toBe(length);
    expect(await verifyLog(`${dir}/audit.db`)).toMatchObject({ ok: true });
  });

  it('stores a block once, however often the agent resends it', async () => {
    const dir = temporaryFolder();
    const file = `${dir}/audit.db`;
    const log = await openAudit(optionsFor(dir));
    const conversation = Array.from({ length: 20 }, (_, i) => ({ role: 'user', text: `Turn ${i}: ${'and so on '.repeat(50)}` }));
    for (let turn = 1; turn <= 20; turn++) await log.append(entry(turn, { kind: 'exchange', blocks: conversation.slice(0, turn) }));
    await log.close();
    const db = new Database(file, { readonly: true });
    expect(db.prepare('SELECT count(*) FROM content').pluck().get()).toBe(20);
    db.close();
    expect(showRecord(file, 20).content.map(({ text }) => text)).toEqual(conversation.map(({ text }) => text));
    expect(await verifyLog(file)).toMatchObject({ ok: true });
  });

  it('redacts anew when a credential has been learnt since', async () => {
    const dir = temporaryFolder();
    const options = optionsFor(dir);
    const log = await openAudit(options);
    const blocks = [{ role: 'user', text: 'The word is plain-looking-credential, I think.' }];
    await log.append(entry(1, { blocks }));
    options.redactor.learn('plain-looking-credential');
    await log.append(entry(2, { blocks }));
    await log.close();
    expect(showRecord(`${dir}/audit.db`, 2).content[0]!.text).toMatch(/^The word is \[secret:credential:[a-z2-7]{8}\], I think\.$/);
  });

  it('refuses an entry that is no JSON, keeps the others, and says that one was lost', async () => {
    const log = await openLog(temporaryFolder());
    const bad = log.append(entry(1, { data: { size: Number.NaN } }));
    const good = log.append(entry(2));
    await expect(bad).rejects.toMatchObject({ code: 'audit-unwritable' });
    expect((await good).seq).toBe(2);
    expect((await log.records({ limit: 5 })).map(({ kind, data }) => [kind, data.count])).toEqual([
      ['verdict', undefined],
      ['gap', 1],
    ]);
  });

  it('signs the head every minute while there are new records', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const dir = temporaryFolder();
      const log = await openLog(dir);
      await log.append(entry(1));
      expect(showRecord(`${dir}/audit.db`, 1).proof.state).toBe('unsigned');
      vi.advanceTimersByTime(60_000);
      await log.records({ limit: 1 });
      expect(showRecord(`${dir}/audit.db`, 1).proof).toMatchObject({ state: 'signed', checkpoint: { seq: 1 } });
    } finally {
      vi.useRealTimers();
    }
  });

  it('lets one process write and no second', async () => {
    const dir = temporaryFolder();
    await openLog(dir);
    await expect(openAudit(optionsFor(dir))).rejects.toMatchObject({ code: 'data-dir-busy', message: expect.stringContaining(dir) });
  });

  it('rejects what is appended after it was closed, and keeps what was appended before', async () => {
    const dir = temporaryFolder();
    const log = await openAudit(optionsFor(dir));
    const last = log.append(entry(1));
    const closed = log.close();
    await expect(log.append(entry(2))).rejects.toMatchObject({ code: 'audit-unwritable' });
    expect((await last).seq).toBe(1);
    await closed;
    expect(await verifyLog(`${dir}/audit.db`)).toEqual({ ok: true, records: 1 });
  });
});

describe('opening a log again', () => {
  const opened = (n: number, summary: string) => entry(n, { kind: 'hold', verdict: 'opened', summary });

  it('records the calls that a killed guard was holding as abandoned, by their names, once', async () => {
    const dir = temporaryFolder();
    const first = await openAudit(optionsFor(dir));
    await first.append({ kind: 'engine', verdict: 'started', summary: 'The guard started.', data: {} });
    await first.append(opened(1, 'Claude Code: rm -rf build'));
    await first.append(opened(2, 'Claude Code: git push'));
    await first.append(entry(2, { kind: 'outcome', verdict: 'released' }));
    await first.close();
    const second = await openAudit(optionsFor(dir));
    expect(second.recovery.clean).toBe(false);
    expect(second.recovery.abandoned).toMatchObject([
      { action: 'action-1', verdict: 'abandoned', session: 'session-1', host: 'api.anthropic.com' },
    ]);
    expect(second.recovery.abandoned[0]!.summary).toBe(
      'Abandoned: Claude Code: rm -rf build. The guard stopped while this call was held; the agent got nothing of it.',
    );
    expect((await second.records({ limit: 1 }))[0]).toMatchObject({ kind: 'engine', verdict: 'recovered', data: { abandoned: 1 } });
    await second.append({ kind: 'engine', verdict: 'stopped', summary: 'The guard stopped.', data: {} });
    await second.close();
    const third = await openLog(dir);
    expect(third.recovery).toEqual({ clean: true, abandoned: [], written: [] });
    expect(await verifyLog(`${dir}/audit.db`)).toMatchObject({ ok: true });
  });

  it.each<[string, Parameters<typeof tamper>[1], RegExp]>([
    ['its last record was changed', (db) => db.exec(`UPDATE records SET verdict = 'deny' WHERE seq = 20`), /signed|chain breaks/],
    ['its tail was cut off', (db) => db.exec(`DELETE FROM records WHERE seq > 15`), /after 15 are gone/],
    ['its checkpoint was changed', (db) => db.exec(`UPDATE checkpoints SET note = replace(note, '20', '19')`), /signature/],
    ['it is another program’s', (db) => db.pragma('application_id = 1'), /not a Holdpoint audit log/],
    ['it is of a later version', (db) => db.pragma('user_version = 9'), /format is 9/],
  ])('refuses it when %s, and says what to do', async (_why, change, message) => {
    const dir = temporaryFolder();
    tamper(await writtenLog(dir, 20), change);
    const opening = openAudit(optionsFor(dir));
    await expect(opening).rejects.toMatchObject({ code: 'audit-unwritable', message: expect.stringMatching(message) });
    await expect(opening).rejects.toThrow(/audit\.db.*holdpoint audit verify.*move the file aside/s);
  });

  it('refuses to begin a new log beside the journal of one that is gone', async () => {
    const dir = temporaryFolder();
    const log = await openAudit(optionsFor(dir));
    await log.append(entry(1));
    rmSync(`${dir}/audit.db`);
    await expect(openAudit(optionsFor(dir))).rejects.toThrow(/audit\.db is gone, and its journal/);
    await log.close();
  });

  it('notes in a new log that there was another one, and in an old one that its key is new', async () => {
    const dir = temporaryFolder();
    await writtenLog(dir, 3);
    const newKey = generateKeyPairSync('ed25519').privateKey;
    const rekeyed = await openAudit(optionsFor(dir, { signingKey: newKey }));
    expect(rekeyed.recovery.written).toMatchObject([{ kind: 'tamper', verdict: 'key-changed', seq: 4 }]);
    await rekeyed.close();
    expect(await verifyLog(`${dir}/audit.db`)).toEqual({ ok: true, records: 4 });
    rmSync(`${dir}/audit.db`);
    const log = await openLog(dir);
    expect(log.recovery.written).toMatchObject([{ kind: 'tamper', verdict: 'log-gone', seq: 1 }]);
  });
});

describe('retention', () => {
  const day = (n: number) => new Date(Date.UTC(2026, 0, 1 + n, 12));

  it('purges what was said by age, keeps the chain, and says so in it', async () => {
    const dir = temporaryFolder();
    const file = `${dir}/audit.db`;
    let now = day(0);
    const first = await openAudit(optionsFor(dir, { retainDays: 30, now: () => now }));
    const shared = { role: 'system', text: 'You are a careful assistant.' };
    await first.append(entry(1, { blocks: [shared, { role: 'user', text: 'An old question.' }] }));
    now = day(40);
    await first.append(entry(2, { blocks: [shared] }));
    await first.close();
    const purged: AuditRecord[] = [];
    const second = await openAudit(optionsFor(dir, { retainDays: 30, now: () => now }));
    second.onRecord((record) => purged.push(record));
    await second.records({ limit: 1 });
    expect(purged).toMatchObject([{ kind: 'engine', verdict: 'purged', data: { through: 1, reason: 'age' } }]);
    expect(second.stats().records).toBe(3);
    await second.append(entry(3, { blocks: [shared] }));
    await second.close();

    expect(await verifyLog(file)).toEqual({ ok: true, records: 4 });
    expect(showRecord(file, 1)).toMatchObject({
      body: 'purged',
      record: { summary: '(purged)', host: 'api.anthropic.com' },
      proof: { state: 'signed' },
    });
    expect(showRecord(file, 2).content).toMatchObject([{ text: 'You are a careful assistant.' }]);
    const db = new Database(file, { readonly: true });
    expect(db.prepare('SELECT count(*) FROM content').pluck().get()).toBe(1);
    db.close();
    tamper(file, (tampered) => tampered.exec('DELETE FROM bodies WHERE seq = 2'));
    expect(await verifyLog(file)).toMatchObject({ ok: false, firstBad: { seq: 2 } });
  });

  it('purges the oldest when the log is larger than it may be, and goes on keeping what is resent', async () => {
    const dir = temporaryFolder();
    const file = `${dir}/audit.db`;
    const options = optionsFor(dir, { maxBytes: 1_000_000, capture: 'full' });
    const random = (n: number) =>
      Array.from({ length: 400 }, (_, i) => `${((n * 7919 + i * 104_729) % 1_000_003).toString(36)}-${i}`).join(' ');
    const first = await openAudit(options);
    for (let n = 1; n <= 900; n++) await first.append(entry(n, { blocks: [{ role: 'user', text: random(n) }] }));
    await first.close();
    const second = await openAudit(options);
    await second.records({ limit: 1 });
    await second.append(entry(901, { blocks: [{ role: 'user', text: random(1) }] }));
    await second.close();
    const db = new Database(file, { readonly: true });
    expect(Number(db.pragma('page_count', { simple: true })) * 4096).toBeLessThan(1_200_000);
    db.close();
    expect(await verifyLog(file)).toMatchObject({ ok: true });
    expect(showRecord(file, 1).body).toBe('purged');
    expect(showRecord(file, 900).body).toBe('kept');
    const [newest] = tailRecords(file, { limit: 1 });
    expect(showRecord(file, newest!.seq).content[0]!.text).toBe(random(1));
  });

  it('keeps again what an agent resends after it was purged', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const dir = temporaryFolder();
      let now = day(0);
      const log = await openAudit(optionsFor(dir, { retainDays: 30, now: () => now }));
      const blocks = [{ role: 'user', text: 'A question that is asked again much later.' }];
      await log.append(entry(1, { blocks }));
      now = day(100);
      vi.advanceTimersByTime(10 * 60_000);
      const resent = await log.append(entry(2, { blocks }));
      await log.close();
      expect(showRecord(`${dir}/audit.db`, 1).body).toBe('purged');
      expect(showRecord(`${dir}/audit.db`, resent.seq).content).toMatchObject([{ text: blocks[0]!.text }]);
      expect(await verifyLog(`${dir}/audit.db`)).toEqual({ ok: true, records: 3 });
    } finally {
      vi.useRealTimers();
    }
  });
});
