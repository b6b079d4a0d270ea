/** `holdpoint failsafe`: stands at the engine's port while the engine cannot run. For supervisors. */

import { parseArgs } from 'node:util';
import { servicePlaces } from '../contract/service-places.ts';
import { runFailsafe } from '../failsafe/failsafe.ts';
import { type Command, UsageError } from './io.ts';

export const failsafe: Command = async (args, io) => {
  const { values } = parseArgs({
    args: [...args],
    options: { service: { type: 'boolean' }, 'data-dir': { type: 'string' }, 'with-parent': { type: 'boolean' } },
  });
  const own = values['data-dir'];
  if (values.service) {
    const { dataDir, runDir } = servicePlaces();
    return runFailsafe({ dataDir, publicDir: runDir, forAll: true });
  }
  if (own === undefined) throw new UsageError('Whose engine? Name its data folder: --data-dir DIR, or --service.');
  const places = { dataDir: own, publicDir: own, forAll: false };
  if (!values['with-parent']) return runFailsafe(places);
  const starterEnded = new Promise<void>((resolve) => void io.input.once('end', resolve).once('error', () => resolve()));
  io.input.resume();
  return runFailsafe(places, starterEnded).finally(() => io.input.pause());
};
