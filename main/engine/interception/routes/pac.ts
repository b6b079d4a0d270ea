/** A proxy auto-configuration script: fetched, kept, renewed, and asked with bounds. */

import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { HoldpointError, messageOf } from '../../../contract/errors.ts';
import { fetchPac } from './pac-fetch.ts';
import { pacName } from './route-settings.ts';

export interface Pac {
  /** The script's own words. `HoldpointError` `upstream-unreachable` where it cannot be had, failed, or took too long. */
  findProxy(url: string, host: string): Promise<string>;
  close(): void;
}

export interface PacWorkerData {
  readonly script: string;
  /** Wakes the worker, which waits for `answers`. */
  readonly signal: Int32Array<SharedArrayBuffer>;
  readonly answers: MessagePort;
}

export interface PacQuestion {
  readonly id: number;
  readonly url: string;
  readonly host: string;
}

export type PacAnswer =
  | { readonly kind: 'found'; readonly id: number; readonly answer: string }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string }
  /** An IPv4 address is wanted; this machine's where no host is named. */
  | { readonly kind: 'lookup'; readonly host: string | undefined };

/** Starting the sandbox included. Name servers that do not answer take about as long. */
const ANSWER_MS = 5_000;
/** The script is renewed when it is asked and older than this, behind the answer. */
const FRESH_MS = 5 * 60_000;
/** A source that failed is not asked by each connection. */
const RETRY_MS = 10_000;

export function createPac(options: {
  /** URL or path. */
  source: string;
  roots(): readonly string[];
  answerMs?: number;
  now?: () => number;
}): Pac {
  const { source, roots, answerMs = ANSWER_MS, now = Date.now } = options;
  let current: { readonly script: string; runner: Runner | undefined } | undefined;
  let failure: HoldpointError | undefined;
  let fetchedAt = Number.NEGATIVE_INFINITY;
  let fetching: Promise<void> | undefined;
  let closed = false;

  return {
    async findProxy(url, host) {
      const age = now() - fetchedAt;
      if (age > (failure ? RETRY_MS : FRESH_MS)) fetching ??= renew();
      if (!current) await fetching;
      if (!current) throw failure ?? failed('was closed');
      current.runner ??= startRunner(current.script, answerMs);
      const { runner } = current;
      try {
        return await runner.ask(url, host);
      } catch (error) {
        if (runner.over() && current.runner === runner) current.runner = undefined;
        throw failed(messageOf(error), error);
      }
    },
    close() {
      closed = true;
      current?.runner?.end();
      current = undefined;
    },
  };

  /** A script that was had before is used on when it cannot be had again. */
  async function renew(): Promise<void> {
    try {
      const script = await fetchPac(source, roots);
      failure = undefined;
      if (!closed && script !== current?.script) {
        current?.runner?.end();
        current = { script, runner: undefined };
      }
    } catch (error) {
      failure = failed(messageOf(error), error);
    } finally {
      fetchedAt = now();
      fetching = undefined;
    }
  }

  /** The script chooses what it throws: it must neither fill the log nor draw on a terminal. */
  function failed(thrown: string, cause?: unknown): HoldpointError {
    const why = thrown.replace(/\p{C}+/gu, ' ').slice(0, 200);
    return new HoldpointError(
      'upstream-unreachable',
      `The proxy script ${pacName(source)} cannot be used: ${why}. Correct the script or upstream.pac, or set upstream.parentProxy, which is used while the script fails.`,
      cause,
    );
  }
}

interface Runner {
  ask(url: string, host: string): Promise<string>;
  /** Whether it cannot be asked again. */
  over(): boolean;
  end(): void;
}

function startRunner(script: string, answerMs: number): Runner {
  const { port1: ours, port2: theirs } = new MessageChannel();
  const signal = new Int32Array(new SharedArrayBuffer(4));
  const data: PacWorkerData = { script, signal, answers: theirs };
  const worker = new Worker(new URL('./pac-worker.ts', import.meta.url), {
    workerData: data,
    transferList: [theirs],
    resourceLimits: { maxOldGenerationSizeMb: 128 },
    stdout: true,
    stderr: true,
  });
  worker.unref();
  const open = new Map<number, { resolve(answer: string): void; reject(error: Error): void }>();
  let lastId = 0;
  let over = false;

  worker.on('message', (told: PacAnswer) => {
    if (told.kind === 'lookup') return void reply(told.host);
    const asked = open.get(told.id);
    if (told.kind === 'found') asked?.resolve(told.answer);
    else asked?.reject(new Error(told.message));
  });
  worker.on('error', (error) => end(`it is not a script that can be run: ${messageOf(error)}`));
  worker.on('exit', () => end('it ended'));

  return {
    ask(url, host) {
      const id = ++lastId;
      return new Promise<string>((resolve, reject) => {
        const timer = setTimeout(() => end(`it did not answer within ${answerMs / 1000} s`), answerMs);
        const settle = () => {
          clearTimeout(timer);
          open.delete(id);
        };
        open.set(id, {
          resolve: (answer) => {
            settle();
            resolve(answer);
          },
          reject: (error) => {
            settle();
            reject(error);
          },
        });
        worker.postMessage({ id, url, host } satisfies PacQuestion);
      });
    },
    over: () => over,
    end: () => end('it was replaced'),
  };

  function end(why: string): void {
    over = true;
    void worker.terminate();
    ours.close();
    for (const asked of open.values()) asked.reject(new Error(why));
  }

  async function reply(host: string | undefined): Promise<void> {
    const address = await (host === undefined ? ownAddress() : lookup(host, { family: 4 }).then((found) => found.address)).catch(
      () => null,
    );
    if (over) return;
    ours.postMessage(address);
    Atomics.store(signal, 0, 1);
    Atomics.notify(signal, 0);
  }
}

/** The address that the way out has. A connected UDP socket sends nothing; it only makes the system choose. */
function ownAddress(): Promise<string> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    const settle = (address: string) => {
      socket.close();
      resolve(address);
    };
    socket.once('error', () => settle('127.0.0.1'));
    // An address for documentation (RFC 5737): any that is not ours will do.
    socket.connect(53, '192.0.2.1', () => settle(socket.address().address));
  });
}
