/** `holdpoint sync`: has the engine look for the fleet's newest policy, and says what came of it. */

import { parseArgs } from 'node:util';
import { visibleLines } from '../engine/approvals/visible.ts';
import { type Command, DONE, NO, PLACE_OPTIONS, placeOf, print, printJson } from './io.ts';
import { fleetLine } from './status.ts';
import { withEngine } from './with-engine.ts';

export const sync: Command = async (args, io) => {
  const { values } = parseArgs({ args: [...args], options: { ...PLACE_OPTIONS, json: { type: 'boolean' } } });
  const { fleet } = await withEngine(placeOf(values), (client) => client.call('sync', {}));
  if (values.json) printJson(io, { fleet });
  else if (fleet) print(io, `Fleet: ${fleetLine(fleet)}.`, ...(fleet.problem === null ? [] : [visibleLines(fleet.problem)]));
  return fleet?.problem === null ? DONE : NO;
};
