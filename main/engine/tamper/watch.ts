/** Files that nobody changes while the engine runs: looked at every few seconds, and told when somebody has. */

import { createHash } from 'node:crypto';
import { readFileSync, type Stats, statSync } from 'node:fs';

export interface WatchedFile {
  readonly path: string;
  /** `content`: what stands in it must stay. `place`: it must stay the same file, whatever is written to it. */
  readonly by: 'content' | 'place';
}

export interface FileChange {
  readonly path: string;
  readonly change: 'changed' | 'removed' | 'replaced';
}

export interface FileWatch {
  /** Looks at once. */
  look(): void;
  close(): void;
}

export interface FileWatchOptions {
  readonly files: readonly WatchedFile[];
  /** Told once for each change; one that is undone and done again is told again. */
  readonly onChange: (change: FileChange) => void;
  /** Calls `work` again and again; gives back how to end that. */
  readonly every?: (work: () => void) => () => void;
}

/** A few calls to the system for a handful of files cost less than being told of each of the log's own writes. */
const LOOK_MS = 2_000;
/** None that is watched by its content is longer. */
const MAX_BYTES = 1024 * 1024;

export function watchFiles({ files, onChange, every = everyFewSeconds }: FileWatchOptions): FileWatch {
  const known = new Map(files.map((file) => [file, seen(file)]));
  const stop = every(look);
  return { look, close: stop };

  function look(): void {
    for (const [file, before] of known) {
      if (before?.stamp !== undefined && before.stamp === stampOf(statsOf(file.path), file)) continue;
      const now = seen(file);
      known.set(file, now);
      const change = changeOf(before, now);
      if (change !== undefined) onChange({ path: file.path, change });
    }
  }
}

interface Seen {
  /** The same as long as nobody has touched the file. */
  readonly stamp: string;
  readonly is: string;
  readonly by: WatchedFile['by'];
}

/** Undefined where there is no such file. */
function seen(file: WatchedFile): Seen | undefined {
  const stats = statsOf(file.path);
  const stamp = stampOf(stats, file);
  if (!stats || stamp === undefined) return undefined;
  return { stamp, is: file.by === 'place' ? stamp : contentOf(file.path, stats), by: file.by };
}

function changeOf(before: Seen | undefined, now: Seen | undefined): FileChange['change'] | undefined {
  if (before?.is === now?.is) return undefined;
  if (!now) return 'removed';
  return now.by === 'place' ? 'replaced' : 'changed';
}

function stampOf(stats: Stats | undefined, { by }: WatchedFile): string | undefined {
  if (!stats) return undefined;
  const place = `${stats.dev}:${stats.ino}`;
  return by === 'place' ? place : `${place}:${stats.size}:${stats.mtimeMs}:${stats.ctimeMs}`;
}

function contentOf(path: string, { size }: Stats): string {
  if (size > MAX_BYTES) return `${size} bytes`;
  try {
    return createHash('sha256').update(readFileSync(path)).digest('hex');
  } catch {
    return 'unreadable';
  }
}

function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function everyFewSeconds(work: () => void): () => void {
  const timer = setInterval(work, LOOK_MS).unref();
  return () => clearInterval(timer);
}
