/** A question that does not come before anybody's eyes is told another way, once. */

import { describe, expect, it } from 'vitest';
import { nativeQuestions } from '../../../main/app/native-question.ts';
import { ASIDE_FOR_MS, createUnseen, SHOWN_WITHIN_MS } from '../../../main/app/unseen.ts';
import { aQuestion } from '../../e2e/app/content.ts';

function setUp() {
  const told: string[] = [];
  let isSeen = false;
  let waiting: { readonly ms: number; readonly then: () => void } | undefined;
  const unseen = createUnseen({
    isSeen: () => isSeen,
    tell: ({ id }, others) => void told.push(`${id} and ${others}`),
    wait(ms, then) {
      const mine = { ms, then };
      waiting = mine;
      return () => {
        if (waiting === mine) waiting = undefined;
      };
    },
  });
  return {
    unseen,
    told,
    see: (is: boolean) => {
      isSeen = is;
    },
    waits: () => waiting?.ms,
    pass() {
      const { then } = waiting!;
      waiting = undefined;
      then();
    },
  };
}

const [one, two] = [aQuestion({ id: 'one' }), aQuestion({ id: 'two' })];

describe('a question', () => {
  it('that is shown in time is told by nothing else', () => {
    const { unseen, told, see, pass, waits } = setUp();
    unseen.update([one], true);
    expect(waits()).toBe(SHOWN_WITHIN_MS);
    see(true);
    pass();
    expect(told).toEqual([]);
  });

  it('that can’t be shown is told once, with those beside it', () => {
    const { unseen, told, pass, waits } = setUp();
    unseen.update([one, two], true);
    pass();
    expect(told).toEqual(['one and 1']);
    unseen.update([one, two], true);
    expect(waits()).toBeUndefined();
    unseen.update([], false);
    unseen.update([one], true);
    pass();
    expect(told).toEqual(['one and 1', 'one and 0']);
  });

  it('that was put aside is told of once more after a while', () => {
    const { unseen, told, see, pass, waits } = setUp();
    see(true);
    unseen.update([one], true);
    unseen.update([one], false);
    expect(waits()).toBe(ASIDE_FOR_MS);
    pass();
    expect(told).toEqual(['one and 0']);
    unseen.update([one], false);
    expect(waits()).toBeUndefined();
  });

  it('that is answered before is not told of', () => {
    const { unseen, waits } = setUp();
    unseen.update([one], true);
    unseen.update([], false);
    expect(waits()).toBeUndefined();
  });
});

describe('the system’s notification of it', () => {
  it('says what is wanted and leads to the answer', () => {
    const made: { readonly said: { title: string; body: string }; readonly on: Map<string, () => void> }[] = [];
    let opened = 0;
    class Fake {
      static isSupported = () => true;
      readonly #on = new Map<string, () => void>();
      constructor(said: { title: string; body: string }) {
        made.push({ said, on: this.#on });
      }
      on(event: string, listener: () => void) {
        this.#on.set(event, listener);
      }
      show() {}
    }
    const tell = nativeQuestions(Fake, () => opened++);
    tell(one, 0);
    tell(one, 2);
    expect(made.map(({ said }) => [said.title, said.body])).toEqual([
      [one.title, 'It is held until you answer. Click, or press Ctrl+Alt+Enter, to answer in Holdpoint.'],
      [one.title, 'It is held until you answer, and so are 2 others. Click, or press Ctrl+Alt+Enter, to answer in Holdpoint.'],
    ]);
    made[0]!.on.get('click')!();
    expect(opened).toBe(1);
  });

  it('is not tried where the system has none', () => {
    class None {
      static isSupported = () => false;
      constructor() {
        throw new Error('There is none.');
      }
      on() {}
      show() {}
    }
    nativeQuestions(None, () => {})(one, 0);
  });
});
