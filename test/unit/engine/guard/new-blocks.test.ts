import { expect, it } from 'vitest';
import { createNewBlocks } from '../../../../main/engine/guard/new-blocks.ts';

const said = (...texts: string[]) => texts.map((text) => ({ role: 'user', text }));

it('of a conversation that is resent, only what is new is given', () => {
  const newBlocks = createNewBlocks();
  expect(newBlocks('a', said('one'))).toEqual(said('one'));
  expect(newBlocks('a', said('one', 'two', 'three'))).toEqual(said('two', 'three'));
  expect(newBlocks('a', said('one', 'two', 'three'))).toEqual([]);
});

it('what was changed is new, with all that follows it', () => {
  const newBlocks = createNewBlocks();
  newBlocks('a', said('one', 'two', 'three'));
  expect(newBlocks('a', said('one', 'other', 'three'))).toEqual(said('other', 'three'));
  expect(newBlocks('a', [{ role: 'assistant', text: 'one' }])).toEqual([{ role: 'assistant', text: 'one' }]);
});

it('conversations are apart, and one that was forgotten is given whole again', () => {
  const newBlocks = createNewBlocks();
  newBlocks('a', said('one'));
  expect(newBlocks('b', said('one'))).toEqual(said('one'));
  for (let i = 0; i < 63; i += 1) newBlocks(`other ${i}`, said('x'));
  expect(newBlocks('b', said('one'))).toEqual([]);
  expect(newBlocks('a', said('one'))).toEqual(said('one'));
});
