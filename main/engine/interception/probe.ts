/**
 * The probe: a host that is the engine itself, so that a program which fetches it through its own proxy settings and its own store of
 * certificates proves both at once. It leads nowhere, is judged by no policy, and is no connection of an agent's: none is recorded.
 */

import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { PROBE_HOST, type ProbeAnswer } from '../../contract/probe.ts';
import type { CertificateAuthority } from '../certificates/authority.ts';
import { give, sentence } from './answers.ts';
import { greetingOf } from './greeting.ts';
import { terminateTls } from './tls.ts';

export interface Probe {
  isFor(host: string, port: number): boolean;
  /** Speaks TLS and HTTP with a client whose connection leads here. Never rejects; the socket is closed in the end. */
  serve(client: Socket): Promise<void>;
  /** Answers a request: GET of `/` alone. */
  answer(request: IncomingMessage, response: ServerResponse, path: string): void;
}

/** More than the runtimes of one machine, asked side by side. */
const MOST_AT_ONCE = 32;
const HANDSHAKE_MS = 10_000;
/** Of one connection, from its greeting to its end. */
const LIFE_MS = 30_000;
const HEADER_BYTES = 8 * 1024;
const PORTS: readonly number[] = [80, 443];

export function createProbe(authority: Pick<CertificateAuthority, 'contextFor'>): Probe {
  const told: ProbeAnswer = { holdpoint: 'probe', nonce: randomBytes(16).toString('hex') };
  const body = Buffer.from(`${JSON.stringify(told)}\n`);
  // It does not listen: its sockets come from the proxy's own listener.
  const server = createServer({ maxHeaderSize: HEADER_BYTES, shouldUpgradeCallback: () => false }, (request, response) =>
    answer(request, response, request.url ?? ''),
  );
  server.on('clientError', (_error: Error, socket: { destroy(): void }) => socket.destroy());
  let open = 0;

  return {
    isFor: (host, port) => host === PROBE_HOST && PORTS.includes(port),
    async serve(client) {
      if (open >= MOST_AT_ONCE) return void client.destroy();
      open += 1;
      const life = setTimeout(() => client.destroy(), LIFE_MS).unref();
      client.once('close', () => {
        clearTimeout(life);
        open -= 1;
      });
      const greeting = await greetingOf(client, { silenceMs: HANDSHAKE_MS, helloMs: HANDSHAKE_MS });
      if (greeting.kind !== 'hello') return void client.destroy();
      const context = authority.contextFor(PROBE_HOST);
      const terminated = await terminateTls({ socket: client, context, host: PROBE_HOST, spoken: 'http/1.1', deadlineMs: HANDSHAKE_MS });
      if (terminated.kind === 'secure') server.emit('connection', terminated.socket);
      else client.destroy();
    },
    answer,
  };

  function answer(request: IncomingMessage, response: ServerResponse, path: string): void {
    // Whatever body comes is not read: the connection ends with the answer.
    response.shouldKeepAlive = false;
    if (path !== '/') give(response, sentence(404, 'There is nothing here but the answer to whether the guard is reached.'));
    else if (request.method !== 'GET') give(response, { ...sentence(405, 'This is only to be got.'), headers: ['Allow', 'GET'] });
    else give(response, { status: 200, contentType: 'application/json', body, headers: ['Cache-Control', 'no-store'] });
  }
}
