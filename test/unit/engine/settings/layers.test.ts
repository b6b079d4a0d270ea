import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../../main/contract/record.ts';
import { LAYERS, type Layer } from '../../../../main/contract/settings/layers.ts';
import { settingsSchema } from '../../../../main/contract/settings.ts';
import { checkLayer } from '../../../../main/engine/settings/check.ts';
import { mergeLayers, settingOf } from '../../../../main/engine/settings/layers.ts';

const UUID = '0b6e8a52-1111-4222-8333-444455556666';
/** Parts that hold by themselves, some of which exclude each other. */
const PARTS: readonly (readonly [Json, ...Layer[]])[] = [
  [{ fleet: { url: 'https://a.test/', root: 'a' } }, 'managed', 'user'],
  [{ fleet: { url: 'https://b.test/', rootFile: '/b.json', ring: 'canary', whenStale: 'block' } }, 'managed', 'user'],
  [{ policy: { use: 'strict' } }, 'managed', 'fleet', 'user'],
  [{ policy: { dir: '/p' } }, 'managed', 'user'],
  [{ tenants: { microsoft: { tenants: ['a'], context: UUID } } }, 'managed', 'fleet', 'user'],
  [{ tenants: { microsoft: { tenants: ['b'], context: UUID }, github: { enterprise: 'corp' } } }, 'managed', 'fleet', 'user'],
  [{ audit: { upload: { url: 'https://c.test/', content: 'full' }, capture: 'full' } }, 'managed', 'fleet', 'user'],
  [{ audit: { upload: { url: 'https://d.test/', headers: { 'x-key': 'k' } } } }, 'managed', 'fleet', 'user'],
  [{ approvals: { unattended: 'wait' }, off: { all: true } }, 'managed', 'fleet', 'user'],
  [{ approvals: { timeoutSeconds: 5 }, budgets: [], prices: {} }, 'managed', 'fleet', 'user'],
];

const layerOf = (layer: Layer) =>
  fc.subarray(PARTS.filter(([, ...by]) => by.includes(layer)).map(([part]) => part)).map((parts) => {
    // The last of parts that say something of the same is the one that counts.
    const json = Object.assign({}, ...parts) as Json;
    return { layer, where: layer, values: checkLayer({ layer, json, source: layer, base: '/' }) };
  });

describe('layers that hold', () => {
  it('hold together, whatever they say, and each value is the one of the highest that set it', () => {
    fc.assert(
      fc.property(layerOf('managed'), layerOf('fleet'), layerOf('user'), (managed, fleet, user) => {
        const { json, keys } = mergeLayers([user, managed, fleet]);
        expect(settingsSchema.safeParse(json).error).toBeUndefined();
        for (const [path, found] of keys) {
          const { source, lockedBy, conflicts } = settingOf(found);
          if (managed.values.has(path)) expect([source, lockedBy]).toEqual(['managed', 'managed']);
          // Nobody is heard over a higher one.
          for (const { layer } of conflicts) expect(LAYERS.indexOf(layer)).toBeGreaterThan(LAYERS.indexOf(lockedBy ?? 'user') - 1);
        }
      }),
      { numRuns: 200 },
    );
  });
});
