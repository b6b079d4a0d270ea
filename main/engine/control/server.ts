/** The control socket's engine side: who may connect, what they may ask, and what they are told. */

import { randomBytes, timingSafeEqual } from 'node:crypto';
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join, resolve } from 'node:path';
import { ErrorCodes, type MessageConnection, ResponseError } from 'vscode-jsonrpc/node';
import { z } from 'zod';
import {
  CONTROL_EVENTS,
  CONTROL_METHODS,
  CONTROL_SOCKET,
  CONTROL_TOKEN,
  type ControlEvent,
  type ControlEventData,
  type ControlMethod,
  type ControlParams,
  type ControlResult,
} from '../../contract/control.ts';
import { HoldpointError, messageOf } from '../../contract/errors.ts';
import { writeFileAtomically } from '../data-dir.ts';
import type { Log } from '../log.ts';
import type { Caller } from './caller.ts';
import { CONTROL_PLACE, newControlPlace } from './place.ts';
import { jsonRpcOver } from './transport.ts';
import { toWire } from './wire-error.ts';

type Asked = Exclude<ControlMethod, 'hello'>;

/** `gone` is aborted when the caller has disconnected. A method whose result is `{}` gives nothing. */
type Handler<M extends Asked> =
  ControlResult<M> extends Record<string, never>
    ? (params: ControlParams<M>, caller: Caller) => void
    : (params: ControlParams<M>, caller: Caller, gone: AbortSignal) => Promise<ControlResult<M>> | ControlResult<M>;

/** One function a method. What it throws goes to the client if it is a HoldpointError, else to the log. */
export type ControlHandlers = { readonly [M in Asked]: Handler<M> };

export interface ControlOptions {
  readonly dataDir: string;
  readonly version: string;
  readonly handlers: ControlHandlers;
  readonly log?: Log;
  /** Told when the first attending client comes or the last one goes. */
  readonly onAttended?: (attended: boolean) => void;
  /** How long a connection may take to say hello. */
  readonly helloMs?: number;
  readonly maxClients?: number;
  /** Bytes that may wait for a client that does not read. */
  readonly maxWaitingBytes?: number;
}

export interface Control {
  readonly socket: string;
  /** A client that shows questions to a person is connected. */
  attended(): boolean;
  /** Resolves when no client is connected that needs the engine: at once where none is. */
  unneeded(): Promise<void>;
  /** How many clients are connected that need the engine. */
  keepers(): number;
  /**
   * Tells every client that has said hello. Of several states told in a row, clients get the last; `record` is told each time, and to those
   * only whom `to` means.
   */
  tell<E extends ControlEvent>(event: E, data: ControlEventData<E>, to?: (caller: Caller) => boolean): void;
  close(): Promise<void>;
}

/** Of one request: the longest is a message of an MCP server, with its quotes escaped. */
const MAX_REQUEST_BYTES = 12 * 1024 * 1024;
const SILENT: Log = { info: () => {}, warn: () => {}, error: () => {} };

interface Peer {
  readonly caller: Caller;
  readonly attends: boolean;
  readonly keeps: boolean;
  readonly connection: MessageConnection;
}

/** Serves the data folder's control socket. The folder must be claimed: what an earlier engine left there is removed. */
export async function startControl(options: ControlOptions): Promise<Control> {
  const {
    version,
    handlers,
    log = SILENT,
    onAttended = () => {},
    helloMs = 5_000,
    maxClients = 64,
    maxWaitingBytes = 32 * 1024 * 1024,
  } = options;
  const dataDir = resolve(options.dataDir);
  const token = randomBytes(32).toString('hex');
  const sockets = new Set<Socket>();
  const peers = new Set<Peer>();
  const states = new Map<ControlEvent, unknown>();
  const unneeded = new Set<() => void>();

  const place = newControlPlace(dataDir);
  const server = createServer(welcome);
  try {
    rmSync(join(dataDir, CONTROL_PLACE), { force: true });
    rmSync(join(dataDir, CONTROL_SOCKET), { force: true });
    // The token first: whoever finds the socket finds the token that fits it.
    writeFileAtomically(join(dataDir, CONTROL_TOKEN), token);
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(place.socket, resolve));
    if (process.platform !== 'win32') chmodSync(place.socket, 0o600);
    if (place.note !== undefined) writeFileAtomically(join(dataDir, CONTROL_PLACE), place.note);
  } catch (thrown) {
    server.close();
    place.remove();
    throw new HoldpointError('data-dir-unusable', `The control socket ${place.socket} cannot be served: ${messageOf(thrown)}.`, thrown);
  }
  server.on('error', (error) => log.error('control.failed', { error }));

  return {
    socket: place.socket,
    attended,
    keepers,
    unneeded: () => (keepers() === 0 ? Promise.resolve() : new Promise((resolve) => void unneeded.add(resolve))),
    tell(event, data, to) {
      if (event === 'record') return send(event, data, to);
      if (states.size === 0) setImmediate(sendStates);
      states.set(event, data);
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      sendStates();
      for (const socket of sockets) socket.destroySoon();
      // A client that does not read cannot keep the engine from ending.
      const impatience = setTimeout(() => {
        for (const socket of sockets) socket.destroy();
      }, 1_000);
      await closed;
      clearTimeout(impatience);
      place.remove();
      rmSync(join(dataDir, CONTROL_PLACE), { force: true });
      rmSync(join(dataDir, CONTROL_TOKEN), { force: true });
    },
  };

  function attended(): boolean {
    for (const peer of peers) if (peer.attends) return true;
    return false;
  }

  function keepers(): number {
    let count = 0;
    for (const peer of peers) if (peer.keeps) count += 1;
    return count;
  }

  function sendStates(): void {
    const told = [...states];
    states.clear();
    for (const [event, data] of told) send(event, data);
  }

  function send(event: ControlEvent, data: unknown, to: (caller: Caller) => boolean = () => true): void {
    if (peers.size === 0) return;
    const checked = CONTROL_EVENTS[event].safeParse(data);
    if (!checked.success) {
      log.error('control.event-invalid', { name: event, problems: pathsOf(checked.error) });
      return;
    }
    for (const { connection, caller } of peers)
      if (to(caller)) void connection.sendNotification(event, { data: checked.data }).catch(() => {});
  }

  function welcome(socket: Socket): void {
    socket.on('error', () => {}); // A client that goes away mid-word is no event; 'close' follows.
    if (sockets.size >= maxClients) {
      log.warn('control.full', { clients: sockets.size });
      socket.destroy();
      return;
    }
    sockets.add(socket);
    const { connection, closeAfterNext } = jsonRpcOver(socket, {
      accepts: 'requests',
      maxMessageBytes: MAX_REQUEST_BYTES,
      maxWaitingBytes,
    });
    const silence = setTimeout(() => socket.destroy(), helloMs);
    let peer: Peer | undefined;
    const gone = new AbortController();

    socket.once('close', () => {
      gone.abort();
      clearTimeout(silence);
      sockets.delete(socket);
      if (!peer) return;
      peers.delete(peer);
      log.info('control.left', { client: peer.caller.client });
      if (peer.attends && !attended()) onAttended(false);
      if (keepers() > 0) return;
      for (const resolve of unneeded) resolve();
      unneeded.clear();
    });
    connection.onError(([error]) => log.warn('control.refused', { error }));
    connection.onRequest('hello', (given: unknown) => {
      const hello = CONTROL_METHODS.hello.params.safeParse(given);
      if (peer || !hello.success || !isToken(hello.data.token)) {
        closeAfterNext();
        log.warn('control.refused', { reason: peer ? 'a second hello' : hello.success ? 'wrong token' : 'no proper hello' });
        throw toWire(
          new HoldpointError(
            'control-refused',
            'The engine does not accept this client: the token is not its own. Read it anew and connect again.',
          ),
        );
      }
      clearTimeout(silence);
      const before = attended();
      peer = {
        caller: { client: hello.data.client, level: 'admin', user: undefined },
        attends: hello.data.attends,
        keeps: hello.data.keeps ?? false,
        connection,
      };
      peers.add(peer);
      log.info('control.joined', { client: peer.caller.client, attends: peer.attends });
      if (peer.attends && !before) onAttended(true);
      return { version };
    });
    for (const method of Object.keys(handlers) as Asked[]) connection.onRequest(method, (given: unknown) => answer(method, given));
    connection.listen();

    async function answer<M extends Asked>(method: M, given: unknown): Promise<unknown> {
      if (!peer) {
        closeAfterNext();
        throw toWire(new HoldpointError('control-refused', 'The engine wants hello first.'));
      }
      const { params, result } = CONTROL_METHODS[method];
      const asked = params.safeParse(given);
      if (!asked.success) throw new ResponseError(ErrorCodes.InvalidParams, `${method}: ${pathsOf(asked.error)}`);
      try {
        // The table pairs each method's schema with its handler; the type checker cannot follow it through an index.
        const handle = handlers[method] as (params: unknown, caller: Caller, gone: AbortSignal) => unknown;
        return result.parse((await handle(asked.data, peer.caller, gone.signal)) ?? {});
      } catch (thrown) {
        if (!(thrown instanceof HoldpointError))
          log.error('control.failed', { method, error: thrown instanceof z.ZodError ? pathsOf(thrown) : thrown });
        throw toWire(thrown);
      }
    }
  }

  function isToken(given: string): boolean {
    const [a, b] = [Buffer.from(given), Buffer.from(token)];
    return a.length === b.length && timingSafeEqual(a, b);
  }
}

/** Where and what, without the values. */
function pathsOf(error: z.ZodError): string {
  return error.issues
    .slice(0, 10)
    .map((issue) => `${issue.path.join('.') || 'the whole'}: ${issue.message}`)
    .join('; ');
}
