/** Tries a bundle in a thread that can be thrown away: policy text can crash the WebAssembly instance for good. */

import { parentPort, workerData } from 'node:worker_threads';
import { compilePolicies } from './compile.ts';
import type { PolicyFile } from './files.ts';
import { installPolicies } from './installed.ts';

const { files, schema, at } = workerData as {
  readonly files: readonly PolicyFile[];
  readonly schema: string;
  readonly at: SharedArrayBuffer;
};
// Shared memory, because a message that was posted just before a crash may never arrive.
const place = new Int32Array(at);
const compiled = compilePolicies(files, schema, ({ file, line }) => {
  place[0] = files.findIndex(({ name }) => name === file);
  place[1] = line;
});
if (!compiled.problems.some(({ severity }) => severity === 'error')) installPolicies(schema, compiled.policies);
parentPort?.postMessage(compiled);
