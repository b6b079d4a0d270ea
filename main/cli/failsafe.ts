/** `holdpoint failsafe`: stands at the engine's port while the engine cannot run. For supervisors. */

import { parseArgs } from 'node:util';
import { servicePlaces } from '../contract/service-places.ts';
import { runFailsafe } from '../failsafe/failsafe.ts';
import { type Command, UsageError } from './io.ts';

export const failsafe: Command = (args) => {
  const { values } = parseArgs({ args: [...args], options: { service: { type: 'boolean' }, 'data-dir': { type: 'string' } } });
  const own = values['data-dir'];
  if (values.service) {
    const { dataDir, runDir } = servicePlaces();
    return runFailsafe({ dataDir, publicDir: runDir, forAll: true });
  }
  if (own === undefined) throw new UsageError('Whose engine? Name its data folder: --data-dir DIR, or --service.');
  return runFailsafe({ dataDir: own, publicDir: own, forAll: false });
};
