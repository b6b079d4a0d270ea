/** The provider of the benchmark, in a process of its own: 150 tokens and one tool call for each request. Prints its port. */

import type { IncomingMessage } from 'node:http';
import { createSecureServer } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { responsesEvents } from '../../main/cli/demo/turns.ts';
import { openCertificateAuthority } from '../../main/engine/certificates/authority.ts';
import { openKeystore } from '../../main/engine/certificates/keystore.ts';

const [dir] = process.argv.slice(2) as [string];
const { contextFor } = await openCertificateAuthority({
  dir,
  keystore: openKeystore({ dir, system: undefined }),
  crlUrl: () => 'http://127.0.0.1:9/none.crl',
});
const TOKENS = 150;

const event = (e: { type: string; [key: string]: unknown }) => `event: ${e.type}\ndata: ${JSON.stringify(e)}\n\n`;
const usage = { input_tokens: 25_000, output_tokens: TOKENS };
const head =
  event({
    type: 'message_start',
    message: { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-sonnet-4-5', content: [], stop_reason: null, usage },
  }) + event({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } });
const token = (text: string) => event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } });
let turns = 0;
/** Another command each time: an agent seldom runs the same one twice. */
const tail = (turn: number) => [
  event({ type: 'content_block_stop', index: 0 }),
  event({ type: 'content_block_start', index: 1, content_block: { type: 'tool_use', id: 'toolu_1', name: 'Bash', input: {} } }),
  event({ type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: '{"command":' } }),
  event({ type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: `"ls -la src/part${turn}"}` } }),
  event({ type: 'content_block_stop', index: 1 }),
  event({ type: 'message_delta', delta: { stop_reason: 'tool_use', stop_sequence: null }, usage: { output_tokens: TOKENS } }),
  event({ type: 'message_stop' }),
];
const nextTick = () => new Promise<void>((resolve) => setImmediate(resolve));

const server = createSecureServer(
  { SNICallback: (host, done) => done(null, contextFor(host)), allowHTTP1: true },
  async (request, response) => {
    for await (const _part of request);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(head);
    const paced = request.url.endsWith('?paced');
    for (let i = 0; i < TOKENS; i += 1) {
      if (paced) await new Promise((resolve) => setTimeout(resolve, 5));
      else await nextTick();
      response.write(token(paced ? `at=${performance.timeOrigin + performance.now()} ` : `token ${i} `));
    }
    turns += 1;
    for (const part of tail(turns)) response.write(part);
    response.end();
  },
);
server.on('connection', (socket: Socket) => socket.setNoDelay(true));

const sockets = new WebSocketServer({ noServer: true });
server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => sockets.handleUpgrade(request, socket, head, converse));

/** Each message is a request; the events of its answer are a message each. */
function converse(socket: WebSocket): void {
  socket.on('message', async () => {
    turns += 1;
    const calls = [{ id: `call_${turns}`, tool: 'exec_command', input: { cmd: `ls -la src/part${turns}` } }];
    for (const event of responsesEvents({ text: 't', calls }, { id: `resp_${turns}` })) {
      if (event.type !== 'response.output_text.delta') socket.send(JSON.stringify(event));
      else
        for (let i = 0; i < TOKENS; i += 1) {
          await nextTick();
          socket.send(JSON.stringify({ ...event, delta: `token ${i} ` }));
        }
    }
  });
}

server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
