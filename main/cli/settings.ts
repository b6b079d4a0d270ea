/** `holdpoint settings`: what is in force, who set it, who else would have, and whom to ask. */

import { parseArgs } from 'node:util';
import { createManagedReader } from '../../native-config/managed/managed.ts';
import type { ControlResult } from '../contract/control.ts';
import { HoldpointError } from '../contract/errors.ts';
import { settingKey } from '../contract/settings/keys.ts';
import type { Layer, ReadManaged, Setting } from '../contract/settings/layers.ts';
import { visibleLines } from '../engine/approvals/visible.ts';
import { listedSettings } from '../engine/settings/listed.ts';
import { openSettings } from '../engine/settings/open.ts';
import { type Command, DONE, type Io, PLACE_OPTIONS, placeOf, print, printJson, UsageError } from './io.ts';
import { withEngine } from './with-engine.ts';

type Listed = ControlResult<'settingsList'>;

/** `readManaged` is the machine's own, except in tests. */
export const settingsCommand =
  (readManaged: ReadManaged): Command =>
  async (args, io) => {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { ...PLACE_OPTIONS, json: { type: 'boolean' } },
      allowPositionals: true,
    });
    const [verb = 'list', key, ...rest] = positionals;
    const json = values.json ?? false;
    const place = placeOf(values);
    if (verb !== 'list' && verb !== 'explain')
      throw new UsageError(`There is no settings command ${JSON.stringify(verb)}: list or explain.`);
    const extra = verb === 'list' ? key : rest[0];
    if (extra !== undefined) throw new UsageError(`${JSON.stringify(extra)} is one word too many.`);
    if (verb === 'list') return list(await inForce(place, readManaged), io, json);
    if (key === undefined) throw new UsageError('The key is missing, as in: holdpoint settings explain approvals.unattended.');
    const { path } = settingKey(key);
    const listed = await inForce(place, readManaged);
    const found = listed.settings.find((one) => one.key === path);
    if (found === undefined)
      throw new HoldpointError('not-found', `The running engine does not know the setting ${path}: it is of another version.`);
    return explain(found, listed, io, json);
  };

export const settings: Command = settingsCommand(createManagedReader());

/** The running engine knows best; without one the same is worked out here. */
async function inForce(place: { configFile?: string; dataDir?: string }, readManaged: ReadManaged): Promise<Listed> {
  try {
    return await withEngine(place, (client) => client.call('settingsList', {}));
  } catch (thrown) {
    if (!(thrown instanceof HoldpointError && thrown.code === 'control-unreachable')) throw thrown;
    return listedSettings(await openSettings({ ...place, readManaged }));
  }
}

function list({ settings: all, contact, notes }: Listed, io: Io, json: boolean): number {
  if (json) {
    printJson(io, { settings: all, contact, notes });
    return DONE;
  }
  const widest = Math.max(...all.map(({ key }) => key.length));
  for (const note of notes) print(io, `  ! ${visibleLines(note)}`);
  if (notes.length > 0) print(io, '');
  for (const setting of all) {
    const by = briefly(setting);
    print(io, visibleLines(`  ${setting.key.padEnd(widest)}  ${shortened(textOf(setting), 60)}${by === '' ? '' : `   (${by})`}`));
  }
  print(io, '', 'More about one of them: holdpoint settings explain KEY');
  return DONE;
}

function explain(setting: Setting, { contact, notes }: Listed, io: Io, json: boolean): number {
  if (json) {
    printJson(io, { ...setting, contact, notes });
    return DONE;
  }
  const { key, meaning, type, conflicts, mayBeSetBy, lockedBy, live } = setting;
  const rows: [string, string][] = [
    ['value', textOf(setting)],
    ['set by', sourceOf(setting)],
    ...conflicts.map(({ layer, where, value }): [string, string] => [
      'conflict',
      `${from(layer, where)}, wants ${JSON.stringify(value)}, which does not count`,
    ]),
    ['type', type],
    ['may be set by', mayBeSetBy.map((layer) => BY[layer]).join(', ')],
    ['a change', live ? 'takes effect at once' : 'takes effect when Holdpoint starts again'],
    ...(lockedBy === null ? [] : [['ask', contact ?? 'whoever manages this machine'] satisfies [string, string]]),
  ];
  print(io, visibleLines(`${key}: ${meaning}`), '');
  for (const [name, value] of rows) print(io, `  ${name.padEnd(15)}${visibleLines(value)}`);
  for (const note of notes) print(io, `  ! ${visibleLines(note)}`);
  return DONE;
}

const BY: Readonly<Record<Layer, string>> = {
  managed: 'this machine’s management',
  fleet: 'the fleet’s policy',
  user: 'the configuration file',
};

function sourceOf({ source, where, lockedBy }: Setting): string {
  if (source !== 'default') return from(source, where);
  return lockedBy === null ? 'nobody; this is the default' : `nobody; this is the default that goes with what ${BY[lockedBy]} sets`;
}

function from(layer: Layer, where: string): string {
  return layer === 'fleet' || where === 'the command line' ? where : `${BY[layer]}, ${where}`;
}

/** For a list: empty where nobody had a say. */
function briefly({ source, where, lockedBy }: Setting): string {
  if (source === 'default') return lockedBy === null ? '' : `locked with what ${BY[lockedBy]} sets`;
  return source === 'fleet' || where === 'the command line' ? where : BY[source];
}

function textOf({ value }: Setting): string {
  if (value === null) return 'not set';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function shortened(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
