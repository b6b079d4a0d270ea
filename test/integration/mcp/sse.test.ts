import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { CallToolResult, JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProviderReply, ProviderRequest } from '../../../main/cli/demo/provider.ts';
import type { ControlClient } from '../../../main/engine/control/client.ts';
import { type GuardProcess, startGuardProcess } from '../../support/guard-process.ts';
import { fetchThrough } from '../../support/proxied-fetch.ts';
import { HOST, POLICY, questionsOf, SECRET, toolsFor } from './support.ts';

let guard: GuardProcess;
let control: ControlClient;
let questions: ReturnType<typeof questionsOf>;
let fetchIt: typeof fetch;

/** The transport of the protocol's first edition: answers to all messages come on the stream that GET opened. */
const streams = new Map<string, Transport>();
async function reply({ method, path, body, gone }: ProviderRequest): Promise<ProviderReply> {
  if (path === '/plain') return { contentType: 'text/event-stream', chunks: ['event: news\ndata: hello\n\n'] };
  if (method === 'POST') {
    streams.get(path)?.onmessage?.(JSON.parse(Buffer.from(body).toString()) as JSONRPCMessage);
    return { status: 202, contentType: 'text/plain', chunks: ['Accepted'] };
  }
  const endpoint = path === '/away' ? 'https://elsewhere.test/messages' : `/messages?session=${streams.size}`;
  const waiting: string[] = [`event: endpoint\ndata: ${endpoint}\n\n`, ...(path === '/away' ? [': still here\n\n'] : [])];
  let wake = Promise.withResolvers<void>();
  const transport: Transport = {
    start: async () => {},
    close: async () => {},
    async send(message) {
      waiting.push(`event: message\ndata: ${JSON.stringify(message)}\n\n`);
      wake.resolve();
    },
  };
  streams.set(endpoint, transport);
  await toolsFor({ description: 'Looks around.', written: [] }).connect(transport);
  gone.addEventListener('abort', () => wake.resolve());
  async function* chunks() {
    while (!gone.aborted) {
      for (const text of waiting.splice(0)) yield text;
      await wake.promise;
      wake = Promise.withResolvers<void>();
    }
  }
  return { contentType: 'text/event-stream', chunks: chunks() };
}

beforeAll(async () => {
  guard = await startGuardProcess({
    reply,
    policy: POLICY,
    hosts: [HOST],
    config: { intercept: { hosts: ['*.bench.test'] }, approvals: { timeoutSeconds: 60 } },
  });
  control = await guard.control(true);
  questions = questionsOf(control);
  fetchIt = await fetchThrough(guard.ready);
}, 60_000);
afterAll(() => guard.stop());

async function connected(): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(new SSEClientTransport(new URL(`https://${HOST}/sse`), { fetch: fetchIt }));
  return client;
}

function textOf(result: unknown): string {
  return (result as CallToolResult).content.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
}

describe('the older transport', () => {
  it('has its calls held, and their answers looked through, on the stream', async () => {
    const client = await connected();
    expect(textOf(await client.callTool({ name: 'look', arguments: {} }))).toBe('a view');
    const leaked = await client.callTool({ name: 'leak', arguments: {} });
    expect(leaked).toMatchObject({ isError: true });
    expect(JSON.stringify(leaked)).not.toContain(SECRET);

    const file = join(guard.project, 'sse-allowed');
    const allowed = client.callTool({ name: 'write_note', arguments: { path: file, text: 'hello' } });
    const question = await questions.next();
    expect(question.action.tool).toBe('notes › write_note');
    expect(question.details.host).toBe(`https://${HOST}/sse`);
    expect(existsSync(file)).toBe(false);
    await questions.answer(question, 'allow');
    expect(textOf(await allowed)).toBe(`wrote ${file}`);

    const other = join(guard.project, 'sse-denied');
    const denied = client.callTool({ name: 'write_note', arguments: { path: other, text: 'hello' } });
    await questions.answer(await questions.next(), 'deny');
    expect(textOf(await denied)).toContain('Not today.');
    expect(existsSync(other)).toBe(false);
    await client.close();
  });

  it('is not let away to an origin where nothing is looked into', async () => {
    const answer = await fetchIt(`https://${HOST}/away`, { headers: { accept: 'text/event-stream' } });
    const reader = answer.body!.getReader();
    const { value } = await reader.read();
    expect(Buffer.from(value ?? []).toString()).toBe(': still here\n\n');
    await reader.cancel();
  });

  it('leaves a stream that is none of it as it is', async () => {
    const answer = await fetchIt(`https://${HOST}/plain`, { headers: { accept: 'text/event-stream' } });
    expect(await answer.text()).toBe('event: news\ndata: hello\n\n');
  });
});
