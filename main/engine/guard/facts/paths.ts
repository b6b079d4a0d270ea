/** Paths: what a word means as a place on disk, and what kind of place that is. */

import { realpathSync } from 'node:fs';
import { posix, win32 } from 'node:path';
import type { PathFact, Workspace } from '../../../contract/action.ts';
import { type Holding, isOpen, readable } from './holes.ts';
import {
  AGENT_SETTINGS,
  ALL_ENTRIES,
  DATA_FILES,
  EVERYTHING,
  GENERATED_FILES,
  GENERATED_FOLDERS,
  GUARD_SETTINGS,
  HOME_AGENT_SETTINGS,
  KEY_FILES,
  MACHINERY,
  NOWHERE,
  SCRATCH,
  SCRATCH_WHOLE,
  SECRET_FILES,
  SECRET_PLACES,
  STARTUP,
  SYSTEM,
  SYSTEM_STARTUP,
} from './places.ts';
import { windowsPath } from './windows/foreign.ts';
import {
  WINDOWS_EVERYTHING,
  WINDOWS_HOME,
  WINDOWS_SCRATCH,
  WINDOWS_SCRATCH_WHOLE,
  WINDOWS_SECRET_FILES,
  WINDOWS_SECRET_HOME,
  WINDOWS_STARTUP,
  WINDOWS_STARTUP_HOME,
} from './windows/places.ts';

/** What is special about a place, beyond being inside or outside. */
export type PlaceKind =
  | 'ordinary'
  /** Made by tools and made again: `node_modules`, `dist`, `*.log`. Inside the workspace only. */
  | 'generated'
  /** It makes programs run: `.git/hooks`, an agent's own settings, a shell's profile. */
  | 'machinery'
  /** The workspace's root, all of its entries, or its `.git`. */
  | 'workspace-whole'
  /** Below /tmp: outside, but there to be written. */
  | 'scratch'
  /** /tmp itself: there to be written into, not to be deleted. */
  | 'scratch-whole'
  /** The machine's own folders. */
  | 'system'
  /** A home folder, the root, or a folder above the workspace, or all of its entries. */
  | 'everything'
  /** Passwords, keys or a person’s history are kept there; Holdpoint’s own folder too. */
  | 'secret'
  /** A disk or another device. */
  | 'device'
  /** /dev/null and its like: nothing is kept. */
  | 'nothing';

export interface Place {
  readonly path: string;
  readonly where: PathFact['where'];
  readonly kind: PlaceKind;
  /** For a person: relative inside the workspace, with `~` for the home folder. */
  readonly shown: string;
  /** What leaves the machine with its content; absent where nothing does. */
  readonly holds?: Holding | undefined;
  /** Whoever writes it makes something run by itself later: a program, an agent whose settings it holds, or what Holdpoint does. */
  readonly starts?: 'program' | 'agent' | 'guard' | undefined;
}

export interface Where {
  readonly workspace: Workspace;
  readonly home?: string | undefined;
  /** The path with its links followed, or undefined where nothing is there. Cheap and synchronous; the disk by default. */
  readonly realpath?: ((path: string) => string | undefined) | undefined;
}

export interface Paths {
  readonly cwd: string | undefined;
  readonly root: string | undefined;
  readonly home: string | undefined;
  /** Absolute and normalised; undefined where the word or the folder that it starts from is not known. */
  absolute(word: string, cwd: string | undefined): string | undefined;
  place(word: string, cwd: string | undefined): Place;
  exists(path: string): boolean;
}

/** Linux's PATH_MAX. */
const LONGEST_PATH = 4_096;
export function createPaths({ workspace, home, realpath = onDisk }: Where): Paths {
  const known = workspace.state === 'known' ? workspace : undefined;
  const windows = /^[A-Za-z]:[\\/]/.test(known?.root ?? home ?? '');
  const { isAbsolute, join, normalize, relative, sep, dirname } = windows ? win32 : posix;
  const followed = new Map<string, string>();
  let windowsPaths: Paths | undefined;
  const root = known && bare(normalize(known.root));
  const realRoot = root && follow(root);

  return { cwd: known?.cwd, root, home, absolute, place, exists: (path) => realpath(path) !== undefined };

  /** Where this machine has no drives, a path on one is judged as on a Windows machine of the same user. */
  function onWindows(word: string, cwd: string | undefined): { paths: Paths; path: string } | undefined {
    const path = windows ? undefined : windowsPath(word, cwd);
    if (path === undefined) return undefined;
    const user = home && /[^/]+$/.exec(home)?.[0];
    const workspace = { state: 'known', root: 'Z:\\…', cwd: 'Z:\\…', source: 'process' } as const;
    windowsPaths ??= createPaths({
      workspace: known ? workspace : { state: 'unresolved' },
      home: user && `C:\\Users\\${user}`,
      realpath: () => undefined,
    });
    return { paths: windowsPaths, path };
  }

  function absolute(word: string, cwd: string | undefined): string | undefined {
    const other = onWindows(word, cwd);
    if (other) return other.path;
    const path = spelled(word, cwd);
    return path === undefined ? undefined : bare(normalize(path));
  }

  function spelled(word: string, cwd: string | undefined): string | undefined {
    if (word === '' || word.length > LONGEST_PATH || isOpen(word)) return undefined;
    if (/^~([/\\]|$)/.test(word)) return home && join(home, word.slice(1));
    // Another user's home folder, or a shell's own shorthand.
    if (/^~[^/\\]/.test(word)) return undefined;
    if (isAbsolute(word)) return word;
    return cwd === undefined ? undefined : `${cwd}${sep}${word}`;
  }

  function place(word: string, cwd: string | undefined): Place {
    const other = onWindows(word, cwd);
    if (other) return other.paths.place(other.path, undefined);
    const raw = spelled(word, cwd);
    const path = absolute(word, cwd);
    if (raw === undefined || path === undefined) return unresolved(word);
    // Devices by their name alone: following /dev/stdout tells of this process, not of the agent's.
    if (NOWHERE.test(path)) return { path, where: 'outside', kind: 'nothing', shown: path };
    const real = follow(raw);
    const inside = root !== undefined && isBelow(path, root) && isBelow(real, realRoot!);
    const kind = kindOf(path, real, inside);
    return {
      path,
      where: inside ? 'workspace' : known ? 'outside' : 'unresolved',
      kind,
      shown: shownAs(path, inside),
      holds: holdingOf(path, kind, inside),
      starts: inside ? startsHere(path) : (startsPrograms(path) ?? startsPrograms(real)),
    };
  }

  /** Where nothing but the end of a path is known, its name tells all the same. */
  function unresolved(word: string): Place {
    const tail = word
      .replaceAll('\\', '/')
      .replace(/^.*[^\w./~ @-]/s, '')
      .slice(-LONGEST_PATH);
    const home = tail.replace(/^~[^/]*/, '');
    const secret = /[^/]/.test(tail) && (KEY_FILES.test(tail) || isSecretBelow(home) || SECRET_FILES.test(tail));
    const starts = startsBelow(home) ?? (AGENT_SETTINGS.test(tail.replace(/^\//, '')) ? 'agent' : undefined);
    const kind = /^~[/\\]?\**$/.test(word) ? 'everything' : isSecretBelow(home) ? 'secret' : starts ? 'machinery' : 'ordinary';
    return {
      path: word,
      where: 'unresolved',
      kind,
      shown: readable(word),
      holds: secret ? 'secret' : DATA_FILES.test(tail) ? 'data' : 'workspace',
      starts,
    };
  }

  function holdingOf(path: string, kind: PlaceKind, inside: boolean): Holding | undefined {
    if (kind === 'nothing' || kind === 'device') return undefined;
    if (kind === 'secret' || KEY_FILES.test(path.replaceAll('\\', '/'))) return 'secret';
    if (kind === 'workspace-whole') return 'private';
    if (!inside && kind !== 'scratch' && known) return 'private';
    return DATA_FILES.test(path) || ALL_ENTRIES.test(path) ? 'data' : 'workspace';
  }

  function kindOf(path: string, real: string, inside: boolean): PlaceKind {
    if (inside) {
      if (isSecret(path) || isSecret(real)) return 'secret';
      const below = relative(root!, path).replaceAll('\\', '/');
      if (below === '' || below === '.git' || (ALL_ENTRIES.test(`/${below}`) && !below.includes('/'))) return 'workspace-whole';
      if (MACHINERY.test(below) || AGENT_SETTINGS.test(below)) return 'machinery';
      const segments = below.split('/');
      const file = segments.at(-1)!;
      return segments.some((segment) => GENERATED_FOLDERS.has(segment)) || GENERATED_FILES.test(file) ? 'generated' : 'ordinary';
    }
    const slashed = path.replaceAll('\\', '/');
    if (WINDOWS_SCRATCH.test(slashed) && !WINDOWS_SCRATCH_WHOLE.test(slashed) && !holdsWorkspace(path)) return 'scratch';
    if (WINDOWS_EVERYTHING.test(slashed)) return 'everything';
    if (path.startsWith('/dev/') && !path.startsWith('/dev/shm/')) return 'device';
    if (!SCRATCH_WHOLE.test(path) && SCRATCH.test(path) && SCRATCH.test(real) && !holdsWorkspace(path) && !isOfHome(path)) return 'scratch';
    for (const candidate of [path, real]) {
      const entries = candidate.replace(ALL_ENTRIES, '') || '/';
      if (EVERYTHING.test(candidate) || entries === home || holdsWorkspace(entries)) return 'everything';
    }
    if (isSecret(path) || isSecret(real)) return 'secret';
    if (KEY_FILES.test(path) && !SCRATCH.test(path) && !SYSTEM.test(path)) return 'secret';
    if (startsPrograms(path) || startsPrograms(real)) return 'machinery';
    if (SCRATCH_WHOLE.test(path) || WINDOWS_SCRATCH_WHOLE.test(slashed)) return 'scratch-whole';
    return SYSTEM.test(path) || SYSTEM.test(real) ? 'system' : 'ordinary';
  }

  /** A home folder below /tmp, as tests and containers have it, is a home all the same. */
  function isOfHome(path: string): boolean {
    return home !== undefined && isBelow(path, home);
  }

  function belowHome(path: string): string | undefined {
    if (home !== undefined && isOfHome(path)) return path.slice(home.length).replaceAll('\\', '/');
    const ofWindows = WINDOWS_HOME.exec(path.replaceAll('\\', '/'))?.[1];
    if (ofWindows !== undefined) return ofWindows;
    return /^(?:\/home\/[^/]+|\/Users\/[^/]+|\/root)(\/.*)$/.exec(path)?.[1];
  }

  function startsHere(path: string): Place['starts'] {
    const below = relative(root!, path).replaceAll('\\', '/');
    return AGENT_SETTINGS.test(below) ? 'agent' : MACHINERY.test(below) && below !== '.git' ? 'program' : undefined;
  }

  function startsPrograms(path: string): Place['starts'] {
    const slashed = path.replaceAll('\\', '/');
    if (GUARD_SETTINGS.test(slashed)) return 'guard';
    return SYSTEM_STARTUP.test(slashed) || WINDOWS_STARTUP.test(slashed)
      ? 'program'
      : startsBelow((belowHome(path) ?? '').replaceAll('\\', '/'));
  }

  function startsBelow(path: string): Place['starts'] {
    return HOME_AGENT_SETTINGS.test(path) ? 'agent' : STARTUP.test(path) || WINDOWS_STARTUP_HOME.test(path) ? 'program' : undefined;
  }

  function isSecret(path: string): boolean {
    return SECRET_FILES.test(path) || WINDOWS_SECRET_FILES.test(path.replaceAll('\\', '/')) || isSecretBelow(belowHome(path) ?? '');
  }

  /** A pattern counts where it may mean such a place. */
  function isSecretBelow(path: string): boolean {
    // The public half of a key is there to be given away.
    if (/(\.pub|[/\\]known_hosts(\.old)?)$/.test(path)) return false;
    if (WINDOWS_SECRET_HOME.test(path)) return true;
    const segments = (windows ? path.toLowerCase() : path).split(/[/\\]/).filter((segment) => segment !== '');
    return SECRET_PLACES.some(
      (place) =>
        place.length <= segments.length && place.every((name, index) => mayMean(segments[index]!, windows ? name.toLowerCase() : name)),
    );
  }

  function holdsWorkspace(path: string): boolean {
    return root !== undefined && isBelow(root, path);
  }

  function shownAs(path: string, inside: boolean): string {
    if (inside) return readable(relative(root!, path) || '.');
    return readable(home && isBelow(path, home) ? `~${path.slice(home.length)}` : path);
  }

  function isBelow(path: string, folder: string): boolean {
    const [low, high] = windows ? [path.toLowerCase(), folder.toLowerCase()] : [path, folder];
    return low === high || low.startsWith(high.endsWith(sep) ? high : high + sep);
  }

  /** As the kernel walks it: a link is followed before the `..` behind it. */
  function follow(path: string): string {
    const cached = followed.get(path);
    if (cached !== undefined) return cached;
    const top = windows ? (/^[A-Za-z]:[\\/]/.exec(path)?.[0] ?? sep) : sep;
    let current = top;
    let exists = true;
    for (const segment of path.slice(top.length).split(/[/\\]+/)) {
      if (segment === '' || segment === '.') continue;
      if (segment === '..') {
        current = dirname(current);
        continue;
      }
      const next = join(current, segment);
      const real: string | undefined = exists && !/[*?]/.test(segment) ? realpath(next) : undefined;
      exists = real !== undefined;
      current = real ?? next;
    }
    followed.set(path, current);
    return current;
  }

  function bare(path: string): string {
    return path.length > 1 && /[^/\\:][/\\]+$/.test(path) ? path.replace(/[/\\]+$/, '') : path;
  }
}

/** A file name pattern's stars and brackets, taken generously; linear, since every part is looked for once. */
function mayMean(pattern: string, name: string): boolean {
  if (!/[*?[{]/.test(pattern)) return pattern === name;
  const [first = '', ...rest] = pattern.split(/\*+|\?|\[[^\]]*\]|\{[^}]*\}/);
  if (pattern.startsWith('*') && name.startsWith('.')) return false;
  if (!name.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return true;
}

function onDisk(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch {
    return undefined;
  }
}
