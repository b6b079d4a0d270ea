/** WebSockets (RFC 6455) on intercepted connections: the handshake on both sides, and whole messages through the inspector. */

import { randomBytes, randomUUID } from 'node:crypto';
import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { messageOf } from '../../contract/errors.ts';
import { onTheWire, sentence } from './answers.ts';
import type { Connection } from './connection.ts';
import { editsOn, kept, placeOn, withOurs } from './edits.ts';
import { codingsOf, decodeStream } from './encoding.ts';
import { inTurns } from './event-loop-turns.ts';
import { responseHeaders, values } from './headers.ts';
import { http1Answer } from './http1.ts';
import { beginHttp1, upgradeOf } from './http1-upstream.ts';
import type { Inspector, SocketInspector } from './inspection.ts';
import { beginLife } from './life.ts';
import type { Log } from './log.ts';
import type { Answered, ProviderAnswer } from './message.ts';
import type { Outgoing } from './outgoing.ts';
import { faultOf } from './refusals.ts';
import { authorityOf, type Target } from './target.ts';
import { agreedWithClient, handshakeFault, headersToProvider, openingHead, providerAgreed } from './websocket/handshake.ts';
import { type Side, startRelay } from './websocket/relay.ts';
import { createWriter } from './writer.ts';

/** A client's wish for a WebSocket, on a connection that is intercepted. */
export interface UpgradeAsked {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  /** What the client sent behind its request. */
  readonly head: Buffer;
  readonly connection: Connection;
  readonly target: Target;
  /** In origin-form. */
  readonly path: string;
}

export interface WebSockets {
  /** Never rejects: what goes wrong ends in a refusal. */
  serve(asked: UpgradeAsked): Promise<void>;
}

type Opened = { readonly kind: 'open'; readonly rawHeaders: readonly string[]; readonly side: Side };

export function createWebSockets(options: {
  inspector: Pick<Inspector, 'upgrade'>;
  /** Longest message, in bytes. */
  requestBytes: number;
  /** How long a provider may take to answer the handshake. */
  patienceMs: number;
  /** What handshakes carry besides, and where they go: the first way alone. What was said on a socket cannot be said again elsewhere. */
  outgoing?: Outgoing;
  log: Log;
}): WebSockets {
  const { inspector, patienceMs, outgoing = {}, log } = options;
  const maxPayload = Math.min(options.requestBytes, MOST_MESSAGE_BYTES);

  return {
    async serve(asked) {
      const { request, socket, connection, target, path } = asked;
      socket.on('error', () => undefined);
      const fault = faultOf(request, target, path) ?? badHandshake(request);
      if (fault) {
        connection.report(target, { kind: 'refused', message: fault.message });
        return void socket.end(onTheWire(sentence(fault.status, fault.message)));
      }
      const refusal = outgoing.headers?.refusalOf({ host: target.host, path });
      if (refusal) {
        connection.report(target, { kind: 'refused', message: refusal.message });
        return void socket.end(onTheWire(refusal.answer));
      }
      connection.reportOnce(target, 'intercepted');
      const gone = new AbortController();
      socket.once('close', () => gone.abort());
      const { host, port } = target;
      const head = { method: 'GET', host, port, path, rawHeaders: request.rawHeaders };
      try {
        const outcome = await inspector.upgrade({ id: randomUUID(), client: connection.client, head, signal: gone.signal });
        if (outcome.kind === 'answer') return void socket.end(onTheWire(outcome.answer));
        await connect(asked, gone, outcome.socket);
      } catch (error) {
        log({ kind: 'inspector-failed', error });
        socket.destroy();
      }
    },
  };

  async function connect(asked: UpgradeAsked, gone: AbortController, inspecting: SocketInspector): Promise<void> {
    const { socket } = asked;
    const answered = await ask(asked, gone.signal, inspecting);
    if (answered.kind === 'failed') {
      socket.end(onTheWire(inspecting.failed(answered.status, answered.message)));
      return inspecting.ended('upstream-failed', 0);
    }
    if (answered.kind === 'response') return passRefusal(asked, inspecting, answered.response);
    if (!gone.signal.aborted) return relay(asked, gone, inspecting, answered);
    answered.side.socket.destroy();
    inspecting.ended('client-gone', SWITCHING_PROTOCOLS);
  }

  /** The provider is asked first: what it says decides what the client hears. */
  async function ask(
    { request, connection, target: asked, path: askedPath }: UpgradeAsked,
    signal: AbortSignal,
    inspecting: SocketInspector,
  ): Promise<Exclude<Answered, { kind: 'stale' }> | Opened> {
    const key = randomBytes(16).toString('base64');
    const { host, port } = asked;
    const wanted = { method: 'GET', host, port, path: askedPath, rawHeaders: request.rawHeaders };
    const ways = await outgoing.ways?.waysFor(wanted)?.catch((error: unknown) => failed(messageOf(error)));
    if (ways && 'kind' in ways) return ways;
    const way = ways?.[0];
    const { target, path } = placeOn(way, asked, askedPath);
    const edits = editsOn(outgoing.headers, wanted, way);
    const headers = withOurs(headersToProvider(kept(request.rawHeaders, edits), key, authorityOf(target)), edits);
    // RFC 8441 has WebSockets over HTTP/2 too. No provider is known to want them so, and each would share its session's fate.
    const sending = beginHttp1(connection.agentFor(target).agent, target, { method: 'GET', path, headers, bodiless: true });
    signal.addEventListener('abort', sending.abort, { once: true });
    const upgraded = upgradeOf(sending.body);
    const answer = sending.answered(patienceMs);
    sending.end([]);
    const first = await Promise.race([upgraded, answer]);
    signal.removeEventListener('abort', sending.abort);
    if (way) {
      const came =
        first.kind === 'upgraded'
          ? { status: SWITCHING_PROTOCOLS }
          : first.kind === 'response'
            ? { status: first.response.head.status }
            : {};
      inspecting.tried?.({ way: way.name, ...came, ...(first.kind === 'failed' && { failure: first.message }) });
    }
    if (first.kind === 'stale') return failedAt(target, 'broke off the connection before it answered');
    if (first.kind !== 'upgraded') return first;
    const { response, socket, head } = first;
    try {
      return {
        kind: 'open',
        rawHeaders: response.rawHeaders,
        side: { socket, head, deflate: providerAgreed(headers, response, maxPayload) },
      };
    } catch (error) {
      socket.destroy();
      return failedAt(target, `opened no WebSocket: ${messageOf(error)}`);
    }
  }

  function relay(asked: UpgradeAsked, gone: AbortController, inspecting: SocketInspector, { rawHeaders, side }: Opened): void {
    const { request, socket, head, connection, target } = asked;
    const agreed = agreedWithClient(request.rawHeaders, maxPayload);
    socket.write(openingHead(request, rawHeaders, agreed?.header));
    const running = startRelay({
      client: { socket, head, deflate: agreed?.deflate },
      provider: side,
      inspector: inspecting,
      maxPayload,
      clientGone: () => gone.abort(),
      refused: (message) => connection.report(target, { kind: 'refused', message }),
      failed: (error) => log({ kind: 'inspector-failed', error }),
    });
    const done = connection.begin(() => socket.destroy());
    connection.onceClosing(running.stop);
    void running.over.then((how) => {
      inspecting.ended(how, SWITCHING_PROTOCOLS);
      done();
    });
  }

  /** No WebSocket: the answer goes to the client as any other would, and the connection ends with it. */
  async function passRefusal(asked: UpgradeAsked, inspecting: SocketInspector, { head, body, abort }: ProviderAnswer): Promise<void> {
    const { request, socket, connection, target } = asked;
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket as NonNullable<ServerResponse['socket']>);
    response.once('finish', () => socket.end());
    socket.resume();
    response.on('error', () => undefined);
    const answer = http1Answer(response);
    const life = beginLife(answer, connection);
    life.onceOver((ending) => {
      abort();
      inspecting.ended(ending, head.status);
    });
    const started = inspecting.refused(head, createWriter(answer, life));
    if (started.kind === 'answer') return answer.give(started.answer);
    const codings = codingsOf(values(head.rawHeaders, 'content-encoding'));
    if (!codings) {
      inspecting.broken('undecodable');
      return answer.give(inspecting.failed(502, `${authorityOf(target)} answered in an encoding that cannot be read.`));
    }
    answer.sendHead({ ...head, rawHeaders: responseHeaders(head.rawHeaders, true) }, false);
    try {
      for await (const chunk of inTurns(codings.length === 0 ? body.stream : decodeStream(body.stream, codings)))
        await started.transform.push(chunk);
    } catch {
      if (life.over()) return;
      life.upstreamFailed();
      await started.transform.end('cut');
      return answer.breakOff();
    }
    await started.transform.end('complete');
    if (!life.over()) answer.end(body.trailers());
  }
}

/** Whatever the settings say: a message is read as one string, which Node bounds. */
const MOST_MESSAGE_BYTES = 256 * 1024 * 1024;
/** RFC 9110 §15.2.2. */
const SWITCHING_PROTOCOLS = 101;

function badHandshake(request: IncomingMessage): { readonly status: 400; readonly message: string } | undefined {
  const message = handshakeFault(request);
  return message === undefined ? undefined : { status: 400, message };
}

function failedAt(target: Target, what: string): Answered & { kind: 'failed' } {
  return failed(`${authorityOf(target)} ${what}.`);
}

function failed(message: string): Answered & { kind: 'failed' } {
  return { kind: 'failed', status: 502, message };
}
