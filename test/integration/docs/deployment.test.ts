/**
 * The deployment guide is run as it is written: its marked shell blocks, in order, as one admin would, and each shown line is looked for.
 * Not run: what serves until it is stopped (`fleet serve`, `start`; both are started here), what needs root or other programs' servers.
 */

import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { repositoryServer } from '../../../main/cli/fleet-serve.ts';
import { type ProblemKind, problemOf } from '../../../main/engine/fleet/problem.ts';
import { checkLayer } from '../../../main/engine/settings/check.ts';
import { startCli } from '../cli/process.ts';

const CLONE = resolve(import.meta.dirname, '../../..');
const GUIDE = readFileSync(join(CLONE, 'docs/deployment.md'), 'utf8');

interface Block {
  readonly script: string;
  /** Lines that it is said to print. */
  readonly shown: readonly string[];
}

const BLOCKS: readonly Block[] = [
  ...GUIDE.matchAll(/```sh\n(# on the (?:publisher|laptop)\n[\s\S]*?)```(?:\n\n```text\n([\s\S]*?)```)?/g),
].map(([, script = '', shown = '']) => ({ script, shown: shown.split('\n').filter((line) => line !== '') }));

let home = '';
let env: NodeJS.ProcessEnv = {};
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'holdpoint-guide-'));
  mkdirSync(join(home, 'bin'));
  mkdirSync(join(home, 'clone'));
  symlinkSync(join(CLONE, 'main'), join(home, 'clone', 'main'));
  const npx = join(home, 'bin', 'npx');
  writeFileSync(npx, `#!/bin/sh\nshift\nexec "${process.execPath}" "${join(CLONE, 'main/cli/holdpoint.ts')}" "$@"\n`);
  chmodSync(npx, 0o755);
  env = {
    HOME: home,
    PATH: `${join(home, 'bin')}:${process.env.PATH ?? ''}`,
    HOLDPOINT_PASSPHRASE: 'four plain words here',
  };
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** As a pattern that fits the text itself. */
const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

async function run({ script, shown }: Block): Promise<void> {
  const { stdout, stderr } = await promisify(execFile)('sh', ['-ec', script], { cwd: join(home, 'clone'), env });
  expect(stderr).toBe('');
  for (const line of shown) expect(stdout).toMatch(new RegExp(`^${line.split('…').map(escaped).join('.*')}$`, 'm'));
}

it('the deployment guide’s commands do what it says, from no repository to a laptop that follows it', { timeout: 300_000 }, async () => {
  expect(BLOCKS).toHaveLength(9);
  const trial = BLOCKS.findIndex(({ script }) => script.startsWith('# on the laptop'));
  for (const block of BLOCKS.slice(0, trial)) await run(block);

  const server = repositoryServer(join(home, 'fleet', 'repository', 'public'));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const [config, asked] = BLOCKS.slice(trial, trial + 2);
  await run({ ...config!, script: config!.script.replace(':8418', `:${port}`) });
  const engine = startCli(['engine', '--config', join(home, 'trial.json')], { ...env, XDG_DATA_HOME: '', XDG_STATE_HOME: '' });
  try {
    await expect.poll(() => engine.out() + engine.err(), { timeout: 60_000 }).toContain('"ready"');
    await run(asked!);
  } finally {
    engine.signal('SIGTERM');
    await engine.ended;
    server.closeAllConnections();
    server.close();
  }

  for (const block of BLOCKS.slice(trial + 2)) await run(block);
});

it('the deployment guide’s sample for a laptop holds, and its table of problems has the sentences that are shown', () => {
  const sample = /## 4[\s\S]*?```json\n([\s\S]*?)```/.exec(GUIDE)?.[1] ?? '';
  checkLayer({ layer: 'managed', json: JSON.parse(sample), source: 'the guide', base: '/etc/holdpoint' });

  const rows = [...GUIDE.matchAll(/^\| `([a-z-]+)` \| (The .+?|What .+?) \| .+ \|$/gm)];
  expect(rows.length).toBeGreaterThan(15);
  for (const [, kind, sentence] of rows)
    expect(sentence).toBe(problemOf(kind as ProblemKind, 'https://holdpoint.example.com/policy').message);
});
