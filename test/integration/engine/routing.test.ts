import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import type { ProviderReply, ProviderRequest } from '../../../main/cli/demo/provider.ts';
import type { Turn } from '../../../main/cli/demo/turns.ts';
import type { ControlClient } from '../../../main/engine/control/client.ts';
import { ASK_ALL, type GuardProcess, startGuardProcess } from '../../support/guard-process.ts';
import { fetchThrough } from '../../support/proxied-fetch.ts';
import { runCli } from '../cli/process.ts';
import { sdkReply } from './sdk-ways.ts';

const GATEWAYS = ['first.corp.example', 'second.corp.example'];
const SIGN_IN = 'login.microsoftonline.com';
const HOSTS = ['api.anthropic.com', 'api.openai.com', 'chatgpt.com', 'generativelanguage.googleapis.com', ...GATEWAYS, SIGN_IN];
const ORG = '550e8400-e29b-41d4-a716-446655440000';
const SECRET = 'corp-gateway-secret-4711';
const CALL = { id: 'call_1', tool: 'Bash', input: { command: 'rm -rf /srv/marker-files' } };
const TURN: Turn = { text: 'I will tidy up.', calls: [CALL] };

let guard: GuardProcess;
let control: ControlClient;
let fetchIt: typeof fetch;
let answer: 'allow' | 'deny';
/** What each host does; else it answers as the model that it stands for. */
let hosts: Record<string, (request: ProviderRequest) => ProviderReply | Promise<ProviderReply>>;
let from: number;
const sockets = new WebSocketServer({ noServer: true });

beforeAll(async () => {
  guard = await startGuardProcess({
    reply(request) {
      const own = hosts[request.host.replace(/:\d+$/, '')];
      if (own) return own(request);
      if (request.path.includes('/v1/models')) return { chunks: ['{"data":[]}'] };
      return sdkReply({ ...request, path: request.path.replace(/^\/base/, '') }, () => TURN);
    },
    upgrade: (request, socket, head) => sockets.handleUpgrade(request, socket, head, (client) => sockets.emit('connection', client)),
    hosts: HOSTS,
    policy: ASK_ALL,
    config: {
      tenants: {
        anthropic: { organizations: [ORG] },
        openai: { organizations: ['org-1'] },
        chatgpt: { workspaces: [ORG] },
        microsoft: { tenants: ['corp.example'], context: ORG },
      },
      routes: [
        {
          provider: 'Anthropic',
          ways: [
            { url: 'https://first.corp.example/base', credential: 'corp', credentialHeader: 'x-api-key' },
            { url: 'https://second.corp.example/base', credential: 'corp' },
          ],
        },
        { provider: 'OpenAI', ways: [{ url: 'https://first.corp.example/base', credential: 'corp' }], thenDirect: true, timeoutSeconds: 1 },
        { provider: 'Google AI Studio', ways: [{ url: 'https://first.corp.example', credential: 'absent' }] },
      ],
      // A gateway that would be inspected, were it asked by an agent.
      providers: [{ name: 'Gateway', hosts: ['first.corp.example'] }],
    },
  });
  const set = await runCli(['routes', 'set-credential', 'corp', '--data-dir', guard.ready.dataDir], {}, `${SECRET}\n`);
  expect(set).toMatchObject({ code: 0 });
  expect(set.out + set.err).not.toContain(SECRET);
  control = await guard.control(true);
  control.on('questions', async (open) => {
    for (const { id, nonce, shown } of open)
      await control
        .call('answer', { id, nonce, shown, answer: answer === 'allow' ? { choice: answer, for: 'once' } : { choice: answer } })
        .catch(() => {});
  });
  fetchIt = await fetchThrough(guard.ready);
}, 60_000);
afterAll(() => guard.stop());
beforeEach(() => {
  answer = 'deny';
  hosts = {};
  from = guard.provider.requests.length;
});

const asked = () => guard.provider.requests.slice(from);
const anthropic = () => new Anthropic({ apiKey: 'sk-ant-agents-own-key', fetch: fetchIt, maxRetries: 0 });
const openai = () => new OpenAI({ apiKey: 'sk-agents-own-key', fetch: fetchIt, maxRetries: 0 });
const shell = { type: 'object' as const, properties: { command: { type: 'string' } } };
const talk = (words: string) =>
  anthropic()
    .messages.stream({
      model: 'claude-sonnet-4-5',
      max_tokens: 100,
      tools: [{ name: 'Bash', input_schema: shell }],
      messages: [{ role: 'user', content: words }],
    })
    .finalMessage();
const complete = (words: string) =>
  openai().chat.completions.create({
    model: 'gpt-5.2',
    tools: [{ type: 'function', function: { name: 'Bash', parameters: shell } }],
    messages: [{ role: 'user', content: words }],
  });
const exchangeOf = async (host: string) =>
  (await control.call('records', { limit: 30 })).filter((record) => record.kind === 'exchange' && record.host === host);
const busy = (status: number): ProviderReply => ({
  status,
  chunks: ['{"type":"error","error":{"type":"overloaded_error","message":"busy"}}'],
});

describe('a route', () => {
  it('takes the Anthropic SDK to the next gateway after 429, and what it answers is held as ever', async () => {
    hosts['first.corp.example'] = () => busy(429);
    const message = await talk('to the second');
    expect(message.content).toEqual([
      expect.objectContaining({ text: 'I will tidy up.' }),
      expect.objectContaining({ text: expect.stringContaining('Holdpoint refused this Bash call') }),
    ]);
    const [first, second] = asked();
    expect([first!.host, first!.path, second!.host, second!.path]).toEqual([
      'first.corp.example',
      '/base/v1/messages',
      'second.corp.example',
      '/base/v1/messages',
    ]);
    expect(first!.headers).toMatchObject({ 'x-api-key': SECRET });
    expect(second!.headers).toMatchObject({ authorization: `Bearer ${SECRET}` });
    expect(second!.headers).not.toHaveProperty('x-api-key');
    expect(JSON.stringify([first!.headers, second!.headers])).not.toContain('sk-ant-agents-own-key');
    expect(second!.headers).not.toHaveProperty('anthropic-allowed-org-ids');
    expect(Buffer.from(second!.body)).toEqual(Buffer.from(first!.body));
    const records = await vi.waitFor(async () => {
      const found = await exchangeOf('api.anthropic.com');
      expect(found.length).toBeGreaterThan(0);
      return found;
    });
    expect(records.at(0)!.data.route).toEqual({
      way: 'second.corp.example/base',
      attempts: [
        { way: 'first.corp.example/base', status: 429, failure: null },
        { way: 'second.corp.example/base', status: 200, failure: null },
      ],
    });
    // What the engine itself asks of a gateway does not come back to it.
    expect(await exchangeOf('first.corp.example')).toEqual([]);
  });

  it('gives the call that a person allows', async () => {
    answer = 'allow';
    const message = await talk('allowed through a gateway');
    expect(message.content.at(-1)).toMatchObject({ type: 'tool_use', input: CALL.input });
    expect(asked().map(({ host }) => host)).toEqual(['first.corp.example']);
  });

  it('takes the OpenAI SDK to the provider itself, with its own key and the company’s organisation, where a gateway is silent', async () => {
    answer = 'allow';
    hosts['first.corp.example'] = ({ gone }) => new Promise((resolve) => gone.addEventListener('abort', () => resolve(busy(500))));
    const completion = await complete('to the provider');
    expect(completion.choices[0]!.message.tool_calls).toHaveLength(1);
    const [first, direct] = asked();
    expect(first!.headers).toMatchObject({ authorization: `Bearer ${SECRET}` });
    expect(direct).toMatchObject({ host: 'api.openai.com', path: '/v1/chat/completions' });
    expect(direct!.headers).toMatchObject({ authorization: 'Bearer sk-agents-own-key', 'openai-allowed-organization-ids': 'org-1' });
  });

  it('tells the agent of a failure in its own words when no way is left', async () => {
    hosts['first.corp.example'] = () => busy(503);
    hosts['second.corp.example'] = () => busy(529);
    await expect(talk('nowhere')).rejects.toMatchObject({ status: 529 });
    expect(asked()).toHaveLength(2);
  });

  it('follows no redirect of a gateway, and gives none to the agent', async () => {
    hosts['first.corp.example'] = () => ({ status: 307, headers: { location: 'https://first.corp.example/base/v2/messages' }, chunks: [] });
    await expect(talk('elsewhere')).rejects.toMatchObject({ status: 502 });
    expect(asked()).toHaveLength(1);
  });

  it('is also taken by the count of tokens and the list of models', async () => {
    await anthropic().models.list();
    await anthropic().messages.countTokens({ model: 'claude-sonnet-4-5', messages: [{ role: 'user', content: 'how many' }] });
    expect(asked().map(({ host, path }) => `${host}${path.split('?')[0]}`)).toEqual([
      'first.corp.example/base/v1/models',
      'first.corp.example/base/v1/messages/count_tokens',
    ]);
  });

  it('whose credential is missing fails with a sentence, and nothing is sent', async () => {
    const response = await fetchIt(
      'https://generativelanguage.googleapis.com/v1beta/models/gemini-3-pro:generateContent?key=agents-own-key',
      {
        method: 'POST',
        body: JSON.stringify({ contents: [{ parts: [{ text: 'hello' }] }] }),
      },
    );
    expect(response.status).toBe(502);
    expect(await response.text()).toContain('holdpoint routes set-credential absent');
    expect(asked()).toEqual([]);
  });

  it('leaves its credential in no file but its own, and in no log', async () => {
    hosts['first.corp.example'] = ({ headers }) => ({
      status: 400,
      chunks: [JSON.stringify({ error: { message: `bad key ${headers['x-api-key']}` } })],
    });
    await expect(talk('echo')).rejects.toMatchObject({ status: 400 });
    expect(await filesWith(SECRET)).toEqual(['route-corp.key']);
    expect(guard.stderr()).not.toContain(SECRET);
  });
});

it('leads a WebSocket to the gateway, and its record says so', async () => {
  sockets.once('connection', (client) => client.on('message', () => client.send(JSON.stringify({ type: 'error', status: 400 }))));
  const socket = await socketThrough('api.openai.com', '/v1/responses');
  socket.send(JSON.stringify({ type: 'response.create', model: 'gpt-5.2', input: 'hello' }));
  await once(socket, 'message');
  socket.terminate();
  await vi.waitFor(async () => {
    const [record] = await exchangeOf('api.openai.com');
    expect(record).toMatchObject({ data: { status: 101, route: { way: 'first.corp.example/base', attempts: [{ status: 101 }] } } });
  });
});

describe('holdpoint routes', () => {
  it('lists the routes, says which credential is missing, and shows none', async () => {
    const config = join(guard.ready.dataDir, '..', 'config.json');
    const { code, out } = await runCli(['routes', '--config', config]);
    expect(out).toContain('https://first.corp.example/base  credential "corp"\n');
    expect(out).toContain('credential "absent" is missing: holdpoint routes set-credential absent');
    expect(out).toMatch(/OpenAI\n.*\n {2}the provider itself/);
    expect(out).not.toContain(SECRET);
    expect(code).toBe(1);
  });

  it('removes a credential, once', async () => {
    const at = ['--data-dir', guard.ready.dataDir];
    expect(await runCli(['routes', 'set-credential', 'other', ...at], {}, 'something')).toMatchObject({ code: 0 });
    expect(await runCli(['routes', 'remove-credential', 'other', ...at])).toMatchObject({ code: 0 });
    expect(await runCli(['routes', 'remove-credential', 'other', ...at])).toMatchObject({
      code: 1,
      out: 'There is no credential "other".\n',
    });
  });

  it.each([
    [['routes', 'set-credential'], 'x', /Which credential/],
    [['routes', 'set-credential', 'Not_A_Name'], 'x', /cannot name a credential/],
    [['routes', 'set-credential', 'other'], ' \n', /Nothing was read/],
    [['routes', 'set-credential', 'other'], 'two lines\nof it', /no header can carry/],
    [['routes', 'forget'], '', /There is no routes "forget"/],
  ])('%j is refused', async (args, input, why) => {
    const { code, err } = await runCli([...args, '--data-dir', guard.ready.dataDir], {}, input);
    expect(err).toMatch(why);
    expect(code).toBe(2);
  });
});

describe('a tenant', () => {
  it('is not what the client says: on the paths that are inspected, and on those that are not', async () => {
    hosts['api.openai.com'] = () => ({ chunks: ['{}'] });
    hosts['first.corp.example'] = () => busy(503);
    for (const path of ['/v1/chat/completions', '/v1/engines'])
      await fetchIt(`https://api.openai.com${path}`, {
        method: 'POST',
        headers: { 'OpenAI-Allowed-Organization-Ids': 'org-private', 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'gpt-5.2', messages: [{ role: 'user', content: 'hi' }] }),
      });
    const direct = asked().filter(({ host }) => host === 'api.openai.com');
    expect(direct.length).toBeGreaterThan(0);
    for (const { headers } of direct) expect(headers['openai-allowed-organization-ids']).toBe('org-1');
    for (const { headers } of asked().filter(({ host }) => host !== 'api.openai.com'))
      expect(headers).not.toHaveProperty('openai-allowed-organization-ids');
  });

  it('is on the sign-in and telemetry paths that stay with the provider', async () => {
    hosts['api.anthropic.com'] = () => ({ chunks: ['{}'] });
    await fetchIt('https://api.anthropic.com/api/oauth/profile', {
      headers: { 'anthropic-allowed-org-ids': 'mine', 'anthropic-allowed-org-ids1': 'too' },
    });
    expect(asked()).toMatchObject([{ host: 'api.anthropic.com', headers: { 'anthropic-allowed-org-ids': ORG } }]);
    expect(asked()[0]!.headers).not.toHaveProperty('anthropic-allowed-org-ids1');
  });

  it('has no ChatGPT without an account', async () => {
    const response = await fetchIt('https://chatgpt.com/backend-anon/conversation', { method: 'POST', body: '{}' });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('Sign in to ChatGPT with the company’s account');
    expect(asked()).toEqual([]);
  });
});

describe('a sign-in host', () => {
  it('gets its header, and nothing that passes is kept anywhere', async () => {
    const password = 'correct-horse-battery-4711';
    hosts[SIGN_IN] = ({ body }) => ({ headers: { 'set-cookie': `session=${password}` }, chunks: [body] });
    const response = await fetchIt(`https://${SIGN_IN}/common/login?login_hint=${password}`, {
      method: 'POST',
      headers: { authorization: `Basic ${password}`, 'x-password': password, 'restrict-access-to-tenants': 'private.example' },
      body: `passwd=${password}`,
    });
    expect(await response.text()).toBe(`passwd=${password}`);
    expect(asked()).toMatchObject([{ headers: { 'restrict-access-to-tenants': 'corp.example', 'restrict-access-context': ORG } }]);
    await upgradeAt(SIGN_IN, `/socket?password=${password}`, password);
    const records = await vi.waitFor(async () => {
      const found = (await control.call('records', { limit: 50 })).filter(({ host }) => host === SIGN_IN);
      expect(found).toHaveLength(2);
      return found;
    });
    for (const record of records) {
      expect(record).toMatchObject({ kind: 'connection', verdict: 'header-only' });
      expect(Object.keys(record.data)).not.toContain('path');
    }
    // Written out whole: what waited to be written is in the files now.
    await guard.end();
    expect(await filesWith(password)).toEqual([]);
    expect(await filesWith('/common/login')).toEqual([]);
    expect(guard.stderr()).not.toContain(password);
    expect(guard.stderr()).not.toContain('/common/login');
    await guard.restart();
  });
});

/** Names of the data folder's files that hold these bytes. */
async function filesWith(text: string): Promise<string[]> {
  const { dataDir } = guard.ready;
  const entries = await readdir(dataDir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const found = await Promise.all(
    files.map(async ({ name, parentPath }) => ((await readFile(join(parentPath, name))).includes(text) ? [name] : [])),
  );
  return found.flat();
}

/** Opens a WebSocket through the engine, and leaves. */
async function upgradeAt(host: string, path: string, secret: string): Promise<void> {
  const socket = await socketThrough(host, path, { Cookie: secret });
  socket.terminate();
}

async function socketThrough(host: string, path: string, headers: Record<string, string> = {}): Promise<WebSocket> {
  const proxy = new URL(guard.ready.proxyUrl);
  const tunnel = await new Promise<Socket>((resolve, reject) => {
    const connecting = httpRequest({ host: proxy.hostname, port: proxy.port, method: 'CONNECT', path: `${host}:443` });
    connecting
      .once('connect', (_response: IncomingMessage, socket: Socket) => resolve(socket))
      .once('error', reject)
      .end();
  });
  const secure = connectTls({ socket: tunnel, servername: host, ca: await readFile(guard.ready.caFile) });
  const socket = new WebSocket(`wss://${host}${path}`, { createConnection: () => secure, headers });
  await once(socket, 'open');
  return socket;
}
