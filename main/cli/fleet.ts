/** `holdpoint fleet`: for those who publish a company's policy. */

import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { visibleLines } from '../engine/approvals/visible.ts';
import { unpackBundle } from '../engine/fleet/bundle.ts';
import { changesBetween, isSame } from '../engine/fleet/publish/changes.ts';
import { type BundleContent, readContent } from '../engine/fleet/publish/content.ts';
import { type Days, openFolder } from '../engine/fleet/publish/folder.ts';
import { bundlesOf, initRepository, publish, refresh, rotate, STANDARD_DAYS } from '../engine/fleet/publish/repository.ts';
import { agreed } from './agreed.ts';
import { serveRepository } from './fleet-serve.ts';
import { type Command, DONE, type Io, NO, print, UsageError } from './io.ts';
import { judge } from './judging.ts';
import { newKeystoreSecret, newPassphrase, passphrase } from './passphrase.ts';

const VERBS = 'init, publish, rotate, serve or show';

export const fleet: Command = async (args, io) => {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      yes: { type: 'boolean' },
      bundle: { type: 'string' },
      ring: { type: 'string', multiple: true },
      rollout: { type: 'string' },
      refresh: { type: 'boolean' },
      keystore: { type: 'boolean' },
      port: { type: 'string' },
      'token-file': { type: 'string' },
      'timestamp-days': { type: 'string' },
      'snapshot-days': { type: 'string' },
      'targets-days': { type: 'string' },
      'root-days': { type: 'string' },
    },
    allowPositionals: true,
  });
  const [verb, dir, word, ...rest] = positionals;
  if (verb === undefined) throw new UsageError(`Say what to do: ${VERBS}.`);
  if (!VERBS.split(/, | or /).includes(verb)) throw new UsageError(`There is no fleet command ${JSON.stringify(verb)}: ${VERBS}.`);
  if (dir === undefined) throw new UsageError(`The repository's folder is missing, as in: holdpoint fleet ${verb} DIR.`);
  const stray = verb === 'rotate' ? rest[0] : word;
  if (stray !== undefined) throw new UsageError(`${JSON.stringify(stray)} is one word too many.`);
  switch (verb) {
    case 'init':
      return init({ dir, rings: values.ring ?? ['stable', 'canary'], days: daysIn(values), inKeystore: values.keystore ?? false }, io);
    case 'publish': {
      const [ring = 'stable', ...others] = values.ring ?? [];
      if (others.length > 0) throw new UsageError('One ring at a time.');
      if (values.refresh) return refreshed(dir, io);
      if (values.bundle === undefined) throw new UsageError('Say what to publish: --bundle DIR, or --refresh to sign anew what is there.');
      return published({ dir, bundle: values.bundle, ring, rollout: percentIn(values.rollout), yes: values.yes ?? false }, io);
    }
    case 'rotate':
      if (word === undefined) throw new UsageError('Whose key? As in: holdpoint fleet rotate DIR timestamp.');
      return rotated(dir, word, values.yes ?? false, io);
    case 'serve':
      return await serveRepository({ dir, port: portIn(values.port), tokenFile: values['token-file'] }, io);
    default:
      return show(dir, io);
  }
};

interface Making {
  readonly dir: string;
  readonly rings: readonly string[];
  readonly days: Days;
  readonly inKeystore: boolean;
}

async function init({ dir, rings, days, inKeystore }: Making, io: Io): Promise<number> {
  const secret = await (inKeystore ? newKeystoreSecret(io, dir) : newPassphrase(io));
  await initRepository({ dir, passphrase: secret, rings, days, opens: inKeystore ? 'keystore' : 'passphrase' });
  const where = resolve(dir);
  print(
    io,
    `Made a policy repository in ${where}, with rings ${rings.join(', ')}.`,
    '',
    `  ${join(where, 'public')}    is what a web server serves. Nothing in it is secret.`,
    `  ${join(where, 'keys')}      is what signs. Each key is encrypted ${inKeystore ? 'with a secret in this system’s keystore' : 'with your passphrase'}.`,
    '',
    'Next:',
    `  1. Move keys/root.json to a place that is not connected to anything, and keep a copy. It is needed once a year, and to exchange keys.`,
    `  2. Publish: holdpoint fleet publish ${dir} --bundle FOLDER`,
    `  3. Tell devices where it is: fleet.url, and public/root.json as fleet.root or fleet.rootFile, in managed settings.`,
    `  4. Every six hours, by a timer, since a timestamp counts for a day: holdpoint fleet publish ${dir} --refresh`,
  );
  return DONE;
}

interface Publication {
  readonly dir: string;
  readonly bundle: string;
  readonly ring: string;
  readonly rollout: number;
  readonly yes: boolean;
}

async function published({ dir, bundle, ring, rollout, yes }: Publication, io: Io): Promise<number> {
  const { content, warnings } = await readContent(bundle, judge);
  for (const line of warnings) print(io, visibleLines(line));
  const folder = openFolder(dir);
  const [newest] = bundlesOf(folder.published(), ring);
  const before: BundleContent | undefined = newest && (await unpackBundle(folder.read(newest.name)));
  const sameAsNewest = isSame(before, content);
  if (sameAsNewest && newest?.rollout === rollout) {
    print(io, `Nothing to do: ring ${ring} has this as revision ${newest.revision}, for ${rollout} % of its devices.`);
    return DONE;
  }
  print(io, ...(await summary({ ring, before, content, newest, rollout, sameAsNewest })));
  if (!yes && !(await agreed(io, 'Publish this?'))) return NO;
  const done = await publish({ dir, passphrase: await passphrase(io, dir), ring, content, rollout, sameAsNewest });
  print(io, `Published revision ${done.revision} for ring ${ring}, ${done.rollout} % of its devices.`);
  return DONE;
}

async function summary(given: {
  readonly ring: string;
  readonly before: BundleContent | undefined;
  readonly content: BundleContent;
  readonly newest: { readonly revision: number; readonly rollout: number } | undefined;
  readonly rollout: number;
  readonly sameAsNewest: boolean;
}): Promise<string[]> {
  const { ring, before, content, newest, rollout, sameAsNewest } = given;
  if (sameAsNewest) return [`Ring ${ring}: revision ${newest?.revision} from ${newest?.rollout} % to ${rollout} % of its devices.`];
  const changes = await changesBetween(before, content);
  const since = newest ? `Against revision ${newest.revision} of ring ${ring}:` : `The first for ring ${ring}:`;
  const tests = Object.keys(content.tests).length;
  const share = rollout === 100 ? [] : [`For ${rollout} % of its devices; the others keep what they have.`];
  return [
    since,
    ...changes.map((line) => `  ${visibleLines(line)}`),
    `Its tests pass (${tests} ${tests === 1 ? 'file' : 'files'}).`,
    ...share,
  ];
}

async function refreshed(dir: string, io: Io): Promise<number> {
  const { signed, due } = await refresh({ dir, passphrase: await passphrase(io, dir) });
  for (const [role, expires] of signed) print(io, `Signed ${role} anew, until ${expires}.`);
  for (const [role, expires] of due)
    print(io, `${role} expires ${expires}: ${role === 'root' ? `holdpoint fleet rotate ${dir} root` : 'bring its key and refresh again'}.`);
  return DONE;
}

async function rotated(dir: string, role: string, yes: boolean, io: Io): Promise<number> {
  print(io, `A new key for ${role}. Devices follow by themselves; the old key counts for nothing afterwards.`);
  if (!yes && !(await agreed(io, 'Exchange it?'))) return NO;
  await rotate({ dir, role, passphrase: await passphrase(io, dir) });
  print(io, `Done. Keep a copy of ${join(resolve(dir), 'keys', `${role}.json`)}.`);
  return DONE;
}

function show(dir: string, io: Io): number {
  const folder = openFolder(dir);
  const state = folder.published();
  for (const ring of folder.setUp.rings) {
    const bundles = bundlesOf(state, ring).map(({ revision, rollout }) => `revision ${revision} for ${rollout} %`);
    print(io, `ring ${ring}: ${bundles.length === 0 ? 'nothing published' : bundles.join(', ')}`);
  }
  for (const [role, { version, expires }] of [
    ...Object.entries({ root: state.root, targets: state.targets, snapshot: state.snapshot, timestamp: state.timestamp }),
    ...state.rings,
  ])
    print(io, `${role}: version ${version}, until ${expires}${folder.hasKey(role) ? '' : ', its key is not here'}`);
  return DONE;
}

function daysIn(values: { readonly [name: string]: unknown }): Days {
  return Object.fromEntries(
    Object.entries(STANDARD_DAYS).map(([role, standard]) => {
      const given = values[`${role}-days`];
      if (typeof given !== 'string') return [role, standard];
      const days = /^\d{1,4}(\.\d+)?$/.test(given) ? Number(given) : 0;
      if (!(days > 0 && days <= 3660)) throw new UsageError(`--${role}-days ${given} is no number of days up to 3660.`);
      return [role, days];
    }),
  ) as Days;
}

function percentIn(text = '100%'): number {
  const percent = /^(\d{1,3})\s?%?$/.exec(text)?.[1];
  const number = Number(percent);
  if (!(number >= 1 && number <= 100)) throw new UsageError(`--rollout ${text} is no share: give 1% to 100%.`);
  return number;
}

function portIn(text = '0'): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 65_536;
  if (port > 65_535) throw new UsageError(`--port ${text} is no port.`);
  return port;
}
