/** The program as a package brings it, under its own Node: a file of it that was changed since is told and recorded. */

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Target, writePayload } from '../../../build/packaging/payload.ts';
import { nodeFile } from '../../../main/app/engine-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'holdpoint-packaged-'));
const [program, dataDir] = [join(folder, 'engine'), join(folder, 'data')];
const target = { platform: process.platform, arch: process.arch } as Target;
const node = join(program, 'node_modules', ...nodeFile(target.platform, target.arch));
const script = join(program, 'main/cli/holdpoint.js');
const env = { HOME: folder, PATH: '/usr/bin:/bin' };
const isLinux = process.platform === 'linux';

beforeAll(async () => {
  if (isLinux) await writePayload(program, target, new Date(0));
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function serving(): Promise<ChildProcess> {
  const engine = spawn(node, [script, 'engine', '--data-dir', dataDir], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  await once(createInterface({ input: engine.stdout }), 'line');
  return engine;
}

async function ended(engine: ChildProcess): Promise<void> {
  const over = once(engine, 'exit');
  engine.kill('SIGTERM');
  await over;
}

async function says(...args: string[]): Promise<string> {
  return (await promisify(execFile)(node, [script, ...args], { env })).stdout;
}

it.runIf(isLinux)(
  'runs out of its own folder, and tells when something in it is not as it was installed',
  { timeout: 60_000 },
  async () => {
    const whole = await serving();
    expect(JSON.parse(await says('status', '--json', '--data-dir', dataDir))).toMatchObject({ state: 'protecting', notes: [] });
    await ended(whole);

    appendFileSync(join(program, 'main/engine/version.js'), '\n');
    writeFileSync(join(program, 'main/engine/more.js'), '');
    const changed = await serving();
    await expect
      .poll(async () => (JSON.parse(await says('status', '--json', '--data-dir', dataDir)) as { notes: string[] }).notes.join(' '), {
        timeout: 60_000,
      })
      .toMatch(/main\/engine\/more\.js was added, main\/engine\/version\.js was changed/);
    const records = (await says('audit', 'export', '--format', 'ndjson', '--data-dir', dataDir))
      .split('\n')
      .filter((line) => line.includes('program-changed'));
    await ended(changed);
    expect(records).toHaveLength(1);
  },
);
