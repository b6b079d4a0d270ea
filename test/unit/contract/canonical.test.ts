import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../main/contract/canonical.ts';
import type { Json } from '../../../main/contract/record.ts';

describe('canonical JSON', () => {
  it('writes the example of RFC 8785, section 3.2.3, as the RFC does', () => {
    const value = JSON.parse(
      String.raw`{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}`,
    );
    expect(canonicalJson(value)).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    );
  });

  it('orders names by UTF-16 code units, at every depth', () => {
    expect(canonicalJson({ '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, ö: { b: 1, a: 2 } })).toBe(
      '{"\\r":2,"1":4,"\u0080":6,"ö":{"a":2,"b":1},"€":1,"😀":5,"\ufb33":3}',
    );
  });

  it('says the same value, and the same text for the same value however it was put together', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value as Json);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });

  it.each([[Number.NaN], [Number.POSITIVE_INFINITY], [1n], [() => 1]])('refuses %s', (value) => {
    expect(() => canonicalJson({ value: value as unknown as Json })).toThrow(TypeError);
  });

  it('replaces lone surrogates, which no file can hold', () => {
    expect(canonicalJson({ 'a\ud800': '\udc00b' })).toBe('{"a\ufffd":"\ufffdb"}');
  });
});
