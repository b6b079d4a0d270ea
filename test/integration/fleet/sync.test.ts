/** What a device does with what an honest policy server publishes. */

import { describe, expect, it } from 'vitest';
import { createWorld, seen } from './support.ts';

describe('a device of a fleet', () => {
  it('puts what is published for its ring in force', async () => {
    const world = await createWorld();
    const device = await world.start();
    await device.sync.syncNow();
    expect(seen(device)).toEqual({ state: 'current', revision: 1, problem: null, active: 1 });
    expect(world.highest).toBe(1);
    expect(device.sync.status().confirmedAt).toBe(new Date(world.clock).toISOString());
    expect(device.records.map(({ verdict }) => verdict)).toEqual(['accepted']);
  });

  it('is told in two answers, one of them empty, that nothing has changed', async () => {
    const world = await createWorld();
    const device = await world.start();
    await device.sync.syncNow();
    world.server.asked.length = 0;
    await device.sync.syncNow();
    expect(world.server.asked).toMatchObject([
      { path: '2.root.json', status: 404, bytes: 0 },
      { path: 'timestamp.json', status: 304, bytes: 0 },
    ]);
    expect(device.activated).toHaveLength(1);
    await device.sync.close();

    const restarted = await world.start();
    await restarted.sync.syncNow();
    expect(world.server.asked.at(-1)).toMatchObject({ path: 'timestamp.json', status: 304 });
    expect(seen(restarted)).toEqual({ state: 'current', revision: 1, problem: null, active: 1 });
  });
});
