/** Stands in for the policy worker: does to each tool what the tool is called. */

import { parentPort, threadId } from 'node:worker_threads';

parentPort?.on('message', ({ id, request }: { id: number; request: { resource: { id: string } } }) => {
  switch (request.resource.id) {
    case 'crash':
      throw new Error('memory access out of bounds');
    case 'exit':
      process.exit(3);
      break;
    case 'hang':
      for (;;);
    case 'wait':
      break;
    default:
      parentPort?.postMessage({ kind: 'evaluated', id, evaluation: { permits: [`thread ${threadId}`], denies: [], softs: [] } });
  }
});
parentPort?.postMessage({ kind: 'ready' });
