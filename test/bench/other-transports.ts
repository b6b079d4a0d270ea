/** The same load over HTTP/2 and over a WebSocket. */

import { once } from 'node:events';
import { connect } from 'node:http2';
import { WebSocket } from 'ws';
import { type Route, secured } from './load.ts';

/** One connection that takes turns: milliseconds from a request's first byte to its answer's last. */
export interface Talker {
  turn(): Promise<number>;
  close(): void;
}

/** Turns at the same time are streams of one connection. */
export async function http2Talker(route: Route, host: string, body: Buffer): Promise<Talker> {
  const socket = await secured(route, host, 443, ['h2']);
  const session = connect(`https://${host}`, { createConnection: () => socket });
  session.on('error', () => undefined);
  const headers = {
    ':method': 'POST',
    ':path': '/v1/messages',
    'content-type': 'application/json',
    'content-length': body.length,
    'x-api-key': 'sk-ant-bench-key',
    'user-agent': 'bench',
  };

  return {
    async turn() {
      const start = performance.now();
      const stream = session.request(headers);
      stream.end(body);
      let tail = '';
      stream.setEncoding('utf8');
      for await (const text of stream as AsyncIterable<string>) tail = (tail + text).slice(-200);
      if (!tail.includes('message_stop')) throw new Error(`A turn over HTTP/2 went wrong: …${tail}`);
      return performance.now() - start;
    },
    close: () => session.destroy(),
  };
}

/** As Codex does it, with all of the conversation in each message. */
export async function webSocketTalker(route: Route, host: string, conversation: Buffer): Promise<Talker> {
  const message = asResponses(conversation);
  const tls = await secured(route, host, 443);
  const socket = new WebSocket(`wss://${host}/v1/responses`, {
    createConnection: () => tls,
    perMessageDeflate: false,
    headers: { authorization: 'Bearer sk-bench-key', 'user-agent': 'bench' },
  });
  await once(socket, 'open');

  return {
    turn: () =>
      new Promise((resolve, reject) => {
        const start = performance.now();
        const read = (data: Buffer) => {
          const end = data.includes('"type":"response.completed"');
          if (!end && !data.includes('"type":"error"')) return;
          socket.off('message', read);
          if (end) resolve(performance.now() - start);
          else reject(new Error(`A turn over a WebSocket went wrong: ${data.toString().slice(0, 200)}`));
        };
        socket.on('message', read);
        socket.send(message);
      }),
    close: () => socket.terminate(),
  };
}

/** The same texts as input items. */
function asResponses(conversation: Buffer): string {
  const { messages } = JSON.parse(conversation.toString()) as { messages: { role: string; content: unknown }[] };
  const input = messages.map(({ role, content }) => ({
    type: 'message',
    role,
    content: [{ type: role === 'user' ? 'input_text' : 'output_text', text: JSON.stringify(content) }],
  }));
  return JSON.stringify({
    type: 'response.create',
    model: 'gpt-5.2',
    stream: true,
    instructions: 'You are a coding agent.',
    tools: [],
    input,
  });
}
