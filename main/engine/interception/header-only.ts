/**
 * Hosts that are decrypted for one header of ours and for nothing else: sign-in pages, above all. Their requests carry passwords. What
 * passes here cannot be recorded, because nothing here can record: this file is handed no inspector and no log, of a connection only what
 * opens another one, and who decides on the header is told no more than host and path.
 */

import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { onTheWire, sentence } from './answers.ts';
import type { Connection } from './connection.ts';
import { kept, withEditedTrailers, withOurs } from './edits.ts';
import { requestHeaders, responseHeaders } from './headers.ts';
import { beginHttp1, upgradeOf } from './http1-upstream.ts';
import { MOST_STREAMS } from './http2-server.ts';
import { beginLife } from './life.ts';
import type { Asking, Sending } from './message.ts';
import type { OutgoingHeaders } from './outgoing.ts';
import { piped, sendRest } from './piping.ts';
import { faultOf } from './refusals.ts';
import { authorityOf, type Target } from './target.ts';
import { unreadHeaders } from './websocket/handshake.ts';

/** What of a client's connection can be used here. That it is there is told without a word about what is asked on it. */
export type UnreadConnection = Pick<Connection, 'agentFor' | 'begin' | 'reportOnce'>;

interface Asked<R> {
  readonly request: R;
  readonly connection: UnreadConnection;
  readonly target: Target;
  readonly path: string;
}

export interface HeaderOnly {
  /** Never rejects. */
  serve(asked: Asked<Asking>): Promise<void>;
  /** A client's wish for a WebSocket. Never rejects. */
  upgrade(asked: Asked<IncomingMessage> & { readonly socket: Duplex; readonly head: Buffer }): Promise<void>;
}

export function createHeaderOnly(options: { headers: Pick<OutgoingHeaders, 'editsFor'> | undefined; patienceMs: number }): HeaderOnly {
  const { headers: ours, patienceMs } = options;

  return {
    async serve(asked) {
      const { request, connection, target } = asked;
      connection.reportOnce(target, 'header-only');
      const life = beginLife(request.answer, connection);
      try {
        await pass(asked, life);
      } catch {
        life.upstreamFailed();
        request.answer.give(sentence(502, `${authorityOf(target)} could not be asked.`));
      }
    },

    async upgrade(asked) {
      const { socket, connection, target } = asked;
      socket.on('error', () => undefined);
      connection.reportOnce(target, 'header-only');
      try {
        await open(asked);
      } catch {
        socket.end(onTheWire(sentence(502, `${authorityOf(target)} could not be asked.`)));
      }
    },
  };

  async function pass({ request, connection, target, path }: Asked<Asking>, life: ReturnType<typeof beginLife>): Promise<void> {
    const { method, framing, answer, httpVersion } = request;
    const fault = faultOf(request, target, unjudged(path));
    if (fault || !framing)
      return answer.give(fault ? sentence(fault.status, fault.message) : sentence(400, 'The request has no clear length.'));
    const edits = ours?.editsFor({ host: target.host, path });
    const headers = requestHeaders({
      rawHeaders: kept(request.rawHeaders, edits),
      framing,
      method,
      host: authorityOf(target),
      inspected: false,
    });
    const agent = connection.agentFor(target, httpVersion === '2.0' ? MOST_STREAMS : 1);
    const began: Sending = await agent.send({ method, path, headers: withOurs(headers, edits), bodiless: framing === 'none' });
    const sending = withEditedTrailers(began, edits);
    life.onceOver((ending) => {
      if (ending !== 'complete') sending.abort();
    });
    void sendRest(request.body, sending);
    const answered = await sending.answered(patienceMs);
    if (life.over()) return;
    if (answered.kind !== 'response') {
      life.upstreamFailed();
      return answered.kind === 'stale' ? answer.drop(answered.untouched) : answer.give(sentence(answered.status, answered.message));
    }
    const { head, body, bodiless } = answered.response;
    const isBodiless = bodiless || method === 'HEAD' || head.status === 204 || head.status === 304;
    answer.sendHead({ ...head, rawHeaders: responseHeaders(head.rawHeaders, false) }, isBodiless);
    const whole = await piped(body, answer.body);
    if (life.over()) return;
    if (whole) return answer.end(body.trailers());
    life.upstreamFailed();
    answer.breakOff();
  }

  async function open({ request, socket, head, connection, target, path }: Parameters<HeaderOnly['upgrade']>[0]): Promise<void> {
    const fault = faultOf(request, target, unjudged(path));
    if (fault) return void socket.end(onTheWire(sentence(fault.status, fault.message)));
    const edits = ours?.editsFor({ host: target.host, path });
    const headers = withOurs(unreadHeaders(kept(request.rawHeaders, edits)), edits);
    const sending = beginHttp1(connection.agentFor(target).agent, target, { method: 'GET', path, headers, bodiless: true });
    socket.once('close', sending.abort);
    const upgraded = upgradeOf(sending.body);
    const answer = sending.answered(patienceMs);
    sending.end([]);
    const first = await Promise.race([upgraded, answer]);
    if (first.kind === 'failed') return void socket.end(onTheWire(sentence(first.status, first.message)));
    if (first.kind === 'stale') return void socket.destroy();
    if (first.kind === 'upgraded') {
      socket.once(
        'close',
        connection.begin(() => socket.destroy()),
      );
      socket.write(Buffer.concat([openingHead(first.response), first.head]));
      if (head.length > 0) first.socket.write(head);
      return joined(socket, first.socket);
    }
    // Browsers show a refused handshake's status to nobody, and its body even less.
    first.response.abort();
    socket.end(onTheWire({ status: first.response.head.status, contentType: 'text/plain', body: Buffer.alloc(0) }));
  }
}

/** What a path means is judged nowhere here, so it may be written in any way; only that it is a path must be clear. */
function unjudged(path: string): string {
  return path.startsWith('/') ? '/' : path;
}

function openingHead({ statusCode = 101, rawHeaders }: IncomingMessage): Buffer {
  const lines = [`HTTP/1.1 ${statusCode} ${STATUS_CODES[statusCode] ?? ''}`];
  const headers = unreadHeaders(rawHeaders);
  for (let i = 0; i + 1 < headers.length; i += 2) lines.push(`${headers[i]}: ${headers[i + 1]}`);
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}

/** Each direction ends by itself; where one side breaks, so does the other. */
function joined(client: Duplex, server: Duplex): void {
  server.on('error', () => client.destroy()).once('close', () => client.end());
  client.on('error', () => server.destroy()).once('close', () => server.destroy());
  client.pipe(server);
  server.pipe(client);
}
