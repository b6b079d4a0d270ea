import { describe, expect, it } from 'vitest';
import type { Uninspected } from '../../../../main/contract/action.ts';
import type { AuditEntry } from '../../../../main/contract/record.ts';
import type { Outcome } from '../../../../main/contract/verdict.ts';
import { createCatalogue } from '../../../../main/engine/exchange/catalogue.ts';
import { createInspector } from '../../../../main/engine/exchange/inspector.ts';
import type { CallInquiry, Guard } from '../../../../main/engine/guard/guard.ts';
import type { SocketInspector, SocketMessage } from '../../../../main/engine/interception/inspection.ts';
import { readableVault } from '../../../support/vault.ts';
import { completed, created, done, functionCall, messageEvents } from '../protocols/response-events.ts';

const RELEASED: Outcome = { kind: 'release' };
const REFUSED: Outcome = { kind: 'refuse', why: { policy: 'test', reason: 'It may not be.' } };
const text = (said: unknown): SocketMessage => ({ text: true, data: Buffer.from(typeof said === 'string' ? said : JSON.stringify(said)) });
const ask = (more: object = {}) => text({ type: 'response.create', model: 'gpt-5.2', input: 'go', ...more });
const ANSWER = [...created, ...messageEvents(0, 'Hi.'), completed()].map(text);
/** Turns of the event loop, in which all that can happen does. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** An open socket before a guard that does as the test says. */
async function opened(guard: Partial<Guard> = {}, path = '/v1/responses') {
  const entries: AuditEntry[] = [];
  const requests: (Uninspected | undefined)[] = [];
  const calls: CallInquiry[] = [];
  const credentials: string[] = [];
  const endings: string[] = [];
  const gone = new AbortController();
  const inspector = createInspector({
    catalogue: createCatalogue({}),
    guard: {
      async judgeRequest(origin, request) {
        requests.push(request.uninspected);
        return guard.judgeRequest?.(origin, request) ?? RELEASED;
      },
      async judgeCall(inquiry) {
        calls.push(inquiry);
        return guard.judgeCall?.(inquiry) ?? REFUSED;
      },
      judgeResult: async () => RELEASED,
      judgeConnect: async () => RELEASED,
      reconsider: async () => {},
    },
    record: async (entry) => void entries.push(entry),
    learnCredential: (value) => void credentials.push(value),
    count: () => {},
    unread:
      (_origin, { what, why }) =>
      (ending) =>
        void endings.push(`${what} ${why} ${ending}`),
    log: () => {},
    callBytes: 1024 * 1024,
    vault: readableVault(),
  });
  const outcome = await inspector.upgrade({
    id: 'socket',
    client: { connection: 'c', process: Promise.resolve(undefined) },
    head: { method: 'GET', host: 'api.openai.com', port: 443, path, rawHeaders: ['Authorization', 'Bearer sk-1'] },
    signal: gone.signal,
  });
  const toClient: string[] = [];
  const toProvider: string[] = [];
  const closed: [number, string][] = [];
  const socket = outcome.kind === 'inspect' ? outcome.socket : undefined;
  const keep = (in_: string[]) => async (message: SocketMessage) =>
    void in_.push(message.text ? Buffer.from(message.data).toString() : 'binary');
  socket?.start({ toClient: keep(toClient), toProvider: keep(toProvider), close: (code, reason) => void closed.push([code, reason]) });
  return { socket: socket as SocketInspector, outcome, entries, requests, calls, credentials, endings, gone, toClient, toProvider, closed };
}

const kinds = (messages: readonly string[]) => messages.map((message) => JSON.parse(message).type);

describe('a request over a WebSocket of OpenAI Responses', () => {
  it('that policy refuses is answered as an error of status 400, and never leaves', async () => {
    const { socket, toClient, toProvider, entries } = await opened({ judgeRequest: async () => REFUSED });
    await socket.fromClient(ask());
    expect(toProvider).toEqual([]);
    expect(toClient.map((message) => JSON.parse(message))).toMatchObject([
      { type: 'error', status: 400, error: { type: 'invalid_request_error', message: expect.stringContaining('It may not be.') } },
    ]);
    expect(entries).toMatchObject([{ kind: 'exchange', verdict: 'refused' }]);
  });

  it.each<[string, SocketMessage, string]>([
    ['is binary', { text: false, data: Buffer.from('{}') }, 'undecodable'],
    ['is no JSON', text('hello'), 'malformed'],
    ['is of an unknown type', text({ type: 'session.update' }), 'unknown-shape'],
    ['is an aside only to some readers', text({ type: 'response.cancel', Type: 'response.create', Input: 'hello' }), 'unknown-shape'],
  ])('that %s is uninspected: policy decides', async (_what, message, why) => {
    const refusing = await opened({ judgeRequest: async (_origin, { uninspected }) => (uninspected ? REFUSED : RELEASED) });
    await refusing.socket.fromClient(message);
    expect(refusing.requests).toEqual([why]);
    expect(refusing.toProvider).toEqual([]);
    expect(refusing.entries).toMatchObject([{ kind: 'uninspected', verdict: why }, { verdict: 'refused' }]);
    // The socket serves the next one.
    await refusing.socket.fromClient(ask());
    expect(refusing.toProvider).toHaveLength(1);

    const releasing = await opened();
    await releasing.socket.fromClient(message);
    expect(releasing.toProvider).toHaveLength(1);
  });

  it('leaves without what policy wants taken out, which is back in its answer', async () => {
    const redact = [{ label: 'secret.test', value: 'hunter22' }];
    const { socket, toClient, toProvider } = await opened({ judgeRequest: async () => ({ kind: 'release', redact }) });
    await socket.fromClient(ask({ input: 'use hunter22' }));
    const [placeholder = ''] = /\[secret:[^\]]+\]/.exec(toProvider.join()) ?? [];
    expect(JSON.parse(toProvider[0]!).input).toBe(`use ${placeholder}`);
    for (const event of [...created, ...messageEvents(0, `I use ${placeholder}.`), completed()]) await socket.fromProvider(text(event));
    await settled();
    expect(toClient.join()).toContain('I use hunter22.');
    expect(toClient.join()).not.toContain(placeholder);
  });

  it('that cannot be parted from what must not leave is refused', async () => {
    const redact = [{ label: 'secret.test', value: 'hunter22' }];
    const { socket, toClient, toProvider } = await opened({ judgeRequest: async () => ({ kind: 'release', redact }) });
    await socket.fromClient(text('hunter22'));
    expect(toProvider).toEqual([]);
    expect(toClient.join()).toContain('could not be taken out');
  });

  it('waits for the response before it, which asides do not', async () => {
    const { socket, toProvider } = await opened();
    await socket.fromClient(ask());
    const second = socket.fromClient(ask({ input: 'again' }));
    await socket.fromClient(text({ type: 'response.cancel', response_id: 'resp_1' }));
    expect(kinds(toProvider)).toEqual(['response.create', 'response.cancel']);
    for (const message of ANSWER) await socket.fromProvider(message);
    await second;
    expect(kinds(toProvider)).toEqual(['response.create', 'response.cancel', 'response.create']);
  });

  it('that waits is given up when the agent goes, and the one before it recorded so', async () => {
    const { socket, toProvider, gone, entries } = await opened();
    await socket.fromClient(ask());
    const second = socket.fromClient(ask());
    gone.abort();
    await second;
    socket.ended('client-gone', 101);
    await settled();
    expect(toProvider).toHaveLength(1);
    expect(entries.map(({ kind, verdict }) => [kind, verdict])).toEqual([['exchange', 'client-gone']]);
  });

  it('tells of its credentials before anything is recorded', async () => {
    expect((await opened()).credentials).toEqual(['sk-1']);
  });
});

describe('a response over a WebSocket', () => {
  it('is judged where the conversation stands, its retry at the same place', async () => {
    const call = functionCall(0, '{"cmd":"ls"}');
    const first = await opened();
    await first.socket.fromClient(ask({ input: [{ role: 'user', content: 'go' }] }));
    for (const message of ANSWER) await first.socket.fromProvider(message);
    await first.socket.fromClient(ask({ input: [{ role: 'user', content: 'on' }], previous_response_id: 'resp_1' }));
    for (const message of [...created, done(0, call), completed(call)].map(text)) await first.socket.fromProvider(message);

    const retry = await opened();
    const said = { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Hi.' }] };
    await retry.socket.fromClient(ask({ input: [{ role: 'user', content: 'go' }, said, { role: 'user', content: 'on' }] }));
    for (const message of [...created, done(0, call), completed(call)].map(text)) await retry.socket.fromProvider(message);
    expect(first.calls[0]!.place).toBe(retry.calls[0]!.place);
    expect(first.calls[0]!.origin.session).toBe(retry.calls[0]!.origin.session);
    expect(JSON.stringify(first.toClient)).not.toContain('SECRET');
  });

  it('that ends in an error ends its exchange', async () => {
    const { socket, entries, toProvider } = await opened();
    await socket.fromClient(ask());
    await socket.fromProvider(text({ type: 'error', status: 429, error: { message: 'slow down' } }));
    await socket.fromClient(ask());
    await settled();
    expect(toProvider).toHaveLength(2);
    expect(entries).toMatchObject([{ kind: 'exchange', verdict: 'complete', data: { status: 101 } }]);
  });

  it('that the provider leaves in the middle of is recorded as failed, and what is held of it is settled first', async () => {
    const held = Promise.withResolvers<Outcome>();
    const { socket, entries, toClient } = await opened({ judgeCall: () => held.promise });
    await socket.fromClient(ask());
    for (const message of [...created, done(0, functionCall(0, '{}'))].map(text)) await socket.fromProvider(message);
    const ended = socket.providerEnded('cut');
    expect(kinds(toClient)).not.toContain('response.output_item.done');
    held.resolve(RELEASED);
    await ended;
    expect(kinds(toClient)).toContain('response.output_item.done');
    expect(entries).toMatchObject([{ kind: 'exchange', verdict: 'upstream-failed' }]);
  });

  it('that cannot be read is closed once its explanation has left, and nothing of the rest is', async () => {
    const { socket, closed, toClient } = await opened();
    await socket.fromClient(ask());
    for (const message of [...created.map(text), text('nonsense'), ...ANSWER]) await socket.fromProvider(message);
    await settled();
    expect(closed).toEqual([[1008, expect.stringContaining('Holdpoint')]]);
    expect(kinds(toClient).filter((type) => type === 'response.completed')).toHaveLength(1);
    expect(toClient.at(-1)).toContain('could not read');
    expect(new TextEncoder().encode(closed[0]![1]).length).toBeLessThanOrEqual(123);
  });

  it('that was not asked for passes where it holds no call', async () => {
    const { socket, toClient, calls, closed } = await opened();
    await socket.fromProvider(text({ type: 'codex.rate_limits' }));
    expect(kinds(toClient)).toEqual(['codex.rate_limits']);
    await socket.fromProvider(text(done(0, functionCall(0, '{}'))));
    await settled();
    expect(calls).toMatchObject([{ call: { uninspected: 'unknown-shape' } }]);
    expect(closed).toHaveLength(1);
    expect(JSON.stringify(toClient)).not.toContain('SECRET');
  });
});

describe('a socket', () => {
  it('on which nothing was said to a model is recorded as passed', async () => {
    const { socket, entries } = await opened();
    socket.ended('complete', 101);
    await settled();
    expect(entries).toMatchObject([{ kind: 'exchange', verdict: 'passed', data: { status: 101, path: '/v1/responses' } }]);
  });

  it('that the provider could not be reached for tells the agent in the provider’s own shape', async () => {
    const { socket, entries } = await opened();
    expect(JSON.parse(Buffer.from(socket.failed(502, 'No network.').body).toString())).toMatchObject({ error: { message: 'No network.' } });
    socket.ended('upstream-failed', 0);
    expect(entries).toMatchObject([{ verdict: 'upstream-failed', data: { failure: 'No network.' } }]);
  });

  it('that the provider redirects elsewhere is not: the agent’s library would follow to where nothing is inspected', async () => {
    const { socket, entries } = await opened();
    const head = { status: 307, statusMessage: '', rawHeaders: ['Location', 'https://elsewhere.test/v1/responses'] };
    expect(socket.refused(head, async () => {})).toMatchObject({ kind: 'answer', answer: { status: 502 } });
    socket.ended('upstream-failed', 307);
    expect(entries).toMatchObject([{ verdict: 'upstream-failed', data: { failure: expect.stringContaining('redirect') } }]);
  });

  it('that the provider refuses with an answer that holds a call loses the call', async () => {
    const { socket, calls } = await opened();
    const out: Uint8Array[] = [];
    const started = socket.refused(
      { status: 403, statusMessage: '', rawHeaders: ['Content-Type', 'application/json'] },
      async (bytes) => void out.push(bytes),
    );
    if (started.kind !== 'transform') throw new Error('not passed');
    await started.transform.push(Buffer.from(JSON.stringify({ output: [functionCall(0, '{}')] })));
    await started.transform.end('complete');
    expect(calls).toHaveLength(1);
    expect(Buffer.concat(out).toString()).not.toContain('SECRET');
  });

  it('of no known path is an uninspected request: refused, it is not opened', async () => {
    const { outcome, requests, entries, endings } = await opened({ judgeRequest: async () => REFUSED }, '/v1/realtime?model=x');
    expect(requests).toEqual(['unknown-path']);
    expect(endings).toEqual(['request unknown-path refuse']);
    expect(outcome).toMatchObject({ kind: 'answer', answer: { status: 400 } });
    expect(entries).toMatchObject([{ kind: 'uninspected', verdict: 'unknown-path' }, { verdict: 'refused' }]);
  });

  it('of no known path whose sound cannot be read is recorded once', async () => {
    const { socket, entries, toClient, toProvider } = await opened({}, '/v1/realtime');
    const sound = { text: false, data: Buffer.from([1, 2, 3]) };
    for (let i = 0; i < 3; i += 1) {
      await socket.fromClient(sound);
      await socket.fromProvider(sound);
    }
    expect([toClient, toProvider]).toEqual([Array(3).fill('binary'), Array(3).fill('binary')]);
    expect(entries.filter(({ kind, verdict }) => kind === 'uninspected' && verdict === 'undecodable')).toHaveLength(1);
  });

  it.each(['fromClient', 'fromProvider'] as const)(
    'of no known path is closed where policy lets no binary messages pass (%s)',
    async (from) => {
      const judgeRequest: Guard['judgeRequest'] = async (_origin, { uninspected }) => (uninspected === 'undecodable' ? REFUSED : RELEASED);
      const { socket, closed, toClient, toProvider, endings, entries } = await opened({ judgeRequest }, '/v1/realtime');
      for (let i = 0; i < 2; i += 1) await socket[from]({ text: false, data: Buffer.from([1, 2, 3]) });
      expect([...toClient, ...toProvider]).toEqual([]);
      expect(closed).toEqual([[1008, expect.stringContaining('policy refuses')]]);
      expect(endings).toEqual(['request unknown-path release', 'message undecodable refuse']);
      socket.ended('complete', 101);
      expect(entries.at(-1)).toMatchObject({ kind: 'exchange', data: { failure: expect.stringContaining('binary') } });
    },
  );

  it('whose messages are broken is counted and recorded', async () => {
    const { socket, entries, endings } = await opened();
    socket.broken('too-long');
    expect(endings).toEqual(['message too-long refuse']);
    expect(entries).toMatchObject([{ kind: 'uninspected', verdict: 'too-long', data: { what: 'message' } }]);
  });

  it('of no known path may not bring calls, in binary messages either', async () => {
    const { socket, closed, toClient } = await opened({}, '/v1/realtime');
    await socket.fromProvider({ text: false, data: Buffer.from(JSON.stringify(done(0, functionCall(0, '{}')))) });
    await settled();
    expect(closed).toHaveLength(1);
    expect(JSON.stringify(toClient)).not.toContain('SECRET');
  });
});
