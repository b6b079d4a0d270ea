import { describe, expect, it } from 'vitest';
import { onDevice, placeOf } from '../../../../main/engine/policy/rollout.ts';
import { compiled, forbid } from './build.ts';

const devices = Array.from({ length: 2_000 }, (_, index) => `device-${index}`);
const [policy] = compiled(forbid('team.new', 'true', '@rollout("25%")'));
const isInForce = (device: string) => onDevice([policy!], device)[0]?.mode === 'enforce';

describe('a rollout', () => {
  it('puts a policy in force on its share of the devices, and observes it on the others', () => {
    const share = devices.filter(isInForce).length / devices.length;
    expect(share).toBeGreaterThan(0.2);
    expect(share).toBeLessThan(0.3);
  });

  it('chooses the same devices each time, and with a greater share only more of them', () => {
    for (const device of devices.slice(0, 200)) {
      const place = placeOf('team.new', device);
      expect(placeOf('team.new', device)).toBe(place);
      expect(isInForce(device)).toBe(place < 25);
    }
  });

  it('chooses other devices for another policy', () => {
    const both = devices.filter((device) => placeOf('team.new', device) < 25 && placeOf('team.other', device) < 25);
    expect(both.length / devices.length).toBeLessThan(0.1);
  });

  it.each([
    ['0%', 0],
    ['100%', 2_000],
  ])('of %s is on %d of 2000 devices', (rollout, count) => {
    const [all] = compiled(forbid('team.new', 'true', `@rollout("${rollout}")`));
    expect(devices.filter((device) => onDevice([all!], device)[0]?.mode === 'enforce')).toHaveLength(count);
  });

  it('counts as complete where there is no device', () => {
    expect(onDevice([policy!], undefined)[0]?.mode).toBe('enforce');
  });

  it('changes nothing of what is observed everywhere', () => {
    const [watched] = compiled(forbid('team.watched', 'true', '@mode("observe")'));
    expect(devices.every((device) => onDevice([watched!], device)[0]?.mode === 'observe')).toBe(true);
  });
});
