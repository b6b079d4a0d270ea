import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unpackBundle } from '../../main/engine/fleet/bundle.ts';
import { createWorld, type Device, seen } from '../integration/fleet/support.ts';
import { runs } from './runs.ts';

/** Bytes that were hit somewhere, cut or grown. */
const damage = fc.record({
  file: fc.nat(1000),
  changes: fc.array(fc.tuple(fc.nat(1_000_000), fc.integer({ min: 1, max: 255 })), { maxLength: 6 }),
  cut: fc.option(fc.nat(1_000_000), { nil: undefined }),
  more: fc.uint8Array({ maxLength: 40 }),
});
type Damage = typeof damage extends fc.Arbitrary<infer T> ? T : never;

/** A member of a JSON text, somewhere, replaced by something else. */
const surgery = fc.record({ file: fc.nat(1000), member: fc.nat(200), value: fc.jsonValue({ maxDepth: 3 }) });

function damaged(bytes: Buffer, { changes, cut, more }: Damage): Buffer {
  const copy = Buffer.concat([bytes.subarray(0, cut === undefined ? undefined : cut % (bytes.length + 1)), more]);
  for (const [at, by] of changes) if (copy.length > 0) copy[at % copy.length]! ^= by;
  return copy;
}

function operated(bytes: Buffer, member: number, value: unknown): Buffer {
  let count = 0;
  return Buffer.from(JSON.stringify(JSON.parse(bytes.toString()), (_key, old) => (count++ === member ? value : old)) ?? '');
}

/** Nothing that is not signed is in force, whatever was served; and the engine lives. */
async function expectUnmoved(device: Device, published: readonly number[]): Promise<void> {
  await device.sync.syncNow();
  const { revision, active, state } = seen(device);
  expect(active).toBe(revision);
  expect(published).toContain(revision);
  expect(['current', 'offline', 'refused']).toContain(state);
  for (const bundle of device.activated) expect(bundle.settings).toEqual({});
}

describe('a device, given anything by its policy server', () => {
  it('puts in force what was signed or nothing new', { timeout: runs(60_000) }, async () => {
    const world = await createWorld();
    const device = await world.start();
    await device.sync.syncNow();
    world.repository.rotate(['root', 'timestamp']);
    world.repository.publish(2);
    const whole = world.repository.copy();
    const names = [...whole.keys()];
    await fc.assert(
      fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 3 }), async (hits) => {
        const files = new Map(whole);
        for (const hit of hits) {
          const name = names[hit.file % names.length]!;
          files.set(name, damaged(files.get(name)!, hit));
        }
        world.server.files = files;
        await expectUnmoved(device, [1, 2]);
      }),
      { numRuns: runs(40) },
    );
    await fc.assert(
      fc.asyncProperty(surgery, async ({ file, member, value }) => {
        const json = names.filter((name) => name.endsWith('.json'));
        const name = json[file % json.length]!;
        world.server.files = new Map([...whole, [name, operated(whole.get(name)!, member, value)]]);
        await expectUnmoved(device, [1, 2]);
      }),
      { numRuns: runs(60) },
    );
    world.server.files = whole;
    await device.sync.syncNow();
    expect(seen(device)).toEqual({ state: 'current', revision: 2, problem: null, active: 2 });
  });

  it('starts from whatever is left of what it kept', { timeout: runs(60_000) }, async () => {
    const world = await createWorld();
    const first = await world.start();
    await first.sync.syncNow();
    await first.sync.close();
    const names = ['last-good.json', 'metadata.json', 'state.json'].map((name) => `${world.dir}/fleet/${name}`);
    const whole = names.map((name) => readFileSync(name));
    await fc.assert(
      fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 3 }), async (hits) => {
        for (const [index, name] of names.entries()) writeFileSync(name, whole[index]!);
        for (const hit of hits) {
          const index = hit.file % names.length;
          writeFileSync(names[index]!, damaged(whole[index]!, hit));
        }
        const device = await world.start({ timeoutMs: 10_000 });
        const [before] = device.activated;
        if (before) expect(before).toMatchObject({ ring: 'stable', revision: 1, settings: {} });
        await device.sync.syncNow();
        expect(seen(device)).toMatchObject({ revision: 1, active: 1 });
        await device.sync.close();
      }),
      { numRuns: runs(25) },
    );
  });

  it('refuses in one sentence a bundle that is none', { timeout: runs(30_000) }, async () => {
    const { repository } = await createWorld();
    const packed = [...repository.files].find(([name]) => name.endsWith('.json.gz'))![1];
    const text = gunzipSync(packed);
    await fc.assert(
      fc.asyncProperty(damage, fc.boolean(), fc.nat(20), fc.jsonValue(), async (hit, inside, member, value) => {
        const bytes = inside ? gzipSync(operated(text, member, value)) : damaged(packed, hit);
        await unpackBundle(bytes).then(
          (bundle) => expect(bundle.format).toBe(1),
          (thrown: unknown) =>
            expect(thrown).toMatchObject({ code: 'bundle-invalid', message: expect.stringMatching(/^The published bundle .*\.$/s) }),
        );
      }),
      { numRuns: runs(200) },
    );
  });
});
