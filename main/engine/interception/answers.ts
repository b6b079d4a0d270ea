/** What the proxy says in its own name: short, readable, and never in HTML. */

import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { HttpAnswer } from '../protocols/pieces.ts';

/** A sentence as an answer. */
export function sentence(status: number, text: string): HttpAnswer {
  return { status, contentType: 'text/plain; charset=utf-8', body: Buffer.from(`Holdpoint: ${text}\n`) };
}

/** Answers in the provider's place. The client may keep its connection, and whatever it still sends of its request is read and dropped. */
export function give(response: ServerResponse, answer: HttpAnswer): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const { status, contentType, body, headers = [] } = answer;
  response.writeHead(status, ['Content-Type', contentType, 'Content-Length', String(body.byteLength), ...headers]);
  response.end(body);
}

/** The same for a socket that has no response object, because what came was not a request. It closes the connection. */
export function onTheWire(answer: HttpAnswer): Buffer {
  const head = [
    `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ''}`,
    `Content-Type: ${answer.contentType}`,
    `Content-Length: ${answer.body.byteLength}`,
    'Connection: close',
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), answer.body]);
}
