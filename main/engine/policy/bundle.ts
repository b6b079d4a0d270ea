/** Loads a policy folder into a bundle: read, tried in a throw-away worker, validated, hashed. */

import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { messageOf } from '../../contract/errors.ts';
import type { ShippedName } from '../../contract/settings.ts';
import type { Compiled, CompiledPolicy } from './compile.ts';
import { type GivenPolicies, givenPolicyFiles, type PolicyFile, type PolicyFiles, readPolicyFiles } from './files.ts';
import { type PolicyProblem, problemOf } from './problems.ts';
import { type PolicyTest, readTests } from './tests.ts';
import { WORKER_LIMITS } from './worker-limits.ts';

/** Which bundle: one that ships with Holdpoint, a folder, or policies that came another way. The starter where nothing is said. */
export interface BundleChoice {
  readonly use?: ShippedName;
  /** Beats `use`. */
  readonly dir?: string;
  /** Beats both: policies that the fleet has published. */
  readonly given?: GivenPolicies;
}

/** Policies that may be put in force, if no problem is an `error`. */
export interface Bundle {
  readonly name: string;
  /** `shipped`: comes with Holdpoint, and is not the starter. */
  readonly source: 'starter' | 'shipped' | 'folder' | 'fleet';
  /** Empty for what is in no folder. */
  readonly dir: string;
  /** SHA-256 (hex) of the files' names and content. */
  readonly hash: string;
  readonly files: number;
  readonly schema: string;
  readonly policies: readonly CompiledPolicy[];
  readonly tests: readonly PolicyTest[];
  readonly problems: readonly PolicyProblem[];
}

export const STARTER_DIR = shippedDir('starter');
const SHIPPED_NAMES: Record<ShippedName, string> = {
  starter: 'Starter policy',
  strict: 'Strict policy',
  'watch-only': 'Watch-only policy',
};
const SCHEMA_FILE = new URL('./schema.cedarschema', import.meta.url);
const COMPILE_TIMEOUT_MS = 60_000;

/** The folder of a bundle that ships with Holdpoint. */
export function shippedDir(name: ShippedName): string {
  return fileURLToPath(new URL(`./${name}`, import.meta.url));
}

/** Rejects only where Holdpoint's own files are missing. */
export async function loadBundle(choice: BundleChoice = {}): Promise<Bundle> {
  const schema = await readFile(SCHEMA_FILE, 'utf8');
  const { files, tests: testFiles, hash, problems, ...place } = await chosen(choice);
  const tests = readTests(testFiles);
  const compiled = files.length === 0 ? { policies: [], problems: [] } : await compileApart(files, schema);
  return {
    ...place,
    hash,
    files: files.length,
    schema,
    policies: compiled.policies,
    tests: tests.tests,
    problems: [...problems, ...compiled.problems, ...tests.problems],
  };
}

async function chosen({ use = 'starter', dir, given }: BundleChoice): Promise<PolicyFiles & Pick<Bundle, 'name' | 'source' | 'dir'>> {
  if (given) return { name: given.name, source: 'fleet', dir: '', ...givenPolicyFiles(given) };
  if (dir === undefined) {
    const folder = shippedDir(use);
    const source = use === 'starter' ? 'starter' : 'shipped';
    return { name: SHIPPED_NAMES[use], source, dir: folder, ...(await readPolicyFiles(folder)) };
  }
  const folder = resolve(dir);
  return { name: basename(folder), source: 'folder', dir: folder, ...(await readPolicyFiles(folder)) };
}

/** Never rejects: a crash is a problem of the policy that caused it. */
function compileApart(files: readonly PolicyFile[], schema: string): Promise<Compiled> {
  const { promise, resolve } = Promise.withResolvers<Compiled>();
  const at = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT);
  const worker = new Worker(new URL('./compile-worker.ts', import.meta.url), {
    workerData: { files, schema, at },
    resourceLimits: WORKER_LIMITS,
  });
  const fail = (message: string, hint: string) => {
    const [file = 0, line = 0] = new Int32Array(at);
    resolve({ policies: [], problems: [{ ...problemOf(files[file]?.name ?? '', message, hint), line: Math.max(line, 1) }] });
  };
  const timer = setTimeout(
    () => fail(`Compiling the policies took longer than ${COMPILE_TIMEOUT_MS / 1000} s.`, 'make them fewer or smaller'),
    COMPILE_TIMEOUT_MS,
  );
  worker.on('message', resolve);
  worker.on('error', (thrown) =>
    fail(
      `The policy engine crashed here: ${messageOf(thrown)}.`,
      'nest fewer parentheses, and write ["a", "b"].contains(x) instead of long chains of ||',
    ),
  );
  worker.on('exit', () => fail('The policy engine ended here.', 'make the policies fewer or smaller'));
  return promise.finally(() => {
    clearTimeout(timer);
    return worker.terminate();
  });
}
