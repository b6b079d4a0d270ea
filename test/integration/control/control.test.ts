import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { HoldpointError } from '../../../main/contract/errors.ts';
import { type ConnectOptions, connectControl } from '../../../main/engine/control/client.ts';
import { encodeFrame, frameReader } from '../../../main/engine/control/frames.ts';
import { controlFixture, question, statusOf } from './fixture.ts';

const code = (code: string) => expect.objectContaining({ code });
const connect = (dataDir: string, options: Partial<ConnectOptions> = {}) =>
  connectControl(dataDir, { client: 'test', attends: false, ...options });
const token = (dataDir: string) => readFileSync(join(dataDir, 'control.token'), 'utf8');
const request = (method: string, params: unknown, id = 1) => encodeFrame({ jsonrpc: '2.0', id, method, params });
const hello = (dataDir: string, id = 0) => request('hello', { token: token(dataDir), client: 'raw', attends: false }, id);

/** Writes bytes to a socket; gives what came back once the other side has closed it, or once `enough` messages are there. */
function raw(socketPath: string, bytes: Uint8Array, enough = Number.POSITIVE_INFINITY): Promise<{ messages: unknown[]; closed: boolean }> {
  return new Promise((resolve) => {
    const messages: unknown[] = [];
    const read = frameReader(10_000_000);
    const socket: Socket = createConnection(socketPath, () => socket.write(bytes));
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      messages.push(...read(chunk));
      if (messages.length < enough) return;
      resolve({ messages, closed: false });
      socket.destroy();
    });
    socket.on('close', () => resolve({ messages, closed: true }));
  });
}

describe('a client', () => {
  it('asks the engine, and learns its version', async () => {
    await using fixture = await controlFixture();
    const client = await connect(fixture.dataDir);
    expect(client.version).toBe('1.2.3');
    expect(await client.call('status', {})).toEqual(statusOf(fixture.dataDir));
    client.close();
    await client.closed;
  });

  it('gives an answer under its own name', async () => {
    const given: unknown[] = [];
    await using fixture = await controlFixture({ answer: (answered, { client: by }) => void given.push([answered, by]) });
    const client = await connect(fixture.dataDir, { client: 'app' });
    const answered = { id: 'q1', nonce: 'n', shown: 's', answer: { choice: 'deny' as const, reason: 'no' } };
    expect(await client.call('answer', answered)).toEqual({});
    expect(given).toEqual([[answered, 'app']]);
    client.close();
  });

  it('is told of questions, missed ones, state and records until it stops listening', async () => {
    await using fixture = await controlFixture();
    const client = await connect(fixture.dataDir);
    const told: unknown[] = [];
    const stop = client.on('questions', (questions) => told.push(questions.map(({ id }) => id)));
    client.on('status', ({ state }) => told.push(state));
    fixture.control.tell('questions', [question()]);
    await expect.poll(() => told).toEqual([['q1']]);
    stop();
    fixture.control.tell('questions', []);
    fixture.control.tell('status', statusOf(fixture.dataDir));
    await expect.poll(() => told).toEqual([['q1'], 'protecting']);
    client.close();
  });

  it('is told the last of several states in a row', async () => {
    await using fixture = await controlFixture();
    const client = await connect(fixture.dataDir);
    const told: number[] = [];
    client.on('questions', (questions) => told.push(questions.length));
    for (let i = 0; i < 50; i++) fixture.control.tell('questions', [question()]);
    fixture.control.tell('questions', []);
    await expect.poll(() => told).toEqual([0]);
    client.close();
  });

  it.each<[string, () => never, string, RegExp]>([
    ['what the engine refuses', () => raise(new HoldpointError('not-found', 'There is no question q9.')), 'not-found', /q9/],
    ['a fault of the engine, without its text', () => raise(new Error('secret detail')), 'internal', /^(?!.*secret)/],
    ['an answer that is not as agreed', (() => ({ nonsense: true })) as unknown as () => never, 'internal', /log/],
  ])('is told of %s', async (_what, status, expected, message) => {
    await using fixture = await controlFixture({ status });
    const client = await connect(fixture.dataDir);
    const error = await client.call('status', {}).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: expected, message: expect.stringMatching(message) });
    client.close();
  });

  it('is told at once when the engine dies while it waits for an answer', async () => {
    const { promise: asked, resolve: wasAsked } = Promise.withResolvers<void>();
    const fixture = await controlFixture({
      status: () => {
        wasAsked();
        return new Promise(() => {});
      },
    });
    const client = await connect(fixture.dataDir);
    const answer = client.call('status', {});
    const refused = expect(answer).rejects.toEqual(code('control-unreachable'));
    await asked;
    await fixture[Symbol.asyncDispose]();
    await refused;
    await client.closed;
    await expect(client.call('status', {})).rejects.toEqual(code('control-unreachable'));
  });

  it('does not wait for ever for an engine that hangs', async () => {
    await using fixture = await controlFixture({ status: () => new Promise(() => {}) });
    const client = await connect(fixture.dataDir, { answerMs: 500 });
    await expect(client.call('status', {})).rejects.toMatchObject({
      code: 'control-unreachable',
      message: expect.stringContaining('did not answer'),
    });
    client.close();
  });

  it('is told that no engine runs, and what to type', async () => {
    await using fixture = await controlFixture();
    const empty = join(fixture.dataDir, 'empty');
    mkdirSync(empty);
    await expect(connect(empty)).rejects.toMatchObject({
      code: 'control-unreachable',
      message: expect.stringContaining('holdpoint start'),
    });
  });

  it('is told the same when an engine was killed and left its socket', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'holdpoint-dead-'));
    writeFileSync(join(dir, 'control.token'), 'x');
    writeFileSync(join(dir, 'control.sock'), '');
    await expect(connect(dir)).rejects.toEqual(code('control-unreachable'));
    rmSync(dir, { recursive: true });
  });

  it.each<[string, string]>([
    ['is not of this protocol', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    [
      'sends events it does not know how to read',
      encodeFrame({ jsonrpc: '2.0', method: 'status', params: { data: { wrong: 1 } } }).toString(),
    ],
    ['sends requests', encodeFrame({ jsonrpc: '2.0', id: 1, method: 'status', params: {} }).toString()],
    ['says nothing and closes', ''],
  ])('leaves a peer that %s', async (_what, words) => {
    const dir = mkdtempSync(join(tmpdir(), 'holdpoint-peer-'));
    writeFileSync(join(dir, 'control.token'), 'x');
    const server = createServer((socket) => {
      socket.on('error', () => {}).resume();
      if (words) socket.write(words);
      else socket.end();
    });
    await new Promise<void>((resolve) => server.listen(join(dir, 'control.sock'), resolve));
    await expect(connect(dir)).rejects.toEqual(code('control-unreachable'));
    await new Promise((resolve) => server.close(resolve));
    rmSync(dir, { recursive: true });
  });
});

describe('the engine', () => {
  it('knows whether somebody is there to be asked', async () => {
    const told: boolean[] = [];
    await using fixture = await controlFixture({}, { onAttended: (attended) => told.push(attended) });
    const watcher = await connect(fixture.dataDir);
    expect(fixture.control.attended()).toBe(false);
    const [one, other] = [await connect(fixture.dataDir, { attends: true }), await connect(fixture.dataDir, { attends: true })];
    expect(fixture.control.attended()).toBe(true);
    one.close();
    await one.closed;
    expect(fixture.control.attended()).toBe(true);
    other.close();
    await expect.poll(() => fixture.control.attended()).toBe(false);
    expect(told).toEqual([true, false]);
    watcher.close();
  });

  it('keeps socket and token for this user, and leaves nothing behind', async () => {
    const fixture = await controlFixture();
    for (const name of ['control.sock', 'control.token']) expect(statSync(join(fixture.dataDir, name)).mode & 0o777).toBe(0o600);
    await fixture.control.close();
    for (const name of ['control.sock', 'control.token', 'control.json']) expect(existsSync(join(fixture.dataDir, name))).toBe(false);
    rmSync(fixture.dataDir, { recursive: true });
  });

  it('takes another token each time, and serves where a killed one left its socket', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'holdpoint-again-'));
    writeFileSync(join(folder, 'control.sock'), 'left behind');
    const first = await controlFixture({}, { dataDir: folder });
    const before = token(folder);
    await first.control.close();
    const second = await controlFixture({}, { dataDir: folder });
    expect(token(folder)).not.toBe(before);
    (await connect(folder)).close();
    await second.control.close();
    rmSync(folder, { recursive: true });
  });

  it('is found where the data folder’s path is too long for a socket', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'holdpoint-long-'));
    const dataDir = join(folder, 'x'.repeat(120));
    mkdirSync(dataDir);
    const fixture = await controlFixture({}, { dataDir });
    const client = await connect(dataDir);
    expect(await client.call('questions', {})).toEqual([]);
    client.close();
    await fixture.control.close();
    expect(existsSync(fixture.control.socket)).toBe(false);
    rmSync(folder, { recursive: true });
  });

  it('refuses a client with a wrong token, says so, and closes', async () => {
    await using fixture = await controlFixture();
    writeFileSync(join(fixture.dataDir, 'control.token'), 'f'.repeat(64));
    await expect(connect(fixture.dataDir)).rejects.toEqual(code('control-refused'));
    const { messages, closed } = await raw(fixture.control.socket, hello(fixture.dataDir));
    expect(messages).toMatchObject([{ id: 0, error: { data: { code: 'control-refused' } } }]);
    expect(closed).toBe(true);
  });

  it('closes a connection that does not say hello in time', async () => {
    await using fixture = await controlFixture({}, { helloMs: 20 });
    expect(await raw(fixture.control.socket, new Uint8Array())).toEqual({ messages: [], closed: true });
  });

  it('keeps a connection that said hello in time', async () => {
    await using fixture = await controlFixture({}, { helloMs: 1_000 });
    const client = await connect(fixture.dataDir);
    // Its own connection is closed for its silence later than the first one's time was over.
    await raw(fixture.control.socket, new Uint8Array());
    expect(await client.call('questions', {})).toEqual([]);
    client.close();
  });

  it('answers nothing before hello, and does nothing', async () => {
    let asked = 0;
    await using fixture = await controlFixture({
      revoke: () => {
        asked++;
      },
    });
    const { messages, closed } = await raw(fixture.control.socket, request('revoke', { id: 'g1' }));
    expect(messages).toMatchObject([{ error: { data: { code: 'control-refused' } } }]);
    expect(closed).toBe(true);
    expect(asked).toBe(0);
  });

  it('takes only one hello of a connection', async () => {
    await using fixture = await controlFixture();
    const { messages, closed } = await raw(fixture.control.socket, Buffer.concat([hello(fixture.dataDir), hello(fixture.dataDir, 1)]));
    expect(messages).toMatchObject([{ result: { version: '1.2.3' } }, { error: { data: { code: 'control-refused' } } }]);
    expect(closed).toBe(true);
  });

  it.each<[string, string, unknown, number]>([
    ['an unknown method', 'shutdown', {}, -32601],
    ['missing parameters', 'revoke', {}, -32602],
    ['parameters of another type', 'records', { limit: 'all' }, -32602],
    ['more than may be asked for', 'records', { limit: 501 }, -32602],
    ['parameters that nobody knows', 'status', { admin: true }, -32602],
    ['an answer that is none', 'answer', { id: 'q', nonce: 'n', shown: 's', answer: { choice: 'allow', for: 'ever' } }, -32602],
    ['parameters by place', 'revoke', ['g1'], -32602],
    ['no parameters at all', 'revoke', undefined, -32602],
  ])('says no to %s, and stays', async (_what, method, params, expected) => {
    let asked = 0;
    const count = () => {
      asked++;
    };
    await using fixture = await controlFixture({ revoke: count, answer: count });
    const bytes = Buffer.concat([hello(fixture.dataDir), request(method, params), request('questions', {}, 2)]);
    const { messages } = await raw(fixture.control.socket, bytes, 3);
    expect(messages).toContainEqual(expect.objectContaining({ id: 1, error: expect.objectContaining({ code: expected }) }));
    expect(messages).toContainEqual({ jsonrpc: '2.0', id: 2, result: [] });
    expect(asked).toBe(0);
  });

  it.each<[string, (greeting: Buffer) => Uint8Array]>([
    ['foreign bytes', () => Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
    ['a TLS handshake', () => Buffer.from([0x16, 0x03, 0x01, 0x00, 0xf4, 0x01])],
    ['a giant length', () => Buffer.from('Content-Length: 99999999999\r\n\r\n')],
    ['a length over a megabyte', () => Buffer.from('Content-Length: 1048577\r\n\r\n')],
    ['a header that never ends', () => Buffer.from(`Content-Length: ${'1'.repeat(400)}`)],
    ['JSON that is not JSON-RPC', () => encodeFrame({ hello: true })],
    ['a batch', (greeting) => Buffer.concat([greeting, encodeFrame([{ jsonrpc: '2.0', id: 5, method: 'questions', params: {} }])])],
    ['a notification', (greeting) => Buffer.concat([greeting, encodeFrame({ jsonrpc: '2.0', method: '$/cancelRequest' })])],
    ['an answer that nobody asked for', (greeting) => Buffer.concat([greeting, encodeFrame({ jsonrpc: '2.0', id: 9, result: {} })])],
  ])('closes a connection that carries %s, and serves the others', async (_what, bytes) => {
    await using fixture = await controlFixture();
    const client = await connect(fixture.dataDir);
    expect((await raw(fixture.control.socket, bytes(hello(fixture.dataDir)))).closed).toBe(true);
    expect(await client.call('questions', {})).toEqual([]);
    client.close();
  });

  it('takes no more than so many clients', async () => {
    await using fixture = await controlFixture({}, { maxClients: 2 });
    const clients = [await connect(fixture.dataDir), await connect(fixture.dataDir)];
    await expect(connect(fixture.dataDir)).rejects.toEqual(code('control-unreachable'));
    clients[0]!.close();
    await clients[0]!.closed;
    await expect.poll(() => connect(fixture.dataDir).then((client) => client.close()), { timeout: 5_000 }).toBeUndefined();
    clients[1]!.close();
  });

  it('drops a client that does not read, rather than keep what it is owed', async () => {
    await using fixture = await controlFixture({}, { maxWaitingBytes: 100_000 });
    const lazy = createConnection(fixture.control.socket, () => lazy.write(Buffer.concat([hello(fixture.dataDir)])));
    lazy.on('error', () => {});
    await new Promise((resolve) => lazy.once('data', resolve));
    lazy.pause();
    const client = await connect(fixture.dataDir);
    const arrival = () =>
      new Promise<void>((resolve) => {
        const stop = client.on('record', () => {
          stop();
          resolve();
        });
      });
    const record = {
      seq: 1,
      id: 'r',
      at: '2026-05-01T09:00:00.000Z',
      kind: 'engine' as const,
      session: null,
      exchange: null,
      action: null,
      agent: null,
      host: null,
      verdict: null,
      summary: 'x'.repeat(10_000),
      data: {},
      blocks: [],
      hash: 'h',
    };
    const sent = 200;
    for (let i = 0; i < sent; i++) {
      const arrived = arrival();
      fixture.control.tell('record', record);
      await arrived; // So the reader keeps up, and only the lazy one falls behind.
    }
    lazy.resume();
    await new Promise((resolve) => lazy.once('close', resolve));
    expect(lazy.bytesRead).toBeLessThan(sent * 10_000);
    expect(await client.call('questions', {})).toEqual([]);
    client.close();
  });

  it('tells its clients nothing that is not as agreed', async () => {
    const logged: string[] = [];
    const log = { info: () => {}, warn: () => {}, error: (event: string) => void logged.push(event) };
    await using fixture = await controlFixture({}, { log });
    const client = await connect(fixture.dataDir);
    fixture.control.tell('questions', [{ ...question(), extra: 1 } as never]);
    await expect.poll(() => logged).toEqual(['control.event-invalid']);
    expect(await client.call('questions', {})).toEqual([]);
    client.close();
  });

  it('ends although a client stays connected', async () => {
    const fixture = await controlFixture();
    const client = await connect(fixture.dataDir);
    await fixture[Symbol.asyncDispose]();
    await client.closed;
  });
});

function raise(error: Error): never {
  throw error;
}
