import { describe, expect, it } from 'vitest';
import { createSuccession } from '../../../main/engine/succession.ts';

function worker(name: string) {
  const open = new Set<PromiseWithResolvers<string>>();
  let closed = false;
  return {
    work() {
      const asked = Promise.withResolvers<string>();
      open.add(asked);
      return asked.promise;
    },
    finish() {
      for (const asked of open) asked.resolve(name);
    },
    fail() {
      for (const asked of open) asked.reject(new Error(name));
    },
    isClosed: () => closed,
    async close() {
      closed = true;
    },
  };
}

describe('a succession', () => {
  it('gives new work to the one that took the place', async () => {
    const [before, after] = [worker('before'), worker('after')];
    const succession = createSuccession(before);
    succession.replace(after);
    const done = succession.use((one) => one.work());
    after.finish();
    expect(await done).toBe('after');
    expect(succession.current).toBe(after);
  });

  it.each(['finish', 'fail'] as const)('closes the one before when its work has come to an end: %s', async (how) => {
    const [before, after] = [worker('before'), worker('after')];
    const succession = createSuccession(before);
    const done = succession.use((one) => one.work()).catch(() => 'failed');
    succession.replace(after);
    expect(before.isClosed()).toBe(false);
    before[how]();
    expect(await done).toBe(how === 'finish' ? 'before' : 'failed');
    await expect.poll(before.isClosed).toBe(true);
    expect(after.isClosed()).toBe(false);
  });

  it('closes all that were in it, and whoever comes after that', async () => {
    const all = [worker('before'), worker('after'), worker('late')] as const;
    const succession = createSuccession(all[0]);
    succession.replace(all[1]);
    await succession.close();
    succession.replace(all[2]);
    await expect.poll(() => all.map((one) => one.isClosed())).toEqual([true, true, true]);
  });
});
