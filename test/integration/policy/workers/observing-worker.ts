/** A policy worker that gives its verdict, and then dies of what is only observed. */

import { parentPort } from 'node:worker_threads';

parentPort?.on('message', ({ id, request }: { readonly id: number; readonly request: { readonly resource: { readonly id: string } } }) => {
  parentPort?.postMessage({ kind: 'evaluated', id, evaluation: { permits: ['all'], denies: [], softs: [] }, more: true });
  if (request.resource.id === 'crash') throw new Error('unreachable executed');
  parentPort?.postMessage({ kind: 'observed', id, observed: undefined });
});
parentPort?.postMessage({ kind: 'ready' });
