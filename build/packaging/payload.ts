/** The engine and the command line as they lie in a package: `resources/engine`, beside the app's archive. */

import { chmod, copyFile, lutimes, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { nodeFile } from '../../main/app/engine-process.ts';
import { PROGRAM_FILES, programList } from '../../main/engine/tamper/program.ts';
import { exists, Missing } from '../commands.ts';
import { ROOT } from '../places.ts';
import { reachedFiles } from './reached.ts';
import { LICENCE_FILE } from './shipped.ts';
import { transpile } from './transpile.ts';

export interface Target {
  readonly platform: 'linux' | 'darwin' | 'win32';
  readonly arch: 'x64' | 'arm64';
}

const SOURCES = ['main/contract', 'main/engine', 'main/cli', 'main/failsafe', 'native-config'];

/**
 * Writes it into `folder`, which need not be there: the same bytes and the same times whenever it is made of the same clone.
 * Gives the files of packages in it, as they lie in the clone. Throws where a file that it needs is not there, such as another platform's Node.
 */
export async function writePayload(folder: string, target: Target, epoch: Date): Promise<readonly string[]> {
  for (const file of namedFiles(target)) {
    // npm installs the Node of its own platform only.
    if (!(await exists(join(ROOT, file))))
      throw new Missing(file, `Build packages for ${target.platform}-${target.arch} on such a machine.`);
  }
  await mkdir(folder, { recursive: true });
  const scripts = await transpile(ROOT, folder, SOURCES);
  const modules = await modulesFor(folder, scripts, target);
  for (const file of modules) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await copyFile(join(ROOT, file), join(folder, file));
  }
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(await manifest(), undefined, 2)}\n`);
  await writeLauncher(folder, target);
  await writeFile(join(folder, PROGRAM_FILES), await programList(folder));
  await settle(folder, epoch);
  return modules;
}

/** Where the payload's Node is. */
function nodeIn({ platform, arch }: Target): string {
  return ['node_modules', ...nodeFile(platform, arch)].join('/');
}

/** What is read and not imported, so that no import leads to it. */
function namedFiles({ platform, arch }: Target): readonly string[] {
  return [
    nodeIn({ platform, arch }),
    `node_modules/better-sqlite3/prebuilds/${platform}-${arch}.node`,
    'node_modules/@cedar-policy/cedar-wasm/nodejs/cedar_wasm_bg.wasm',
    'node_modules/quickjs-wasi/quickjs.wasm',
    // A module of the kind whose `require` is handed to it.
    ...['edit', 'format', 'parser', 'scanner', 'string-intern'].map((name) => `node_modules/jsonc-parser/lib/umd/impl/${name}.js`),
  ];
}

async function modulesFor(folder: string, scripts: readonly string[], target: Target): Promise<readonly string[]> {
  const link = join(folder, 'node_modules');
  await symlink(join(ROOT, 'node_modules'), link);
  let reached: readonly string[];
  try {
    reached = await reachedFiles(folder, scripts);
  } finally {
    await rm(link);
  }
  const files = [...reached, ...namedFiles(target)];
  const around = await Promise.all([...new Set(files.map(dirname))].map(besides));
  return [...new Set([...files, ...around.flat()])].sort();
}

/** What a file's package says of itself, up to the package's own folder: how its files are read, and under which terms. */
async function besides(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (let at = folder; !/(^|\/)node_modules(\/@[^/]+)?$/.test(at); at = dirname(at)) {
    for (const name of await readdir(join(ROOT, at))) if (name === 'package.json' || LICENCE_FILE.test(name)) found.push(join(at, name));
  }
  return found;
}

/** Nothing of it is for building: no scripts, no packages to install. */
async function manifest(): Promise<Record<string, unknown>> {
  const { name, version, license, type } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as Record<string, unknown>;
  return { name, version, license, type, private: true };
}

/** `holdpoint` itself. */
async function writeLauncher(folder: string, { platform, arch }: Target): Promise<void> {
  const bin = join(folder, 'bin');
  await mkdir(bin);
  if (platform === 'win32') {
    const node = nodeIn({ platform, arch }).replaceAll('/', '\\');
    return writeFile(join(bin, 'holdpoint.cmd'), `@"%~dp0..\\${node}" "%~dp0..\\main\\cli\\holdpoint.js" %*\r\n`);
  }
  const script = `#!/bin/sh
# \`exec\` keeps the process id, so that a signal sent to it arrives.
engine=$(cd "$(dirname "$0")/.." && pwd -P)
exec "$engine/${nodeIn({ platform, arch })}" "$engine/main/cli/holdpoint.js" "$@"
`;
  return writeFile(join(bin, 'holdpoint'), script);
}

/** Modes and times that owe nothing to who built it, where and when. */
async function settle(folder: string, epoch: Date): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    await chmod(path, entry.isDirectory() || isProgram(path) ? 0o755 : 0o644);
  }
  for (const entry of entries) await lutimes(join(entry.parentPath, entry.name), epoch, epoch);
  await chmod(folder, 0o755);
  await lutimes(folder, epoch, epoch);
}

function isProgram(path: string): boolean {
  return /[\\/]bin[\\/](node|holdpoint)$/.test(path);
}
