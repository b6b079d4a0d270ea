/** One HTTP exchange: the request in, inspected, on to the provider; the response back, inspected, to the client. */

import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { messageOf } from '../../contract/errors.ts';
import type { HttpAnswer, RequestHead, ResponseHead } from '../protocols/pieces.ts';
import { sentence } from './answers.ts';
import { type ReadBody, readBody } from './body.ts';
import type { Connection } from './connection.ts';
import { codingsOf, decodeStream } from './encoding.ts';
import { inTurns } from './event-loop-turns.ts';
import { type Body, createForwarding } from './forwarding.ts';
import { type RequestFraming, responseHeaders, values } from './headers.ts';
import type { Inspector, RequestOutcome, ResponseInspector, ResponseTransform } from './inspection.ts';
import { beginLife, type Life } from './life.ts';
import type { Log } from './log.ts';
import type { Answer, Answered, Asking, Failed, Incoming, ProviderAnswer } from './message.ts';
import type { Attempt, Outgoing } from './outgoing.ts';
import { piped } from './piping.ts';
import { faultOf } from './refusals.ts';
import { authorityOf, type Target } from './target.ts';
import { createWriter } from './writer.ts';

/** What a client asked for. */
export interface Asked {
  readonly request: Asking;
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
  readonly answer: Answer;
  readonly head: RequestHead;
  readonly framing: RequestFraming;
  readonly life: Life;
  /** Whether the client was given a head before the provider was asked. */
  readonly early: boolean;
}

export function createExchanges(options: {
  inspector: Inspector;
  /** Longest request body that is inspected. */
  requestBytes: number;
  /** How long a provider may take until its head: models think long before their first word. */
  patienceMs: number;
  /** What requests carry besides, and where they go. */
  outgoing?: Outgoing;
  log: Log;
}): { serve(asked: Asked): Promise<void> } {
  const { inspector, requestBytes, patienceMs, outgoing = {}, log } = options;
  const forwarding = createForwarding({ outgoing, patienceMs });

  return { serve };

  /** Never rejects: what goes wrong in here ends in a refusal. */
  async function serve(asked: Asked): Promise<void> {
    const { request, connection, target, path, intercepted } = asked;
    const { method, rawHeaders, framing, answer } = request;
    const fault = faultOf(request, target, path);
    if (fault || !framing) {
      const { status, message } = fault ?? { status: 400, message: 'The request has no clear length.' };
      connection.report(target, { kind: 'refused', message });
      return answer.give(sentence(status, message));
    }
    const head: RequestHead = { method, host: target.host, port: target.port, path, rawHeaders };
    const refusal = intercepted ? outgoing.headers?.refusalOf(head) : undefined;
    if (refusal) {
      connection.report(target, { kind: 'refused', message: refusal.message });
      return answer.give(refusal.answer);
    }
    const exchange: Exchange = { ...asked, id: randomUUID(), answer, head, framing, life: beginLife(answer, connection), early: false };
    try {
      if (!intercepted && !(await isPermitted(exchange))) return;
      if (intercepted) connection.reportOnce(target, 'intercepted');
      const plan = intercepted ? inspector.plan(head) : 'stream';
      await (plan === 'stream' ? pass(exchange) : inspect(exchange, plan === 'opaque'));
    } catch (error) {
      if (!exchange.life.over()) log({ kind: 'inspector-failed', error });
      exchange.life.upstreamFailed();
      answer.give(
        sentence(502, 'The exchange could not be inspected, so it was not passed on. This is a fault in Holdpoint; its log says more.'),
      );
    }
  }

  async function isPermitted({ connection, target, answer }: Exchange): Promise<boolean> {
    const outcome = await connection.mayConnect(target);
    if (outcome.kind === 'release') return true;
    connection.report(target, { kind: 'refused', message: outcome.message });
    answer.give(sentence(403, outcome.message));
    return false;
  }

  /** `opaque`: both sides talk at once, so the request's body is not waited for. */
  async function inspect(exchange: Exchange, opaque: boolean): Promise<void> {
    const { request, answer, connection, life, id, head } = exchange;
    const read = opaque ? UNREAD : await readBody(request.rawHeaders, request.body, requestBytes).catch(() => undefined);
    if (!read) return answer.drop(true);
    const outcome = await inspector.request({ id, client: connection.client, head, body: read.body, signal: life.signal });
    await follow(exchange, read, outcome, opaque);
  }

  async function follow(exchange: Exchange, read: ReadBody, outcome: RequestOutcome, opaque: boolean): Promise<void> {
    const { answer, life } = exchange;
    switch (outcome.kind) {
      case 'answer':
        return give(exchange, outcome.answer);
      case 'early': {
        const head = { status: outcome.status, statusMessage: '', rawHeaders: ['Content-Type', outcome.contentType] };
        if (!sendHead(exchange, head, false, false)) return;
        const settled = await outcome.settle(createWriter(answer, life));
        return follow({ ...exchange, early: true }, read, settled, opaque);
      }
      case 'forward':
        life.onceOver((ending) => told(() => outcome.response.ended(ending)));
        if (!life.over())
          await forward(
            exchange,
            outcome.body ? { ...read, raw: Buffer.from(outcome.body), replaced: true } : read,
            outcome.response,
            opaque,
          );
    }
  }

  async function forward(exchange: Exchange, read: Body, response: ResponseInspector, opaque: boolean): Promise<void> {
    const failed = (status: 502 | 504, message: string) => response.failed(status, message);
    const asked = forwarding.waysOf(exchange);
    const ways = 'then' in asked ? await asked : asked;
    if ('kind' in ways) return fail(exchange, ways, failed);
    const tried = (attempt: Attempt) => told(() => response.tried?.(attempt));
    const answered = await forwarding.along(ways, exchange, read, { inspected: !opaque, tried });
    if (answered.kind !== 'response') return fail(exchange, answered, failed);
    await respond(exchange, answered.response, response, opaque && answered.response.bodiless);
  }

  async function respond(exchange: Exchange, from: ProviderAnswer, inspecting: ResponseInspector, bodiless: boolean): Promise<void> {
    const { answer, life } = exchange;
    const { head, body } = from;
    const started = inspecting.start(head, createWriter(answer, life));
    if (started.kind === 'answer') {
      from.abort();
      life.upstreamFailed();
      return give(exchange, started.answer);
    }
    if (bodiless || isBodiless(exchange.head.method, head.status)) {
      if (!sendHead(exchange, head, false, true)) return;
      await started.transform.end('complete');
      return relay(exchange, body);
    }
    const codings = codingsOf(values(head.rawHeaders, 'content-encoding'));
    if (!codings) {
      from.abort();
      const message = `${authorityOf(exchange.target)} answered in an encoding that cannot be read, so its answer was not passed on.`;
      return fail(exchange, { kind: 'failed', status: 502, message }, (status, text) => inspecting.failed(status, text));
    }
    if (!sendHead(exchange, head, true, false)) return;
    await transform(exchange, body, codings.length === 0 ? body.stream : decodeStream(body.stream, codings), started.transform);
  }

  /** One chunk at a time: the provider is not read on before what came of the last one has left. */
  async function transform(exchange: Exchange, from: Incoming, decoded: Readable, by: ResponseTransform): Promise<void> {
    const { request, answer, life } = exchange;
    const stop = request.onceHalfClosed(() => by.doubt());
    life.onceOver(stop);
    let pushing = false;
    let whole = true;
    try {
      // What has ended before it is read is no stream to iterate over any more.
      if (!decoded.readableEnded)
        for await (const chunk of inTurns(decoded)) {
          pushing = true;
          await by.push(chunk);
          pushing = false;
        }
      whole = from.whole();
    } catch (error) {
      if (pushing && !life.over()) throw error;
      whole = false;
    }
    if (!whole && life.over()) return;
    if (!whole) life.upstreamFailed();
    await by.end(whole ? 'complete' : 'cut');
    if (life.over()) return;
    if (whole) answer.end(from.trailers());
    else answer.breakOff();
  }

  /** Both ways unread. What is not intercepted goes where it was meant to, as it is. */
  async function pass(exchange: Exchange): Promise<void> {
    const { connection, id, head, intercepted } = exchange;
    const asked = intercepted ? forwarding.waysOf(exchange) : ([undefined] as const);
    const ways = 'then' in asked ? await asked : asked;
    const way = 'kind' in ways ? undefined : ways[0];
    const answered: Answered = 'kind' in ways ? ways : await forwarding.once(way, exchange);
    const status = answered.kind === 'response' ? { status: answered.response.head.status } : {};
    if (intercepted) told(() => inspector.passed({ id, client: connection.client, head, ...status, ...(way && { way: way.name }) }));
    // What is not dialled was not tunnelled, and is recorded as that.
    else if (answered.kind !== 'failed' || !answered.refused) connection.reportOnce(exchange.target, 'tunnelled');
    if (answered.kind !== 'response') return fail(exchange, answered, (code, message) => sentence(code, message));
    const { response } = answered;
    const bodiless = response.bodiless || isBodiless(head.method, response.head.status);
    if (sendHead(exchange, response.head, false, bodiless)) await relay(exchange, response.body);
  }

  function fail(exchange: Exchange, answered: Failed, told: (status: 502 | 504, message: string) => HttpAnswer): void {
    const { answer, life, connection, target } = exchange;
    if (answered.kind === 'failed' && answered.refused) connection.report(target, { kind: 'refused', message: answered.message });
    if (life.over()) return;
    life.upstreamFailed();
    if (answered.kind === 'failed') give(exchange, told(answered.status, answered.message));
    else if (!exchange.early) answer.drop(answered.untouched);
    // Who has a head already cannot try again unseen.
    else give(exchange, told(502, `${authorityOf(exchange.target)} ended the connection as the request went out on it.`));
  }

  /** False where the provider's head cannot be written, and something else was. */
  function sendHead(exchange: Exchange, head: ResponseHead, decoded: boolean, bodiless: boolean): boolean {
    const { answer, life, target } = exchange;
    if (life.over()) return false;
    if (exchange.early) return true;
    try {
      answer.sendHead({ ...head, rawHeaders: responseHeaders(head.rawHeaders, decoded) }, bodiless);
      return true;
    } catch (error) {
      const message = `${authorityOf(target)} sent a malformed head (${messageOf(error)}).`;
      fail(exchange, { kind: 'failed', status: 502, message }, sentence);
      return false;
    }
  }

  /** Ends the response as the provider's ended: whole, with its trailers, or broken off. */
  async function relay({ answer, life }: Exchange, from: Incoming): Promise<void> {
    const whole = await piped(from, answer.body);
    if (life.over()) return;
    if (whole) return answer.end(from.trailers());
    life.upstreamFailed();
    answer.breakOff();
  }

  function told(tell: () => void): void {
    try {
      tell();
    } catch (error) {
      log({ kind: 'inspector-failed', error });
    }
  }
}

/** The body alone where the client has a head already. */
function give({ answer, early }: Exchange, given: HttpAnswer): void {
  if (early) {
    answer.body.write(given.body);
    answer.end([]);
  } else answer.give(given);
}

const UNREAD: ReadBody = { body: { kind: 'unread', why: 'undecodable' }, raw: Buffer.alloc(0), complete: false };

/** RFC 9112 §6.3. */
function isBodiless(method: string, status: number): boolean {
  return method === 'HEAD' || status === 204 || status === 304;
}
