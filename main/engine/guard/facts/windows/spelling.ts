/** Paths as Windows' shells write them: both slashes, devices by name, providers in front. */

import type { Gathering, Word } from '../gathering.ts';
import type { Machine } from '../shell/machine.ts';
import { shareHost } from './foreign.ts';
import { WINDOWS_ABSOLUTE } from './places.ts';

/** nul, con and their like are the same in every folder. */
const NOWHERE = /^(?:.*[\\/])?(?:nul|con|prn|aux|conin\$|conout\$|com\d|lpt\d)(?:\.[^\\/]*)?:?$/i;
const RAW_DEVICE = /^[\\/]{2}[.?][\\/](?:PhysicalDrive\d+|Harddisk\w*|[A-Za-z]:|GLOBALROOT)\\?/i;

/** The same machine, for commands that write paths as Windows does. */
export function windowsMachine(machine: Machine): Machine {
  const { gathering } = machine;
  return spelled.has(gathering) ? machine : machine.apart(windowsGathering(gathering));
}

const spelled = new WeakSet<Gathering>();

function windowsGathering(gathering: Gathering): Gathering {
  const windows = /^[A-Za-z]:/.test(gathering.paths.root ?? gathering.paths.home ?? '');
  const { paths } = gathering;
  const spell = (text: string) => spelledPath(text, windows);
  const word = (given: Word): Word => ({ ...given, text: spell(given.text) });
  const own: Gathering = {
    ...gathering,
    paths: {
      ...paths,
      absolute: (text, cwd) => paths.absolute(spell(text), cwd),
      place: (text, cwd) => (NOWHERE.test(text) ? NOTHING : paths.place(spell(text), cwd)),
    },
    lists: (given, cwd) => (NOWHERE.test(given.text) ? NOTHING : gathering.lists(word(given), cwd)),
    reads: (given, cwd, whole) => (NOWHERE.test(given.text) ? NOTHING : gathering.reads(word(given), cwd, whole)),
    writes(given, cwd, verb, calm) {
      if (NOWHERE.test(given.text)) return NOTHING;
      if (RAW_DEVICE.test(given.text)) device(given, gathering);
      return gathering.writes(word(given), cwd, verb, calm);
    },
    deletes: (given, cwd, how) => (NOWHERE.test(given.text) ? NOTHING : gathering.deletes(word(given), cwd, how)),
  };
  spelled.add(own);
  return own;
}

const NOTHING = { path: '/dev/null', where: 'outside', kind: 'nothing', shown: 'nul' } as const;

function device({ text, range }: Word, gathering: Gathering): void {
  gathering.effect('destructive', 'risk', `writes to the device ${text.slice(0, 60)}`, range);
}

/** As the machine's own paths are written. */
export function spelledPath(text: string, windows: boolean): string {
  const plain = text.replace(/^(?:Microsoft\.PowerShell\.Core\\)?FileSystem::/i, '');
  // `*.*` is every file, whether it has a dot or not.
  const all = plain.replace(/(^|[\\/])\*\.\*$/, '$1*');
  if (windows || WINDOWS_ABSOLUTE.test(all) || shareHost(all) !== undefined) return all;
  return all.replaceAll('\\', '/');
}
