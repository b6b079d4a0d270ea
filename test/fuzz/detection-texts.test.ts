/** The normaliser and what reads its texts, given anything: no error, ranges inside the text, and no input that takes long. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findInjections } from '../../main/engine/detection/injection/find.ts';
import { normalised } from '../../main/engine/detection/normalise.ts';
import { findPersonalData } from '../../main/engine/detection/personal/find.ts';
import { runs } from './runs.ts';

/** What these parts look for, so that chance meets it. */
const PIECES = [
  '\u200b',
  '\u202e',
  '\u202c',
  '\u001b[8m',
  '\u001b[0m',
  '\u001b]8;;',
  '\u0007',
  '\b',
  '\r',
  '\n',
  '&#x',
  '&#73;',
  '\\u00',
  '\\x41',
  '%41',
  '%e2%80',
  '<!--',
  '-->',
  '<p style="display:none">',
  '</p>',
  '<b>',
  'alt="',
  '[//]: # (',
  'аbс',
  'ё',
  '\udb40\udc41',
  '\ud835',
  '\ufe0f',
  'i g n o r e',
  'SWdub3JlIGFsbCBwcmV2aW91cyBpbnN0cnVj',
  'snoitcurtsni',
  'ignore ',
  'all previous ',
  'instructions',
  'assistant: ',
  'AI, ',
  'send ',
  'the user',
  ' do not tell',
  '忽略',
  '之前',
  '指令',
  '<|im_start|>',
  '[INST]',
  'https://x.example/?d=',
  '{TOKEN}',
  '~/.ssh',
  '+49 ',
  '(415) ',
  '4532 7901 ',
  '453279018264',
  'DE89',
  '@',
  '%40',
  'a.b',
  '.com',
  'SSN: ',
  '536-22-8145',
  'PID|1||',
  'P<DEU',
  'born on ',
  '1979-11-30',
  ',',
  '"',
  '`',
  ' ',
  '. ',
  '12',
];
const text = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'binary', maxLength: 12 })), { maxLength: 60 })
  .map((parts) => parts.join(''));

describe('detectors of texts, given anything', () => {
  it('normalise with a way back that stays in order and in bounds', () => {
    fc.assert(
      fc.property(text, (written) => {
        const normal = normalised(written);
        expect(normal.text.length).toBeLessThanOrEqual(4 * written.length + 16);
        for (let i = 0; i < normal.text.length; i++) {
          const origin = normal.originOf(i);
          expect(origin).toBeGreaterThanOrEqual(0);
          expect(origin).toBeLessThanOrEqual(written.length);
          expect(normal.originOfEnd(i + 1)).toBeGreaterThanOrEqual(origin);
          expect(normal.originOfEnd(i + 1)).toBeLessThanOrEqual(written.length);
        }
        for (const { start, end } of normal.hidden) expect(start <= end && end <= normal.text.length).toBe(true);
      }),
      { numRuns: runs(1000) },
    );
  });

  it.each([
    ['personal data', findPersonalData],
    ['injections', findInjections],
  ])('find %s in ranges of the text, in order', (_what, find) => {
    fc.assert(
      fc.property(text, (written) => {
        let last = 0;
        for (const { start, end, label } of find(written)) {
          expect(start).toBeGreaterThanOrEqual(label === 'pii.bulk' ? 0 : last);
          expect(end).toBeGreaterThanOrEqual(start);
          expect(end).toBeLessThanOrEqual(written.length);
          last = start;
        }
      }),
      { numRuns: runs(1500) },
    );
  });

  it('take time in proportion to a text that repeats whatever they look for', { timeout: runs(120_000) }, () => {
    for (const piece of [...PIECES, ...PIECES.map((first, i) => first + PIECES[(i * 7 + 3) % PIECES.length]!)]) {
      const crafted = piece.repeat(Math.ceil(100_000 / piece.length));
      for (const find of [normalised, findPersonalData, findInjections]) {
        const before = performance.now();
        find(crafted);
        expect(performance.now() - before, JSON.stringify(piece)).toBeLessThan(3000);
      }
    }
  });
});
