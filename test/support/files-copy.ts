/** This machine’s files as they are, to be changed at will: what is written goes to a folder that is thrown away. Linux, as root. */

import { lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Ran, ran } from '../../build/commands.ts';

export interface MachineCopy extends AsyncDisposable {
  /** Runs it with `sh` in the copy, as root. Processes and network are the machine’s own; what it writes to /run is gone afterwards. */
  sh(script: string): Promise<Ran>;
  /** Files that differ from the machine’s now, sorted: what was added, removed, or has other content. */
  changed(): Promise<readonly string[]>;
}

/** `given` is a folder that the copy sees as /run/given, to read from. */
export async function copyOfThisMachine(given: string): Promise<MachineCopy> {
  const folder = await mkdtemp(join(tmpdir(), 'holdpoint-copy-'));
  const [upper, work, root] = ['upper', 'work', 'root'].map((name) => join(folder, name)) as [string, string, string];
  for (const made of [upper, work, root]) await mkdir(made, { mode: 0o755 });
  const entered = `
    set -e
    mount -t overlay overlay -o lowerdir=/,upperdir=${upper},workdir=${work} ${root}
    mount -t proc proc ${root}/proc
    mount --rbind /dev ${root}/dev
    mount -t tmpfs tmpfs ${root}/run
    mkdir ${root}/run/given
    mount --bind -o ro ${given} ${root}/run/given
    exec chroot ${root} sh -c "$SCRIPT"`;
  return {
    sh(script) {
      const env = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8', SCRIPT: script };
      // In a mount namespace of its own: all of it is gone with the last process.
      return ran('unshare', ['--mount', '--propagation', 'private', 'sh', '-c', entered], { env, timeoutMs: 60_000 });
    },
    async changed() {
      const entries = await readdir(upper, { recursive: true, withFileTypes: true });
      const paths = entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name).slice(upper.length));
      const differ = await Promise.all(
        paths.map(async (path) => ((await contentOf(join(upper, path))) === (await contentOf(path)) ? [] : [path])),
      );
      return differ.flat().sort();
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A removed file is a device in the upper folder; where the machine has none either, nothing has changed. */
async function contentOf(path: string): Promise<string | undefined> {
  const stats = await lstat(path).catch(() => undefined);
  if (stats === undefined || stats.isCharacterDevice()) return undefined;
  if (stats.isSymbolicLink()) return `-> ${await readlink(path)}`;
  return stats.isFile() ? `${stats.mode} ${stats.uid} ${stats.gid} ${(await readFile(path)).toString('base64')}` : 'other';
}
