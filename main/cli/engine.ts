/** `holdpoint engine`: the engine in this process. */

import { parseArgs } from 'node:util';
import { servicePlaces } from '../contract/service-places.ts';
import { runEngine } from '../engine/process.ts';
import { loadSettings } from '../engine/settings.ts';
import { type Command, PLACE_OPTIONS, placeOf, UsageError } from './io.ts';

export const engine: Command = async (args, io) => {
  const { values } = parseArgs({
    args: [...args],
    options: { ...PLACE_OPTIONS, 'with-parent': { type: 'boolean' }, service: { type: 'boolean' } },
  });
  if (values.service) {
    if (Object.keys(values).length > 1) throw new UsageError('--service goes alone: its places are the same on every machine.');
    return runEngine({ service: servicePlaces() });
  }
  const place = placeOf(values);
  loadSettings(place); // A wrong configuration is wrong usage; the engine would tell it as a failed start.
  // However the parent ends, its end of the pipe is closed: an engine that it started does not outlive it unseen.
  const starterEnded = values['with-parent']
    ? new Promise<void>((resolve) => void io.input.once('end', resolve).once('error', () => resolve()))
    : undefined;
  if (starterEnded) io.input.resume();
  try {
    return await runEngine({ ...place, ...(starterEnded && { starterEnded }) });
  } finally {
    io.input.pause(); // Listening to it would keep the process alive.
  }
};
