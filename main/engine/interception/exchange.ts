/** One HTTP exchange: the request in, inspected, on to the provider; the response back, inspected, to the client. */

import { randomUUID } from 'node:crypto';
import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import type { Readable, Writable } from 'node:stream';
import { messageOf } from '../../contract/errors.ts';
import type { HttpAnswer, RequestHead, ResponseHead } from '../protocols/pieces.ts';
import { give, sentence } from './answers.ts';
import { type Answered, answerTo, beginRequest } from './ask.ts';
import { type ReadBody, readBody } from './body.ts';
import type { Connection } from './connection.ts';
import { codingsOf, decodeStream } from './encoding.ts';
import { pairs, type RequestFraming, requestFraming, requestHeaders, responseHeaders, values } from './headers.ts';
import type { Inspector, RequestOutcome, ResponseInspector, ResponseTransform } from './inspection.ts';
import { beginLife, type Life } from './life.ts';
import type { Log } from './log.ts';
import { faultOf } from './refusals.ts';
import { authorityOf, type Target } from './target.ts';
import { createWriter } from './writer.ts';

/** What a client asked for. */
export interface Asked {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly connection: Connection;
  readonly target: Target;
  /** In origin-form. */
  readonly path: string;
  /** Whether the inspector is to be asked; else it passes unread. */
  readonly intercepted: boolean;
}

/** An exchange that may proceed. */
interface Exchange extends Asked {
  readonly id: string;
  readonly head: RequestHead;
  readonly framing: RequestFraming;
  readonly life: Life;
}

export function createExchanges(options: {
  inspector: Inspector;
  /** Longest request body that is inspected. */
  requestBytes: number;
  /** How long a provider may take until its head: models think long before their first word. */
  patienceMs: number;
  log: Log;
}): { serve(asked: Asked): Promise<void> } {
  const { inspector, requestBytes, patienceMs, log } = options;

  return { serve };

  /** Never rejects: what goes wrong in here ends in a refusal. */
  async function serve(asked: Asked): Promise<void> {
    const { request, response, connection, target, path, intercepted } = asked;
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    const framing = requestFraming(request.rawHeaders, request.httpVersion);
    const fault = faultOf(request, target, path);
    if (fault || !framing) {
      const { status, message } = fault ?? { status: 400, message: 'The request has no clear length.' };
      connection.report(target, { kind: 'refused', message });
      return give(response, sentence(status, message));
    }
    const head: RequestHead = {
      method: request.method ?? 'GET',
      host: target.host,
      port: target.port,
      path,
      rawHeaders: request.rawHeaders,
    };
    const exchange: Exchange = { ...asked, id: randomUUID(), head, framing, life: beginLife(response, connection) };
    connection.reportOnce(target, intercepted ? 'intercepted' : 'tunnelled');
    try {
      await (intercepted && inspector.plan(head) === 'inspect' ? inspect(exchange) : pass(exchange));
    } catch (error) {
      if (!exchange.life.over()) log({ kind: 'inspector-failed', error });
      exchange.life.upstreamFailed();
      give(
        response,
        sentence(502, 'The exchange could not be inspected, so it was not passed on. This is a fault in Holdpoint; its log says more.'),
      );
    }
  }

  async function inspect(exchange: Exchange): Promise<void> {
    const { request, response, connection, life, id, head } = exchange;
    const read = await readBody(request, requestBytes).catch(() => undefined);
    if (!read) return void response.destroy();
    const outcome = await inspector.request({ id, client: connection.client, head, body: read.body, signal: life.signal });
    if (outcome.kind === 'answer') return give(response, outcome.answer);
    life.onceOver((ending) => told(() => outcome.response.ended(ending)));
    if (!life.over()) await forward(exchange, read, outcome);
  }

  async function forward(exchange: Exchange, read: ReadBody, outcome: RequestOutcome & { kind: 'forward' }): Promise<void> {
    const upstream = begin(exchange, true);
    if (read.complete) {
      upstream.addTrailers(pairs(exchange.request.rawTrailers));
      upstream.end(read.raw);
    } else {
      if (read.raw.length > 0) upstream.write(read.raw);
      void sendRest(exchange.request, upstream);
    }
    const answered = await answerTo(upstream, exchange.target, patienceMs);
    if (answered.kind !== 'response') return fail(exchange, answered, (status, message) => outcome.response.failed(status, message));
    await respond(exchange, answered.response, outcome.response);
  }

  async function respond(exchange: Exchange, from: IncomingMessage, inspecting: ResponseInspector): Promise<void> {
    const { response, life } = exchange;
    const head = headOf(from);
    const started = inspecting.start(head, createWriter(response, life));
    if (started.kind === 'answer') {
      from.destroy();
      life.upstreamFailed();
      return give(response, started.answer);
    }
    if (isBodiless(exchange.head.method, head.status)) {
      if (!sendHead(exchange, head, false)) return;
      await started.transform.end('complete');
      return relay(exchange, from);
    }
    const codings = codingsOf(values(head.rawHeaders, 'content-encoding'));
    if (!codings) {
      from.destroy();
      const message = `${authorityOf(exchange.target)} answered in an encoding that cannot be read, so its answer was not passed on.`;
      return fail(exchange, { kind: 'failed', status: 502, message }, (status, text) => inspecting.failed(status, text));
    }
    if (!sendHead(exchange, head, true)) return;
    await transform(exchange, from, codings.length === 0 ? from : decodeStream(from, codings), started.transform);
  }

  /** One chunk at a time: the provider is not read on before what came of the last one has left. */
  async function transform(exchange: Exchange, from: IncomingMessage, body: Readable, by: ResponseTransform): Promise<void> {
    const { request, response, life } = exchange;
    const doubt = () => by.doubt();
    request.socket.once('end', doubt);
    life.onceOver(() => request.socket.off('end', doubt));
    if (request.socket.readableEnded) doubt();
    let pushing = false;
    try {
      for await (const chunk of body) {
        pushing = true;
        await by.push(chunk);
        pushing = false;
      }
    } catch (error) {
      if (life.over()) return;
      if (pushing) throw error;
      life.upstreamFailed();
      await by.end('cut');
      return breakOff(response);
    }
    await by.end('complete');
    if (life.over()) return;
    response.addTrailers(pairs(from.rawTrailers));
    response.end();
  }

  /** Both ways unread. */
  async function pass(exchange: Exchange): Promise<void> {
    const { request, connection, target, id, head, intercepted } = exchange;
    const upstream = begin(exchange, false);
    void sendRest(request, upstream);
    const answered = await answerTo(upstream, target, patienceMs);
    const status = answered.kind === 'response' ? { status: answered.response.statusCode ?? 0 } : {};
    if (intercepted) told(() => inspector.passed({ id, client: connection.client, head, ...status }));
    if (answered.kind !== 'response') return fail(exchange, answered, (code, message) => sentence(code, message));
    if (sendHead(exchange, headOf(answered.response), false)) await relay(exchange, answered.response);
  }

  function begin(exchange: Exchange, inspected: boolean): ClientRequest {
    const { request, connection, target, path, framing, life, head } = exchange;
    const headers = requestHeaders({ rawHeaders: request.rawHeaders, framing, method: head.method, host: authorityOf(target), inspected });
    const upstream = beginRequest({ to: connection.agentFor(target), target, method: head.method, path, headers });
    life.onceOver((ending) => {
      if (ending !== 'complete') upstream.destroy();
    });
    return upstream;
  }

  function fail(
    exchange: Exchange,
    answered: Exclude<Answered, { kind: 'response' }>,
    answer: (status: 502 | 504, message: string) => HttpAnswer,
  ): void {
    const { response, life } = exchange;
    if (life.over()) return;
    life.upstreamFailed();
    if (answered.kind === 'stale') response.destroy();
    else give(response, answer(answered.status, answered.message));
  }

  /** False where the provider's head cannot be written, and something else was. */
  function sendHead(exchange: Exchange, head: ResponseHead, decoded: boolean): boolean {
    const { response, life, target } = exchange;
    if (life.over()) return false;
    response.sendDate = false;
    try {
      response.writeHead(head.status, head.statusMessage, responseHeaders(head.rawHeaders, decoded));
    } catch (error) {
      fail(
        exchange,
        { kind: 'failed', status: 502, message: `${authorityOf(target)} sent a malformed head (${messageOf(error)}).` },
        sentence,
      );
      return false;
    }
    response.flushHeaders();
    return true;
  }

  /** Ends the response as the provider's ended: whole, with its trailers, or broken off. */
  async function relay(exchange: Exchange, from: IncomingMessage): Promise<void> {
    const { response, life } = exchange;
    const whole = await piped(from, response);
    if (life.over()) return;
    if (!whole) {
      life.upstreamFailed();
      return breakOff(response);
    }
    response.addTrailers(pairs(from.rawTrailers));
    response.end();
  }

  function told(tell: () => void): void {
    try {
      tell();
    } catch (error) {
      log({ kind: 'inspector-failed', error });
    }
  }
}

/** The rest of a request's body, and its trailers. */
async function sendRest(from: IncomingMessage, to: ClientRequest): Promise<void> {
  if (!(await piped(from, to))) return void to.destroy();
  to.addTrailers(pairs(from.rawTrailers));
  to.end();
}

/** Resolves when a body has ended: true where it was whole. Leaves the destination open, for trailers. */
function piped(from: IncomingMessage, to: Writable): Promise<boolean> {
  return new Promise((resolve) => {
    if (from.destroyed) return resolve(false);
    from.once('end', () => resolve(true));
    from.once('error', () => resolve(false));
    from.once('close', () => resolve(false));
    from.pipe(to, { end: false });
  });
}

/** What was written leaves first; the client then sees an answer without its end, as the provider's was. */
function breakOff(response: ServerResponse): void {
  if (response.socket && response.req.httpVersion === '1.1') response.socket.destroySoon();
  else response.destroy();
}

function headOf(response: IncomingMessage): ResponseHead {
  return { status: response.statusCode ?? 0, statusMessage: response.statusMessage ?? '', rawHeaders: response.rawHeaders };
}

/** RFC 9112 §6.3. */
function isBodiless(method: string, status: number): boolean {
  return method === 'HEAD' || status === 204 || status === 304;
}
