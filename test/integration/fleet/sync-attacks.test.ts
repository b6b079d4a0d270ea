/** What a policy server, or whoever stands before it, may try: the person is told, and what was in force still is. */

import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bundlePath, isInRollout, packBundle } from '../../../main/engine/fleet/bundle.ts';
import { bundleOf, makeKey } from '../../support/tuf-repository.ts';
import { createWorld, type Device, seen, type World } from './support.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A device that has revision 2 in force. */
async function atRevision2(more: Parameters<World['start']>[0] = {}): Promise<{ world: World; device: Device }> {
  const world = await createWorld();
  world.repository.publish(2);
  const device = await world.start(more);
  await device.sync.syncNow();
  expect(seen(device)).toEqual({ state: 'current', revision: 2, problem: null, active: 2 });
  return { world, device };
}

/** The same, that waits for no more than an instant. */
async function impatient(world: World, device: Device, timeoutMs: number): Promise<Device> {
  await device.sync.close();
  return world.start({ timeoutMs });
}

/** It was refused, said and recorded once, however often it is tried, and nothing changed. */
async function expectRefused(device: Device, problem: RegExp, kind: string, state = 'refused'): Promise<void> {
  await device.sync.syncNow();
  await device.sync.syncNow();
  expect(seen(device)).toEqual({ state, revision: 2, problem: expect.stringMatching(problem), active: 2 });
  expect(device.activated).toHaveLength(1);
  const told = device.records.filter(({ verdict }) => verdict !== 'accepted');
  expect(told).toMatchObject([{ kind: 'fleet', verdict: state === 'offline' ? 'unreachable' : 'refused', data: { problem: kind } }]);
  expect(told[0]?.summary).toMatch(problem);
}

describe('a policy server that cannot be trusted', () => {
  it('cannot take the repository back', async () => {
    const { world, device } = await atRevision2();
    const before = world.repository.copy();
    // For others than this device, so that only what is signed around its policy is newer.
    let revision = 3;
    while (isInRollout(device.sync.status().device, 'stable', { revision, rollout: 1 })) revision += 1;
    world.repository.publish(revision, { only: true, rollout: 1 });
    world.repository.resign();
    await device.sync.syncNow();
    world.server.files = before;
    await expectRefused(device, /older than this device has already accepted/, 'rollback');
  });

  it('cannot take policy back where what was kept of the repository is gone', async () => {
    const world = await createWorld();
    const before = world.repository.copy();
    world.repository.publish(2);
    const device = await world.start();
    await device.sync.syncNow();
    await device.sync.close();
    world.server.files = before;
    rmSync(`${world.dir}/fleet`, { recursive: true });
    const restarted = await world.start();
    await restarted.sync.syncNow();
    expect(seen(restarted)).toEqual({
      state: 'stale',
      revision: null,
      problem: expect.stringMatching(/older than this device has already accepted \(revision 1 after 2\)/),
      active: undefined,
    });
  });

  it('cannot hold a device back with what has expired', async () => {
    const { world, device } = await atRevision2();
    world.clock += 25 * HOUR;
    await expectRefused(device, /has expired/, 'freeze');
  });

  it('cannot hold a device back whose clock was set back', async () => {
    const { world, device } = await atRevision2();
    world.clock += 25 * HOUR;
    await device.sync.syncNow();
    await device.sync.close();
    world.clock -= 20 * HOUR;
    const restarted = await world.start();
    await restarted.sync.syncNow();
    expect(seen(restarted)).toEqual({
      state: 'refused',
      revision: 2,
      problem: expect.stringMatching(/expired \(this machine’s clock was set back\)/),
      active: 2,
    });
    // A clock that was wrong for a while locks nobody out: what is signed since then tells that it is right.
    world.repository.publish(3);
    await restarted.sync.syncNow();
    expect(seen(restarted)).toEqual({ state: 'current', revision: 3, problem: null, active: 3 });
  });

  it('cannot mix files of two times', async () => {
    const { world, device } = await atRevision2();
    const before = world.repository.copy();
    world.repository.publish(3);
    const newest = [...world.repository.files.keys()].filter((path) => /^\d+\.snapshot\.json$/.test(path)).at(-1)!;
    world.server.files = new Map([...world.repository.files, [newest, before.get('3.snapshot.json')!]]);
    await expectRefused(device, /do not belong together/, 'mix-and-match');
  });

  it('cannot give an older policy for a ring', async () => {
    const { world, device } = await atRevision2();
    const older = world.repository.files.get('2.stable.json')!;
    world.repository.publish(3);
    world.server.files = new Map([...world.repository.files, ['4.stable.json', older]]);
    await expectRefused(device, /do not belong together/, 'mix-and-match');
  });

  it.each(['timestamp', 'snapshot', 'targets', 'stable'])('cannot sign %s with a key of its own', async (role) => {
    const { world, device } = await atRevision2();
    const own = world.repository.keys.get(role)!;
    world.repository.keys.set(role, { ...makeKey(), id: own.id, content: own.content });
    world.repository.publish(3);
    await expectRefused(device, /not signed by a key that this device trusts/, 'wrong-key');
  });

  it('cannot sign one ring’s policy with another ring’s key', async () => {
    const { world, device } = await atRevision2();
    const own = world.repository.keys.get('stable')!;
    world.repository.keys.set('stable', { ...world.repository.keys.get('canary')!, id: own.id, content: own.content });
    world.repository.publish(3);
    await expectRefused(device, /not signed by a key that this device trusts/, 'wrong-key');
  });

  it('cannot publish for a ring with what another ring’s key signs', async () => {
    const { world, device } = await atRevision2();
    world.repository.publish(3, { ring: 'canary', as: 'stable', bundle: { ring: 'stable' } });
    await device.sync.syncNow();
    expect(seen(device)).toEqual({ state: 'current', revision: 2, problem: null, active: 2 });
  });

  it('cannot give another bundle than was signed', async () => {
    const { world, device } = await atRevision2();
    world.repository.publish(3);
    const path = [...world.repository.files.keys()].find((found) => found.endsWith('.3.json.gz'))!;
    const signed = world.repository.files.get(path)!;
    const other = packBundle(bundleOf(3, 'stable', { publishedAt: '2026-11-01T08:00:01.000Z' }));
    world.server.files = new Map([...world.repository.files, [path, Buffer.concat([other, signed]).subarray(0, signed.byteLength)]]);
    await expectRefused(device, /is not the one that was signed/, 'wrong-hash');
  });

  it.each(['timestamp.json', '.3.json.gz', '4.snapshot.json'])('cannot fill the memory with a %s that never ends', async (ending) => {
    const { world, device } = await atRevision2();
    world.repository.publish(3);
    world.server.answer = (path, response) => {
      if (!path.endsWith(ending)) return false;
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(16_384, 32)));
      };
      response.writeHead(200).on('drain', more);
      more();
      return true;
    };
    await expectRefused(device, /sends more than was signed or is permitted/, 'endless');
  });

  it('cannot pass a truncated bundle off as whole', async () => {
    const { world, device } = await atRevision2();
    world.repository.publish(3);
    const path = [...world.repository.files.keys()].find((found) => found.endsWith('.3.json.gz'))!;
    world.server.files = new Map([...world.repository.files, [path, world.repository.files.get(path)!.subarray(0, 40)]]);
    await expectRefused(device, /is not the one that was signed/, 'wrong-hash');
  });

  it('cannot pass a truncated timestamp off as whole', async () => {
    const { world, device } = await atRevision2();
    world.repository.publish(3);
    world.server.files = new Map([
      ...world.repository.files,
      ['timestamp.json', world.repository.files.get('timestamp.json')!.subarray(0, 90)],
    ]);
    await expectRefused(device, /is not a policy repository/, 'unreadable');
  });

  it('is asked again where it breaks off', async () => {
    const { world, device } = await atRevision2();
    world.repository.publish(3);
    world.server.answer = (path, response) => {
      if (!path.endsWith('.3.json.gz')) return false;
      response.writeHead(200, { 'content-length': 100 });
      response.write('half', () => response.destroy());
      return true;
    };
    await expectRefused(device, /broke off in the middle of a file/, 'cut-off', 'offline');
    world.server.answer = () => false;
    await device.sync.syncNow();
    expect(seen(device)).toEqual({ state: 'current', revision: 3, problem: null, active: 3 });
  });

  it('cannot keep a device waiting', async () => {
    const { world, device } = await atRevision2();
    world.server.answer = (_path, response) => {
      response.writeHead(200).write('{');
      return true;
    };
    await expectRefused(await impatient(world, device, 100), /does not answer in time/, 'too-slow', 'offline');
  });

  it('cannot keep a device waiting by a byte now and then', async () => {
    const { world, device } = await atRevision2();
    world.server.answer = (path, response) => {
      if (path !== 'timestamp.json') return false;
      const drip = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(drip)).writeHead(200);
      return true;
    };
    await expectRefused(await impatient(world, device, 50), /does not answer in time/, 'too-slow', 'offline');
  });

  it('cannot replace the root of trust', async () => {
    const { world, device } = await atRevision2();
    world.repository.rotate(['root'], [makeKey()]);
    await expectRefused(device, /a new root of trust that the old one did not sign/, 'replaced-root');
  });

  it('cannot replace the root of trust by one that only the new key signed', async () => {
    const { world, device } = await atRevision2();
    const stranger = makeKey();
    const rotate = world.repository.rotate;
    world.repository.keys.set('root', stranger);
    rotate(['timestamp'], [stranger]);
    await expectRefused(device, /a new root of trust that the old one did not sign/, 'replaced-root');
  });

  it('cannot send a device elsewhere', async () => {
    const { world, device } = await atRevision2({ settings: { enrolmentToken: 'token-of-the-fleet' } });
    device.records.length = 0;
    const other = await createWorld();
    world.server.answer = (path, response) => {
      response.writeHead(302, { location: `${other.server.url}/${path}` }).end();
      return true;
    };
    await expectRefused(device, /points elsewhere \(302\), which is not followed/, 'redirect');
    expect(other.server.asked).toEqual([]);
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ['for another ring', { ring: 'canary' }, /for another ring or revision/],
    ['of another revision', { revision: 4 }, /for another ring or revision/],
  ])('cannot give a bundle %s', async (_what, more, problem) => {
    const { world, device } = await atRevision2();
    world.repository.publish(3, { bundle: more });
    await expectRefused(device, problem, 'wrong-bundle');
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ['has a key that this version does not know', { quotas: {} }, /it has the key quotas, which this version does not know/],
    ['is of a newer format', { format: 2 }, /it has another format, of a newer version/],
  ])('gets a bundle refused that %s', async (_what, more, problem) => {
    const { world, device } = await atRevision2();
    world.repository.publish(3, { bundle: more });
    await expectRefused(device, problem, 'bundle');
  });

  it('gets a bundle refused that unpacks to nothing sensible', async () => {
    const { world, device } = await atRevision2();
    world.repository.publish(3, { bytes: Buffer.from('no gzip at all') });
    await expectRefused(device, /it cannot be unpacked/, 'bundle');
  });

  it('gets a bundle refused whose tests fail, and is believed again when a new one passes', async () => {
    const { world, device } = await atRevision2();
    world.fault = ({ revision }) => (revision === 3 ? 'The test "rm is asked about" expected ask and got allow.' : undefined);
    world.repository.publish(3);
    await expectRefused(
      device,
      /was not put in force \(revision 3: The test "rm is asked about" expected ask and got allow\)/,
      'not-activated',
    );
    expect(world.highest).toBe(2);
    expect(world.server.asked.filter(({ path }) => path.endsWith('.3.json.gz'))).toHaveLength(1);
    world.fault = () => undefined;
    world.clock += 2 * HOUR;
    await device.sync.syncNow();
    expect(seen(device)).toEqual({ state: 'current', revision: 3, problem: null, active: 3 });
    world.repository.publish(4);
    await device.sync.syncNow();
    expect(seen(device)).toEqual({ state: 'current', revision: 4, problem: null, active: 4 });
  });

  it('can rotate its keys, the root twice, and a device that slept through it follows', async () => {
    const { world, device } = await atRevision2();
    world.repository.rotate(['root', 'timestamp']);
    world.repository.rotate(['root', 'snapshot', 'targets', 'stable']);
    world.repository.publish(3);
    await device.sync.syncNow();
    expect(seen(device)).toEqual({ state: 'current', revision: 3, problem: null, active: 3 });
    world.server.asked.length = 0;
    await device.sync.syncNow();
    expect(world.server.asked.map(({ path }) => path)).toEqual(['4.root.json', 'timestamp.json']);
    await device.sync.close();
    await world.server.close();
    const restarted = await world.start();
    await restarted.sync.syncNow();
    expect(seen(restarted)).toMatchObject({ state: 'offline', revision: 3, active: 3 });
  });

  it('is refused when its root has expired', async () => {
    const { world, device } = await atRevision2();
    world.clock += 366 * DAY;
    world.repository.publish(3);
    await device.sync.syncNow();
    expect(seen(device)).toEqual({
      state: 'stale',
      revision: 2,
      problem: expect.stringMatching(/root of trust .* has expired/),
      active: 2,
    });
    expect(bundlePath('stable', 3)).toBe('rings/stable/3.json.gz');
  });
});
