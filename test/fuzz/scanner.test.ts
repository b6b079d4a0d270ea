/** A scan of anything: never a throw, findings in order and within the text, and time that grows with the text and not faster. */

import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { createScanner } from '../../main/engine/detection/scanner.ts';
import { SECRET_RULES } from '../../main/engine/detection/secret-rules.ts';
import { findSecrets, SCAN_PATTERNS, scanSecrets } from '../../main/engine/detection/secrets.ts';
import { runs } from './runs.ts';

/** What detectors stop at, so that chance gets further than their first look. */
const PIECES = [
  ...SECRET_RULES.flatMap(({ prefixes }) => prefixes),
  ...'password=¦"secret": "¦token: ¦--password ¦curl -u a:¦mysql -p¦://u:¦@h¦<password>¦</password>¦| password |\n|---|\n| a | b |\n¦,Password,\n'.split(
    '¦',
  ),
  ...`identified by '¦is „¦-----BEGIN RSA ${'PRIVATE'} KEY-----¦-----END RSA ${'PRIVATE'} KEY-----¦PuTTY-User-Key-File-3: ¦Private-Lines: 4\n`.split(
    '¦',
  ),
  ...['eyJhbGciOiJIUzI1NiJ9.', '[secret:x:'],
  ...[
    '%3D',
    '\\u003d',
    '\\x41',
    '&quot;',
    '" + "',
    '\\\n',
    '\\n',
    ' ',
    '=',
    ':',
    '/',
    '.',
    '-',
    '_',
    '"',
    "'",
    '\\',
    '\u{1f511}',
    '\ud800',
    '\udc00',
    '\0',
    '\ufeff',
  ],
];

const scraps = fc.array(
  fc.oneof(
    fc.constantFrom(...PIECES),
    fc.string({ maxLength: 40 }),
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.stringMatching(/^[A-Za-z0-9+/_-]{0,80}$/),
    fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes).toString('base64')),
    fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
  ),
  { maxLength: 40 },
);
const texts = fc
  .tuple(scraps, fc.array(fc.constantFrom('base64', 'hex', 'url', 'json'), { maxLength: 4 }))
  .map(([parts, encodings]) => encodings.reduce(encode, parts.join('')));

function encode(text: string, encoding: string): string {
  if (encoding === 'url') return encodeURIComponent(text.toWellFormed());
  if (encoding === 'json') return JSON.stringify(text);
  return Buffer.from(text).toString(encoding === 'hex' ? 'hex' : 'base64');
}

it('finds in order, apart, and within the text', () => {
  fc.assert(
    fc.property(texts, fc.boolean(), (text, lenient) => {
      let last = 0;
      for (const { start, end } of scanSecrets(text, { lenient, maxAttempts: 2000 }).findings) {
        expect(start).toBeGreaterThanOrEqual(last);
        expect(end).toBeGreaterThan(start);
        last = end;
      }
      expect(last).toBeLessThanOrEqual(text.length);
    }),
    { numRuns: runs(1_500) },
  );
});

const scanner = createScanner({ workers: 1 });
afterAll(() => scanner.close());

it('is the same in a thread, and never fails', async () => {
  await fc.assert(
    fc.asyncProperty(texts, fc.constantFrom('user', 'tool_result'), async (text, role) => {
      const long = `${text}${' some more words'.repeat(300)}`;
      const [scan] = await scanner.scan([{ text: long, role }]);
      expect(scan!.unscanned).toBeUndefined();
      expect(scan!.findings.filter(({ detector }) => detector === 'secrets')).toEqual(findSecrets(long));
    }),
    { numRuns: runs(150) },
  );
});

/** Far more than the slowest takes here, and far less than any pattern that is not linear would. */
const MOST_MS_FOR_100_KB = 3_000;

it('takes no piece, however often it is repeated, for longer than it is long', () => {
  const near = ['a', 'aB3', 'A1-', '0f', ' ', "'", '"', ',', '|', ': ', ' is ', '> ', '\n'];
  for (const piece of PIECES) {
    for (const filler of near) {
      const unit = piece + filler;
      const text = unit.repeat(Math.ceil(4_000 / unit.length));
      const before = performance.now();
      findSecrets(text);
      expect(performance.now() - before, JSON.stringify(unit)).toBeLessThan(MOST_MS_FOR_100_KB / 4);
    }
    const text = piece.repeat(Math.ceil(100_000 / piece.length));
    const before = performance.now();
    findSecrets(text);
    expect(performance.now() - before, JSON.stringify(piece)).toBeLessThan(MOST_MS_FOR_100_KB);
  }
  expect(SCAN_PATTERNS.length).toBeGreaterThan(200);
});
