/** `holdpoint policy`: check, test, explain and replay policies, with no engine running or beside one. */

import { parseArgs } from 'node:util';
import { type Command, PLACE_OPTIONS, UsageError } from './io.ts';
import { check, test } from './policy-check.ts';
import { explainFile } from './policy-explain.ts';
import { replayPolicy } from './policy-replay.ts';

const VERBS = 'check, test, explain or replay';

export const policy: Command = (args, io) => {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { ...PLACE_OPTIONS, json: { type: 'boolean' }, policy: { type: 'string' }, since: { type: 'string' } },
    allowPositionals: true,
  });
  const [verb, path, ...rest] = positionals;
  if (rest.length > 0) throw new UsageError(`${JSON.stringify(rest[0])} is one word too many.`);
  if (values.policy !== undefined && verb !== 'explain')
    throw new UsageError(`--policy goes with explain; ${verb ?? 'policy'} takes the folder itself.`);
  if (verb !== 'replay') {
    const stray = (['since', 'config', 'data-dir'] as const).find((name) => values[name] !== undefined);
    if (stray !== undefined) throw new UsageError(`--${stray} goes with replay.`);
  }
  const json = values.json ?? false;
  switch (verb) {
    case 'check':
      return check(path, io, json);
    case 'test':
      return test(path, io, json);
    case 'explain':
      if (path === undefined) throw new UsageError('The file with the action is missing, as in: holdpoint policy explain action.json.');
      return explainFile(path, values.policy, io, json);
    case 'replay':
      if (path === undefined) throw new UsageError('The folder of the draft is missing, as in: holdpoint policy replay DIR --since 30d.');
      return replayPolicy(path, values, io);
    case undefined:
      throw new UsageError(`Say what to do: ${VERBS}.`);
    default:
      throw new UsageError(`There is no policy command ${JSON.stringify(verb)}: ${VERBS}.`);
  }
};
