/** `holdpoint bypass`: lets pass for a while what policy would ask about or refuse, where the settings permit that; and ends it. */

import { parseArgs } from 'node:util';
import { type Command, DONE, PLACE_OPTIONS, placeOf, print, UsageError } from './io.ts';
import { clock } from './paint.ts';
import { withEngine } from './with-engine.ts';

const MOST_MINUTES = 480;
const MOST_REASON = 300;

export const bypass: Command = (args, io) => {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { ...PLACE_OPTIONS, minutes: { type: 'string' }, reason: { type: 'string' } },
    allowPositionals: true,
  });
  const [verb, ...rest] = positionals;
  if (rest.length > 0) throw new UsageError(`${JSON.stringify(rest[0])} is one word too many.`);
  const place = placeOf(values);
  if (verb === 'end') {
    if (values.minutes !== undefined || values.reason !== undefined) throw new UsageError('--minutes and --reason begin a bypass.');
    return withEngine(place, async (client) => {
      await client.call('endBypass', {});
      print(io, 'Enforcement is on again.');
      return DONE;
    });
  }
  if (verb !== undefined) throw new UsageError(`There is no bypass command ${JSON.stringify(verb)}: end is.`);
  const minutes = minutesIn(values.minutes);
  const reason = values.reason?.trim() ?? '';
  if (reason === '' || reason.length > MOST_REASON)
    throw new UsageError(`--reason TEXT is missing, or longer than ${MOST_REASON} characters: say why. It is recorded.`);
  return withEngine(place, async (client) => {
    const { until } = await client.call('bypass', { minutes, reason });
    print(io, `Enforcement is suspended until ${clock(until)}. What happens is recorded as ever. To end it before: holdpoint bypass end`);
    return DONE;
  });
};

function minutesIn(text: string | undefined): number {
  if (text === undefined) throw new UsageError('--minutes N is missing: for how long.');
  const minutes = Number(text);
  if (!/^\d{1,3}$/.test(text) || minutes < 1 || minutes > MOST_MINUTES)
    throw new UsageError(`--minutes takes a whole number from 1 to ${MOST_MINUTES}.`);
  return minutes;
}
