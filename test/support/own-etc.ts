/** A process that has this machine's /etc to itself: what it changes there nobody else sees, and it is gone with the process. */

import { run } from './guard-process.ts';

/** `folders` are empty for it besides. Runs `file` as root of a mount namespace; gives what it prints as JSON. */
export async function inOwnEtc<T>(file: string, folders: readonly string[] = [], args: readonly string[] = []): Promise<T> {
  // Users other than root need a second user id in the namespace, which --map-auto takes from /etc/subuid.
  const rights = process.getuid?.() === 0 ? [] : ['--map-root-user', '--map-auto'];
  // Somewhere to write that is no overlay itself, which could not lie under another one.
  const script = `set -e
    mount -t tmpfs own /mnt
    mkdir /mnt/upper /mnt/work
    mount -t overlay own -o lowerdir=/etc,upperdir=/mnt/upper,workdir=/mnt/work /etc
    for folder in ${folders.join(' ')}; do mount -t tmpfs own "$folder"; done
    exec "$0" "$@"`;
  const { code, stdout, stderr } = await run('unshare', [...rights, '--mount', 'sh', '-c', script, process.execPath, file, ...args], {
    timeout: 110_000,
  });
  if (code !== 0) throw new Error(`${file} ended with code ${code}: ${stderr}`);
  return JSON.parse(stdout) as T;
}
