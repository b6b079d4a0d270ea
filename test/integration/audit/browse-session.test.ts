import { describe, expect, it } from 'vitest';
import { SAID_LENGTH } from '../../../main/contract/activity.ts';
import { openAudit } from '../../../main/engine/audit/log.ts';
import { BEGINNING, browsing, conversation, engineStarted, logOf, timeOf, tunnel } from './browse-support.ts';
import { optionsFor, tamper, temporaryFolder } from './support.ts';

const claude = conversation('claude-1');
const MINUTE = 60_000;

/** Thirty steps of one conversation among others' records. */
const STEPS = Array.from({ length: 30 }, (_, n) => [
  { minute: n, entry: claude.exchange(`${n}`, { said: [['user', `Step ${n}`]] }) },
  { entry: tunnel('example.com') },
]).flat();

describe('the story of a session', () => {
  it('comes newest page first, oldest record first, until there is no more', async () => {
    const ask = browsing(await logOf(temporaryFolder(), [{ entry: engineStarted }, ...STEPS]));
    const first = await ask('session', { key: 'claude-1', limit: 20 });
    expect(first.summary).toMatchObject({ key: 'claude-1', records: 30, from: timeOf(0), to: timeOf(29) });
    expect(first.records.map(({ said }) => said[0]?.text)).toEqual(Array.from({ length: 20 }, (_, n) => `Step ${n + 10}`));
    expect(first.next).toBe(first.records[0]?.record.seq);
    const second = await ask('session', { key: 'claude-1', limit: 20, before: first.next! });
    expect(second.records.map(({ said }) => said[0]?.text)).toEqual(Array.from({ length: 10 }, (_, n) => `Step ${n}`));
    expect(second.next).toBeNull();
    const connections = await ask('session', { key: 'connections', limit: 100 });
    expect(connections.records.map(({ record }) => record.kind)).toEqual(Array.from({ length: 30 }, () => 'connection'));
    expect((await ask('session', { key: 'guard', limit: 100 })).records).toMatchObject([{ record: { verdict: 'started' } }]);
    expect(await ask('session', { key: 'nobody', limit: 100 })).toEqual({ summary: null, records: [], next: null });
  });

  it('cuts a long text between characters, says how much was left out, and gives the whole with the proof', async () => {
    const long = `${'y'.repeat(SAID_LENGTH - 1)}😀 and the end`;
    const ask = browsing(await logOf(temporaryFolder(), [{ entry: claude.exchange('1', { said: [['user', long]] }) }]));
    const { records } = await ask('session', { key: 'claude-1', limit: 10 });
    expect(records[0]?.said).toMatchObject([{ role: 'user', text: 'y'.repeat(SAID_LENGTH - 1), omitted: 14 }]);
    const proof = await ask('recordProof', { seq: records[0]!.record.seq });
    expect(proof).toMatchObject({ body: 'kept', state: 'signed', checkpoint: { seq: 1 }, said: [{ text: long, omitted: 0 }] });
    expect(proof.metadata).toContain(proof.record.id);
    await expect(ask('recordProof', { seq: 99 })).rejects.toMatchObject({
      code: 'not-found',
      message: 'There is no record 99 in the audit log.',
    });
  });

  it('tells what each record was the first to say, however often an agent sends the conversation again', async () => {
    const [system, ask, first, result, second] = [
      ['system', 'You are an agent.'],
      ['user', 'Fix the basket'],
      ['assistant', 'I look.'],
      ['tool_result', 'basket.ts'],
      ['assistant', 'Shall I?'],
    ] as const;
    const yes = ['user', 'yes'] as const;
    const turns = [
      [system, ask, first],
      [first, result, second],
      [['system', 'Name it.'], ask, ['assistant', 'Basket']],
      [system, ask, first, result, second, yes, ['assistant', 'Done.']],
      [['assistant', 'Done.'], yes, ['assistant', 'Done again.']],
      [yes, ['assistant', 'Done again.']],
    ] as const;
    const file = await logOf(
      temporaryFolder(),
      turns.map((said, n) => ({ entry: claude.exchange(`${n}`, { said: [...said] }) })),
    );
    const expected = [
      ['You are an agent.', 'Fix the basket', 'I look.'],
      ['basket.ts', 'Shall I?'],
      ['Name it.', 'Fix the basket', 'Basket'],
      ['yes', 'Done.'],
      ['yes', 'Done again.'],
      ['yes', 'Done again.'],
    ];
    const texts = async (limit: number) =>
      (await browsing(file)('session', { key: 'claude-1', limit })).records.map(({ said }) => said.map(({ text }) => text));
    expect(await texts(10)).toEqual(expected);
    expect(await texts(3)).toEqual(expected.slice(3));
  });

  it('gives as many records as an answer has room for, and of a long one what is short in it', async () => {
    const long = Array.from({ length: 40 }, (_, n) => {
      const said = Array.from({ length: 30 }, (_, part) => ['tool_result', `${n}-${part} ${'z'.repeat(4000)}`] as const);
      return { entry: claude.exchange(`${n}`, { said, data: { list: Array.from({ length: 20_000 }, () => 'item'), short: n } }) };
    });
    const ask = browsing(await logOf(temporaryFolder(), long));
    const seen: unknown[] = [];
    for (let before: number | undefined; ; ) {
      const { records, next } = await ask('session', { key: 'claude-1', limit: 500, ...(before !== undefined && { before }) });
      expect(JSON.stringify(records).length).toBeLessThan(6_000_000);
      seen.unshift(...records.map(({ record }) => record.data.short));
      if (next === null) break;
      before = next;
    }
    expect(seen).toEqual(Array.from({ length: 40 }, (_, n) => n));
    const { record } = await ask('recordProof', { seq: 1 });
    expect(record.data.list).toHaveLength(20_000);
  });

  it('says of a text only its hash where the log keeps no more', async () => {
    const file = await logOf(temporaryFolder(), [{ entry: claude.exchange('1', { said: [['user', 'hidden']] }) }], { capture: 'metadata' });
    const { records } = await browsing(file)('session', { key: 'claude-1', limit: 10 });
    expect(records[0]?.said).toMatchObject([{ role: 'user', text: null, omitted: 0 }]);
    expect(records[0]?.said[0]?.hash).toMatch(/^[\da-f]{64}$/);
  });

  it('goes on without what retention has purged', async () => {
    const dir = temporaryFolder();
    const old = [claude.exchange('1', { said: [['user', 'An old secret plan']] }), claude.finding('1', 'secret.old-label')];
    await logOf(
      dir,
      old.map((entry) => ({ entry })),
    );
    const later = BEGINNING + 60 * 24 * 60 * MINUTE;
    const log = await openAudit(optionsFor(dir, { retainDays: 30, now: () => new Date(later) }));
    await log.append(conversation('claude-2').exchange('1'));
    await log.close();
    const ask = browsing(`${dir}/audit.db`);
    const { summary, records } = await ask('session', { key: 'claude-1', limit: 10 });
    expect(summary).toMatchObject({ workspace: null, model: null, opening: null, records: 2, findings: 1 });
    expect(records.map(({ record, said }) => [record.summary, record.agent, said])).toEqual([
      ['(purged)', 'Claude Code', []],
      ['(purged)', 'Claude Code', []],
    ]);
    expect((await ask('search', { filter: { text: 'plan' }, limit: 10 })).matches).toEqual([]);
    expect((await ask('search', { filter: { label: 'secret' }, limit: 10 })).matches).toEqual([]);
    expect((await ask('sessions', { filter: { label: 'secret' }, limit: 10 })).sessions).toEqual([]);
    expect((await ask('filterChoices', {})).labels).toEqual([]);
    expect(await ask('recordProof', { seq: 1 })).toMatchObject({ body: 'purged', state: 'signed', said: [] });
  });
});

describe('a log that somebody has changed', () => {
  it('breaks no answer, and nothing of it passes for something else', async () => {
    const said = [['user', 'Delete nothing']] as const;
    const file = await logOf(temporaryFolder(), [
      { entry: claude.exchange('1', { said, summary: 'the first' }) },
      ...['second', 'third', 'fourth', 'fifth', 'sixth'].map((name) => ({ entry: claude.exchange(name, { summary: `the ${name}` }) })),
    ]);
    tamper(file, (db) => {
      db.exec(`UPDATE records SET kind = 'party' WHERE seq = 2`);
      db.exec(`UPDATE records SET at = 'yesterday' WHERE seq = 3`);
      db.exec(`UPDATE records SET at = '2026-02-30T00:00:00.000Z' WHERE seq = 6`);
      db.exec(`UPDATE bodies SET body = replace(body, 'the fourth', 'all is well') WHERE seq = 4`);
      db.prepare(`UPDATE bodies SET body = ? WHERE seq = 5`).run(
        `{"summary":"deep","data":{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}}`,
      );
      db.exec(`UPDATE content SET zstd = x'00'`);
    });
    const ask = browsing(file);
    const { records, summary } = await ask('session', { key: 'claude-1', limit: 10 });
    expect(records.map(({ record }) => [record.kind, record.at, record.summary])).toEqual([
      ['exchange', timeOf(0), 'the first'],
      ['tamper', timeOf(0), 'the second'],
      ['tamper', '1970-01-01T00:00:00.000Z', 'the third'],
      ['exchange', timeOf(0), '(changed after it was written)'],
      ['exchange', timeOf(0), '(changed after it was written)'],
      ['tamper', '1970-01-01T00:00:00.000Z', 'the sixth'],
    ]);
    expect(records[0]?.said).toMatchObject([{ text: null }]);
    expect(summary).toMatchObject({ from: timeOf(0), to: timeOf(0), opening: null });
    expect((await ask('search', { filter: { text: 'the' }, limit: 10 })).matches).toHaveLength(6);
    expect((await ask('recordProof', { seq: 4 })).state).toBe('broken');
    expect((await ask('recordProof', { seq: 2 })).state).toBe('broken');
    tamper(file, (db) =>
      db.exec(`UPDATE records SET session = '${'k'.repeat(500)}' WHERE seq = 1; UPDATE session_sums SET key = '${'k'.repeat(500)}'`),
    );
    expect((await ask('sessions', { limit: 10 })).sessions).toEqual([]);
  });
});
