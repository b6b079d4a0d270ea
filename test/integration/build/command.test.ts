/** The `holdpoint` command of a clone, and how a task hands signals and exit codes on. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ran } from '../../../build/commands.ts';

const BUILD = fileURLToPath(new URL('../../../build/', import.meta.url));

let clone: string;
beforeEach(async () => {
  clone = await mkdtemp(join(tmpdir(), 'holdpoint clone '));
  for (const folder of ['build', 'node_modules/.bin', 'elsewhere']) await mkdir(join(clone, folder), { recursive: true });
  for (const file of ['link.mjs', 'holdpoint.sh']) await copyFile(join(BUILD, file), join(clone, 'build', file));
  await writeFile(join(clone, 'node_modules/.bin/node'), '#!/bin/sh\necho $$\nprintf "%s\\n" "$@"\n');
  await chmod(join(clone, 'node_modules/.bin/node'), 0o755);
});
afterEach(() => rm(clone, { recursive: true }));

describe.runIf(process.platform !== 'win32')('the holdpoint command', () => {
  it('runs the clone’s own Node in its own process, wherever it is called from and through whatever link', async () => {
    expect(await ran(process.execPath, ['build/link.mjs'], { cwd: clone })).toMatchObject({ code: 0 });
    await symlink('../node_modules/.bin/holdpoint', join(clone, 'elsewhere/hp'));
    for (const command of ['node_modules/.bin/holdpoint', 'elsewhere/hp']) {
      const child = spawn(join(clone, command), ['run', '--', 'two words'], { cwd: tmpdir(), stdio: ['ignore', 'pipe', 'inherit'] });
      const out = (await child.stdout.toArray()).join('');
      expect(out.trim().split('\n')).toEqual([
        `${child.pid}`,
        expect.stringMatching(/main\/cli\/holdpoint\.ts$/),
        'run',
        '--',
        'two words',
      ]);
    }
  });

  it('is linked again without complaint, also over something else', async () => {
    await writeFile(join(clone, 'node_modules/.bin/holdpoint'), 'stale');
    for (let time = 0; time < 2; time++) expect(await ran(process.execPath, ['build/link.mjs'], { cwd: clone })).toMatchObject({ code: 0 });
    expect((await ran(join(clone, 'node_modules/.bin/holdpoint'), ['status'])).out).toContain('status');
  });
});

describe.runIf(process.platform !== 'win32')('a task in the foreground', () => {
  const script = (...command: string[]) =>
    `const { foreground } = await import(${JSON.stringify(join(BUILD, 'foreground.mjs'))}); process.exitCode = await foreground(...${JSON.stringify([command[0], command.slice(1)])});`;
  const start = (...command: string[]) =>
    spawn(process.execPath, ['--input-type=module', '-e', script(...command)], { stdio: ['ignore', 'pipe', 'pipe'] });

  it('ends as its program ended', async () => {
    expect(await once(start('sh', '-c', 'exit 7'), 'exit')).toEqual([7, null]);
    expect(await once(start('sh', '-c', 'kill -KILL $$'), 'exit')).toEqual([137, null]);
  });

  it('says what could not be started', async () => {
    const task = start('/no/such/program');
    expect((await task.stderr.toArray()).join('')).toContain('/no/such/program could not be started');
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('hands %s on and waits until its program has ended in its own way', async (signal) => {
    const task = start('sh', '-c', `trap 'echo cleaned up; exit 5' ${signal.slice(3)}; echo ready; while :; do sleep 0.05; done`);
    const said: string[] = [];
    task.stdout.on('data', (chunk) => said.push(String(chunk)));
    await expect.poll(() => said.join('')).toContain('ready');
    task.kill(signal);
    expect(await once(task, 'close')).toEqual([5, null]);
    expect(said.join('')).toContain('cleaned up');
  });
});

describe('npm start', () => {
  it.each<[string, string[], RegExp]>([
    ['an unknown option', ['--confg', 'x'], /--confg/],
    ['a configuration that is not there', ['--config', '/nowhere/config.json'], /\/nowhere\/config\.json cannot be read/],
  ])('refuses %s, with and without a display, before anything starts', async (_what, args, message) => {
    for (const DISPLAY of ['', ':no-such-display']) {
      const started = await ran(process.execPath, [join(BUILD, 'tasks.ts'), 'start', ...args], { env: { ...process.env, DISPLAY } });
      expect(started).toMatchObject({ code: 2, out: '' });
      expect(started.err).toMatch(message);
      expect(started.err).toContain('npm start -- --help');
    }
  });
});
