/** HTTP/1.1 (RFC 9112) on the client's side. */

import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import { give } from './answers.ts';
import { corkedForNow } from './corked.ts';
import { pairs, requestFraming } from './headers.ts';
import type { Answer, Asking, Incoming } from './message.ts';

export function http1Asking(request: IncomingMessage, response: ServerResponse): Asking {
  request.on('error', () => undefined);
  response.on('error', () => undefined);
  return {
    method: request.method ?? 'GET',
    httpVersion: request.httpVersion,
    rawHeaders: request.rawHeaders,
    framing: requestFraming(request.rawHeaders, request.httpVersion),
    body: http1Incoming(request),
    answer: http1Answer(response),
    onceHalfClosed(tell) {
      const { socket } = request;
      socket.once('end', tell);
      if (socket.readableEnded) tell();
      return () => void socket.off('end', tell);
    },
  };
}

export function http1Incoming(message: IncomingMessage): Incoming {
  return { stream: message, whole: () => message.complete, trailers: () => message.rawTrailers };
}

export function http1Answer(response: ServerResponse): Answer {
  return {
    body: response,
    headSent: () => response.headersSent,
    sendHead({ status, statusMessage, rawHeaders }) {
      response.sendDate = false;
      response.writeHead(status, statusMessage || STATUS_CODES[status], [...rawHeaders]);
      // With what there is of the body already, in one TLS record.
      corkedForNow(response);
      response.flushHeaders();
    },
    end(trailers) {
      response.addTrailers(pairs(trailers));
      response.end();
    },
    give: (answer) => give(response, answer),
    breakOff() {
      while (response.writableCorked > 0) response.uncork();
      if (response.socket && response.req.httpVersion === '1.1') response.socket.destroySoon();
      else response.destroy();
    },
    drop: () => void response.destroy(),
    left: () => response.writableFinished,
    onceClosed: (tell) => void response.once('close', tell),
  };
}
