/** `holdpoint transparent`: has the system lead chosen users' connections to the engine. */

import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { parseArgs, promisify } from 'node:util';
import { createLinuxTransparent } from '../../native-config/transparent/linux.ts';
import type { Redirection, TransparentState } from '../../native-config/transparent/transparent.ts';
import { HoldpointError, missingCase } from '../contract/errors.ts';
import { type Command, DONE, type Io, NO, PLACE_OPTIONS, placeOf, print, UsageError } from './io.ts';
import { withEngine } from './with-engine.ts';

type Place = ReturnType<typeof placeOf>;

export const transparent: Command = async (args, io) => {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { ...PLACE_OPTIONS, user: { type: 'string', multiple: true }, yes: { type: 'boolean' } },
    allowPositionals: true,
  });
  const [verb, ...rest] = positionals;
  if (rest[0] !== undefined) throw new UsageError(`${JSON.stringify(rest[0])} is one word too many.`);
  if (process.platform !== 'linux') throw new HoldpointError('not-found', 'Transparent mode is for Linux in this version.');
  switch (verb) {
    case 'install':
      if (!values.user?.length) throw new UsageError('Name whose connections are meant, as in: holdpoint transparent install --user dev.');
      needRoot(verb);
      return install(values.user, placeOf(values), values.yes === true, io);
    case 'remove':
      needRoot(verb);
      return remove(values.yes === true, io);
    case 'status':
      needRoot(verb);
      return status(placeOf(values), io);
    default:
      throw new UsageError(`There is no transparent command ${JSON.stringify(verb ?? '')}: install, remove or status.`);
  }
};

async function install(names: readonly string[], place: Place, yes: boolean, io: Io): Promise<number> {
  const engine = await servingEngine(place);
  const users = await Promise.all(names.map(userId));
  if (users.includes(engine.user)) {
    throw new UsageError(
      `The engine runs as user ${engine.user} itself: its own connections would be led back to it. Run it as another user, or name others.`,
    );
  }
  const system = createLinuxTransparent();
  const wanted: Redirection = { users: [...new Set(users)], port: engine.port };
  print(io, ...system.describe(wanted));
  if (!(yes || (await agreed(io)))) return unchanged(io);
  await system.apply(wanted);
  print(io, 'Done. Their programs must trust the engine’s authority, as with: holdpoint run');
  return DONE;
}

async function remove(yes: boolean, io: Io): Promise<number> {
  const system = createLinuxTransparent();
  if ((await system.verify()).kind === 'absent') {
    print(io, 'There is nothing to remove.');
    return DONE;
  }
  print(io, 'The table inet holdpoint is removed from the kernel’s packet filter; nothing else there is touched.');
  if (!(yes || (await agreed(io)))) return unchanged(io);
  await system.remove();
  print(io, 'Done.');
  return DONE;
}

async function status(place: Place, io: Io): Promise<number> {
  const state = await createLinuxTransparent().verify();
  print(io, sentenceOf(state));
  if (state.kind !== 'installed') return NO;
  const engine = await servingEngine(place);
  if (engine.port === state.port) return DONE;
  print(io, `The engine serves on port ${engine.port} now, so these connections fail. Run: holdpoint transparent install`);
  return NO;
}

function sentenceOf(state: TransparentState): string {
  switch (state.kind) {
    case 'absent':
      return 'Not installed: nobody’s connections are led to the engine.';
    case 'installed':
      return `Installed: connections to port 443 of the users ${state.users.join(', ')} are led to port ${state.port}.`;
    case 'changed':
      return 'The table inet holdpoint is there, but not as Holdpoint makes it. Run holdpoint transparent install, or remove.';
    default:
      return missingCase(state);
  }
}

/** The port is asked of the engine that serves, since a table that leads elsewhere would cut its users off. */
function servingEngine(place: Place): Promise<{ port: number; user: number }> {
  return withEngine(place, async (client) => {
    const { engine } = await client.call('status', {});
    const { uid } = await stat(`/proc/${engine.pid}`);
    return { port: Number(new URL(engine.proxyUrl).port), user: uid };
  });
}

/** Through the system's own tool: users of a directory service do not stand in /etc/passwd. */
async function userId(name: string): Promise<number> {
  const { stdout } = await promisify(execFile)('id', ['-u', '--', name]).catch((error: unknown) => {
    throw new HoldpointError('not-found', `There is no user ${JSON.stringify(name)} on this machine. Check the name.`, error);
  });
  return Number(stdout);
}

function needRoot(verb: string): void {
  if (process.getuid?.() === 0) return;
  throw new HoldpointError(
    'not-found',
    `The kernel's packet filter is root's. Run it as root, with your engine's data folder: sudo holdpoint transparent ${verb} --data-dir DIR`,
  );
}

async function agreed(io: Io): Promise<boolean> {
  if (!io.input.isTTY) return false;
  const lines = createInterface({ input: io.input, output: io.output });
  try {
    return /^y(es)?$/i.test((await lines.question('Do this? [y/N] ')).trim());
  } finally {
    lines.close();
  }
}

function unchanged(io: Io): number {
  print(io, 'Nothing was changed. With --yes it is done without a question.');
  return NO;
}
