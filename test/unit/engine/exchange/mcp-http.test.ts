import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { describe, expect, it } from 'vitest';
import type { Origin } from '../../../../main/contract/action.ts';
import type { Outcome } from '../../../../main/contract/verdict.ts';
import { createMcpHttp } from '../../../../main/engine/exchange/mcp-http.ts';
import { createMcpPins } from '../../../../main/engine/exchange/mcp-pins.ts';
import type { InspectedRequest, RequestOutcome } from '../../../../main/engine/interception/inspection.ts';
import { readableVault } from '../../../support/vault.ts';

const ORIGIN: Origin = {
  exchange: 'x',
  session: 's',
  agent: { name: 'Claude Code' },
  protocol: 'unknown',
  provider: 'h',
  host: 'mcp.test',
  workspace: { state: 'unresolved' },
};
const NO: Outcome = { kind: 'refuse', why: { policy: 'p', reason: 'No.' } };

function http(judgeCall: () => Promise<Outcome>, judgeResult: () => Promise<Outcome> = async () => ({ kind: 'release' })) {
  return createMcpHttp({
    guard: { judgeCall, judgeResult },
    records: { keep: () => {}, unread: () => () => {} },
    pins: createMcpPins({ load: () => undefined, save: () => {}, log: () => {} }),
    callBytes: 10_000,
    vault: readableVault(),
    originOf: async () => ORIGIN,
    leadsAway: () => undefined,
    foreign: () => ({ push: async () => {}, end: async () => {}, doubt: () => {} }),
    patienceMs: 10,
    beatMs: 5,
  });
}

function asked(body: unknown, headers: readonly string[] = [], method = 'POST', path = '/mcp'): InspectedRequest {
  return {
    id: 'x',
    client: { connection: 'c', process: Promise.resolve(undefined) },
    head: { method, host: 'mcp.test', port: 443, path, rawHeaders: ['Accept', 'application/json, text/event-stream', ...headers] },
    body: { kind: 'whole', bytes: Buffer.from(body === undefined ? '' : JSON.stringify(body)) },
    signal: new AbortController().signal,
  };
}

const call = (meta?: unknown) => ({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'a', arguments: {}, _meta: meta } });

describe('a request', () => {
  it.each([
    ['a call', asked(call()), true],
    ['anything with the protocol’s header', asked({ q: 1 }, ['MCP-Protocol-Version', '2025-06-18']), true],
    ['a stream of the session', asked(undefined, ['Mcp-Session-Id', 's', 'Accept', 'text/event-stream'], 'DELETE'), true],
    ['another post', asked({ query: 'x' }), false],
    ['an empty post', asked(undefined), false],
    ['a page', asked(undefined, [], 'GET'), false],
    ['another deletion', asked(undefined, [], 'DELETE'), false],
  ])('is the protocol’s, or not: %s', async (_, request, isMcp) => {
    expect((await http(async () => NO).request(request)) !== undefined).toBe(isMcp);
  });

  it('is answered with a status that clients read as an error where no request could be told', async () => {
    const request = { ...asked(undefined, ['Mcp-Session-Id', 's']), body: { kind: 'whole', bytes: Buffer.from('{') } as const };
    expect(await http(async () => NO).request(request)).toMatchObject({ kind: 'answer', answer: { status: 400 } });
  });

  it('is not answered early where the client takes no events', async () => {
    const slow = Promise.withResolvers<Outcome>();
    const request = asked(call(), ['Mcp-Session-Id', 's']);
    const plain = { ...request, head: { ...request.head, rawHeaders: ['Accept', 'application/json'] } };
    const outcome = http(() => slow.promise).request(plain);
    const early = await Promise.race([outcome, new Promise((resolve) => setTimeout(resolve, 40, 'waits'))]);
    expect(early).toBe('waits');
    slow.resolve(NO);
    expect(await outcome).toMatchObject({ kind: 'answer' });
  });
});

/** A transport's `fetch` that goes through the guard's part alone: what `early` writes is the body's beginning. */
function fetchBy(mcp: ReturnType<typeof http>, seen: string[]): typeof fetch {
  return async (_input, init) => {
    const message = JSON.parse(String(init?.body ?? 'null')) as { id?: number; method?: string } | null;
    if (message?.method === 'initialize')
      return Response.json({
        jsonrpc: '2.0',
        id: message.id,
        result: { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo: { name: 's', version: '1' } },
      });
    if (message?.method !== 'tools/call') return new Response(null, { status: message ? 202 : 405 });
    const outcome = (await mcp.request(asked(message))) as RequestOutcome & { kind: 'early' };
    if (outcome.kind !== 'early') throw new Error(`not early, but ${String((outcome as RequestOutcome).kind)}`);
    const { readable, writable } = new TransformStream<Uint8Array>();
    const writer = writable.getWriter();
    const write = async (bytes: Uint8Array) => {
      seen.push(Buffer.from(bytes).toString());
      await writer.write(bytes);
    };
    void outcome.settle(write).then(async (settled) => {
      if (settled.kind === 'answer') await write(settled.answer.body);
      await writer.close();
    });
    return new Response(readable, { status: outcome.status, headers: { 'content-type': outcome.contentType } });
  };
}

describe('a hold that is longer than the client’s own time-out', () => {
  it('is survived by the official client as Claude Code sets it, which restarts its clock at progress', async () => {
    const verdict = Promise.withResolvers<Outcome>();
    const seen: string[] = [];
    const client = new Client({ name: 'test', version: '1' });
    const transport = new StreamableHTTPClientTransport(new URL('https://mcp.test/mcp'), {
      fetch: fetchBy(
        http(() => verdict.promise),
        seen,
      ),
    });
    await client.connect(transport);
    let beats = 0;
    const called = client.callTool({ name: 'a', arguments: {} }, undefined, {
      // One part in a hundred of what it takes until the answer.
      timeout: 200,
      resetTimeoutOnProgress: true,
      onprogress: () => {
        beats += 1;
        if (beats === 200) verdict.resolve(NO);
      },
    });
    expect(await called).toMatchObject({ isError: true });
    expect(beats).toBeGreaterThanOrEqual(200);
    await client.close();
  });

  it('is kept alive with comments where the client named nothing to tell progress by', async () => {
    const verdict = Promise.withResolvers<Outcome>();
    const outcome = (await http(() => verdict.promise).request(asked(call()))) as RequestOutcome & { kind: 'early' };
    expect(outcome).toMatchObject({ kind: 'early', status: 200, contentType: 'text/event-stream' });
    const written: string[] = [];
    const settled = outcome.settle(async (bytes) => {
      written.push(Buffer.from(bytes).toString());
      if (written.length === 3) verdict.resolve(NO);
    });
    expect(await settled).toMatchObject({ kind: 'answer' });
    expect(new Set(written)).toEqual(new Set([': waiting for a verdict\n\n']));
  });

  it('gives a JSON answer, or none at all, as an event', async () => {
    const verdict = Promise.withResolvers<Outcome>();
    const outcome = (await http(() => verdict.promise).request(asked(call()))) as RequestOutcome & { kind: 'early' };
    const written: string[] = [];
    const write = async (bytes: Uint8Array) => void written.push(Buffer.from(bytes).toString());
    verdict.resolve({ kind: 'release' });
    const settled = await outcome.settle(async () => {});
    if (settled.kind !== 'forward') throw new Error(settled.kind);
    const start = (status: number) => {
      const started = settled.response.start({ status, statusMessage: '', rawHeaders: ['Content-Type', 'application/json'] }, write);
      if (started.kind !== 'transform') throw new Error(started.kind);
      return started.transform;
    };
    const good = start(200);
    await good.push(Buffer.from('{"jsonrpc":"2.0","id":1,\n"result":{}}'));
    await good.end('complete');
    expect(written.join('')).toBe('event: message\ndata: {"jsonrpc":"2.0","id":1,\ndata: "result":{}}\n\n');
    written.length = 0;
    await start(500).end('complete');
    expect(written.join('')).toContain('answered with status 500');
    expect(settled.response.failed(502, 'It cannot be reached.').body.toString()).toMatch(/^event: message\ndata: .*It cannot be reached/);
  });
});

it.each([
  ['the answer to a call', asked(call(), ['Mcp-Session-Id', 's'])],
  ['a stream that goes on after it broke off', asked(undefined, ['Mcp-Session-Id', 's', 'Last-Event-ID', '7'], 'GET')],
])('a result is judged in %s, though its id is that of a list that still waits', async (_, request) => {
  const server = http(
    async () => ({ kind: 'release' }),
    async () => NO,
  );
  await server.request(asked({ jsonrpc: '2.0', id: 9, method: 'resources/list' }, ['Mcp-Session-Id', 's']));
  const outcome = await server.request(request);
  if (outcome?.kind !== 'forward') throw new Error(outcome?.kind);
  let written = '';
  const head = { status: 200, statusMessage: '', rawHeaders: ['Content-Type', 'text/event-stream'] };
  const started = outcome.response.start(head, async (bytes) => {
    written += Buffer.from(bytes).toString();
  });
  if (started.kind !== 'transform') throw new Error(started.kind);
  await started.transform.push(
    Buffer.from('data: {"jsonrpc":"2.0","id":9,"result":{"content":[{"type":"text","text":"secret words"}]}}\n\n'),
  );
  expect(written).toContain('Holdpoint kept this result back');
  expect(written).not.toContain('secret words');
});

describe('the older transport', () => {
  it('is told at once that a held message was taken, and what comes of it on its stream', async () => {
    const verdict = Promise.withResolvers<Outcome>();
    const mcp = http(() => verdict.promise);
    const opened = await mcp.request(streamOf('/sse'));
    if (opened?.kind !== 'forward') throw new Error('no stream');
    const written: string[] = [];
    const write = async (bytes: Uint8Array) => void written.push(Buffer.from(bytes).toString());
    const started = opened.response.start({ status: 200, statusMessage: '', rawHeaders: ['Content-Type', 'text/event-stream'] }, write);
    if (started.kind !== 'transform') throw new Error(started.kind);
    await started.transform.push(Buffer.from('event: endpoint\ndata: /messages?s=1\n\n'));
    const posted = (await mcp.request(asked(call(), [], 'POST', '/messages?s=1'))) as RequestOutcome & { kind: 'early' };
    expect(posted).toMatchObject({ kind: 'early', status: 202 });
    verdict.resolve(NO);
    expect(await posted.settle(async () => {})).toMatchObject({ kind: 'answer', answer: { body: Buffer.alloc(0) } });
    expect(written[0]).toContain('event: endpoint');
    expect(written[1]).toMatch(/^event: message\ndata: .*"isError":true/);
  });
});

function streamOf(path: string): InspectedRequest {
  const request = asked(undefined, [], 'GET', path);
  return { ...request, head: { ...request.head, rawHeaders: ['Accept', 'text/event-stream'] } };
}
