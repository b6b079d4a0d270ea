/** Providers by host and path, through the real engine: what is decrypted, in which protocol, and what an answer adds to that. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProviderReply, ProviderRequest } from '../../../main/cli/demo/provider.ts';
import { anthropicTurn, chatTurn, responsesTurn } from '../../../main/cli/demo/turns.ts';
import type { ControlClient } from '../../../main/engine/control/client.ts';
import { type GuardProcess, startGuardProcess } from '../../support/guard-process.ts';
import { fetchThrough } from '../../support/proxied-fetch.ts';
import * as bedrock from '../../unit/engine/protocols/bedrock-events.ts';

const REFUSE_CALLS = `
@id("test.requests") @effect("allow")
permit (principal, action == Action::"send_prompt", resource);
@id("test.calls") @effect("allow")
permit (principal, action == Action::"call_tool", resource);
@id("test.no") @reason("The test refuses every call.")
forbid (principal, action == Action::"call_tool", resource);
`;
const BEDROCK = 'https://bedrock-runtime.eu-central-1.amazonaws.com';
const HOSTS = [
  'bedrock-runtime.eu-central-1.amazonaws.com',
  'corp.openai.azure.com',
  'us-central1-aiplatform.googleapis.com',
  'api.individual.githubcopilot.com',
  'llm-eu.corp.test',
  'chatgpt.com',
  'eu.workspace.test',
  'api.mistral.ai',
  'cloudcode-pa.googleapis.com',
];

const TURN = { text: 'I look.', calls: [{ id: 'call_1', tool: 'Bash', input: { command: 'rm SECRET' } }] };
const converse = Buffer.concat([bedrock.start, bedrock.says(0, 'I look.'), bedrock.call(1, 'rm SECRET'), bedrock.stop('tool_use')]);
const chunks = Buffer.concat(
  [
    { type: 'message_start', message: { id: 'm', type: 'message', role: 'assistant', model: 'claude', content: [], usage: {} } },
    { type: 'content_block_start', index: 0, content_block: { type: 'tool_use', id: 'a', name: 'Bash', input: {} } },
    { type: 'content_block_delta', index: 0, delta: { type: 'input_json_delta', partial_json: '{"command":"rm SECRET"}' } },
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: {} },
    { type: 'message_stop' },
  ].map(bedrock.chunk),
);

function reply({ path, host }: ProviderRequest): ProviderReply {
  if (path === '/v1/conversations')
    return { contentType: 'text/plain', chunks: ['It works.\n\nda', 'ta: {"type":"function.call","name":"SECRET"}\n', '\n'] };
  if (host === 'api.mistral.ai') return { headers: { 'content-encoding': 'x-odd' }, chunks: ['SECRET'] };
  if (path.endsWith(':generateContent')) return { contentType: 'application/json', chunks: ['{"response":{"candidates":[SECRET'] };
  if (path.endsWith('/accounts/check')) return { chunks: [JSON.stringify({ workspace_backend_origin: 'https://eu.workspace.test' })] };
  if (path.endsWith('/converse-stream')) return { contentType: bedrock.EVENTSTREAM_TYPE, chunks: bytesOf(converse) };
  if (path.includes('/invoke')) return { contentType: bedrock.EVENTSTREAM_TYPE, chunks: bytesOf(chunks) };
  if (path.includes('/responses')) return responsesTurn(TURN, { stream: true });
  return /messages|anthropic/.test(path) ? anthropicTurn(TURN, { stream: true }) : chatTurn(TURN, { stream: true });
}

/** In pieces that are no messages. */
function* bytesOf(stream: Buffer): Iterable<Uint8Array> {
  for (let at = 0; at < stream.length; at += 37) yield stream.subarray(at, at + 37);
}

let guard: GuardProcess;
let control: ControlClient;
let fetchIt: typeof fetch;

beforeAll(async () => {
  guard = await startGuardProcess({
    reply,
    policy: REFUSE_CALLS,
    hosts: HOSTS,
    config: { providers: [{ name: 'Our gateway', hosts: ['llm-*.corp.test'], protocols: { '/ask/*': 'openai-chat' } }] },
  });
  control = await guard.control();
  fetchIt = await fetchThrough(guard.ready);
}, 60_000);
afterAll(() => guard.stop());

const SAID = { model: 'm', stream: true, messages: [{ role: 'user', content: 'go' }], input: 'go' };
const post = (url: string, body: unknown = SAID) =>
  fetchIt(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
const newest = async () => (await control.call('records', { limit: 20 })).filter(({ kind }) => kind === 'exchange');

describe('a call is refused, and told in the protocol of its path,', () => {
  it.each([
    ['https://corp.openai.azure.com/openai/deployments/gpt/chat/completions?api-version=2026-01-01', 'openai-chat', 'Azure AI'],
    ['https://corp.openai.azure.com/openai/v1/responses', 'openai-responses', 'Azure AI'],
    [
      'https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/l/publishers/anthropic/models/claude-x:streamRawPredict',
      'anthropic-messages',
      'Google Vertex AI',
    ],
    ['https://api.individual.githubcopilot.com/chat/completions', 'openai-chat', 'GitHub Copilot'],
    ['https://api.individual.githubcopilot.com/responses', 'openai-responses', 'GitHub Copilot'],
    ['https://llm-eu.corp.test/ask/me', 'openai-chat', 'Our gateway'],
  ])('on %s', async (url, protocol, provider) => {
    const text = await (await post(url)).text();
    expect(text).toContain('The test refuses every call.');
    expect(text).not.toContain('SECRET');
    expect((await newest()).some(({ data }) => data.protocol === protocol && data.provider === provider && data.refused === 1)).toBe(true);
  });

  it('on a path that nobody knows, in events behind other text, where it is counted twice as unread', async () => {
    const before = (await control.call('status', {})).counts.uninspected;
    const text = await (await post('https://api.mistral.ai/v1/conversations')).text();
    expect(text).toMatch(/^It works\.\n\nHoldpoint refused/);
    expect(text).not.toContain('SECRET');
    expect((await control.call('status', {})).counts.uninspected).toBe(before + 2);
  });

  it('on Code Assist in its wrapper, also where nothing of an answer can be read', async () => {
    const said = { model: 'gemini-3-pro', request: { contents: [{ role: 'user', parts: [{ text: 'go' }] }] } };
    const answer = await (await post('https://cloudcode-pa.googleapis.com/v1internal:generateContent', said)).json();
    expect(answer).toMatchObject({
      response: { candidates: [{ content: { parts: [{ text: expect.stringContaining('The test refuses every call.') }] } }] },
    });
  });

  it('on Bedrock, where AWS’s own codec reads every message of it', async () => {
    const said = { messages: [{ role: 'user', content: [{ text: 'go' }] }] };
    const answer = await post(`${BEDROCK}/model/claude-x/converse-stream`, said);
    const seen = bedrock.readAll(Buffer.from(await answer.arrayBuffer()));
    expect(JSON.stringify(seen)).toContain('The test refuses every call.');
    expect(JSON.stringify(seen)).not.toMatch(/SECRET|toolUse/);
    expect(seen.at(-2)).toMatchObject({ name: 'messageStop', data: { stopReason: 'end_turn' } });
    const invoked = await post(`${BEDROCK}/model/claude-x/invoke-with-response-stream`, { anthropic_version: 'x', ...SAID });
    const inner = bedrock.readChunks(Buffer.from(await invoked.arrayBuffer()));
    expect(JSON.stringify(inner)).toContain('The test refuses every call.');
    expect(JSON.stringify(inner)).not.toMatch(/SECRET|tool_use/);
    expect((await newest()).map(({ data }) => data.protocol)).toEqual(expect.arrayContaining(['bedrock-converse', 'bedrock-invoke']));
  });
});

it('where an answer of ChatGPT’s sends model calls, they are seen from then on', async () => {
  const codex = 'https://eu.workspace.test/backend-api/codex/responses';
  // Tunnelled: its own certificate is none that this client knows.
  await expect(post(codex)).rejects.toThrow(/certificate/);
  expect(await (await fetchIt('https://chatgpt.com/backend-api/wham/accounts/check')).json()).toEqual({
    workspace_backend_origin: 'https://eu.workspace.test',
  });
  expect(await (await fetch(`${guard.ready.proxyUrl}/holdpoint.pac`)).text()).toContain('"eu.workspace.test"');
  const text = await (await post(codex)).text();
  expect(text).toContain('The test refuses every call.');
  expect(text).not.toContain('SECRET');
  const records = await control.call('records', { limit: 50 });
  expect(records.find(({ verdict }) => verdict === 'followed')).toMatchObject({ kind: 'connection', data: { named: 'eu.workspace.test' } });
});

it('an answer in an encoding that nobody knows is refused, counted and recorded', async () => {
  const before = (await control.call('status', {})).counts.uninspected;
  const answer = await post('https://api.mistral.ai/v1/chat/completions');
  expect(answer.status).toBe(502);
  expect(await answer.text()).not.toContain('SECRET');
  expect((await control.call('status', {})).counts.uninspected).toBe(before + 1);
  const records = await control.call('records', { limit: 50 });
  expect(records.find(({ kind }) => kind === 'uninspected')).toMatchObject({ verdict: 'undecodable', data: { what: 'answer' } });
});

it('the script for this machine’s programs brings known providers, MCP servers and those of the settings here', async () => {
  const script = await (await fetch(`${guard.ready.proxyUrl}/holdpoint.pac`)).text();
  for (const pattern of ['api.anthropic.com', 'llm-*.corp.test', 'mcp.linear.app']) expect(script).toContain(JSON.stringify(pattern));
});
