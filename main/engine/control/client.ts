/** The control socket's client side, for the app and the command line. Runs on Node 18 and later. */

import { readFileSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { join, resolve } from 'node:path';
import {
  type AskedMethod,
  CONTROL_EVENTS,
  CONTROL_METHODS,
  CONTROL_TOKEN,
  type ControlEvent,
  type ControlEventData,
  type ControlMethod,
  type ControlParams,
  type ControlResult,
} from '../../contract/control.ts';
import { HoldpointError, messageOf } from '../../contract/errors.ts';
import { servicePlaces } from '../../contract/service-places.ts';
import { failsafeIn } from './failsafe-state.ts';
import { isPublic, makeClaim } from './own-claim.ts';
import { findControlPlace } from './place.ts';
import { jsonRpcOver } from './transport.ts';
import { fromWire } from './wire-error.ts';

export interface ControlClient {
  /** The engine's. */
  readonly version: string;
  /** Rejects with HoldpointError: the engine's own, or `control-unreachable` where it went away or was silent. */
  call<M extends AskedMethod>(method: M, params: ControlParams<M>): Promise<ControlResult<M>>;
  /** Gives back how to stop listening. */
  on<E extends ControlEvent>(event: E, listener: (data: ControlEventData<E>) => void): () => void;
  /** Resolves when the connection has ended, whoever ended it. */
  readonly closed: Promise<void>;
  /** It told something that this program does not understand, so the connection was ended: it is of another version. */
  readonly misunderstood: boolean;
  close(): void;
}

export interface ConnectOptions {
  /** What this program calls itself: "app", "terminal". */
  readonly client: string;
  /** It shows questions to a person while it is connected. */
  readonly attends: boolean;
  /** It needs the engine while it is connected: an agent runs behind it. */
  readonly keeps?: boolean;
  /** How long the engine may take for an answer. */
  readonly answerMs?: number;
}

/** The engine's lists of questions are long; it is trusted once it knew the token's socket. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** How long an answer may take that is work and no look-up, in ms. An engine that goes away meanwhile is noticed at once. */
const LONG_WORK: Partial<Record<ControlMethod, number>> = { exportIncident: 60 * 60_000 };

type Listener = (data: never) => void;

/** Connects to the engine that serves this data folder. Throws HoldpointError `control-unreachable` where there is none, `control-refused` where it says no, `control-denied` where it is another user's. */
export async function connectControl(
  dataDir: string,
  { client, attends, keeps = false, answerMs = 30_000 }: ConnectOptions,
): Promise<ControlClient> {
  const dir = resolve(dataDir);
  let token: string | undefined;
  let socket: Socket;
  try {
    token = isPublic(dir) ? undefined : readFileSync(join(dir, CONTROL_TOKEN), 'utf8').trim();
    socket = await connected(findControlPlace(dir));
  } catch (thrown) {
    throw unreachable(dir, thrown);
  }
  const { connection } = jsonRpcOver(socket, { accepts: 'answers', maxMessageBytes: MAX_ANSWER_BYTES, maxWaitingBytes: MAX_ANSWER_BYTES });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const listeners = new Map<ControlEvent, Set<Listener>>();
  let misunderstood = false;

  for (const event of Object.keys(CONTROL_EVENTS) as ControlEvent[]) {
    connection.onNotification(event, (params: { data?: unknown } | undefined) => {
      const told = CONTROL_EVENTS[event].safeParse(params?.data);
      // An engine whose words we do not understand is of another version: better no window on it than a wrong one.
      if (!told.success) {
        misunderstood = true;
        socket.destroy();
        return;
      }
      for (const listener of listeners.get(event) ?? []) listener(told.data as never);
    });
  }
  connection.onError(() => {}); // The transport closes the socket itself.
  connection.listen();

  const { version } = await greeted().catch((thrown: unknown) => {
    socket.destroy();
    throw thrown;
  });
  return {
    version,
    call: ask,
    on(event, listener) {
      const known = listeners.get(event) ?? new Set();
      listeners.set(event, known.add(listener));
      return () => known.delete(listener);
    },
    closed,
    get misunderstood() {
      return misunderstood;
    },
    close: () => void socket.destroy(),
  };

  async function greeted(): Promise<ControlResult<'hello'>> {
    if (token !== undefined) return ask('hello', { token, client, attends, keeps });
    const { nonce } = await ask('challenge', {});
    const claim = makeClaim(dir, nonce);
    try {
      return await ask('hello', { claim: nonce, client, attends, keeps });
    } finally {
      claim.remove();
    }
  }

  async function ask<M extends ControlMethod>(method: M, params: ControlParams<M>): Promise<ControlResult<M>> {
    const waitMs = LONG_WORK[method] ?? answerMs;
    let patience: NodeJS.Timeout | undefined;
    try {
      const silence = new Promise<never>((_, reject) => {
        patience = setTimeout(
          () =>
            reject(
              new HoldpointError(
                'control-unreachable',
                `The engine of ${dir} did not answer within ${waitMs / 1000} s. It may be stopped; see its log.`,
              ),
            ),
          waitMs,
        );
      });
      const given = await Promise.race([connection.sendRequest<unknown>(method, params), silence]);
      return CONTROL_METHODS[method].result.parse(given) as ControlResult<M>;
    } catch (thrown) {
      throw thrown instanceof Error && thrown.name === 'ZodError'
        ? new HoldpointError(
            'control-refused',
            `The engine's answer to ${method} is not understood. It is of another version: restart it.`,
            thrown,
          )
        : fromWire(thrown);
    } finally {
      clearTimeout(patience);
    }
  }
}

function connected(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path);
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      socket.on('error', () => {}); // 'close' follows.
      resolve(socket);
    });
  });
}

/** Why an engine could not be connected to, for a person. */
export function unreachable(dir: string, cause: unknown): HoldpointError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  const standIn = failsafeIn(dir);
  if (standIn !== undefined) return new HoldpointError('control-unreachable', standIn, cause);
  if (dir === servicePlaces().runDir || isPublic(dir))
    return new HoldpointError(
      'control-unreachable',
      `The guard’s service is not running. ${process.platform === 'linux' ? 'Start it, or ask your administrator to: sudo systemctl start holdpoint' : 'Ask your administrator to start it.'} (Nobody serves ${dir}.)`,
      cause,
    );
  if (code === 'EACCES' || code === 'EPERM')
    return new HoldpointError(
      'control-denied',
      `${dir} belongs to another user of this computer, and so does the guard in it. Use a folder of your own: --data-dir FOLDER.`,
      cause,
    );
  const absent = code === 'ENOENT' || code === 'ECONNREFUSED';
  return absent
    ? new HoldpointError(
        'control-unreachable',
        `No engine is running for ${dir}. Start one with: npx holdpoint start --data-dir ${dir}`,
        cause,
      )
    : new HoldpointError('control-unreachable', `The engine of ${dir} cannot be reached: ${messageOf(cause)}.`, cause);
}
