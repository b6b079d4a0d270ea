/** With sudo, a command does not write in the home of whoever typed it. */

import { chownSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { takeOwnHome } from '../../../main/cli/own-home.ts';

const IS_ROOT = process.getuid?.() === 0;
const root = () => ({ home: '/root', shell: '/bin/bash' });

function homeOf(uid?: number): string {
  const home = mkdtempSync(join(tmpdir(), 'holdpoint-home-'));
  if (uid !== undefined) chownSync(home, uid, uid);
  return home;
}

it.runIf(IS_ROOT)('root leaves another user’s home, and the folders beside it, alone', () => {
  const env: NodeJS.ProcessEnv = { HOME: homeOf(4_321), XDG_CONFIG_HOME: '/home/dev/.config', SHELL: '/home/dev/shell', PATH: '/bin' };
  takeOwnHome(env, 0, root);
  expect(env).toEqual({ HOME: '/root', SHELL: '/bin/bash', PATH: '/bin' });
});

it.runIf(IS_ROOT)('a home of root’s own, wherever it is, is kept', () => {
  const env: NodeJS.ProcessEnv = { HOME: homeOf(), XDG_CONFIG_HOME: '/elsewhere' };
  const before = { ...env };
  takeOwnHome(env, 0, root);
  expect(env).toEqual(before);
});

it('of everybody else nothing is changed', () => {
  const env: NodeJS.ProcessEnv = { HOME: '/', XDG_CONFIG_HOME: '/elsewhere' };
  takeOwnHome(env, 1_000, root);
  takeOwnHome(env, undefined, root);
  expect(env).toEqual({ HOME: '/', XDG_CONFIG_HOME: '/elsewhere' });
});
