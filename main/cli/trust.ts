/** `holdpoint trust`: has this machine trust the device's authority, takes that back, and says how it stands. */

import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { GuardOfMachine } from '../../native-config/part.ts';
import { createPerformer, describeStep } from '../../native-config/steps/perform.ts';
import { type System, thisSystem } from '../../native-config/system.ts';
import { readAuthorityFile } from '../../native-config/trust/authority.ts';
import { createOwnTrust, createTrust } from '../../native-config/trust/trust.ts';
import { HoldpointError } from '../contract/errors.ts';
import { PUBLISHED_CA, servicePlaces } from '../contract/service-places.ts';
import { visibleLines } from '../engine/approvals/visible.ts';
import { loadSettings } from '../engine/settings.ts';
import { agreed } from './agreed.ts';
import { type Command, DONE, type Io, NO, PLACE_OPTIONS, placeOf, print, printJson, UsageError } from './io.ts';
import { codeOfStates, printStates } from './part-states.ts';

export const trust: Command = async (args, io) => {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { ...PLACE_OPTIONS, json: { type: 'boolean' }, yes: { type: 'boolean' } },
    allowPositionals: true,
  });
  const [verb = 'status', extra] = positionals;
  if (extra !== undefined) throw new UsageError(`${JSON.stringify(extra)} is one word too many.`);
  if (values.json && verb !== 'status') throw new UsageError('--json goes with status.');
  const system = thisSystem();
  const { dataDir } = loadSettings(placeOf(values));
  const caFile = caFileOf(values, dataDir);
  switch (verb) {
    case 'install':
      return install(system, { dataDir, caFile }, values.yes === true, io);
    case 'remove':
      return remove(system, dataDir, values.yes === true, io);
    case 'status':
      return status(system, guardOf(caFile), values.json === true, io);
    default:
      throw new UsageError(`There is no trust command ${JSON.stringify(verb)}: install, remove or status.`);
  }
};

interface Place {
  readonly dataDir: string;
  readonly caFile: string;
}

async function install(system: System, { dataDir, caFile }: Place, yes: boolean, io: Io): Promise<number> {
  const guard = guardOf(caFile);
  const part = isForAll(system) ? createTrust(system) : createOwnTrust(system);
  const steps = await part.plan(guard);
  if (steps.length === 0) {
    print(io, isForAll(system) ? 'Nothing to do: it is trusted already.' : 'Nothing to do for your own browsers.');
  } else {
    print(io, ...steps.map((step) => visibleLines(describeStep(step))), '');
    if (!yes && !(await agreed(io))) return NO;
    await createPerformer(system, journalOf(system, dataDir)).make(part.name, steps);
  }
  if (!isForAll(system))
    print(io, `What all programs of this machine trust is root’s to say: sudo holdpoint trust install --data-dir ${dirname(caFile)}`);
  printStates(await createTrust(system).status(guard), io);
  return codeOfStates(await part.status(guard));
}

/** Needs no authority: that may have gone. */
async function remove(system: System, dataDir: string, yes: boolean, io: Io): Promise<number> {
  const performer = createPerformer(system, journalOf(system, dataDir));
  if (!performer.made().includes('trust')) {
    print(io, 'Nothing to do: nothing was changed here.');
    return DONE;
  }
  print(io, 'The device’s authority is no longer trusted where it was made so from here. Agents behind the guard then fail.');
  if (!yes && !(await agreed(io))) return NO;
  const left = await performer.takeBack(['trust']);
  print(io, ...left.map(visibleLines), left.length === 0 ? 'Taken back.' : 'All else is taken back.');
  return left.length === 0 ? DONE : NO;
}

async function status(system: System, guard: GuardOfMachine, json: boolean, io: Io): Promise<number> {
  const states = await createTrust(system).status(guard);
  if (json) printJson(io, { trust: states });
  else printStates(states, io);
  return codeOfStates(states);
}

/** Root, or an administrator of Windows. */
function isForAll({ platform, uid }: System): boolean {
  if (platform === 'linux' || uid === 0 || uid === undefined) return uid === 0 || uid === undefined;
  throw new HoldpointError('not-found', 'What this machine trusts is root’s to say. Run it with sudo.');
}

/**
 * Root's in root's own folder, whoever's engine it is about: a file in somebody else's could lead anywhere, and the machine has one store.
 */
function journalOf(system: System, dataDir: string): string {
  if (isForAll(system)) return servicePlaces(system.platform, system.env).journalFile;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  return join(dataDir, 'trust.json');
}

/** Of the data folder named, or of the machine's service where there is one, or one's own. */
function caFileOf(values: Parameters<typeof placeOf>[0], dataDir: string): string {
  const place = placeOf(values);
  const published = join(servicePlaces().runDir, PUBLISHED_CA);
  const isNamed = place.configFile !== undefined || place.dataDir !== undefined;
  return !isNamed && existsSync(published) ? published : join(dataDir, PUBLISHED_CA);
}

/** The proxy has no part in trust. */
function guardOf(caFile: string): GuardOfMachine {
  return { proxyUrl: '', caPem: readAuthorityFile(caFile) };
}
