/** The live policy worker. It catches nothing, on purpose: a trap spoils the WebAssembly instance, so it must end the thread. */

import { parentPort, workerData } from 'node:worker_threads';
import type { CompiledPolicy } from './compile.ts';
import { installPolicies } from './installed.ts';
import type { PolicyRequest } from './request.ts';

const { schema, policies } = workerData as { readonly schema: string; readonly policies: readonly CompiledPolicy[] };
const installed = installPolicies(schema, policies);

parentPort?.on('message', ({ id, request }: { readonly id: number; readonly request: PolicyRequest }) => {
  parentPort?.postMessage({ kind: 'evaluated', id, evaluation: installed.evaluate(request) });
});
parentPort?.postMessage({ kind: 'ready' });
