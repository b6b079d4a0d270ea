import { expect, it } from 'vitest';
import { ANSWER_KEY, createAnswerKey } from '../../../main/app/answer-key.ts';

function setUp(isFree: () => boolean) {
  const taken = new Map<string, () => void>();
  let pressed = 0;
  const key = createAnswerKey(
    {
      register(name, then) {
        if (!isFree()) return false;
        taken.set(name, then);
        return true;
      },
      unregister: (name) => void taken.delete(name),
    },
    () => {
      pressed += 1;
    },
  );
  return { key, taken, pressed: () => pressed };
}

it('is taken from other programs only while there is something to answer', () => {
  const { key, taken, pressed } = setUp(() => true);
  key.update(0);
  expect(taken.size).toBe(0);
  key.update(1);
  key.update(2);
  taken.get(ANSWER_KEY)!();
  expect(pressed()).toBe(1);
  key.update(0);
  expect(taken.size).toBe(0);
});

it('that another program has is tried for again with the next question', () => {
  let isFree = false;
  const { key, taken } = setUp(() => isFree);
  key.update(1);
  expect(taken.size).toBe(0);
  isFree = true;
  key.update(2);
  expect(taken.size).toBe(1);
});
