/** The load: an agent's turns, through a proxy or direct, and what is measured of them. */

import { request as httpRequest } from 'node:http';
import { Agent, request } from 'node:https';
import type { Socket } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';

export interface Route {
  readonly name: string;
  /** Absent for the direct connection, which then goes to `direct`. */
  readonly proxy?: { readonly host: string; readonly port: number };
  readonly ca: string;
  /** Where the provider listens. */
  readonly direct: { readonly host: string; readonly port: number };
}

/** One connection kept alive, as an agent keeps it. */
export function agentOn(route: Route, host: string, port = 443): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  Object.assign(agent, {
    createConnection: (_options: unknown, done: (error: Error | null, socket?: TLSSocket) => void) => {
      secured(route, host, port).then(
        (socket) => done(null, socket),
        (error: Error) => done(error),
      );
    },
  });
  return agent;
}

/** TCP, CONNECT where there is a proxy, TLS: milliseconds to the first byte that could be sent. */
export async function connectTime(route: Route, host: string, port: number): Promise<number> {
  const start = performance.now();
  const socket = await secured(route, host, port);
  const took = performance.now() - start;
  socket.destroy();
  return took;
}

export interface TurnTiming {
  /** Milliseconds from the request's first byte to the answer's last. */
  readonly total: number;
  /** For paced streams: milliseconds between a token's sending and its arrival, each. */
  readonly tokenDelays: readonly number[];
}

/** Sends one turn and reads the answer to its end. `paced` asks the provider to send tokens 5 ms apart, each with its time of sending. */
export function turn(agent: Agent, host: string, body: Buffer, paced = false): Promise<TurnTiming> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const sent = request(
      {
        agent,
        host,
        method: 'POST',
        path: paced ? '/v1/messages?paced' : '/v1/messages',
        headers: {
          'content-type': 'application/json',
          'content-length': body.length,
          'x-api-key': 'sk-ant-bench-key',
          'user-agent': 'bench',
        },
      },
      (response) => {
        const tokenDelays: number[] = [];
        let tail = '';
        response.setEncoding('utf8');
        response.on('data', (text: string) => {
          const now = performance.timeOrigin + performance.now();
          if (paced) for (const [, at] of text.matchAll(/at=([\d.]+)/g)) tokenDelays.push(now - Number(at));
          tail = text;
        });
        response.on('end', () => {
          if (response.statusCode !== 200 || !tail.includes('message_stop'))
            return reject(new Error(`A turn went wrong: ${response.statusCode} …${tail.slice(-200)}`));
          resolve({ total: performance.now() - start, tokenDelays });
        });
        response.on('error', reject);
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

/** A coding agent's request of about this many bytes: tools, questions, tool calls and what they gave, line-numbered source mostly. */
export function conversation(bytes: number): Buffer {
  const messages: object[] = [{ role: 'user', content: 'Make the tests of the parser pass.' }];
  for (let i = 0, length = 0; length < bytes - 3_000; i += 1) {
    const lines = Array.from(
      { length: 40 },
      (_, line) =>
        `${line + 1}\tconst value${i}_${line} = parse(input.slice(${line * 7}, ${line * 7 + 40}), { strict: ${line % 2 === 0} });`,
    );
    const said = [
      {
        role: 'assistant',
        content: [
          { type: 'text', text: `I look at part ${i}.` },
          { type: 'tool_use', id: `toolu_${i}`, name: 'Read', input: { file_path: `/home/dev/parser/src/part${i}.ts` } },
        ],
      },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: `toolu_${i}`, content: lines.join('\n') }] },
    ];
    messages.push(...said);
    length += JSON.stringify(said).length;
  }
  const tools = ['Bash', 'Read', 'Edit', 'Write', 'Grep'].map((name) => ({
    name,
    description: `The ${name} tool. `.repeat(20),
    input_schema: { type: 'object' },
  }));
  return Buffer.from(
    JSON.stringify({ model: 'claude-sonnet-4-5', max_tokens: 8_000, stream: true, system: 'You are a coding agent.', tools, messages }),
  );
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** `protocols`: what is offered by ALPN; nothing where absent. */
export async function secured(route: Route, host: string, port: number, protocols?: string[]): Promise<TLSSocket> {
  const tunnel = route.proxy ? await tunnelTo(route.proxy, host, port) : undefined;
  const socket = tunnel
    ? connect({ socket: tunnel, servername: host, ca: route.ca, ALPNProtocols: protocols })
    : connect({ ...route.direct, servername: host, ca: route.ca, ALPNProtocols: protocols });
  socket.setNoDelay(true);
  await new Promise<void>((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
  return socket;
}

function tunnelTo(proxy: { host: string; port: number }, host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    httpRequest({ ...proxy, method: 'CONNECT', path: `${host}:${port}` })
      .once('connect', (response, socket) =>
        response.statusCode === 200 ? resolve(socket) : reject(new Error(`CONNECT was answered ${response.statusCode}`)),
      )
      .once('error', reject)
      .end();
  });
}
