/** What a device does with what an honest policy server publishes, and where there is none. */

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { isInRollout } from '../../../main/engine/fleet/bundle.ts';
import { enrolmentProof } from '../../../main/engine/fleet/identity.ts';
import { createTestRepository } from '../../support/tuf-repository.ts';
import { providerCaPem, providerIdentity } from '../interception/support.ts';
import { createWorld, type Device, seen, type World } from './support.ts';

const HOUR = 3_600_000;
const LAST_GOOD = 'fleet/last-good.json';

/** A device that has had revision 1 in force, and was stopped. */
async function stopped(): Promise<World> {
  const world = await createWorld();
  const device = await world.start();
  await device.sync.syncNow();
  await device.sync.close();
  return world;
}

/** Started where nobody answers. */
async function startedOffline(world: World, more: Parameters<World['start']>[0] = {}): Promise<Device> {
  await world.server.close();
  const device = await world.start(more);
  await device.sync.syncNow();
  return device;
}

describe('a device of a fleet', () => {
  it('puts what is published for its ring in force', async () => {
    const world = await createWorld();
    const device = await world.start();
    await device.sync.syncNow();
    expect(seen(device)).toEqual({ state: 'current', revision: 1, problem: null, active: 1 });
    expect(world.highest).toBe(1);
    expect(device.sync.status()).toMatchObject({
      url: world.server.url,
      ring: 'stable',
      device: device.identity.device,
      confirmedAt: new Date(world.clock).toISOString(),
    });
    expect(device.records).toMatchObject([{ kind: 'fleet', verdict: 'accepted', data: { revision: 1, previous: null } }]);
  });

  it('puts a new revision in force, and tells who watches', async () => {
    const world = await createWorld();
    const device = await world.start();
    await device.sync.syncNow();
    const told: (number | null)[] = [];
    const leave = device.sync.onChange(() => told.push(device.sync.status().revision));
    world.repository.publish(2, { bundle: { settings: { approvals: { timeoutSeconds: 60 } } } });
    await device.sync.syncNow();
    leave();
    world.repository.publish(3);
    await device.sync.syncNow();
    expect(device.activated.map(({ revision }) => revision)).toEqual([1, 2, 3]);
    expect(device.activated[1]?.settings).toEqual({ approvals: { timeoutSeconds: 60 } });
    expect(told).toEqual([2]);
  });

  it('is told in two answers, both empty, that nothing has changed', async () => {
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

  it('has the kept policy in force before it has asked anybody', async () => {
    const world = await stopped();
    world.clock += 30 * HOUR;
    await world.server.close();
    const device = await world.start();
    expect(seen(device)).toEqual({ state: 'starting', revision: 1, problem: null, active: 1 });
    await device.sync.syncNow();
    expect(seen(device)).toMatchObject({
      state: 'offline',
      revision: 1,
      problem: expect.stringMatching(/cannot be reached \(ECONNREFUSED\)/),
    });
    expect(device.records).toMatchObject([{ verdict: 'unreachable', data: { problem: 'unreachable' } }]);
    await world.server.reopen();
    world.repository.resign();
    await device.sync.syncNow();
    expect(seen(device)).toEqual({ state: 'current', revision: 1, problem: null, active: 1 });
  });

  it.each(['keep', 'ask', 'block'] as const)(
    'says that its policy is older than permitted, and that "%s" is wanted then',
    async (whenStale) => {
      const world = await stopped();
      const device = await startedOffline(world, { settings: { whenStale } });
      world.clock += 48 * HOUR;
      expect(device.sync.staleMode()).toBeUndefined();
      world.clock += 1;
      expect(device.sync.staleMode()).toBe(whenStale);
      expect(seen(device)).toMatchObject({ state: 'stale', revision: 1, active: 1 });
      // Setting the clock back makes nothing younger.
      world.clock -= 24 * HOUR;
      expect(device.sync.staleMode()).toBe(whenStale);
      await world.server.reopen();
      world.repository.resign();
      await device.sync.syncNow();
      expect(device.sync.staleMode()).toBeUndefined();
      expect(seen(device)).toMatchObject({ state: 'current', problem: null });
    },
  );

  it.each<[string, (file: string) => void]>([
    ['changed', (file) => writeFileSync(file, readFileSync(file, 'utf8').replace(/H4sI/, 'H4sJ'))],
    ['truncated', (file) => writeFileSync(file, readFileSync(file).subarray(0, 500))],
    ['replaced by another fleet’s', (file) => writeFileSync(file, JSON.stringify({ seal: '', content: '{}' }))],
  ])('does not use a kept policy that was %s, and gets it anew', async (_what, damage) => {
    const world = await stopped();
    damage(`${world.dir}/${LAST_GOOD}`);
    const device = await startedOffline(world, { settings: { whenStale: 'block' } });
    // Somebody may want to be rid of it: what is wanted of an old policy is wanted of a missing one.
    expect(seen(device)).toMatchObject({ state: 'stale', revision: null, active: undefined });
    expect(device.sync.staleMode()).toBe('block');
    expect(device.records[0]).toMatchObject({
      verdict: 'refused',
      summary: expect.stringMatching(/kept on this device is damaged or was changed/),
    });
    await world.server.reopen();
    await device.sync.syncNow();
    expect(seen(device)).toEqual({ state: 'current', revision: 1, problem: null, active: 1 });
  });

  it('gets everything anew where all that was kept is gone or damaged', async () => {
    const world = await stopped();
    rmSync(`${world.dir}/${LAST_GOOD}`);
    writeFileSync(`${world.dir}/fleet/metadata.json`, '{"url":');
    writeFileSync(`${world.dir}/fleet/state.json`, 'null');
    const device = await world.start();
    await device.sync.syncNow();
    expect(seen(device)).toEqual({ state: 'current', revision: 1, problem: null, active: 1 });
  });

  it('notices a kept policy that was put back to an older one', async () => {
    const world = await stopped();
    const older = readFileSync(`${world.dir}/${LAST_GOOD}`);
    world.repository.publish(2);
    const device = await world.start({ settings: { whenStale: 'ask' } });
    await device.sync.syncNow();
    await device.sync.close();
    writeFileSync(`${world.dir}/${LAST_GOOD}`, older);
    const restarted = await startedOffline(world, { settings: { whenStale: 'ask' } });
    expect(seen(restarted)).toMatchObject({ state: 'stale', revision: 1 });
    expect(restarted.sync.staleMode()).toBe('ask');
  });

  it('keeps its policy in force where the root of trust is no longer the one it was signed under', async () => {
    const world = await stopped();
    for (const root of ['no root', createTestRepository().root]) {
      const device = await world.start({ settings: { root } });
      expect(seen(device)).toMatchObject({ revision: 1, problem: expect.stringMatching(/root of trust in fleet.root/), active: 1 });
      await device.sync.syncNow();
      expect(seen(device)).toMatchObject({ state: 'refused', revision: 1, problem: expect.stringMatching(/root/), active: 1 });
      await device.sync.close();
    }
  });

  it('has its policy in force, and says that it could not be kept, where the disk is full', async () => {
    const world = await createWorld();
    let full = true;
    const device = await world.start({
      write: (file, text) => {
        if (full) throw new Error('ENOSPC: no space left on device, write');
        writeFileSync(file, text);
      },
    });
    await device.sync.syncNow();
    expect(seen(device)).toEqual({
      state: 'current',
      revision: 1,
      problem: expect.stringMatching(/in force, but could not be kept on the disk \(ENOSPC.*Make room/),
      active: 1,
    });
    await device.sync.syncNow();
    expect(device.records.map(({ verdict }) => verdict).filter((verdict) => verdict === 'not-kept')).toHaveLength(1);
    expect(existsSync(`${world.dir}/${LAST_GOOD}`)).toBe(false);
    full = false;
    await device.sync.syncNow();
    expect(seen(device).problem).toBeNull();
    await device.sync.close();
    expect(seen(await startedOffline(world))).toMatchObject({ revision: 1, active: 1 });
  });

  it('takes a revision only if it is among the devices that it is rolled out to', async () => {
    const world = await createWorld();
    const device = await world.start();
    await device.sync.syncNow();
    const { device: id } = device.identity;
    const first = (wanted: boolean) => {
      for (let revision = 2; ; revision += 1) if (isInRollout(id, 'stable', { revision, rollout: 50 }) === wanted) return revision;
    };
    const [out, into] = [first(false), first(true)];
    world.repository.publish(out, { rollout: 50 });
    await device.sync.syncNow();
    expect(seen(device)).toEqual({ state: 'current', revision: 1, problem: null, active: 1 });
    world.repository.publish(out, { rollout: 100 });
    await device.sync.syncNow();
    expect(seen(device)).toMatchObject({ revision: out });
    // Whoever has it keeps it, whatever its rollout is now.
    world.repository.publish(out, { rollout: 50 });
    await device.sync.syncNow();
    expect(seen(device)).toEqual({ state: 'current', revision: out, problem: null, active: out });
    const next = into > out ? into : out + 1;
    world.repository.publish(next, { rollout: isInRollout(id, 'stable', { revision: next, rollout: 50 }) ? 50 : 100 });
    await device.sync.syncNow();
    expect(seen(device)).toMatchObject({ revision: next });
  });

  it('has nothing of the fleet in force where nothing is published for its ring', async () => {
    const world = await createWorld();
    for (const ring of ['canary', 'not-a-ring']) {
      const device = await world.start({ settings: { ring } });
      await device.sync.syncNow();
      expect(seen(device)).toEqual({
        state: 'refused',
        revision: null,
        problem: expect.stringMatching(`has nothing for this device’s ring \\(${ring}\\)`),
        active: undefined,
      });
      await device.sync.close();
    }
  });

  it('keeps its old ring’s policy until it has the new ring’s', async () => {
    const world = await stopped();
    world.highest = 0;
    const device = await world.start({ settings: { ring: 'canary' } });
    await device.sync.syncNow();
    expect(seen(device)).toMatchObject({ revision: 1, active: 1 });
    world.repository.publish(2, { ring: 'canary' });
    await device.sync.syncNow();
    expect(seen(device)).toEqual({ state: 'current', revision: 2, problem: null, active: 2 });
    expect(device.activated.at(-1)?.ring).toBe('canary');
  });
});

describe('a device without a fleet', () => {
  it('does not load the library that looks for policy', () => {
    const script = `await import('./main/engine/fleet/sync.ts');
      console.log(Object.keys(process.getBuiltinModule('module')._cache).filter((file) => /tuf-?js/.test(file)).length);`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    expect({ stdout, stderr }).toEqual({ stdout: '0\n', stderr: '' });
  });
});

describe('the way to the policy server', () => {
  it('tells the token to the server, proves it in the log once, and writes it nowhere', async () => {
    const world = await createWorld();
    const token = 'enrolment-token-4711';
    for (const [enrolmentToken, times] of [
      [token, 1],
      [token, 0],
      ['another-token-4712', 1],
    ] as const) {
      const device = await world.start({ settings: { enrolmentToken } });
      await device.sync.syncNow();
      const { device: id, publicKey } = device.identity;
      const data = { device: id, publicKey, proof: enrolmentProof(enrolmentToken, device.identity), ring: 'stable', version: '1.2.3' };
      const enrolled = device.records.filter(({ verdict }) => verdict === 'enrolled');
      expect(enrolled).toMatchObject(Array(times).fill({ kind: 'fleet', data }));
      expect(JSON.stringify([device.records, device.sync.status()])).not.toContain(enrolmentToken);
      expect(world.server.asked.at(-1)?.authorization).toBe(`Bearer ${enrolmentToken}`);
      await device.sync.close();
    }
    for (const file of ['state.json', 'metadata.json', 'last-good.json'])
      expect(readFileSync(`${world.dir}/fleet/${file}`, 'utf8')).not.toContain(token);
  });

  it.each([401, 403])('says that the token is wrong where the server answers %d', async (status) => {
    const world = await stopped();
    const device = await world.start({ settings: { enrolmentToken: 'wrong-token-1' } });
    world.server.answer = (_path, response) => Boolean(response.writeHead(status).end());
    await device.sync.syncNow();
    await device.sync.syncNow();
    expect(seen(device)).toEqual({
      state: 'refused',
      revision: 1,
      problem: expect.stringMatching(/does not accept this device’s enrolment token/),
      active: 1,
    });
    expect(seen(device).problem).not.toContain('wrong-token-1');
  });

  it('says that the server’s certificate is not trusted, and trusts the authority it is told to', async () => {
    const world = await createWorld(providerIdentity('127.0.0.1'));
    const device = await world.start();
    await device.sync.syncNow();
    expect(seen(device)).toEqual({
      state: 'refused',
      revision: null,
      problem: expect.stringMatching(/HTTPS certificate of the policy server .* is not trusted .*upstream\.extraCaFile/),
      active: undefined,
    });
    await device.sync.close();
    const trusting = await world.start({ extraCaPem: providerCaPem });
    await trusting.sync.syncNow();
    expect(seen(trusting)).toEqual({ state: 'current', revision: 1, problem: null, active: 1 });
  });

  it('leads through the company’s proxy where there is one', async () => {
    const world = await createWorld(providerIdentity('127.0.0.1'));
    const asked: (string | undefined)[] = [];
    const proxy = createServer().on('connect', ({ url, headers }, client) => {
      asked.push(`${url} ${headers.authorization}`);
      const server = connect(Number(url?.split(':').at(-1)), '127.0.0.1', () => {
        client.write('HTTP/1.1 200 OK\r\n\r\n');
        server.pipe(client).pipe(server);
      });
      server.on('error', () => client.destroy());
      client.on('error', () => server.destroy());
    });
    onTestFinished(() => void proxy.close());
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const { port } = proxy.address() as AddressInfo;
    const settings = { enrolmentToken: 'token-of-the-fleet' };
    const device = await world.start({ extraCaPem: providerCaPem, proxy: { HTTPS_PROXY: `http://127.0.0.1:${port}` }, settings });
    await device.sync.syncNow();
    expect(seen(device)).toEqual({ state: 'current', revision: 1, problem: null, active: 1 });
    expect(new Set(asked)).toEqual(new Set([`${new URL(world.server.url).host} undefined`]));
  });

  it('says that the server answers with an error', async () => {
    const world = await stopped();
    const device = await world.start();
    world.server.answer = (_path, response) => Boolean(response.writeHead(503).end());
    await device.sync.syncNow();
    await device.sync.syncNow();
    expect(seen(device)).toMatchObject({ state: 'offline', revision: 1, problem: expect.stringMatching(/answers with an error \(503\)/) });
  });
});

describe('looking for a new policy', () => {
  it('comes again after the interval, sooner after a failure, and at once when the network is back', async () => {
    const world = await createWorld();
    const device = await world.start();
    await device.sync.syncNow();
    await vi.waitFor(() => expect([...device.timers.values()].sort()).toEqual([15_000, 300_000]));
    await world.server.close();
    for (const wait of [5000, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000]) {
      for (const [run, ms] of [...device.timers]) {
        if (ms === 15_000) continue;
        device.timers.delete(run);
        run();
      }
      await vi.waitFor(() => expect([...device.timers.values()].filter((ms) => ms !== 15_000)).toEqual([wait]));
    }
    await world.server.reopen();
    world.repository.publish(2);
    device.fire(15_000, 15_000);
    expect(seen(device)).toMatchObject({ state: 'offline', revision: 1 });
    world.network = '';
    device.fire(15_000, 15_000);
    world.network = '198.51.100.7';
    device.fire(15_000, 15_000);
    await vi.waitFor(() => expect(seen(device)).toMatchObject({ state: 'current', revision: 2 }));
  });

  it('differs from device to device by a fifth', async () => {
    const world = await createWorld();
    for (const [random, wait] of [
      [0, 240_000],
      [1, 360_000],
    ] as const) {
      const device = await world.start({ random: () => random });
      await vi.waitFor(() => expect([...device.timers.values()]).toContain(wait));
      await device.sync.close();
      expect(device.timers.size).toBe(0);
    }
  });

  it('puts nothing in force once it is closed', async () => {
    const world = await createWorld();
    const device = await world.start();
    world.server.answer = () => true;
    await device.sync.close();
    await device.sync.syncNow();
    expect(device.activated).toEqual([]);
  });
});

describe('a data folder that was copied to another machine', () => {
  it('is noticed: the device there goes by an identity of its own, and says so', async () => {
    const world = await stopped();
    const original = (await world.start()).identity;
    world.machine = 'b'.repeat(32);
    const copy = await world.start();
    await copy.sync.syncNow();
    expect(copy.identity.device).not.toBe(original.device);
    expect(copy.identity.device).toMatch(/^[0-9a-f]{32}$/);
    expect(seen(copy)).toEqual({
      state: 'current',
      revision: 1,
      problem: expect.stringMatching(/copied from another machine, so this device goes by an identity of its own/),
      active: 1,
    });
    expect(copy.records).toMatchObject([{ kind: 'fleet', verdict: 'identity-copied' }]);
    await copy.sync.close();
    const again = await world.start();
    expect(again.identity.device).toBe(copy.identity.device);
    expect(again.records).toEqual([]);
  });
});
