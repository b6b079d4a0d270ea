import { describe, expect, it } from 'vitest';
import { sizeAfter, TEXT_SIZES } from '../../../main/app/text-size.ts';

const key = (key: string, rest = {}) => ({ type: 'keyDown' as const, key, control: true, meta: false, alt: false, ...rest });

describe('the size of text', () => {
  it('goes up and down a step at a time, and back to one by nought', () => {
    expect(sizeAfter(key('='), 1)).toBe(1.1);
    expect(sizeAfter(key('+'), 1.1)).toBe(1.25);
    expect(sizeAfter(key('-'), 1)).toBe(0.9);
    expect(sizeAfter(key('+', { control: false, meta: true }), 1)).toBe(1.1);
    expect(sizeAfter(key('0'), 1.75)).toBe(1);
  });

  it('ends at the ends', () => {
    expect(sizeAfter(key('+'), TEXT_SIZES.at(-1)!)).toBe(2);
    expect(sizeAfter(key('-'), TEXT_SIZES[0])).toBe(0.8);
  });

  it('is changed by no other key', () => {
    for (const other of [
      key('a'),
      key('Enter'),
      key('+', { control: false }),
      key('-', { alt: true }),
      key('0', { type: 'keyUp' as const }),
    ])
      expect(sizeAfter(other, 1)).toBeUndefined();
  });
});
