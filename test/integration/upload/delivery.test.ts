import { describe, expect, it } from 'vitest';
import { cursorName } from '../../../main/engine/upload/progress.ts';
import { entry, openLog, temporaryFolder } from '../audit/support.ts';
import { appended, gapsOf, receiver, seqsOf, uploading, upTo } from './support.ts';

async function scene() {
  const dir = temporaryFolder();
  return { dir, log: await openLog(dir), collector: await receiver() };
}

describe('the upload', () => {
  it.each(['protobuf', 'json'] as const)('sends every record once, in order, compressed, as %s', async (encoding) => {
    const { dir, log, collector } = await scene();
    const last = await appended(log, 1200);
    const upload = uploading({ dir, log, url: collector.url, encoding, headers: { 'X-Key': 'secret-key', Host: 'other.example' } });
    await upload.run();
    const records = collector.kept.filter(({ attributes }) => attributes['holdpoint.chain.seq'] !== undefined);
    expect(records.map(({ attributes }) => attributes['holdpoint.chain.seq'])).toEqual(upTo(last));
    const { headers, bytes, plainBytes } = collector.requests[0]!;
    expect(headers).toMatchObject({
      'content-type': encoding === 'json' ? 'application/json' : 'application/x-protobuf',
      'content-encoding': 'gzip',
      'x-key': 'secret-key',
      'user-agent': 'holdpoint/test',
      host: new URL(collector.url).host,
    });
    expect(bytes).toBeLessThan(plainBytes / 3);
    expect(upload.progress()).toMatchObject({ seq: last, uploaded: last, passed: 0, confirmedAt: '2026-11-24T10:00:00.000Z' });
    expect(upload.problem()).toBeNull();
  });

  it('gives each record its id, its place in the chain and its resource', async () => {
    const { dir, log, collector } = await scene();
    const record = await log.append(entry(1));
    await uploading({ dir, log, url: collector.url }).run();
    expect(collector.kept[0]).toMatchObject({
      resource: { 'service.name': 'holdpoint', 'device.id': 'device-1' },
      scope: 'holdpoint.audit',
      eventName: 'holdpoint.verdict',
      time: Date.parse(record.at),
      attributes: { 'holdpoint.record.id': record.id, 'holdpoint.chain.seq': 1, 'holdpoint.chain.hash': record.hash },
    });
  });

  it('goes on where it was confirmed, after a restart too, and looks by itself for what nobody told it of', async () => {
    const { dir, log, collector } = await scene();
    await appended(log, 3);
    const upload = uploading({ dir, log, url: collector.url });
    await upload.run();
    await appended(log, 2, 4);
    upload.clock.advance(await upload.clock.rest());
    await upload.clock.rest();
    expect(seqsOf(collector.kept)).toEqual(upTo(5));
    await appended(log, 1, 6);
    await upload.again().run();
    expect(collector.kept.map(({ attributes }) => attributes['holdpoint.chain.seq'])).toEqual(upTo(6));
  });

  it('sends what was accepted but not confirmed again, with the same ids', async () => {
    const { dir, log, collector } = await scene();
    await appended(log, 5);
    const killed = uploading({ dir, log, url: collector.url, forget: () => true });
    killed.wake();
    await collector.until(() => collector.kept.length > 0);
    await killed.again().run();
    const ids = collector.kept.map(({ attributes }) => attributes['holdpoint.record.id']);
    expect(ids).toHaveLength(10);
    expect(new Set(ids).size).toBe(5);
    expect(ids.slice(5)).toEqual(ids.slice(0, 5));
  });

  it('keeps requests below 4 MB, and sends a larger record alone', async () => {
    const { dir, log, collector } = await scene();
    const data = { text: 'x'.repeat(900_000) };
    for (let n = 0; n < 9; n++) await log.append(entry(n, { data }));
    await log.append(entry(10, { data: { text: 'y'.repeat(5_000_000) } }));
    await log.append(entry(11));
    await uploading({ dir, log, url: collector.url, content: 'full' }).run();
    expect(seqsOf(collector.kept)).toEqual(upTo(11));
    const large = collector.requests.filter(({ plainBytes }) => plainBytes > 4 * 1024 * 1024);
    expect(large.map(({ logs }) => seqsOf(logs))).toEqual([[10]]);
    expect(collector.requests.length).toBeLessThan(6);
  });

  it('tells another collector everything from the beginning', async () => {
    const { dir, log, collector } = await scene();
    await appended(log, 4);
    await uploading({ dir, log, url: collector.url }).run();
    await uploading({ dir, log, url: `${collector.url}?key=other` }).run();
    expect(collector.kept).toHaveLength(8);
    expect(collector.requests[1]?.path).toBe('/v1/logs?key=other');
  });

  it('sends the newest signed head after what it signs', async () => {
    const { dir, log, collector } = await scene();
    await appended(log, 1010);
    await uploading({ dir, log, url: collector.url }).run();
    const heads = collector.kept.filter(({ eventName }) => eventName === 'holdpoint.checkpoint');
    expect(heads.map(({ attributes }) => attributes['holdpoint.checkpoint.seq'])).toEqual([1000]);
    const signed = collector.kept.find(({ attributes }) => attributes['holdpoint.chain.seq'] === 1000)!;
    expect(heads[0]?.attributes).toMatchObject({
      'holdpoint.checkpoint.hash': signed.attributes['holdpoint.chain.hash'],
      'holdpoint.checkpoint.note': expect.stringMatching(/^holdpoint\/audit\/v1\n1000\n.+\n— holdpoint\/audit\/v1 /su),
    });
  });
});

describe('what a collector does not get', () => {
  it('is told as a gap where more was waiting than may, and is counted', async () => {
    const { dir, log, collector } = await scene();
    const last = await appended(log, 1500);
    const upload = uploading({ dir, log, url: collector.url, maxBacklog: 600 });
    await upload.run();
    // The first page shows that records get through again; then what is too much is passed over.
    expect(seqsOf(collector.kept)).toEqual([...upTo(500), ...upTo(last, 901)]);
    const gaps = gapsOf(collector.kept);
    const skipped = (await log.records({ limit: 1, before: 901 }))[0]!;
    expect(gaps).toEqual([
      {
        'holdpoint.record.id': `gap-backlog-501-900-${skipped.hash.slice(0, 8)}`,
        'holdpoint.gap.from': 501,
        'holdpoint.gap.to': 900,
        'holdpoint.gap.count': 400,
        'holdpoint.gap.reason': 'backlog',
        'holdpoint.gap.hash': skipped.hash,
      },
    ]);
    expect(upload.progress()).toMatchObject({ uploaded: last - 400, passed: 400, owed: [] });
  });

  it('passes over nothing while the collector is away, however long', async () => {
    const { dir, log, collector } = await scene();
    collector.answer({ kind: 'refuse', status: 503 });
    await appended(log, 300);
    const upload = uploading({ dir, log, url: collector.url, maxBacklog: 10 });
    await upload.run();
    for (let n = 0; n < 5; n++) {
      upload.clock.advance(await upload.clock.rest());
      await upload.clock.rest();
    }
    expect(upload.progress()).toMatchObject({ seq: 0, passed: 0, owed: [] });
  });

  it('is told without what retention has purged: its place in the chain is there, and a gap says why', async () => {
    const dir = temporaryFolder();
    const collector = await receiver();
    let today = new Date('2026-01-01T10:00:00Z');
    const log = await openLog(dir, { retainDays: 30, now: () => today });
    await appended(log, 3);
    await log.close();
    today = new Date('2026-06-01T10:00:00Z');
    const reopened = await openLog(dir, { retainDays: 30, now: () => today });
    await appended(reopened, 2, 4);
    await uploading({ dir, log: reopened, url: collector.url, content: 'redacted' }).run();
    const records = collector.kept.filter(({ attributes }) => attributes['holdpoint.chain.hash'] !== undefined);
    const purged = records.filter(({ attributes }) => attributes['holdpoint.body'] === 'purged');
    expect(purged.map(({ attributes }) => attributes['holdpoint.chain.seq'])).toEqual([1, 2, 3]);
    expect(purged[0]?.attributes).toMatchObject({ 'gen_ai.agent.name': 'Claude Code', 'holdpoint.verdict': 'allow' });
    expect(gapsOf(collector.kept)).toMatchObject([
      { 'holdpoint.gap.from': 1, 'holdpoint.gap.to': 3, 'holdpoint.gap.count': 3, 'holdpoint.gap.reason': 'purged' },
    ]);
    expect(collector.kept[0]?.eventName).toBe('holdpoint.upload.gap');
    expect(seqsOf(collector.kept)).toEqual(upTo(reopened.stats().records));
  });

  it('is told where the log has become shorter than what was sent', async () => {
    const { dir, log, collector } = await scene();
    await appended(log, 2);
    await uploading({ dir, log, url: collector.url }).run();
    await log.keepCursor({
      name: cursorName(collector.url),
      seq: 9,
      state: JSON.stringify({ checkpoint: 0, uploaded: 9, passed: 0, owed: [], confirmedAt: null }),
    });
    const upload = uploading({ dir, log, url: collector.url });
    await upload.run();
    await appended(log, 1, 3);
    await upload.run();
    expect(gapsOf(collector.kept)).toMatchObject([{ 'holdpoint.gap.from': 3, 'holdpoint.gap.to': 9, 'holdpoint.gap.reason': 'cut' }]);
    expect(seqsOf(collector.kept)).toEqual([1, 2, 3]);
  });
});
