/** The scanner: the same findings on every way, each text once, and an end for what does not end by itself. */

import { afterEach, describe, expect, it } from 'vitest';
import { createScanner, type Scan, type Scanner, type ScannerOptions } from '../../../../main/engine/detection/scanner.ts';
import { findSecrets } from '../../../../main/engine/detection/secrets.ts';
import { CREDENTIALS, letters } from './tokens.ts';

const open: Scanner[] = [];
function scanner(options: Partial<ScannerOptions> = {}): Scanner {
  const made = createScanner({ workers: 1, ...options });
  open.push(made);
  return made;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

const BROKEN = new URL('./broken-worker.ts', import.meta.url);
const LONG = letters(5_000);
const text = (text: string, role = 'user') => ({ text, role });
const labels = (scans: readonly Scan[]) => scans.map(({ findings, unscanned }) => unscanned ?? findings.map(({ label }) => label));

describe('a scan', () => {
  const credential = CREDENTIALS[0]![1];
  const leak = `key ${credential} and\n${'some words '.repeat(900)}`;

  it('finds the same in a thread, in the calling thread, and what is kept', async () => {
    const threads = scanner();
    const expected = [{ findings: findSecrets(leak) }, { findings: [] }];
    const texts = [text(leak), text('nothing here')];
    expect(expected[0]!.findings).toHaveLength(1);
    expect(await threads.scan(texts)).toEqual(expected);
    expect(await threads.scan(texts)).toEqual(expected);
    expect(await scanner({ workers: 0 }).scan(texts)).toEqual(expected);
    expect(await threads.scan([text(`key ${credential}`)])).toMatchObject([{ findings: [{ start: 4 }] }]);
  });

  it('gives one answer a text, in their order', async () => {
    const texts = Array.from({ length: 200 }, (_, i) => text(i % 3 === 0 ? `${i} ${leak}` : `${i} ${'word '.repeat(i)}`));
    expect(labels(await scanner().scan(texts))).toEqual(texts.map(({ text }) => findSecrets(text).map(({ label }) => label)));
  });

  it('answers for no text, and for an empty one', async () => {
    expect(await scanner().scan([])).toEqual([]);
    expect(await scanner().scan([text('')])).toEqual([{ findings: [] }]);
  });

  it('leaves what is too long, and says so', async () => {
    const texts = [text(leak), text('x'.repeat(20_001)), text(leak)];
    expect(labels(await scanner({ longest: 20_000 }).scan(texts))).toEqual([
      ['secret.anthropic-key'],
      'too-long',
      ['secret.anthropic-key'],
    ]);
  });

  it('does not confuse texts that differ in what is no character', async () => {
    const broken = scanner({ worker: BROKEN });
    const [a, b] = await broken.scan([text(`\ud800${LONG}`), text(`\ufffd${LONG}!`)]);
    expect([a!.findings[0]!.end, b!.findings[0]!.end]).toEqual([5_001, 5_002]);
  });

  it('looks for the company’s own patterns', async () => {
    const patterns = [{ id: 'falcon', label: 'data.project', severity: 'high', pattern: 'Project (?:Falcon|Eagle)' } as const];
    for (const workers of [0, 1]) {
      expect(await scanner({ workers, patterns }).scan([text('about Project Eagle')])).toEqual([
        { findings: [{ detector: 'pattern:falcon', label: 'data.project', severity: 'high', start: 6, end: 19 }] },
      ]);
    }
  });
});

describe('a text that breaks its detector', () => {
  it.each([
    ['hangs', 'hang', 'timeout'],
    ['backtracks without end', 'backtrack', 'timeout'],
    ['ends the thread', 'end', 'failed'],
    ['throws through the thread', 'throw', 'failed'],
    ['fails by itself', 'fail', 'failed'],
  ])('and %s is unscanned, and only that', async (_what, how, expected) => {
    const said: string[] = [];
    const broken = scanner({ worker: BROKEN, deadlineMs: 500, log: (message) => said.push(message) });
    const texts = [text(`a ${LONG}`), text(`${how} ${LONG}`), text(`b ${LONG}`), text(`c ${LONG.repeat(10)}`)];
    expect(labels(await broken.scan(texts))).toEqual([['test.length'], expected, ['test.length'], ['test.length']]);
    expect(said.length > 0).toBe(how !== 'fail');
    expect(labels(await broken.scan([text(`d ${LONG}`)]))).toEqual([['test.length']]);
  });

  it('is not tried again at once when its conversation is sent again', async () => {
    const said: string[] = [];
    const broken = scanner({ worker: BROKEN, deadlineMs: 300, log: (message) => said.push(message) });
    for (let turn = 0; turn < 3; turn++) expect(labels(await broken.scan([text(`hang ${LONG}`)]))).toEqual(['timeout']);
    expect(said).toHaveLength(1);
  });

  it('does not keep a conversation for longer than four deadlines', async () => {
    const broken = scanner({ worker: BROKEN, deadlineMs: 200 });
    const texts = [text(`a ${LONG}`), ...Array.from({ length: 30 }, (_, i) => text(`hang ${i} ${LONG}`))];
    const before = performance.now();
    const scans = labels(await broken.scan(texts));
    expect(performance.now() - before).toBeLessThan(20_000);
    expect(new Set(scans.slice(1))).toEqual(new Set(['timeout']));
  });

  it('leaves everything unscanned where threads do not start', async () => {
    const none = scanner({ worker: new URL('./no-such-worker.ts', import.meta.url) });
    expect(labels(await none.scan([text(LONG)]))).toEqual(['failed']);
    expect(labels(await none.scan([text(LONG)]))).toEqual(['failed']);
  });

  it('does not outlive the scanner', async () => {
    const broken = scanner({ worker: BROKEN, deadlineMs: 60_000 });
    const scans = broken.scan([text(`hang ${LONG}`)]);
    await broken.close();
    expect(labels(await scans)).toEqual(['failed']);
    expect(labels(await broken.scan([text('a')]))).toEqual(['failed']);
  });
});
