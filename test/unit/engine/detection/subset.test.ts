/** Which regular expressions a company may have run on every text. */

import { describe, expect, it } from 'vitest';
import { compilePatterns, findPatterns } from '../../../../main/engine/detection/customer/patterns.ts';
import { whyRefused } from '../../../../main/engine/detection/customer/subset.ts';

describe('a pattern', () => {
  it.each([
    'Project (?:Falcon|Eagle|Kestrel)',
    '\\bEMP-\\d{6}\\b',
    '(?<number>KD[- ]?[0-9]{4,8})',
    'streng vertraulich',
    '[A-Z]{2}\\d{2}(?:-[0-9A-F]{4}){3}',
    'ACME[\\w-]{8,64}',
    '^From: .{1,100}@acme\\.example$',
    '(?:foo|bar){1,3}',
    '[\\]a-z]{3}',
    '\\p{Lu}{3}\\u{1F600}',
  ])('may be %s', (pattern) => {
    expect(whyRefused(pattern, pattern.includes('\\p') ? 'u' : '')).toBeUndefined();
  });

  it.each([
    ['a+b', 'no end'],
    ['.*secret', 'no end'],
    ['[a-z]{3,}', 'no end'],
    ['(?:a{1,50}){1,50}', 'ways'],
    ['(?:a|a){1,30}b', 'ways'],
    ['a{0,100}a{0,100}b', 'ways'],
    ['(a)\\1', 'references back'],
    ['(?<x>a)\\k<x>', 'references back'],
    ['(?=a)b', 'look-ahead'],
    ['(?<!a)b', 'look-behind'],
    ['(?i:a)b', 'flags within'],
    ['a{2000}', 'more than 1000 times'],
    ['(?:a{1000}){100}', 'characters'],
    ['a?', 'empty'],
    ['a|', 'empty'],
    ['^$', 'empty'],
    ['(', 'not a regular expression'],
    ['x'.repeat(1001), 'longer than'],
    [`${'('.repeat(30)}a${')'.repeat(30)}`, 'nested'],
  ])('may not be %s', (pattern, why) => {
    expect(whyRefused(pattern, '')).toContain(why);
  });

  it('may not have flags that change what a match is', () => {
    for (const flags of ['g', 'y', 'v', 'ii', 'd']) expect(whyRefused('abc', flags), flags).toBeDefined();
  });

  it('is found wherever it fits, and fails where it fits everything', () => {
    const compiled = compilePatterns([{ id: 'n', label: 'data.number', severity: 'low', pattern: 'kd-\\d{3}', flags: 'i' }]);
    expect(findPatterns('KD-123 kd-456', compiled).map(({ start, end }) => [start, end])).toEqual([
      [0, 6],
      [7, 13],
    ]);
    expect(() => findPatterns('kd-123 '.repeat(10_001), compiled)).toThrow(/more than/);
    expect(() => compilePatterns([{ id: 'bad', label: 'x', severity: 'low', pattern: 'a+' }])).toThrow(/bad is refused/);
  });

  it('runs through a long text of what nearly fits in bounded time', () => {
    const worst = compilePatterns([{ id: 'w', label: 'x', severity: 'low', pattern: 'a{1,40}a{1,40}b' }]);
    const before = performance.now();
    expect(findPatterns('a'.repeat(100_000), worst)).toEqual([]);
    expect(performance.now() - before).toBeLessThan(10_000);
  });
});
