/** The project that a folder belongs to. */

import { access } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, parse, resolve } from 'node:path';

/** What stands in the root of a project. */
const MARKS = [
  '.git',
  '.hg',
  '.jj',
  'package.json',
  'deno.json',
  'pyproject.toml',
  'setup.py',
  'requirements.txt',
  'Cargo.toml',
  'go.mod',
  'pom.xml',
  'build.gradle',
  'build.gradle.kts',
  'Gemfile',
  'composer.json',
  'mix.exs',
  'CMakeLists.txt',
];

/**
 * The nearest folder from `cwd` upwards that looks like a project's root; `cwd` itself where there is none. The home folder,
 * what is above it, and the file system's root are never taken for a project, though `cwd` may be one of them. Never rejects.
 */
export async function projectRoot(cwd: string, home: string = homedir()): Promise<string> {
  const start = resolve(cwd);
  const notProjects = new Set(ancestry(resolve(home)));
  for (const folder of ancestry(start)) {
    if (notProjects.has(folder)) break;
    if (await hasMark(folder)) return folder;
  }
  return start;
}

/** `folder` and all above it, nearest first. */
function ancestry(folder: string): readonly string[] {
  const { root } = parse(folder);
  const folders = [folder];
  for (let next = folder; next !== root; ) {
    next = dirname(next);
    folders.push(next);
  }
  return folders;
}

async function hasMark(folder: string): Promise<boolean> {
  const found = await Promise.all(
    MARKS.map((mark) =>
      access(join(folder, mark)).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
}
