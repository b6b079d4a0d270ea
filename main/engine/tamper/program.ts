/** The installed program against the list of its files that the package brought: what was changed, added or taken away since. */

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { messageOf } from '../../contract/errors.ts';

/** In the program's folder; a clone has none. Paths are relative, with slashes; digests are SHA-256 in hex. */
export const PROGRAM_FILES = 'files.json';

const listSchema = z.strictObject({ version: z.literal(1), files: z.record(z.string().max(1024), z.string().length(64)) });

export type ProgramState =
  /** As it was installed. */
  | { readonly state: 'whole'; readonly files: number }
  /** `differences`: at most so many as a person reads. */
  | { readonly state: 'changed'; readonly count: number; readonly differences: readonly string[] }
  /** Not installed by a package. */
  | { readonly state: 'unpackaged' };

const MAX_TOLD = 20;
const MAX_LIST_BYTES = 8 * 1024 * 1024;

/** Reads every file of the program once, a piece at a time. Never rejects: a list that cannot be read is a change. */
export async function verifyProgram(root: string): Promise<ProgramState> {
  let files: ReadonlyMap<string, string>;
  try {
    const stats = await lstat(join(root, PROGRAM_FILES)).catch(() => undefined);
    if (!stats) return { state: 'unpackaged' };
    if (!stats.isFile() || stats.size > MAX_LIST_BYTES) throw new Error('it is no list of ours');
    files = new Map(Object.entries(listSchema.parse(JSON.parse(await readFile(join(root, PROGRAM_FILES), 'utf8'))).files));
  } catch (thrown) {
    return { state: 'changed', count: 1, differences: [`${PROGRAM_FILES} cannot be read: ${messageOf(thrown).split('\n', 1)[0]}`] };
  }
  const differences: string[] = [];
  const there = new Set<string>();
  for await (const path of filesBelow(root)) {
    there.add(path);
    const expected = files.get(path);
    if (path === PROGRAM_FILES) continue;
    if (expected === undefined) differences.push(`${path} was added`);
    else if ((await digestOf(join(root, path))) !== expected) differences.push(`${path} was changed`);
  }
  for (const path of files.keys()) if (!there.has(path)) differences.push(`${path} is gone`);
  if (differences.length === 0) return { state: 'whole', files: files.size };
  return { state: 'changed', count: differences.length, differences: differences.slice(0, MAX_TOLD) };
}

/** The list of what lies in `root` now, for whoever packs it. */
export async function programList(root: string): Promise<string> {
  const files: Record<string, string> = {};
  for await (const path of filesBelow(root)) {
    const digest = path === PROGRAM_FILES ? undefined : await digestOf(join(root, path));
    if (digest !== undefined) files[path] = digest;
  }
  return `${JSON.stringify({ version: 1, files })}\n`;
}

/** Links are no files of ours: each is told as a difference. What is in a folder that cannot be read, or goes meanwhile, is told as gone. */
async function* filesBelow(root: string, folder = ''): AsyncGenerator<string> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) yield* filesBelow(root, path);
    else yield path;
  }
}

/** Undefined where it cannot be read as a file. */
async function digestOf(file: string): Promise<string | undefined> {
  try {
    if (!(await lstat(file)).isFile()) return undefined;
    const hash = createHash('sha256');
    await pipeline(createReadStream(file), hash);
    return hash.digest('hex');
  } catch {
    return undefined;
  }
}
