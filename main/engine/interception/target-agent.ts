/** Connections to one target for one client's connection: kept alive between its requests, shared with nobody else. */

import { Agent, type ClientRequestArgs } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { HoldpointError } from '../../contract/errors.ts';
import { beginHttp1 } from './http1-upstream.ts';
import { type Http2Session, openHttp2 } from './http2-upstream.ts';
import type { ProviderRequest, Sending } from './message.ts';
import { authorityOf, type Target } from './target.ts';
import { type Spoken, spokenOn, type Upstream } from './upstream.ts';

export interface TargetAgent {
  /** Connections of HTTP/1.1 alone. */
  readonly agent: Agent;
  /** Connects ahead of the first request, while the client is still busy with its own handshake. Undefined where that fails; never rejects. */
  warm(): Promise<Spoken | undefined>;
  /** Begins a request. `HoldpointError` where a session is needed and cannot be had; throws where Node takes the request for malformed. */
  send(request: ProviderRequest): Promise<Sending>;
  close(): void;
}

/** `streams`: how many requests a client may have under way; more than one where it speaks HTTP/2, which is then offered to the target. */
export function createTargetAgent(upstream: Upstream, target: Target, streams = 1): TargetAgent {
  const offers: readonly Spoken[] = streams > 1 ? ['h2', 'http/1.1'] : ['http/1.1'];
  let ahead: Promise<Socket> | undefined;
  let session: Promise<Http2Session | undefined> | undefined;
  let closed = false;
  // HTTP/1.1 answers in order anyway, and a pipelining client cannot open connections without end. Streams wait for nobody.
  const agent = new Agent({ keepAlive: true, maxSockets: streams });
  agent.createConnection = (_options: ClientRequestArgs, callback?: (error: Error | null, socket: Duplex) => void) => {
    taken(['http/1.1']).then(
      (socket) => callback?.(null, socket),
      // Node's typing demands a socket beside the error; none is there, and none is read.
      (error: Error) => callback?.(error, undefined as unknown as Duplex),
    );
    return undefined;
  };

  return {
    agent,
    warm() {
      ahead ??= upstream.connect(target, offers);
      return ahead.then(spokenOn, () => {
        // A failure before the first request is nobody's; that request tries again.
        ahead = undefined;
        return undefined;
      });
    },
    async send(request) {
      const on = streams > 1 ? await currentSession() : undefined;
      return on ? on.begin(request) : beginHttp1(agent, target, request);
    },
    close() {
      closed = true;
      agent.destroy();
      ahead?.then(
        (socket) => socket.destroy(),
        () => undefined,
      );
      session?.then(
        (open) => open?.close(),
        () => undefined,
      );
    },
  };

  /** One for all streams, opened anew when the last one takes no more; undefined where the target speaks HTTP/1.1. */
  async function currentSession(): Promise<Http2Session | undefined> {
    const current = session;
    const open = await current;
    if (current && (!open || open.open())) return open;
    // Of several streams that find it gone, the first opens another.
    if (session === current) {
      session = openSession();
      session.catch(() => {
        session = undefined;
      });
    }
    return session;
  }

  async function openSession(): Promise<Http2Session | undefined> {
    const socket = await taken(offers);
    if (spokenOn(socket) === 'h2') return openHttp2(socket, target);
    ahead = Promise.resolve(socket);
    return undefined;
  }

  async function taken(wanted: readonly Spoken[]): Promise<Socket> {
    const waiting = ahead;
    ahead = undefined;
    const early = await waiting;
    const fits = early && wanted.includes(spokenOn(early));
    if (early && !fits) early.destroy();
    const socket = early && fits && !early.destroyed && early.readable ? early : await upstream.connect(target, wanted);
    if (!closed) return socket;
    socket.destroy();
    throw new HoldpointError('upstream-unreachable', `The client left while ${authorityOf(target)} was connected to.`);
  }
}
