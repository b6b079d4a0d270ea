/** What a package says of itself: licences, and its bill of materials. Both are made of what is really in it. */

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exists } from '../commands.ts';
import { type ElectronFolder, electronBinary, electronFolder } from '../electron-runtime.ts';
import { sourceDate } from './epoch.ts';
import { licenceList } from './licences.ts';
import { type Target, writePayload } from './payload.ts';
import { billOfMaterials } from './sbom.ts';
import { shippedPackages } from './shipped.ts';
import { stageApp } from './stage.ts';

export const LICENCES = 'THIRD-PARTY-LICENSES.txt';
export const BILL = 'sbom.cdx.json';

/** `files`: those of packages, which are in the bundles or beside them. */
export async function writePapers(folder: string, files: readonly string[], electron: ElectronFolder, epoch: Date): Promise<void> {
  const packages = await shippedPackages(files);
  const runtimes = { electron: electron.version, chromium: await chromiumOf(electron) };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, LICENCES), licenceList(packages));
  await writeFile(join(folder, BILL), await billOfMaterials(packages, runtimes, epoch));
}

/** Both for this platform, without a package around them. */
export async function papersOfThisClone(output: string): Promise<void> {
  const [electron, epoch] = await Promise.all([electronFolder(), sourceDate()]);
  const work = await mkdtemp(join(tmpdir(), 'holdpoint-papers-'));
  try {
    const target = { platform: process.platform, arch: process.arch } as Target;
    // One after the other: each ends the bundler's process when it is done.
    const app = await stageApp(join(work, 'app'));
    const engine = await writePayload(join(work, 'engine'), target, epoch);
    await writePapers(output, [...app, ...engine], electron, epoch);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Read from the program itself, which names it to every server: run as Node it does not tell, and with a window it takes a screen. */
async function chromiumOf({ folder }: ElectronFolder): Promise<string> {
  const framework = join(folder, 'Electron.app/Contents/Frameworks/Electron Framework.framework/Versions/A/Electron Framework');
  const bytes = await readFile((await exists(framework)) ? framework : electronBinary(folder));
  for (let at = bytes.indexOf('Chrome/'); at >= 0; at = bytes.indexOf('Chrome/', at + 1)) {
    const version = /^Chrome\/(\d+\.\d+\.\d+\.\d+)/.exec(bytes.toString('latin1', at, at + 40))?.[1];
    if (version !== undefined) return version;
  }
  throw new Error(`Electron in ${folder} does not say of which Chromium it is made, so no bill of materials can be written.`);
}
