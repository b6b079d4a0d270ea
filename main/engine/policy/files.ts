/** Reads a folder of policies: bounded, and never through a link that leaves the folder. */

import { createHash } from 'node:crypto';
import { constants, type Dirent } from 'node:fs';
import { open, readdir, realpath } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { messageOf } from '../../contract/errors.ts';
import { type PolicyProblem, problemOf } from './problems.ts';

export interface PolicyFile {
  readonly name: string;
  readonly text: string;
}

export interface PolicyFiles {
  /** In order of their names. */
  readonly files: readonly PolicyFile[];
  /** The bundle's tests: `*.test.json`, and `*.json` in the folder `tests`. They are no part of the hash: they decide nothing. */
  readonly tests: readonly PolicyFile[];
  /** SHA-256 (hex) of names and content. */
  readonly hash: string;
  readonly problems: readonly PolicyProblem[];
}

const MAX_FILES = 200;
const MAX_FILE_BYTES = 1024 * 1024;
const MAX_ENTRIES = 10_000;
const TESTS = 'tests';

/** Never rejects: what cannot be read is a problem. */
export async function readPolicyFiles(dir: string): Promise<PolicyFiles> {
  const files: PolicyFile[] = [];
  const tests: PolicyFile[] = [];
  const problems: PolicyProblem[] = [];
  const read = async (root: string, names: readonly string[], into: PolicyFile[]) => {
    for (const name of names) {
      const text = await readPolicyFile(root, name);
      if (typeof text === 'string') into.push({ name, text });
      else problems.push(problemOf(name, text.wrong, text.hint));
    }
  };
  try {
    const root = await realpath(resolve(dir));
    const entries = await entriesOf(root);
    const names: string[] = [];
    const testNames: string[] = [];
    for (const entry of entries) {
      if (entry.name.startsWith('.')) continue;
      // A forbid in a folder that nobody reads would look as if it were in force.
      if (entry.isDirectory() && entry.name === TESTS)
        for (const { name } of await entriesOf(join(root, TESTS))) {
          if (/\.json$/i.test(name)) testNames.push(`${TESTS}/${name}`);
          else if (/\.cedar$/i.test(name))
            problems.push(problemOf(`${TESTS}/${name}`, 'is a policy among the tests, and would not be in force.', 'move it up'));
        }
      else if (entry.isDirectory())
        problems.push(
          problemOf(
            entry.name,
            'is a folder, and policies are read from the folder above only.',
            'move its policies up, or the folder elsewhere',
          ),
        );
      else if (/\.cedar$/i.test(entry.name)) names.push(entry.name);
      else if (/\.test\.json$/i.test(entry.name)) testNames.push(entry.name);
    }
    names.sort();
    if (names.length > MAX_FILES)
      problems.push(
        problemOf(dir, `holds ${names.length} policy files; at most ${MAX_FILES} are read.`, 'put several policies in one file'),
      );
    if (names.length === 0)
      problems.push(problemOf(dir, 'holds no *.cedar file. With no policy nothing is permitted.', 'copy the starter policy and change it'));
    if (testNames.length > MAX_FILES)
      problems.push(
        problemOf(dir, `holds ${testNames.length} files of tests; at most ${MAX_FILES} are read.`, 'put several tests in one file'),
      );
    await read(root, names.slice(0, MAX_FILES), files);
    await read(root, testNames.sort().slice(0, MAX_FILES), tests);
  } catch (thrown) {
    problems.push(problemOf(dir, `cannot be read as a policy folder: ${messageOf(thrown)}.`, 'check policy.dir and its permissions'));
  }
  return { files, tests, problems, hash: hashOf(files) };
}

/** Policies that are no folder's, as if they were one's. */
export function givenPolicyFiles(given: GivenPolicies): PolicyFiles {
  const files = filesOf(given.policies);
  const tests = filesOf(given.tests);
  const many = [...files, ...tests].length > MAX_FILES;
  const long = [...files, ...tests].find(({ text }) => text.length > MAX_FILE_BYTES);
  const problems = [
    ...(many ? [problemOf(given.name, `holds more than ${MAX_FILES} files.`, 'put several policies in one file')] : []),
    ...(long ? [problemOf(long.name, 'is longer than 1 MB.', 'split it')] : []),
    ...(files.length === 0 ? [problemOf(given.name, 'holds no *.cedar file. With no policy nothing is permitted.')] : []),
  ];
  return problems.length > 0 ? { files: [], tests: [], problems, hash: hashOf([]) } : { files, tests, problems, hash: hashOf(files) };
}

export interface GivenPolicies {
  /** What people call it. */
  readonly name: string;
  /** File name to text. */
  readonly policies: Readonly<Record<string, string>>;
  readonly tests: Readonly<Record<string, string>>;
}

function filesOf(texts: Readonly<Record<string, string>>): PolicyFile[] {
  return Object.keys(texts)
    .sort()
    .map((name) => ({ name, text: texts[name]! }));
}

function hashOf(files: readonly PolicyFile[]): string {
  return createHash('sha256')
    .update(JSON.stringify(files.map(({ name, text }) => [name, text])))
    .digest('hex');
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  if (entries.length > MAX_ENTRIES) throw new Error(`it holds more than ${MAX_ENTRIES} entries`);
  return entries;
}

async function readPolicyFile(root: string, name: string): Promise<string | { readonly wrong: string; readonly hint: string }> {
  try {
    const path = await realpath(join(root, name));
    if (!path.startsWith(root.endsWith(sep) ? root : root + sep))
      return { wrong: 'is a link out of the policy folder.', hint: 'copy the file into the folder' };
    // Non-blocking, so that a named pipe cannot keep the engine from starting.
    const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const stat = await file.stat();
      if (!stat.isFile()) return { wrong: 'is not a regular file.', hint: 'replace it by a text file' };
      const buffer = Buffer.alloc(MAX_FILE_BYTES + 1);
      let length = 0;
      while (length < buffer.length) {
        const { bytesRead } = await file.read(buffer, length, buffer.length - length);
        if (bytesRead === 0) break;
        length += bytesRead;
      }
      if (length > MAX_FILE_BYTES) return { wrong: 'is longer than 1 MB.', hint: 'split it' };
      return new TextDecoder('utf-8', { fatal: true }).decode(buffer.subarray(0, length));
    } finally {
      await file.close();
    }
  } catch (thrown) {
    if (thrown instanceof TypeError) return { wrong: 'is not UTF-8 text.', hint: 'save it as UTF-8' };
    return { wrong: `cannot be read: ${messageOf(thrown)}.`, hint: 'check its permissions' };
  }
}
