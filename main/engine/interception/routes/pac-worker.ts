/** Runs a proxy auto-configuration script: in a sandbox, in a thread that can be ended whatever the script does. */

import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { createPacResolver } from 'pac-resolver';
import { QuickJS } from 'quickjs-wasi';
import type { PacAnswer, PacQuestion, PacWorkerData } from './pac.ts';

const { script, signal, answers } = workerData as PacWorkerData;
const MEMORY_BYTES = 32 * 1024 * 1024;

const resolver = createPacResolver(await QuickJS.create({ memoryLimit: MEMORY_BYTES }), script, {
  // The library's own are asynchronous, and rewrite the script to wait for them: a call inside `some` would then always be true.
  sandbox: {
    dnsResolve: (host?: unknown) => addressOf(host),
    isResolvable: (host?: unknown) => addressOf(host) !== null,
    isInNet: (host?: unknown, network?: unknown, mask?: unknown) => isInNet(addressOf(host), String(network), String(mask)),
    myIpAddress: () => addressOf(undefined),
    alert: () => undefined,
  },
});

parentPort?.on('message', ({ id, url, host }: PacQuestion) => {
  const tell = (answer: PacAnswer) => parentPort?.postMessage(answer);
  resolver(url, host).then(
    (found: unknown) => tell({ kind: 'found', id, answer: String(found) }),
    (thrown: unknown) => tell({ kind: 'failed', id, message: thrown instanceof Error ? thrown.message : String(thrown) }),
  );
});

/** IPv4, as these functions have it; of this machine where no host is named. The script waits, and so does this thread. */
function addressOf(host: unknown): string | null {
  const name = host === undefined ? undefined : String(host);
  if (name !== undefined && words(name) !== undefined) return name;
  Atomics.store(signal, 0, 0);
  parentPort?.postMessage({ kind: 'lookup', host: name } satisfies PacAnswer);
  Atomics.wait(signal, 0, 0);
  const answer: unknown = receiveMessageOnPort(answers)?.message;
  return typeof answer === 'string' ? answer : null;
}

function isInNet(address: string | null, network: string, mask: string): boolean {
  const [own, wanted, bits] = [words(address ?? ''), words(network), words(mask)];
  return own !== undefined && wanted !== undefined && bits !== undefined && ((own ^ wanted) & bits) === 0;
}

function words(address: string): number | undefined {
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(address)) return undefined;
  return address.split('.').reduce((all, part) => (all << 8) | Number(part), 0);
}
