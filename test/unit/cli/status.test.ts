import { describe, expect, it } from 'vitest';
import { fleetLine } from '../../../main/cli/status.ts';
import type { FleetStatus } from '../../../main/contract/control.ts';

const fleet: FleetStatus = {
  url: 'https://policy.example.com/',
  ring: 'stable',
  device: 'd'.repeat(32),
  revision: 12,
  state: 'current',
  confirmedAt: '2026-11-28T05:00:00.000Z',
  problem: null,
};

describe('the fleet’s row of the status', () => {
  it.each<[string, Partial<FleetStatus>]>([
    ['revision 12 for stable, current, confirmed 2026-11-28T05:00:00.000Z', {}],
    ['no revision for canary, not asked yet, never confirmed', { ring: 'canary', revision: null, state: 'starting', confirmedAt: null }],
    ['revision 12 for stable, server not reached, confirmed 2026-11-28T05:00:00.000Z', { state: 'offline' }],
    ['revision 12 for stable, what the server offers is REFUSED, confirmed 2026-11-28T05:00:00.000Z', { state: 'refused' }],
    ['revision 12 for stable, OLDER THAN PERMITTED, confirmed 2026-11-28T05:00:00.000Z', { state: 'stale' }],
  ])('reads "%s"', (line, more) => {
    expect(fleetLine({ ...fleet, ...more })).toBe(line);
  });
});
