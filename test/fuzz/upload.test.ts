/** What a collector may answer: anything. */

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type AuditEntry, RECORD_KINDS } from '../../main/contract/record.ts';
import { createJudge } from '../../main/engine/upload/answers.ts';
import { retryAfterMs } from '../../main/engine/upload/backoff.ts';
import { METADATA_MEMBERS } from '../../main/engine/upload/metadata-members.ts';
import { openLog, temporaryFolder } from '../integration/audit/support.ts';
import { receiver, uploading } from '../integration/upload/support.ts';
import { runs } from './runs.ts';

const MEMBERS = [...new Set(Object.values(METADATA_MEMBERS).flatMap((members) => Object.keys(members)))];

const judge = createJudge({ url: 'https://collector.test/v1/logs', secrets: ['the-secret-key'] });

it('an answer is understood or refused, never thrown at, and what is said of it is one short line without the key', {
  timeout: runs(30_000),
}, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 100, max: 999 }),
      fc.oneof(fc.constantFrom('application/json', 'application/x-protobuf', 'text/html', ''), fc.string()),
      fc.option(fc.string(), { nil: undefined }),
      fc.oneof(
        fc.uint8Array({ maxLength: 300 }),
        fc.json().map((text) => Buffer.from(text)),
        fc.constant(Buffer.from('no the-secret-key\n')),
      ),
      async (status, contentType, retryAfter, body) => {
        const outcome = await judge.answered({ status, contentType, retryAfter, body: Buffer.from(body) });
        expect(JSON.stringify(outcome)).not.toContain('the-secret-key');
        if (outcome.kind === 'accepted') expect(outcome.rejected).toBeGreaterThanOrEqual(0);
        else expect(outcome.problem).toMatch(/^[^\n\r]{20,800}$/u);
      },
    ),
    { numRuns: runs(200) },
  );
});

it('a Retry-After is a time that has not passed, or none', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.date().map(String), fc.nat().map(String)), (value) => {
      const ms = retryAfterMs(value, Date.parse('2026-11-24T10:00:00Z'));
      expect(ms === undefined || (Number.isFinite(ms) && ms >= 0)).toBe(true);
    }),
    { numRuns: runs(300) },
  );
});

const text = fc.string({ unit: 'binary', maxLength: 100 });
const entries: fc.Arbitrary<AuditEntry> = fc.record(
  {
    kind: fc.constantFrom(...RECORD_KINDS),
    session: text,
    agent: text,
    verdict: text,
    summary: text,
    data: fc.dictionary(fc.oneof(text, fc.constantFrom(...MEMBERS)), fc.jsonValue({ maxDepth: 3 })) as fc.Arbitrary<AuditEntry['data']>,
    blocks: fc.array(fc.record({ role: text, text }), { maxLength: 3 }),
  },
  { requiredKeys: ['kind', 'summary', 'data'] },
);

it.each(['metadata', 'full'] as const)('whatever is logged arrives at "%s", and as JSON the same as in protobuf', async (content) => {
  const dir = temporaryFolder();
  const log = await openLog(dir);
  const logged = fc.sample(entries, runs(100));
  for (const entry of logged) await log.append(entry);
  const [binary, json] = [await receiver(), await receiver()];
  for (const [collector, encoding] of [
    [binary, 'protobuf'],
    [json, 'json'],
  ] as const) {
    const upload = uploading({ dir, log, url: collector.url, encoding, content });
    await upload.run();
    expect(upload.progress()).toMatchObject({ seq: logged.length, uploaded: logged.length, passed: 0 });
  }
  expect(binary.kept).toEqual(json.kept);
});
