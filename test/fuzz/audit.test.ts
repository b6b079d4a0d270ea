import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HoldpointError } from '../../main/contract/errors.ts';
import type { AuditEntry } from '../../main/contract/record.ts';
import { verifyExport } from '../../main/engine/audit/export/verify.ts';
import { writeExport } from '../../main/engine/audit/export/write.ts';
import { openAudit } from '../../main/engine/audit/log.ts';
import { exportRecords } from '../../main/engine/audit/read.ts';
import { verifyLog } from '../../main/engine/audit/verify.ts';
import { KEY, linesOf, optionsFor, temporaryFolder, writtenLog } from '../integration/audit/support.ts';
import { runs } from './runs.ts';

const text = fc.string({ unit: 'binary', maxLength: 300 });
const entries: fc.Arbitrary<AuditEntry> = fc.record(
  {
    kind: fc.constantFrom('exchange', 'verdict', 'connection', 'finding'),
    session: text,
    host: text,
    agent: text,
    verdict: text,
    summary: text,
    data: fc.dictionary(text, fc.jsonValue({ maxDepth: 4 })) as fc.Arbitrary<AuditEntry['data']>,
    blocks: fc.array(fc.record({ role: text, text }), { maxLength: 4 }),
  },
  { requiredKeys: ['kind', 'summary', 'data'] },
);

describe('the audit log, given anything', () => {
  it('keeps whatever it is given, and what it says it kept is what is read back', { timeout: runs(30_000) }, async () => {
    const dir = temporaryFolder();
    const log = await openAudit(optionsFor(dir));
    const kept: string[] = [];
    await fc.assert(
      fc.asyncProperty(entries, async (entry) => {
        kept.push(JSON.stringify(await log.append(entry)));
      }),
      { numRuns: runs(300) },
    );
    await log.close();
    expect(await verifyLog(`${dir}/audit.db`)).toEqual({ ok: true, records: kept.length });
    const read = await linesOf(exportRecords(`${dir}/audit.db`, { format: 'ndjson' }));
    expect(read.map((line) => JSON.parse(line))).toEqual(kept.map((line) => JSON.parse(line)));
  });

  it('calls no damaged file whole unless every record reads as it was written', { timeout: runs(60_000) }, async () => {
    const dir = temporaryFolder();
    const file = await writtenLog(dir, 40);
    const whole = readFileSync(file);
    const before = await linesOf(exportRecords(file, { format: 'ndjson' }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 8 }),
        async (changes) => {
          const damaged = Buffer.from(whole);
          for (const [at, by] of changes) damaged[at]! ^= by;
          writeFileSync(file, damaged);
          const result = await verifyLog(file).catch((error: unknown) => {
            expect(error).toBeInstanceOf(HoldpointError);
            return { ok: false };
          });
          if (result.ok) expect(await linesOf(exportRecords(file, { format: 'ndjson' }))).toEqual(before);
        },
      ),
      { numRuns: runs(150) },
    );
  });

  it('calls no damaged export whole', { timeout: runs(60_000) }, async () => {
    const dir = temporaryFolder();
    const file = await writtenLog(dir, 12);
    const to = join(dir, 'export');
    writeExport({ file, to, key: KEY, version: '1.0.0', format: 'ndjson', withContent: true });
    expect(await verifyExport(to)).toMatchObject({ ok: true });
    const files = readdirSync(to, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    const damage = fc.tuple(
      fc.constantFrom(...files),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      fc.integer({ min: 1, max: 255 }),
    );
    await fc.assert(
      fc.asyncProperty(damage, fc.constantFrom('flip', 'cut', 'double'), async ([path, where, by], how) => {
        const whole = readFileSync(path);
        const at = Math.floor(where * whole.length);
        const damaged = how === 'flip' ? Buffer.from(whole) : how === 'cut' ? whole.subarray(0, at) : Buffer.concat([whole, whole]);
        if (how === 'flip') damaged[at]! ^= by;
        writeFileSync(path, damaged);
        const verdict = await verifyExport(to).catch((error: unknown) => {
          expect(error).toBeInstanceOf(HoldpointError);
          return { ok: false };
        });
        writeFileSync(path, whole);
        expect(verdict.ok).toBe(false);
      }),
      { numRuns: runs(200) },
    );
  });
});
