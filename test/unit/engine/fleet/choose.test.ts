import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isInRollout } from '../../../../main/engine/fleet/bundle.ts';
import { chooseBundle } from '../../../../main/engine/fleet/choose.ts';

const device = 'd'.repeat(32);
const listed = (...notes: [revision: number, rollout: number][]) => notes.map(([revision, rollout]) => ({ note: { revision, rollout } }));

describe('the bundle that a device takes', () => {
  it('is the newest that it is among', () => {
    const out = [...Array(1000).keys()].slice(4).find((revision) => !isInRollout(device, 'stable', { revision, rollout: 1 }))!;
    expect(chooseBundle(listed([1, 100], [out, 1], [3, 100]), { device, ring: 'stable', floor: 0 })).toEqual({
      kind: 'take',
      listed: { note: { revision: 3, rollout: 100 } },
    });
    expect(chooseBundle(listed([out, 1]), { device, ring: 'stable', floor: 0 })).toEqual({ kind: 'wait' });
    expect(chooseBundle([], { device, ring: 'stable', floor: 0 })).toEqual({ kind: 'nothing' });
    expect(chooseBundle(listed([3, 100]), { device, ring: 'stable', floor: 4 })).toEqual({ kind: 'rollback', newest: 3 });
  });

  it('is never older than what it has accepted, and the accepted one if there is none newer', () => {
    const notes = fc.array(fc.tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 100 })), { maxLength: 10 });
    fc.assert(
      fc.property(notes, fc.nat(50), fc.stringMatching(/^[0-9a-f]{32}$/), (found, floor, id) => {
        const choice = chooseBundle(listed(...found), { device: id, ring: 'stable', floor });
        if (choice.kind === 'take') {
          const { revision } = choice.listed.note;
          expect(revision).toBeGreaterThanOrEqual(floor);
          expect(revision === floor || isInRollout(id, 'stable', choice.listed.note)).toBe(true);
        } else if (choice.kind !== 'rollback') expect(found.some(([revision]) => revision === floor)).toBe(false);
      }),
    );
  });
});
