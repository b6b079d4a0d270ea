/** The control socket's engine side: who may connect, what they may ask, and what they are told. */

import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join, resolve } from 'node:path';
import { ErrorCodes, type MessageConnection, ResponseError } from 'vscode-jsonrpc/node';
import { z } from 'zod';
import {
  type AskedMethod,
  CONTROL_EVENTS,
  CONTROL_METHODS,
  CONTROL_SOCKET,
  type ControlEvent,
  type ControlEventData,
  type ControlParams,
  type ControlResult,
} from '../../contract/control.ts';
import { CONTROL_LEVELS } from '../../contract/control-levels.ts';
import { HoldpointError, messageOf } from '../../contract/errors.ts';
import { writeFileAtomically } from '../data-dir.ts';
import type { Log } from '../log.ts';
import type { Caller } from './caller.ts';
import { type ClaimsOptions, createClaimDoor } from './claims.ts';
import { createTokenDoor, type Identity } from './door.ts';
import { BUSY, createPublicLimits, notPermitted, type PublicLimits } from './limits.ts';
import { CONTROL_PLACE, newControlPlace, publicControlPlace } from './place.ts';
import { pathsOf } from './problems.ts';
import { jsonRpcOver } from './transport.ts';
import { toWire } from './wire-error.ts';

/** `gone` is aborted when the caller has disconnected. A method whose result is `{}` gives nothing. */
type Handler<M extends AskedMethod> =
  ControlResult<M> extends Record<string, never>
    ? (params: ControlParams<M>, caller: Caller) => void
    : (params: ControlParams<M>, caller: Caller, gone: AbortSignal) => Promise<ControlResult<M>> | ControlResult<M>;

/** One function a method. What it throws goes to the client if it is a HoldpointError, else to the log. */
export type ControlHandlers = { readonly [M in AskedMethod]: Handler<M> };

export interface ControlOptions {
  readonly dataDir: string;
  readonly version: string;
  readonly handlers: ControlHandlers;
  /** Serves all of a machine's users, in a folder that everybody may see, instead of one person in the data folder. */
  readonly public?: ClaimsOptions & { readonly limits?: Partial<PublicLimits> };
  readonly log?: Log;
  /** Told when a user's first attending client comes or the last one goes. */
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
  /** One is that shows this user's questions: the user's own, or one of somebody who answers for everybody. */
  attends(user: string | undefined): boolean;
  /** Resolves when no client is connected that needs the engine: at once where none is. */
  unneeded(): Promise<void>;
  /** How many clients are connected that need the engine. */
  keepers(): number;
  /**
   * Tells every client that has said hello. Of several states told in a row, clients get the last; `record` is told each time.
   * A function is asked for what each of them may hear; undefined is nothing.
   */
  tell<E extends ControlEvent>(event: E, data: ControlEventData<E> | ((caller: Caller) => ControlEventData<E> | undefined)): void;
  close(): Promise<void>;
}

/** Of one request: the longest is a message of an MCP server, with its quotes escaped. */
const MAX_REQUEST_BYTES = 12 * 1024 * 1024;
/** Of what comes before a client is welcome. */
const MAX_GREETING_BYTES = 4 * 1024;
const SILENT: Log = { info: () => {}, warn: () => {}, error: () => {} };

interface Peer {
  readonly caller: Caller;
  readonly share: string;
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
    maxClients = options.public ? 512 : 64,
    maxWaitingBytes = 32 * 1024 * 1024,
  } = options;
  const folder = resolve(options.public?.runDir ?? options.dataDir);
  const door = options.public ? createClaimDoor({ ...options.public, runDir: folder }) : createTokenDoor(folder);
  const limits = createPublicLimits(options.public && { ...options.public.limits }, log);
  const sockets = new Set<Socket>();
  const peers = new Set<Peer>();
  /** Said no hello yet, the longest first. */
  const strangers = new Set<Socket>();
  const states = new Map<ControlEvent, (caller: Caller) => unknown>();
  const unneeded = new Set<() => void>();

  const place = options.public ? publicControlPlace(folder) : newControlPlace(folder);
  const server = createServer(welcome);
  try {
    rmSync(join(folder, CONTROL_PLACE), { force: true });
    rmSync(join(folder, CONTROL_SOCKET), { force: true });
    door.open();
    const everybody = options.public !== undefined;
    const listening = { path: place.socket, readableAll: everybody, writableAll: everybody };
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(listening, resolve));
    if (process.platform !== 'win32') chmodSync(place.socket, everybody ? 0o666 : 0o600);
    if (place.note !== undefined) writeFileAtomically(join(folder, CONTROL_PLACE), place.note, everybody ? 0o644 : 0o600);
  } catch (thrown) {
    server.close();
    place.remove();
    throw new HoldpointError('data-dir-unusable', `The control socket ${place.socket} cannot be served: ${messageOf(thrown)}.`, thrown);
  }
  server.on('error', (error) => log.error('control.failed', { error }));

  return {
    socket: place.socket,
    attended,
    attends,
    keepers,
    unneeded: () => (keepers() === 0 ? Promise.resolve() : new Promise((resolve) => void unneeded.add(resolve))),
    tell(event, data) {
      const dataFor = typeof data === 'function' ? data : () => data;
      if (event === 'record') return send(event, dataFor);
      if (states.size === 0) setImmediate(sendStates);
      states.set(event, dataFor);
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
      rmSync(join(folder, CONTROL_PLACE), { force: true });
      door.close();
    },
  };

  function attended(): boolean {
    return [...peers].some((peer) => peer.attends);
  }

  function attends(user: string | undefined): boolean {
    return [...peers].some((peer) => peer.attends && (peer.caller.user === undefined || peer.caller.user === user));
  }

  function keepers(): number {
    let count = 0;
    for (const peer of peers) if (peer.keeps) count += 1;
    return count;
  }

  function sendStates(): void {
    const told = [...states];
    states.clear();
    for (const [event, dataFor] of told) send(event, dataFor);
  }

  function send(event: ControlEvent, dataFor: (caller: Caller) => unknown): void {
    for (const { connection, caller } of peers) {
      const data = dataFor(caller);
      if (data === undefined) continue;
      const checked = CONTROL_EVENTS[event].safeParse(data);
      if (checked.success) void connection.sendNotification(event, { data: checked.data }).catch(() => {});
      else log.error('control.event-invalid', { name: event, problems: pathsOf(checked.error) });
    }
  }

  function welcome(socket: Socket): void {
    socket.on('error', () => {}); // A client that goes away mid-word is no event; 'close' follows.
    if (!limits.mayConnect()) return void socket.destroy();
    if (sockets.size >= maxClients) {
      if (limits.mayLog()) log.warn('control.full', { clients: sockets.size });
      return void socket.destroy();
    }
    sockets.add(socket);
    strangers.add(socket);
    // Whoever means to say hello has long done so: the oldest makes room, so that nobody can take all of it by saying nothing.
    if (strangers.size > limits.mostStrangers) strangers.values().next().value?.destroy();
    const { connection, closeAfterNext } = jsonRpcOver(socket, {
      accepts: 'requests',
      maxMessageBytes: () => (peer ? MAX_REQUEST_BYTES : MAX_GREETING_BYTES),
      maxWaitingBytes,
    });
    const silence = setTimeout(() => socket.destroy(), helloMs);
    let peer: Peer | undefined;
    let nonce: string | undefined;
    let challenged = false;
    /** Under way or over, however it ended. */
    let greeting: Promise<void> | undefined;
    const gone = new AbortController();

    socket.once('close', () => {
      gone.abort();
      clearTimeout(silence);
      sockets.delete(socket);
      strangers.delete(socket);
      if (nonce !== undefined) door.forget(nonce);
      if (!peer) return;
      peers.delete(peer);
      log.info('control.left', { client: peer.caller.client });
      if (peer.attends && !attends(peer.caller.user)) onAttended(false);
      if (keepers() > 0) return;
      for (const resolve of unneeded) resolve();
      unneeded.clear();
    });
    connection.onError(([error]) => log.warn('control.refused', { error }));
    connection.onRequest('challenge', (given: unknown) => {
      nonce = greeting || challenged || !CONTROL_METHODS.challenge.params.safeParse(given).success ? undefined : door.challenge();
      challenged = true;
      if (nonce === undefined) throw turnedAway('challenge', new HoldpointError('control-refused', 'The engine gives no challenge here.'));
      return { nonce };
    });
    connection.onRequest('hello', (given: unknown) => {
      const greeted = greet(given);
      greeting ??= greeted.then(
        () => {},
        () => {},
      );
      return greeted;
    });
    for (const method of Object.keys(handlers) as AskedMethod[]) connection.onRequest(method, (given: unknown) => answer(method, given));
    connection.listen();

    async function greet(given: unknown): Promise<{ version: string }> {
      const hello = CONTROL_METHODS.hello.params.safeParse(given);
      if (greeting || !hello.success)
        throw turnedAway(
          greeting ? 'a second hello' : 'no proper hello',
          new HoldpointError('control-refused', 'The engine wants one hello.'),
        );
      const claimed = nonce;
      nonce = undefined;
      let identity: Identity;
      try {
        identity = await door.admit(hello.data, claimed);
        limits.welcome(identity.share, [...peers].filter(({ share }) => share === identity.share).length);
      } catch (thrown) {
        throw turnedAway('not shown who it is', thrown);
      }
      if (socket.destroyed) throw turnedAway('gone', new HoldpointError('control-refused', 'The client has gone.'));
      clearTimeout(silence);
      strangers.delete(socket);
      const { share, ...known } = identity;
      const { user, name } = known;
      const caller: Caller = { client: hello.data.client, ...known };
      const before = attends(user);
      peer = { caller, share, attends: hello.data.attends, keeps: hello.data.keeps ?? false, connection };
      peers.add(peer);
      log.info('control.joined', { client: caller.client, attends: peer.attends, ...(name !== undefined && { user: name }) });
      if (peer.attends && !before) onAttended(true);
      return { version };
    }

    /** Its last word. */
    function turnedAway(reason: string, thrown: unknown): ResponseError<unknown> {
      closeAfterNext();
      if (limits.mayLog()) log.warn('control.refused', { reason });
      return toWire(thrown);
    }

    async function answer<M extends AskedMethod>(method: M, given: unknown): Promise<unknown> {
      await greeting;
      if (!peer) {
        closeAfterNext();
        throw toWire(new HoldpointError('control-refused', 'The engine wants hello first.'));
      }
      if (!limits.mayCall(peer.share)) throw toWire(BUSY);
      if (CONTROL_LEVELS[method] === 'admin' && peer.caller.level !== 'admin') throw toWire(notPermitted(method));
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
}
