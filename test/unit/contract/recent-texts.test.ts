import { describe, expect, it } from 'vitest';
import { createRecentTexts } from '../../../main/contract/recent-texts.ts';

describe('texts of late', () => {
  it('are worked out once while they are asked for, and again once they were forgotten', () => {
    const recent = createRecentTexts<number>(300);
    let worked = 0;
    const ask = (text: string) =>
      recent(text, (given) => {
        worked += 1;
        return given.length;
      });
    expect(ask('one')).toBe(3);
    expect(ask('one')).toBe(3);
    expect(worked).toBe(1);
    for (let i = 0; i < 50; i += 1) {
      ask('one');
      ask(`other ${i}`);
    }
    expect(worked).toBe(51);
    ask('other 0');
    expect(worked).toBe(52);
  });
});
