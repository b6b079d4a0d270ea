/** `holdpoint routes`: where model calls go instead, and the credentials of those gateways. */

import { parseArgs } from 'node:util';
import { visibleLines } from '../engine/approvals/visible.ts';
import { credentialKey, type Keystore, openKeystore, systemKeystore } from '../engine/certificates/keystore.ts';
import { type LoadedSettings, loadSettings } from '../engine/settings.ts';
import { type Command, DONE, type Io, NO, PLACE_OPTIONS, placeOf, print, printJson, UsageError } from './io.ts';
import { readSecret } from './secret-input.ts';

/** As the settings have it. */
const NAME = /^[a-z0-9][a-z0-9-]{0,31}$/;

export const routes: Command = async (args, io) => {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { ...PLACE_OPTIONS, json: { type: 'boolean' } },
    allowPositionals: true,
  });
  const [verb = 'list', name, ...more] = positionals;
  if (!['list', 'set-credential', 'remove-credential'].includes(verb)) throw new UsageError(`There is no routes ${JSON.stringify(verb)}.`);
  if (more.length > 0 || (verb === 'list' && name !== undefined)) throw new UsageError('That is a word too many.');
  const settings = loadSettings(placeOf(values));
  const keystore = openKeystore({ dir: settings.dataDir, system: await systemKeystore(io.env) });
  if (verb === 'list') return list(settings, keystore, io, values.json ?? false);
  if (name === undefined) throw new UsageError(`Which credential? As in: holdpoint routes ${verb} litellm.`);
  if (!NAME.test(name)) throw new UsageError(`${JSON.stringify(name)} cannot name a credential: lower-case letters, digits and "-" can.`);
  return verb === 'set-credential' ? setCredential(keystore, name, io) : removeCredential(keystore, name, io);
};

async function setCredential(keystore: Keystore, name: string, io: Io): Promise<number> {
  const secret = (await readSecret(io, `Credential "${name}" (it is not shown): `)).trim();
  if (secret === '') throw new UsageError('Nothing was read, so nothing was set. Give the credential on standard input.');
  // It becomes a header.
  if (!/^[\x21-\x7e]+$/.test(secret) || secret.length > 8192)
    throw new UsageError('The credential has spaces, lines or letters that no header can carry, so it was not set.');
  // One that was kept in a file would go before a new one in the system's keystore.
  await keystore.remove(credentialKey(name));
  await keystore.set(credentialKey(name), secret);
  const where = keystore.state() === 'unprotected' ? 'a private file of the data folder, because there is no keystore' : 'the keystore';
  print(io, `The credential "${name}" is kept in ${where}. A running engine uses it within ten seconds.`);
  return DONE;
}

async function removeCredential(keystore: Keystore, name: string, io: Io): Promise<number> {
  if (!(await keystore.remove(credentialKey(name)))) {
    print(io, `There is no credential "${name}".`);
    return NO;
  }
  print(io, `The credential "${name}" is removed. Within ten seconds, calls that need it are refused.`);
  return DONE;
}

async function list(settings: LoadedSettings, keystore: Keystore, io: Io, json: boolean): Promise<number> {
  const listed = await Promise.all(
    settings.routes.map(async ({ provider, ways, thenDirect }) => ({
      provider,
      ways: await Promise.all(
        ways.map(async ({ url, credential }) => ({
          url,
          credential: credential ?? null,
          isSet: credential === undefined ? null : (await keystore.get(credentialKey(credential))) !== undefined,
        })),
      ),
      thenDirect,
    })),
  );
  if (json) printJson(io, { routes: listed });
  else if (listed.length === 0) print(io, 'No routes are set: model calls go to their providers.');
  else
    for (const { provider, ways, thenDirect } of listed) {
      print(io, visibleLines(provider));
      for (const way of ways) print(io, `  ${visibleLines(way.url)}  ${credentialOf(way)}`);
      if (thenDirect) print(io, '  the provider itself');
    }
  return listed.some(({ ways }) => ways.some(({ isSet }) => isSet === false)) ? NO : DONE;
}

function credentialOf({ credential, isSet }: { credential: string | null; isSet: boolean | null }): string {
  if (credential === null) return 'with the agent’s own credential';
  return isSet ? `credential "${credential}"` : `credential "${credential}" is missing: holdpoint routes set-credential ${credential}`;
}
