/** This machine once more, on top of itself: what is changed in it is in memory, and gone with it. Linux, as root. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { run } from './guard-process.ts';

export interface MachineCopy {
  /** Runs a program of the copy in the copy, on this machine's network. */
  run(program: string, args: readonly string[], options?: Parameters<typeof run>[2]): ReturnType<typeof run>;
  /** The same for a line of shell; throws where it fails. */
  shell(line: string): Promise<string>;
  /** Files that differ from the machine's now, sorted: what was added, removed, or has other content. */
  changed(): Promise<readonly string[]>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Shell that leaves a Debian with three of its roots: its tool takes long over all of them. */
export const FEW_ROOTS = `
  grep -v '^[#!]' /etc/ca-certificates.conf | head -3 > /etc/few && mv /etc/few /etc/ca-certificates.conf
  update-ca-certificates --fresh`;

/** A mount namespace of its own; `setpriv` and the like work in it, since it is root's. */
const MAKE = `
set -e
mount -t tmpfs tmpfs "$1/layer"
mkdir "$1/layer/upper" "$1/layer/work"
mount -t overlay overlay -o "lowerdir=/,upperdir=$1/layer/upper,workdir=$1/layer/work" "$1/root"
mount --rbind /proc "$1/root/proc"
mount --rbind /dev "$1/root/dev"
if [ "$2" ]; then
  mount -t tmpfs tmpfs "$1/root/run"
  mkdir "$1/root/run/given"
  mount --bind -o ro "$2" "$1/root/run/given"
fi
echo made
exec cat
`;

/** `given`: a folder that the copy sees as /run/given, to read from. Nothing else is in its /run then: no program that runs here is found there. */
export async function openMachineCopy({ given = '' } = {}): Promise<MachineCopy> {
  const folder = mkdtempSync(join(tmpdir(), 'holdpoint-machine-'));
  for (const name of ['layer', 'root']) mkdirSync(join(folder, name));
  const holder = spawn('unshare', ['--mount', 'sh', '-c', MAKE, 'sh', folder, given], { stdio: ['pipe', 'pipe', 'inherit'] });
  await made(holder);
  const enter = ['--target', String(holder.pid), '--mount', 'chroot', join(folder, 'root')];

  // Nothing of this shell's own proxies and certificates.
  const env = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', LANG: 'C.UTF-8' };
  const inside: MachineCopy['run'] = (program, args, options) =>
    run('nsenter', [...enter, program, ...args], { ...options, env: { ...env, ...options?.env } });
  return {
    run: inside,
    async shell(line) {
      const { code, stdout, stderr } = await inside('sh', ['-ec', line]);
      if (code !== 0) throw new Error(`${line}: ${stderr}${stdout}`);
      return stdout;
    },
    async changed() {
      const upper = join(`/proc/${holder.pid}/root`, folder, 'layer/upper');
      const entries = await readdir(upper, { recursive: true, withFileTypes: true });
      const paths = entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name).slice(upper.length));
      const differ = await Promise.all(
        paths.map(async (path) => ((await contentOf(join(upper, path))) === (await contentOf(path)) ? [] : [path])),
      );
      return differ.flat().sort();
    },
    async [Symbol.asyncDispose]() {
      const ended = once(holder, 'close');
      holder.stdin.end();
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

/** A removed file is a device in the upper folder; where the machine has none either, nothing has changed. */
async function contentOf(path: string): Promise<string | undefined> {
  const stats = await lstat(path).catch(() => undefined);
  if (stats === undefined || stats.isCharacterDevice()) return undefined;
  if (stats.isSymbolicLink()) return `-> ${await readlink(path)}`;
  return stats.isFile() ? `${stats.mode} ${stats.uid} ${stats.gid} ${(await readFile(path)).toString('base64')}` : 'other';
}

async function made(holder: ChildProcess & { stdout: NodeJS.ReadableStream }): Promise<void> {
  const lines = createInterface({ input: holder.stdout });
  const [line] = await Promise.race([once(lines, 'line'), once(holder, 'close')]);
  if (line !== 'made') throw new Error('A copy of this machine could not be mounted.');
}
