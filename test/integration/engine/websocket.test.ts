import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { responsesEvents, responsesTurn } from '../../../main/cli/demo/turns.ts';
import type { ControlClient } from '../../../main/engine/control/client.ts';
import { ASK_ALL, type GuardProcess, startGuardProcess } from '../../support/guard-process.ts';
import { fetchThrough } from '../../support/proxied-fetch.ts';

const CODE = 'const ran = await tools.exec_command({cmd: "rm -rf /srv/ü"});';
const CALL = { id: 'call_1', tool: 'exec_command', input: { cmd: 'rm -rf "/srv/ü"' } };

let guard: GuardProcess;
let control: ControlClient;
/** What a person answers, where one is asked. */
let answer: 'allow' | 'deny' | undefined;
let questions = new Set<string>();
/** What the provider does with a message. */
let respond: (socket: WebSocket, message: { [member: string]: unknown }) => void;
let heard: string[] = [];
const sockets = new WebSocketServer({ noServer: true });

beforeAll(async () => {
  guard = await startGuardProcess({
    reply: () => responsesTurn({ text: 'Words.', calls: [CALL] }),
    upgrade(request, socket, head) {
      if (request.headers['x-refuse'])
        return void socket.end('HTTP/1.1 401 No\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}');
      sockets.handleUpgrade(request, socket, head, (client) => {
        client.on('message', (data, binary) => {
          heard.push(binary ? 'binary' : data.toString());
          respond(client, binary ? {} : JSON.parse(data.toString()));
        });
      });
    },
    policy: ASK_ALL,
    hosts: ['api.openai.com', 'chatgpt.com'],
    config: { intercept: { hosts: ['chatgpt.com'] } },
  });
  control = await guard.control(true);
  control.on('questions', async (open) => {
    for (const { id, nonce, shown } of open) {
      questions.add(id);
      const choice = answer;
      if (choice)
        await control
          .call('answer', { id, nonce, shown, answer: choice === 'allow' ? { choice, for: 'once' } : { choice } })
          // A question that has just ended may still be told of.
          .catch(() => {});
    }
  });
}, 60_000);
afterAll(() => guard.stop());
beforeEach(() => {
  answer = 'allow';
  questions = new Set();
  heard = [];
  respond = say({ text: 'Words, 言葉.', calls: [CALL] });
});

function say(turn: Parameters<typeof responsesEvents>[0], id = 'resp_1') {
  return (socket: WebSocket) => {
    for (const event of responsesEvents(turn, { id })) socket.send(JSON.stringify(event));
  };
}

interface Agent {
  readonly socket: WebSocket;
  readonly messages: string[];
  /** Sends a request, and gives the messages up to the end of its response. */
  ask(request: object): Promise<{ type: string; [member: string]: unknown }[]>;
}

async function agent({ path = '/v1/responses', host = 'api.openai.com', headers = {} as Record<string, string> } = {}): Promise<Agent> {
  const tunnel = await tunnelTo(host);
  const socket = new WebSocket(`wss://${host}${path}`, {
    createConnection: () => tunnel,
    headers: { authorization: 'Bearer sk-test', ...headers },
  });
  onTestFinished(() => socket.terminate());
  const messages: string[] = [];
  let taken = 0;
  socket.on('message', (data) => messages.push(data.toString()));
  await once(socket, 'open');
  return {
    socket,
    messages,
    async ask(request) {
      socket.send(JSON.stringify({ type: 'response.create', model: 'gpt-5.2', prompt_cache_key: KEY, ...request }));
      const ends = () => messages.slice(taken).some((text) => /^\{"type":"(response\.(completed|failed)|error)"/.test(text));
      await expect.poll(ends, { timeout: 10_000 }).toBe(true);
      const events = messages.slice(taken).map((text) => JSON.parse(text));
      taken = messages.length;
      return events;
    },
  };
}

const KEY = 'a conversation';

async function tunnelTo(host: string): Promise<Socket> {
  const proxy = new URL(guard.ready.proxyUrl);
  const ca = await readFile(guard.ready.caFile, 'utf8');
  const connecting = httpRequest({ host: proxy.hostname, port: proxy.port, method: 'CONNECT', path: `${host}:443` }).end();
  const [, raw] = (await once(connecting, 'connect')) as [IncomingMessage, Socket];
  const tunnel = connectTls({ socket: raw, servername: host, ca });
  await once(tunnel, 'secureConnect');
  return tunnel;
}

const user = (text: string) => ({ type: 'message', role: 'user', content: [{ type: 'input_text', text }] });

/** Whether the log has an exchange in which this was said. */
async function recorded(text: string): Promise<boolean> {
  const { stdout } = await guard.cli('audit', 'search', text, '--json');
  return stdout.trim() !== '';
}

describe('Responses over a WebSocket', { timeout: 30_000 }, () => {
  it.each([
    ['api.openai.com', '/v1/responses'],
    ['chatgpt.com', '/backend-api/codex/responses'],
  ])('of %s%s reach the agent with the provider’s own bytes where a person allows the call', async (host, path) => {
    const { ask, messages } = await agent({ host, path });
    await ask({ input: [user(`released on ${host}`)] });
    expect(messages).toEqual(
      responsesEvents({ text: 'Words, 言葉.', calls: [CALL] }, { id: 'resp_1' }).map((event) => JSON.stringify(event)),
    );
    expect(questions.size).toBe(1);
  });

  it.each([
    ['a function’s call', CALL, 'rm -rf'],
    ['code mode’s free text', { id: 'call_1', tool: 'exec', input: CODE }, 'tools.exec_command'],
  ])('reach the agent without %s that a person refused, whose place a message takes', async (what, call, secret) => {
    answer = 'deny';
    respond = say({ text: 'Words.', calls: [call] });
    const { ask, messages, socket } = await agent();
    const events = await ask({ input: [user(`refused: ${what}`)] });
    expect(messages.join()).not.toContain(secret);
    expect(events.map(({ sequence_number: number }) => number)).toEqual(events.map((_, at) => at));
    expect(events.at(-1)).toMatchObject({ response: { output: [{ type: 'message' }, { type: 'message', role: 'assistant' }] } });
    expect(messages.at(-1)).toContain('said no');
    // The agent goes on over the same socket.
    respond = say({ text: 'Then not.' }, 'resp_2');
    const next = await ask({ input: [user('go on')], previous_response_id: 'resp_1' });
    expect(JSON.stringify(next)).toContain('Then not.');
    expect(socket.readyState).toBe(WebSocket.OPEN);
  });

  it('let text pass while a call behind it is held', async () => {
    answer = undefined;
    const { socket, messages } = await agent();
    socket.send(JSON.stringify({ type: 'response.create', model: 'm', input: [user('held')] }));
    await expect.poll(() => questions.size).toBe(1);
    expect(messages.join()).toContain('"response.output_text.done"');
    expect(messages.join()).not.toContain('rm -rf');
    const [open] = await control.call('questions', {});
    await control.call('answer', { id: open!.id, nonce: open!.nonce, shown: open!.shown, answer: { choice: 'allow', for: 'once' } });
    await expect.poll(() => messages.join()).toContain('rm -rf');
  });

  it('are recorded one by one, as they would be over HTTP', async () => {
    const { ask } = await agent();
    respond = (socket, { generate }) => say(generate === false ? {} : { text: 'Hi.' }, generate === false ? 'resp_w' : 'resp_r')(socket);
    await ask({ input: [user('recorded-one')], generate: false });
    await ask({ input: [], previous_response_id: 'resp_w' });
    await expect.poll(() => recorded('recorded-one')).toBe(true);
    const log = await control.call('records', { limit: 20 });
    const exchanges = log.filter(({ kind, data }) => kind === 'exchange' && data.status === 101);
    expect(exchanges[0]).toMatchObject({
      verdict: 'complete',
      data: {
        path: '/v1/responses',
        protocol: 'openai-responses',
        model: 'gpt-5.2',
        streamed: true,
        inputTokens: 12,
        calls: 0,
        counted: { tokens: 46, estimated: false },
      },
    });
  });

  it('ask once about the same call: on a new socket, and over HTTP with all of the conversation', async () => {
    const first = await agent();
    respond = say({ text: 'First.' }, 'resp_1');
    const [, ...told] = await first.ask({ input: [user('asked once')] });
    const items = told.filter(({ type }) => type === 'response.output_item.done').map(({ item }) => item);
    respond = say({ calls: [CALL] }, 'resp_2');
    await first.ask({ input: [user('do it')], previous_response_id: 'resp_1' });
    expect(questions.size).toBe(1);
    const whole = { input: [user('asked once'), ...items, user('do it')] };
    const second = await agent();
    expect(JSON.stringify(await second.ask(whole))).toContain('rm -rf');
    const fetchIt = await fetchThrough(guard.ready);
    const body = JSON.stringify({ model: 'gpt-5.2', stream: true, prompt_cache_key: KEY, ...whole });
    const answered = await fetchIt('https://api.openai.com/v1/responses', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-encoding': 'zstd' },
      body: zstdCompressSync(body),
    });
    expect(await answered.text()).toContain('rm -rf');
    expect(questions.size).toBe(1);
  });

  it.each<[string, (socket: WebSocket) => void]>([
    ['what is no JSON', (socket) => socket.send('hello')],
    ['binary', (socket) => socket.send(Buffer.from('{}'))],
    [
      'another response’s events',
      (socket) => socket.send(JSON.stringify({ type: 'response.in_progress', response: { id: 'resp_other', output: [] } })),
    ],
  ])('with %s in the middle end in an explanation and a close, where a person says no', async (_what, odd) => {
    answer = 'deny';
    respond = (socket) => {
      const events = responsesEvents({ text: 'Words.', calls: [CALL] }, { id: 'resp_1' }).map((event) => JSON.stringify(event));
      socket.send(events[0]!);
      odd(socket);
      for (const event of events.slice(1)) socket.send(event);
    };
    const { ask, socket, messages } = await agent();
    const closed = once(socket, 'close');
    const events = await ask({ input: [user(`odd ${_what}`)] });
    expect(events.at(-1)).toMatchObject({ type: 'response.completed' });
    expect(JSON.stringify(events)).toContain('could not read');
    expect((await closed)[0]).toBe(1008);
    expect(messages.join()).not.toContain('rm -rf');
  });

  it('that nobody asked for may tell of limits, and may not call', async () => {
    answer = 'deny';
    respond = (socket) => {
      say({ text: 'Hi.' })(socket);
      socket.send('{"type":"codex.rate_limits","limits":[1,2]}');
    };
    const { ask, socket, messages } = await agent();
    await ask({ input: [user('unasked')] });
    await expect.poll(() => messages.at(-1)).toContain('codex.rate_limits');
    const closed = once(socket, 'close');
    for (const client of sockets.clients)
      client.send(
        JSON.stringify({
          type: 'response.output_item.done',
          output_index: 0,
          item: { type: 'function_call', name: 'x', call_id: 'c', arguments: '{"cmd":"rm -rf"}' },
        }),
      );
    expect((await closed)[0]).toBe(1008);
    expect(messages.join()).not.toContain('rm -rf');
  });

  it('withdraw their question when the agent leaves', async () => {
    answer = undefined;
    const { socket } = await agent();
    socket.send(JSON.stringify({ type: 'response.create', model: 'm', input: [user('leaves')] }));
    await expect.poll(() => questions.size).toBe(1);
    socket.close(1000);
    await once(socket, 'close');
    // Within the grace for retries it stays, and then it goes.
    await expect.poll(() => control.call('questions', {}).then((open) => open.length), { timeout: 15_000, interval: 500 }).toBe(0);
  });
});

describe('other WebSockets', { timeout: 30_000 }, () => {
  it('on an intercepted host pass where policy lets them, text and binary', async () => {
    respond = (socket) => socket.send('{"type":"session.updated"}');
    const { socket, messages } = await agent({ path: '/v1/realtime?model=x' });
    socket.send('{"type":"session.update"}');
    socket.send(Buffer.from([1, 2, 3]));
    await expect.poll(() => messages.length).toBe(2);
    expect(heard).toEqual(['{"type":"session.update"}', 'binary']);
  });

  it.each([
    { type: 'response.done', response: { output: [{ type: 'function_call', name: 'x', call_id: 'c', arguments: '{"a":"SECRET"}' }] } },
    { type: 'response.function_call_arguments.done', name: 'x', call_id: 'c', arguments: '{"a":"SECRET"}' },
  ])('are closed with an explanation when a call comes on them that a person refuses: $type', async (event) => {
    answer = 'deny';
    respond = (socket) => socket.send(JSON.stringify(event));
    const { socket, messages } = await agent({ path: '/v1/realtime' });
    const closed = once(socket, 'close');
    socket.send('{"type":"response.create"}');
    const [code, reason] = await closed;
    expect([code, String(reason)]).toEqual([1008, expect.stringContaining('Holdpoint')]);
    expect(messages.join()).not.toContain('SECRET');
  });

  it('that the provider refuses are refused with its own words', async () => {
    const tunnel = await tunnelTo('api.openai.com');
    const socket = new WebSocket('wss://api.openai.com/v1/responses', { createConnection: () => tunnel, headers: { 'x-refuse': '1' } });
    socket.on('error', () => {});
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
    expect(response.statusCode).toBe(401);
    socket.terminate();
  });
});

describe('an engine that stops', { timeout: 30_000 }, () => {
  it('refuses what is held on a WebSocket, says so, and closes it in good form', async () => {
    answer = undefined;
    const { socket, messages } = await agent();
    const closed = once(socket, 'close');
    socket.send(JSON.stringify({ type: 'response.create', model: 'm', input: [user('stopping')] }));
    await expect.poll(() => questions.size).toBe(1);
    await guard.end();
    expect((await closed)[0]).toBe(1001);
    expect(messages.join()).toContain('Holdpoint refused');
    expect(messages.join()).not.toContain('rm -rf');
  });
});
