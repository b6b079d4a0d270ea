import { expect, it } from 'vitest';
import { fleetFigures } from '../../bench/fleet.ts';

it('what a fleet costs can be measured', { timeout: 90_000 }, async () => {
  const lines = await fleetFigures(1);
  expect(lines).toContainEqual(expect.stringMatching(/^- nothing new: 2\.0 requests, \d{3} bytes$/));
  expect(lines.filter((line) => /^\| [\d,]+ \|( [\d,.e+-]+ \|){5}$/.test(line))).toHaveLength(4);
});
