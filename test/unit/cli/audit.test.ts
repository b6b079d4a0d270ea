import { describe, expect, it } from 'vitest';
import { timeIn } from '../../../main/cli/audit.ts';
import { UsageError } from '../../../main/cli/io.ts';

const NOW = Date.UTC(2026, 4, 31, 12);

describe('--since', () => {
  it.each([
    ['30d', '2026-05-01T12:00:00.000Z'],
    ['12h', '2026-05-31T00:00:00.000Z'],
    ['45m', '2026-05-31T11:15:00.000Z'],
    ['2026-05-01', '2026-05-01T00:00:00.000Z'],
    ['2026-05-01T09:30:00Z', '2026-05-01T09:30:00.000Z'],
    ['2026-05-01T09:30:00.250+02:00', '2026-05-01T07:30:00.250Z'],
  ])('%s is %s', (text, expected) => {
    expect(timeIn(text, NOW).toISOString()).toBe(expected);
  });

  it.each(['', 'yesterday', '5', '5w', '-5d', '2026-13-01', '2026-05-01T99:00:00Z', '1e3d', '05/01/2026'])('%j is no time', (text) => {
    expect(() => timeIn(text, NOW)).toThrow(UsageError);
  });
});
