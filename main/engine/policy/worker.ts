/** The live policy worker. It catches nothing, on purpose: a trap spoils the WebAssembly instance, so it must end the thread. */

import { parentPort, workerData } from 'node:worker_threads';
import type { CompiledPolicy } from './compile.ts';
import { installPolicies } from './installed.ts';
import type { PolicyRequest } from './request.ts';

const { schema, policies } = workerData as { readonly schema: string; readonly policies: readonly CompiledPolicy[] };
const installed = installPolicies(schema, policies);
const watches = policies.some(({ mode }) => mode === 'observe');

parentPort?.on('message', ({ id, request }: { readonly id: number; readonly request: PolicyRequest }) => {
  const evaluation = installed.evaluate(request);
  const more = watches && evaluation.failure === undefined;
  // The verdict's part is told first: what observed policies do to this thread must not take it back.
  parentPort?.postMessage({ kind: 'evaluated', id, evaluation, more });
  if (more) parentPort?.postMessage({ kind: 'observed', id, observed: installed.observe(request) });
});
parentPort?.postMessage({ kind: 'ready' });
