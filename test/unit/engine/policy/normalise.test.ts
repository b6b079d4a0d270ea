import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_STRING, normalise, normaliseAndCap } from '../../../../main/engine/policy/normalise.ts';

describe('normalised text', () => {
  it.each([
    ['full-width letters', '\uFF52\uFF4D -rf', 'rm -rf'],
    ['zero-width characters', 'r\u200Bm', 'rm'],
    ['characters that turn text around', 'a\u202Eb\u2066c', 'abc'],
    ['variation selectors and fillers', 'r\uFE0Fm\u3164', 'rm'],
    ['composed and decomposed accents', 'a\u0301', 'á'],
    ['an accent behind an invisible character', 'a\u200D\u0301', 'á'],
    ['a lone surrogate', 'a\uD800b', 'a\uFFFDb'],
  ])('evens out %s', (_, text, expected) => {
    expect(normalise(text)).toBe(expected);
  });

  it('keeps both ends of what is too long', () => {
    const { text, cut } = normaliseAndCap(`start${'x'.repeat(5_000_000)}end`);
    expect(cut).toBe(true);
    expect(text.length).toBe(MAX_STRING);
    expect(text).toMatch(/^startx+ … x+end$/);
  });

  it('leaves alone what fits', () => {
    const text = 'x'.repeat(MAX_STRING);
    expect(normaliseAndCap(text)).toEqual({ text, cut: false });
  });

  it('bounds text that grows when it is normalised', () => {
    const { text, cut } = normaliseAndCap('\uFDFA'.repeat(MAX_STRING));
    expect(cut).toBe(true);
    expect(text.length).toBeLessThanOrEqual(MAX_STRING);
  });

  it('is well-formed and bounded whatever comes in', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 50 }), fc.integer({ min: 1, max: 2000 }), (units, times) => {
        const { text } = normaliseAndCap(String.fromCharCode(...units).repeat(times));
        expect(text.isWellFormed()).toBe(true);
        expect(text.length).toBeLessThanOrEqual(MAX_STRING);
      }),
      { numRuns: 50 },
    );
  });
});
