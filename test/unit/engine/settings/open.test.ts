import { describe, expect, it, vi } from 'vitest';
import type { ManagedReading } from '../../../../main/contract/settings/layers.ts';
import { openSettings, watchManaged } from '../../../../main/engine/settings/open.ts';

const contact = (name: string): ManagedReading => ({ state: 'settings', json: { contact: name }, source: 'x', base: '/' });

describe('the look at what management says', () => {
  it('is taken at once and at every turn of the clock, until it ends', async () => {
    let now = contact('first');
    const readManaged = () => Promise.resolve(now);
    const stack = await openSettings({ dataDir: '/nowhere/holdpoint', readManaged });
    expect(stack.current()).toMatchObject({ contact: 'first', dataDir: '/nowhere/holdpoint' });
    expect(stack.explain('dataDir')).toMatchObject({ source: 'user', where: 'the command line' });

    let turn: () => void = () => {};
    const ended = vi.fn();
    const every = (ms: number, call: () => void) => {
      expect(ms).toBe(30_000);
      turn = call;
      return ended;
    };
    now = contact('second');
    const watch = watchManaged({ stack, readManaged, every });
    await vi.waitFor(() => expect(stack.current().contact).toBe('second'));
    now = contact('third');
    turn();
    await vi.waitFor(() => expect(stack.current().contact).toBe('third'));
    watch.close();
    expect(ended).toHaveBeenCalledOnce();
    now = contact('fourth');
    await watch.look();
    expect(stack.current().contact).toBe('third');
  });

  it('goes on where what it found cannot be kept for later', async () => {
    const told: string[] = [];
    const readManaged = () => Promise.resolve(contact('IT'));
    const stack = await openSettings({ dataDir: '/nowhere/holdpoint', readManaged, log: (message) => told.push(message) });
    const watch = watchManaged({ stack, readManaged, every: () => () => {} });
    await watch.look();
    watch.close();
    expect(stack.current().contact).toBe('IT');
    expect(told).toEqual([expect.stringContaining('could not be kept in /nowhere/holdpoint')]);
  });
});
