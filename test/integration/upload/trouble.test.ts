import { describe, expect, it } from 'vitest';
import { type Answer, type OtlpReceiver, startOtlpReceiver } from '../../support/otlp-receiver.ts';
import { entry, openLog, temporaryFolder } from '../audit/support.ts';
import { appended, gapsOf, LIMITS, receiver, START, seqsOf, testClock, uploading, upTo } from './support.ts';

const MINUTES = 60_000;
const DAY = 24 * 60 * MINUTES;

async function scene() {
  const dir = temporaryFolder();
  return { dir, log: await openLog(dir), collector: await receiver() };
}

/** Answers as a server does that is none: `text` as `type`. */
const says = (text: string, type: string): Answer => ({
  kind: 'own',
  keeps: false,
  respond: (response) => response.writeHead(200, { 'content-type': type }).end(text),
});

describe('a collector in trouble', () => {
  // What it answers, what the person reads, and between which times it is asked again.
  it.each<[string, Answer, RegExp, number, number]>([
    [
      '429 with seconds',
      { kind: 'refuse', status: 429, headers: { 'retry-after': '90' } },
      /asks for fewer requests \(429\)/,
      90_000,
      99_000,
    ],
    [
      '503 with a date',
      { kind: 'refuse', status: 503, headers: { 'retry-after': new Date(START + 40_000).toUTCString() } },
      /cannot take records now \(503\)/,
      40_000,
      44_000,
    ],
    ['a wait that is too long', { kind: 'refuse', status: 429, headers: { 'retry-after': '9999999' } }, /429/, 60 * MINUTES, 66 * MINUTES],
    ['a wait that is none', { kind: 'refuse', status: 503, headers: { 'retry-after': 'soon' } }, /503/, 500, 1000],
    ['502', { kind: 'refuse', status: 502 }, /cannot take records now \(502\)/, 500, 1000],
    ['504', { kind: 'refuse', status: 504 }, /cannot take records now \(504\)/, 500, 1000],
    ['500', { kind: 'refuse', status: 500 }, /cannot take records now \(500\)/, 500, 1000],
    ['silence', { kind: 'hang' }, /could not be reached \(no answer within 0\.05 s\)/, 500, 1000],
    ['an answer that breaks off', { kind: 'break' }, /could not be reached \(aborted\)/, 500, 1000],
    [
      'a page',
      says('<html>Sign in</html>', 'text/html'),
      /is no OTLP collector: its answer is of type "text\/html"/,
      2.5 * MINUTES,
      5 * MINUTES,
    ],
    [
      'nonsense',
      says('{"partialSuccess":{"rejectedLogRecords":"many"}}', 'application/json'),
      /is no OTLP collector/,
      2.5 * MINUTES,
      5 * MINUTES,
    ],
    ['a long answer', says('x'.repeat(LIMITS.bodyBytes + 1), 'application/json'), /its answer is longer than 65536 bytes/, 500, 1000],
    [
      'a redirect',
      { kind: 'refuse', status: 307, headers: { location: 'http://127.0.0.1:1/elsewhere' } },
      /sends elsewhere \(307\), which is not followed/,
      2.5 * MINUTES,
      5 * MINUTES,
    ],
    [
      'a wrong key',
      { kind: 'refuse', status: 401 },
      /does not accept the key \(401\)\. Correct audit\.upload\.headers/,
      2.5 * MINUTES,
      5 * MINUTES,
    ],
    ['a wrong path', { kind: 'refuse', status: 404 }, /usually ends in \/v1\/logs/, 2.5 * MINUTES, 5 * MINUTES],
    ['an unknown refusal', { kind: 'refuse', status: 451 }, /refuses the records \(451\)/, 2.5 * MINUTES, 5 * MINUTES],
  ])('that answers with %s is asked again, and gets everything', async (_what, answer, problem, least, most) => {
    const { dir, log, collector } = await scene();
    await appended(log, 3);
    collector.answer(answer);
    const limits = { ...LIMITS, ...(answer.kind === 'hang' && { headMs: 50 }) };
    const upload = uploading({ dir, log, url: collector.url, limits });
    const wait = await upload.run();
    expect(upload.problem()).toMatch(problem);
    expect(upload.problem()).toContain('Nothing is lost: the records wait in the log.');
    expect(wait).toBeGreaterThanOrEqual(least);
    expect(wait).toBeLessThanOrEqual(most);
    expect(upload.progress().seq).toBe(0);

    collector.answer({ kind: 'accept' });
    Object.assign(limits, LIMITS);
    upload.clock.advance(wait);
    await upload.clock.rest();
    expect(seqsOf(collector.kept)).toEqual([1, 2, 3]);
    expect(upload.problem()).toBeNull();
  });

  it('that has a long page for a wrong path gets it said in a sentence', async () => {
    const { dir, log, collector } = await scene();
    await appended(log, 1);
    collector.answer({ kind: 'refuse', status: 404, message: 'x'.repeat(1_000_000) });
    const upload = uploading({ dir, log, url: collector.url });
    await upload.run();
    expect(upload.problem()).toMatch(/knows no such address \(404\)/);
  });

  it('is not reached with a header that cannot be sent, and the person reads which setting it is in', async () => {
    const { dir, log, collector } = await scene();
    await appended(log, 1);
    const upload = uploading({ dir, log, url: collector.url, headers: { authorization: 'Bearer of\nthe-test' } });
    await upload.run();
    expect(upload.problem()).toMatch(/A header in audit\.upload\.headers cannot be sent/);
    expect(upload.problem()).not.toContain('the-test');
  });

  it('never reads its own key back to the person', async () => {
    const { dir, log, collector } = await scene();
    await appended(log, 1);
    collector.answer(({ logs }) =>
      gapsOf(logs).length > 0 ? { kind: 'accept' } : { kind: 'partial', rejected: 1, message: 'key abcdef-123456 is\n over its quota' },
    );
    const upload = uploading({ dir, log, url: collector.url, headers: { 'x-key': 'abcdef-123456' } });
    await upload.run();
    expect(gapsOf(collector.kept)).toMatchObject([{ 'holdpoint.gap.message': 'key […] is over its quota' }]);
  });

  it('is asked less and less often, at most every five minutes, and waits through what is new', async () => {
    const { dir, log, collector } = await scene();
    await appended(log, 1);
    collector.answer({ kind: 'refuse', status: 503 });
    const upload = uploading({ dir, log, url: collector.url });
    const waits = [await upload.run()];
    for (let n = 0; n < 11; n++) {
      upload.wake();
      upload.clock.advance(waits.at(-1)!);
      waits.push(await upload.clock.rest());
    }
    expect(waits.slice(0, 4)).toEqual([750, 1500, 3000, 6000]);
    expect(waits.slice(-2)).toEqual([225_000, 225_000]);
    expect(collector.requests).toHaveLength(12);
  });
});

describe('records that a collector refuses', () => {
  const refusesTool = (tool: string, status: number) => (request: OtlpReceiver['requests'][number]) =>
    request.logs.some(({ attributes }) => attributes['gen_ai.tool.name'] === tool)
      ? ({ kind: 'refuse', status, message: `no ${tool}` } as const)
      : ({ kind: 'accept' } as const);

  it('for good are found one by one, told as gaps, and everything else arrives', async () => {
    const { dir, log, collector } = await scene();
    for (let n = 1; n <= 40; n++) await log.append(entry(n, { data: { tool: [1, 17, 40].includes(n) ? 'Bad' : 'Good' } }));
    collector.answer(refusesTool('Bad', 400));
    const upload = uploading({ dir, log, url: collector.url, content: 'redacted' });
    await upload.run();
    expect(seqsOf(collector.kept)).toEqual(upTo(40).filter((n) => ![1, 17, 40].includes(n)));
    expect(gapsOf(collector.kept)).toMatchObject(
      [1, 17, 40].map((n) => ({
        'holdpoint.gap.from': n,
        'holdpoint.gap.to': n,
        'holdpoint.gap.count': 1,
        'holdpoint.gap.reason': 'unacceptable',
        'holdpoint.gap.message': 'no Bad',
        'holdpoint.gap.hash': expect.stringMatching(/^[0-9a-f]{64}$/),
      })),
    );
    expect(upload.progress()).toMatchObject({ seq: 40, uploaded: 37, passed: 3, owed: [] });
  });

  it('all of them, none is passed over: that is no record’s fault', async () => {
    const { dir, log, collector } = await scene();
    await appended(log, 200);
    collector.answer({ kind: 'refuse', status: 400 });
    const upload = uploading({ dir, log, url: collector.url });
    const wait = await upload.run();
    expect(upload.problem()).toMatch(/takes none of the records \(400\)\. Look into its log, and check audit\.upload\.encoding/);
    expect(upload.progress()).toMatchObject({ seq: 0, passed: 0, owed: [] });
    expect(collector.requests.length).toBeLessThan(70);
    collector.answer({ kind: 'accept' });
    upload.clock.advance(wait);
    await upload.clock.rest();
    expect(seqsOf(collector.kept)).toEqual(upTo(200));
  });

  it('because a request is too large arrive in smaller ones, and one that is too large alone is told as a gap', async () => {
    const { dir, log, collector } = await scene();
    for (let n = 1; n <= 20; n++) await log.append(entry(n, { data: { text: 'x'.repeat(n === 7 ? 300_000 : 30_000) } }));
    collector.answer(({ plainBytes }) => (plainBytes > 100_000 ? { kind: 'refuse', status: 413 } : { kind: 'accept' }));
    await uploading({ dir, log, url: collector.url, content: 'full' }).run();
    expect(seqsOf(collector.kept)).toEqual(upTo(20).filter((n) => n !== 7));
    expect(gapsOf(collector.kept)).toMatchObject([{ 'holdpoint.gap.from': 7, 'holdpoint.gap.reason': 'too-large' }]);
  });

  it('in part, as it says itself, are counted in a gap and not sent again', async () => {
    const { dir, log, collector } = await scene();
    await appended(log, 10);
    collector.answer({ kind: 'partial', rejected: 4, message: 'older than a year' });
    const upload = uploading({ dir, log, url: collector.url });
    collector.answer(({ logs }) =>
      logs.length === 10 ? { kind: 'partial', rejected: 4, message: 'older than a year' } : { kind: 'accept' },
    );
    await upload.run();
    expect(seqsOf(collector.kept)).toEqual([5, 6, 7, 8, 9, 10]);
    expect(gapsOf(collector.kept)).toMatchObject([
      {
        'holdpoint.gap.from': 1,
        'holdpoint.gap.to': 10,
        'holdpoint.gap.count': 4,
        'holdpoint.gap.reason': 'rejected',
        'holdpoint.gap.message': 'older than a year',
      },
    ]);
    expect(upload.progress()).toMatchObject({ seq: 10, uploaded: 6, passed: 4, owed: [] });
  });

  it('are still owed as a gap after a restart', async () => {
    const { dir, log, collector } = await scene();
    await appended(log, 10);
    collector.answer(({ logs }) => (logs.length === 10 ? { kind: 'partial', rejected: 4, message: '' } : { kind: 'refuse', status: 503 }));
    const upload = uploading({ dir, log, url: collector.url });
    await upload.run();
    collector.answer({ kind: 'accept' });
    await upload.again().run();
    expect(gapsOf(collector.kept)).toMatchObject([
      { 'holdpoint.record.id': expect.stringMatching(/^gap-rejected-1-10-[0-9a-f]{8}$/), 'holdpoint.gap.count': 4 },
    ]);
  });
});

describe('a week without a collector', () => {
  it('loses nothing, whatever it answers meanwhile, and adds up', async () => {
    const dir = temporaryFolder();
    const log = await openLog(dir);
    const clock = testClock();
    const limits = { ...LIMITS };
    let collector = await startOtlpReceiver();
    const port = Number(new URL(collector.url).port);
    const upload = uploading({ dir, log, url: collector.url, clock, limits });
    let logged = 0;
    const kept: OtlpReceiver['kept'][number][] = [];
    const day = async (length: number) => {
      const until = clock.now() + length;
      logged = await appended(log, 20, logged + 1);
      upload.wake();
      for (let wait = await clock.rest(); clock.now() + wait < until; wait = await clock.rest()) clock.advance(wait);
    };

    await collector.close();
    await day(DAY);
    expect(upload.problem()).toMatch(/could not be reached \(connect ECONNREFUSED/);
    collector = await startOtlpReceiver({ port });
    for (const answer of [
      { kind: 'refuse', status: 503 },
      { kind: 'refuse', status: 429, headers: { 'retry-after': '1800' } },
      { kind: 'refuse', status: 403 },
    ] as const) {
      collector.answer(answer);
      await day(DAY);
    }
    // Each of these is asked as often, and takes as long as the real time-out.
    collector.answer({ kind: 'hang' });
    limits.headMs = 30;
    await day(DAY / 12);
    limits.headMs = LIMITS.headMs;
    collector.answer({ kind: 'break' });
    await day(DAY / 12);
    clock.advance(DAY);
    await clock.rest();
    kept.push(...collector.kept);
    await collector.close();
    await day(DAY);
    expect(upload.progress()).toMatchObject({ seq: 0, uploaded: 0, passed: 0 });

    collector = await startOtlpReceiver({ port });
    clock.advance(await clock.rest());
    await clock.rest();
    const records = collector.kept.filter(({ attributes }) => attributes['holdpoint.chain.seq'] !== undefined);
    expect(records).toHaveLength(logged);
    expect(seqsOf(records)).toEqual(upTo(logged));
    // What the collector had taken before its answers broke off has the same ids.
    const ids = new Set(records.map(({ attributes }) => attributes['holdpoint.record.id']));
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.every(({ attributes }) => ids.has(attributes['holdpoint.record.id'] ?? ''))).toBe(true);
    expect(upload.progress()).toMatchObject({ seq: logged, uploaded: logged, passed: 0 });
    expect(upload.problem()).toBeNull();
    await collector.close();
  });
});
