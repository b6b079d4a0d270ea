/** A request on its way out: along one way or, where those before it fail, the next. */

import { HoldpointError, messageOf } from '../../contract/errors.ts';
import type { RequestHead } from '../protocols/pieces.ts';
import { isRefusal } from './addresses.ts';
import type { Connection } from './connection.ts';
import { editsOn, kept, placeOn, withEditedTrailers, withOurs } from './edits.ts';
import { type RequestFraming, reframed, requestHeaders } from './headers.ts';
import { tooLate } from './http1-upstream.ts';
import { MOST_STREAMS } from './http2-server.ts';
import type { Life } from './life.ts';
import type { Answered, Asking, Failed, Sending } from './message.ts';
import type { Attempt, Outgoing, Way } from './outgoing.ts';
import { sendRest } from './piping.ts';
import { authorityOf, type Target } from './target.ts';

/** What is sent. */
export interface Forwarded {
  readonly request: Asking;
  readonly connection: Pick<Connection, 'agentFor'>;
  readonly target: Target;
  readonly path: string;
  readonly head: RequestHead;
  readonly framing: RequestFraming;
  readonly life: Life;
}

/** What of its body is there. */
export interface Body {
  readonly raw: Buffer;
  /** Whether `raw` is all of it, so that it can be sent again. */
  readonly complete: boolean;
  /** Whether `raw` is ours. */
  readonly replaced?: boolean;
}

/** The provider itself, as it was asked. */
const ITSELF = [undefined] as const;
type Ways = readonly [Way | undefined, ...Way[]];

export function createForwarding(options: { outgoing: Outgoing; patienceMs: number }) {
  const { outgoing, patienceMs } = options;

  return {
    waysOf,

    /** Tries the ways until one answers with what is to be passed on. `tried` is told of each that is not the provider as it was asked. */
    async along(
      ways: Ways,
      sent: Forwarded,
      body: Body,
      { inspected, tried }: { inspected: boolean; tried(attempt: Attempt): void },
    ): Promise<Answered> {
      for (const [index, way] of ways.entries()) {
        const isLast = index === ways.length - 1 || !body.complete;
        const ms = isLast || !way ? patienceMs : way.patienceMs;
        let answered = await attempt(sent, body, inspected, way, ms);
        // An idle connection that the gateway had ended says nothing of the gateway.
        if (!isLast && answered.kind === 'stale' && !sent.life.over()) answered = await attempt(sent, body, inspected, way, ms);
        if (way) tried(attemptOn(way, answered));
        if (isLast || sent.life.over() || !mayFallBack(answered)) return answered;
        if (answered.kind === 'response') answered.response.abort();
      }
      throw new HoldpointError('internal', 'A request had no way to go. This is a fault in Holdpoint.');
    },

    /** One way, with the body streaming on: it cannot be sent again. */
    async once(way: Way | undefined, sent: Forwarded): Promise<Answered> {
      return attempt(sent, NOTHING_YET, false, way, patienceMs);
    },
  };

  /** No promise where there is nothing to wait for. */
  function waysOf(sent: Pick<Forwarded, 'head'>): Ways | Promise<Ways | Failed> {
    const asked = outgoing.ways?.waysFor(sent.head);
    return asked === undefined ? ITSELF : asked.catch((error: unknown) => ({ kind: 'failed', status: 502, message: messageOf(error) }));
  }

  async function attempt(sent: Forwarded, body: Body, inspected: boolean, way: Way | undefined, ms: number): Promise<Answered> {
    const from = performance.now();
    const upstream = await begin(sent, inspected, body.replaced ? body.raw.length : undefined, way, ms);
    if ('kind' in upstream) return upstream;
    if (body.complete) {
      upstream.end(body.replaced ? [] : sent.request.body.trailers(), body.raw);
    } else {
      if (body.raw.length > 0) upstream.body.write(body.raw);
      void sendRest(sent.request.body, upstream);
    }
    return upstream.answered(Math.max(1, ms - (performance.now() - from)));
  }

  /** `length`: of a body of our own. */
  async function begin(
    { request, connection, target: asked, path: askedPath, framing: came, life, head }: Forwarded,
    inspected: boolean,
    length: number | undefined,
    way: Way | undefined,
    ms: number,
  ): Promise<Sending | Failed> {
    const { method } = head;
    const { target, path } = placeOn(way, asked, askedPath);
    const framing = length === undefined ? came : 'length';
    const edits = editsOn(outgoing.headers, head, way);
    const left = kept(request.rawHeaders, edits);
    const rawHeaders = length === undefined ? left : reframed(left, length);
    const headers = withOurs(requestHeaders({ rawHeaders, framing, method, host: authorityOf(target), inspected }), edits);
    try {
      const agent = connection.agentFor(target, request.httpVersion === '2.0' ? MOST_STREAMS : 1);
      const sending = agent.send({ method, path, headers, bodiless: framing === 'none' });
      const began = way ? await within(ms, sending) : await sending;
      if (!began) return tooLate(target, ms);
      life.onceOver((ending) => {
        if (ending !== 'complete') began.abort();
      });
      return withEditedTrailers(began, edits);
    } catch (error) {
      // What is none of ours is Node's: it takes the path or a header for malformed.
      const message =
        error instanceof HoldpointError
          ? error.message
          : `The request cannot be sent to ${authorityOf(target)} as it is (${messageOf(error)}).`;
      return { kind: 'failed', status: 502, message, refused: isRefusal(error) };
    }
  }
}

const NOTHING_YET: Body = { raw: Buffer.alloc(0), complete: false };

/** The provider's or gateway's own trouble, before anything of an answer was passed on. What is wrong with the request stays so elsewhere. */
function mayFallBack(answered: Answered): boolean {
  if (answered.kind !== 'response') return true;
  const { status } = answered.response.head;
  return status === 429 || status >= 500;
}

function attemptOn({ name }: Way, answered: Answered): Attempt {
  if (answered.kind === 'response') return { way: name, status: answered.response.head.status };
  return { way: name, failure: answered.kind === 'failed' ? answered.message : 'It ended the connection as the request went out on it.' };
}

/** Undefined where it takes longer; what comes of it then is let go of. */
async function within(ms: number, sending: Promise<Sending>): Promise<Sending | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), ms);
  const first = await Promise.race([sending, late]).finally(() => clearTimeout(timer));
  if (!first)
    sending.then(
      (began) => began.abort(),
      () => undefined,
    );
  return first;
}
