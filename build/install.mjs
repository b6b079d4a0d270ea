/** Puts the clone's packages in place: `npm ci` where node_modules is not what the lock file says, and the `holdpoint` command. */

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { linkCommand } from './link.mjs';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));
export const NODE = join(ROOT, 'node_modules', '.bin', process.platform === 'win32' ? 'node.exe' : 'node');

/** Rejects with one line that names what is missing. */
export async function install() {
  if (!(await isCurrent())) {
    console.log('Installing packages …');
    const { code, err } = await npmCi();
    // npm follows its reason with a page of usage.
    const reason = err.trim().split('\n').slice(0, 8).join('\n');
    if (code !== 0) throw new Error(`${reason}\nMissing: the packages of package-lock.json. Install them with: npm ci`);
  }
  if (!existsSync(NODE)) throw new Error(`Missing: a Node for ${process.platform}-${process.arch}. No package in package.json brings one.`);
  await linkCommand(ROOT);
}

/** npm keeps what it has installed in node_modules/.package-lock.json, written last: it is there only when all of it is. */
async function isCurrent() {
  const [wanted, there] = await Promise.all([locked('package-lock.json'), locked('node_modules/.package-lock.json')]);
  if (!wanted || !there) return false;
  return Object.entries(wanted).every(([path, { integrity, optional }]) => {
    if (path === '') return true;
    const found = there[path];
    // Optional packages of other platforms are never installed.
    return found ? found.integrity === integrity : optional === true;
  });
}

/**
 * @param {string} file
 * @returns {Promise<Record<string, { integrity?: string, optional?: boolean }> | undefined>}
 */
async function locked(file) {
  try {
    return JSON.parse(await readFile(join(ROOT, file), 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/** @returns {Promise<{ code: number | null, err: string }>} */
function npmCi() {
  return new Promise((done) => {
    const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
    const npm = spawn('npm', args, { cwd: ROOT, stdio: ['ignore', 'ignore', 'pipe'], shell: process.platform === 'win32' });
    let err = '';
    npm.stderr.on('data', (chunk) => (err += chunk));
    npm.once('error', (error) => done({ code: 127, err: error.message }));
    npm.once('close', (code) => done({ code, err }));
  });
}
