import { describe, expect, it } from 'vitest';
import type { Capture } from '../../../main/engine/audit/draft.ts';
import type { Level } from '../../../main/engine/upload/levels.ts';
import { type ReceivedLog, tallyOf } from '../../support/otlp-receiver.ts';
import { entry, openLog, temporaryFolder } from '../audit/support.ts';
import { appended, receiver, uploading } from './support.ts';

const LONG = `Question. ${'x'.repeat(100_000)}`;

/** The texts of a message that arrive, where the log keeps `capture` and `content` may leave. */
async function arrives(capture: Capture, content: Level): Promise<string[]> {
  const dir = temporaryFolder();
  const log = await openLog(dir, { capture });
  const collector = await receiver();
  await log.append(entry(1, { kind: 'exchange', blocks: [{ role: 'user', text: LONG }] }));
  await uploading({ dir, log, url: collector.url, content }).run();
  const said = collector.kept[0]!.attributes['gen_ai.input.messages'];
  if (said === undefined) return [];
  return (JSON.parse(String(said)) as { parts: { content: string }[] }[]).flatMap(({ parts }) => parts.map((part) => part.content));
}

describe('content that is uploaded', () => {
  it('is all that the log kept at "full", and never more than that', async () => {
    expect(await arrives('full', 'full')).toEqual([LONG]);
    expect(await arrives('redacted', 'full')).toEqual([`${LONG.slice(0, 65_536)}\n[cut: ${LONG.length} characters in all]`]);
    expect(await arrives('metadata', 'full')).toEqual([]);
  });

  it('is cut at 64 KB a text at "redacted", and none at "metadata", whatever the log kept', async () => {
    expect(await arrives('full', 'redacted')).toEqual([`${LONG.slice(0, 65_536)}\n[cut: ${LONG.length} characters in all]`]);
    expect(await arrives('full', 'metadata')).toEqual([]);
  });

  it('that is resent in a conversation goes with each record that refers to it', async () => {
    const dir = temporaryFolder();
    const log = await openLog(dir);
    const collector = await receiver();
    const blocks = [{ role: 'user', text: 'The same.' }];
    for (const n of [1, 2]) await log.append(entry(n, { kind: 'exchange', blocks }));
    await uploading({ dir, log, url: collector.url, content: 'redacted' }).run();
    const said = ({ attributes }: ReceivedLog) => attributes['gen_ai.input.messages'];
    expect(said(collector.kept[1]!)).toBe(said(collector.kept[0]!));
  });
});

it('what arrives and what is told as a gap is together what was logged, though every request is in some trouble', async () => {
  const dir = temporaryFolder();
  const log = await openLog(dir);
  const collector = await receiver();
  const upload = uploading({ dir, log, url: collector.url, content: 'full', maxBacklog: 900 });
  let last = 0;
  let n = 0;
  collector.answer(({ logs, plainBytes }) => {
    n += 1;
    if (n % 5 === 1) return { kind: 'break' };
    if (n % 5 === 2) return { kind: 'refuse', status: 429 };
    if (plainBytes > 60_000) return { kind: 'refuse', status: 413 };
    if (logs.some(({ attributes }) => attributes['holdpoint.chain.seq'] === 77)) return { kind: 'refuse', status: 400 };
    return n % 5 === 3 && logs.every(({ attributes }) => attributes['holdpoint.gap.from'] === undefined)
      ? { kind: 'partial', rejected: 2, message: 'no' }
      : { kind: 'accept' };
  });
  for (const count of [100, 1400, 300]) {
    last = await appended(log, count, last + 1);
    upload.wake();
    for (let tries = 0; tries < 400 && upload.progress().seq < last; tries++) upload.clock.advance(await upload.clock.rest());
  }
  collector.answer({ kind: 'accept' });
  upload.clock.advance(await upload.clock.rest());
  await upload.clock.rest();
  const { uploaded, passed, owed } = upload.progress();
  expect(uploaded + passed).toBe(last);
  expect(owed).toEqual([]);
  expect(passed).toBeGreaterThan(400);
  const tally = tallyOf(collector.kept);
  expect(tally.passed).toBe(passed);
  expect(tally.records).toBeGreaterThanOrEqual(uploaded);
});
