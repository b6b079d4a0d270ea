import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditRecord } from '../../../main/contract/record.ts';
import { openAudit } from '../../../main/engine/audit/log.ts';
import { createRedactor } from '../../../main/engine/detection/redact.ts';
import { runCli } from './process.ts';

let dataDir: string;
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'holdpoint-audit-cli-'));
  await writeLog(dataDir);
});
afterAll(() => rmSync(dataDir, { recursive: true }));

async function writeLog(dir: string): Promise<void> {
  const { privateKey: signingKey } = generateKeyPairSync('ed25519');
  const redactor = createRedactor({ key: randomBytes(32) });
  const log = await openAudit({ dir, capture: 'full', retainDays: 90, maxBytes: 1e9, signingKey, redactor });
  await log.append({ kind: 'engine', verdict: 'started', summary: 'Holdpoint started', data: {} });
  await log.append({
    kind: 'action',
    session: 's1',
    agent: 'Claude Code',
    summary: 'Claude Code: rm -rf build',
    data: { tool: 'Bash' },
    blocks: [{ role: 'tool_call', text: 'rm -rf build\u001b[2J' }],
  });
  await log.append({
    kind: 'verdict',
    session: 's1',
    agent: 'Claude Code',
    verdict: 'ask',
    summary: 'A person is asked: \u001b[31mred',
    data: {},
  });
  await log.close();
}

const audit = (...args: string[]) => runCli(['audit', ...args, '--data-dir', dataDir]);
const summaries = (out: string) => (JSON.parse(out) as { records: AuditRecord[] }).records.map(({ summary }) => summary);

describe('holdpoint audit', () => {
  it.each([[[]], [['tail']]])('%j shows the newest records, the newest last', async (args) => {
    const { code, out } = await audit(...args);
    expect(out).toMatch(/^ +\d+ {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}action +Claude Code: rm -rf build\n.*verdict +A person is asked/m);
    expect(out).not.toContain('\u001b');
    expect(code).toBe(0);
  });

  it('tail gives programs as many records as they want', async () => {
    const all = summaries((await audit('tail', '--json')).out);
    expect(all).toContain('Claude Code: rm -rf build');
    expect(summaries((await audit('tail', '--json', '--limit', '2')).out)).toEqual(all.slice(-2));
  });

  it('search finds words in summaries and content, newest last', async () => {
    expect(summaries((await audit('search', 'rm -rf', '--json')).out)).toContain('Claude Code: rm -rf build');
    expect(await audit('search', 'nowhere')).toMatchObject({ code: 0, out: 'No records.\n' });
    expect(summaries((await audit('search', 'build', '--since', '2100-01-01', '--json')).out)).toEqual([]);
  });

  it('show tells all of one record, and lets none of it steer the terminal', async () => {
    const [found] = (JSON.parse((await audit('search', 'build', '--json')).out) as { records: AuditRecord[] }).records;
    const { code, out } = await audit('show', found!.id);
    expect(out).toContain(`Record ${found!.seq}: Claude Code: rm -rf build`);
    expect(out).toContain('"tool": "Bash"');
    expect(out).toContain('rm -rf build⟦U+001B⟧[2J');
    expect(out).toMatch(/proof +signed/);
    expect(out).not.toContain('\u001b');
    expect(code).toBe(0);
    expect(JSON.parse((await audit('show', String(found!.seq), '--json')).out)).toMatchObject({
      record: { id: found!.id },
      proof: { state: 'signed' },
    });
  });

  it('show answers no where there is no such record', async () => {
    expect(await audit('show', 'nothing')).toMatchObject({ code: 1, out: '', err: expect.stringContaining('no record nothing') });
  });

  it.each(['ndjson', 'otlp'])('export gives %s, a line each', async (format) => {
    const { code, out } = await audit('export', '--since', '1d', '--format', format);
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(out).toContain('rm -rf build');
    expect(lines.length).toBeGreaterThanOrEqual(format === 'ndjson' ? 3 : 1);
    expect(code).toBe(0);
    expect((await audit('export', '--since', '2100-01-01', '--format', format)).out).toBe('');
  });

  it('verify says that a whole log is whole', async () => {
    expect(await audit('verify')).toMatchObject({ code: 0, out: expect.stringMatching(/^The log is whole: \d+ records/) });
    const { code, out } = await audit('verify', '--json');
    expect(JSON.parse(out)).toEqual({ ok: true, records: expect.any(Number) });
    expect(code).toBe(0);
  });

  it('verify names the first record that was touched, and answers no', async () => {
    const touched = mkdtempSync(join(tmpdir(), 'holdpoint-audit-touched-'));
    await writeLog(touched);
    const db = new Database(join(touched, 'audit.db'));
    db.exec("DROP TRIGGER records_unchanged; UPDATE records SET verdict = 'allow' WHERE verdict = 'ask';");
    const { seq } = db.prepare<[], { seq: number }>("SELECT seq FROM records WHERE verdict = 'allow'").get()!;
    db.close();
    expect(await runCli(['audit', 'verify', '--data-dir', touched])).toMatchObject({
      code: 1,
      out: expect.stringContaining(`First bad record: ${seq}.`),
    });
    const { code, out } = await runCli(['audit', 'verify', '--json', '--data-dir', touched]);
    expect(JSON.parse(out)).toMatchObject({ ok: false, firstBad: { seq } });
    expect(code).toBe(1);
    rmSync(touched, { recursive: true });
  });

  it.each<[string, string[]]>([
    ['search without a text', ['search']],
    ['show without an ID', ['show']],
    ['a format that is none', ['export', '--format', 'csv']],
    ['a time that is none', ['export', '--since', 'yesterday']],
    ['a limit that is none', ['tail', '--limit', '0']],
    ['a word too many', ['verify', 'here', 'there']],
  ])('refuses %s as wrong usage', async (_what, args) => {
    expect(await audit(...args)).toMatchObject({ code: 2, out: '' });
  });

  it('says where it looked when there is no log, or something else in its place', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'holdpoint-audit-none-'));
    expect(await runCli(['audit', 'verify', '--data-dir', empty])).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining(join(empty, 'audit.db')),
    });
    writeFileSync(join(empty, 'audit.db'), 'not a log'.repeat(1000));
    expect(await runCli(['audit', 'verify', '--data-dir', empty])).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining(join(empty, 'audit.db')),
    });
    rmSync(empty, { recursive: true });
  });
});
