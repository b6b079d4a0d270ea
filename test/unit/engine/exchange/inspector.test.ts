import { describe, expect, it } from 'vitest';
import type { Origin, ToolCall, Uninspected } from '../../../../main/contract/action.ts';
import type { AuditEntry } from '../../../../main/contract/record.ts';
import type { Outcome } from '../../../../main/contract/verdict.ts';
import { createCatalogue } from '../../../../main/engine/exchange/catalogue.ts';
import { createInspector } from '../../../../main/engine/exchange/inspector.ts';
import type { CallInquiry, Guard } from '../../../../main/engine/guard/guard.ts';
import type { RequestOutcome, ResponseTransform } from '../../../../main/engine/interception/inspection.ts';
import type { RequestHead } from '../../../../main/engine/protocols/pieces.ts';
import { readableVault } from '../../../support/vault.ts';
import * as messages from '../protocols/anthropic-events.ts';
import { completed, created, done, functionCall, numbered } from '../protocols/response-events.ts';

const WHY = { policy: 'test', reason: 'It may not be.' };
const REFUSED: Outcome = { kind: 'refuse', why: WHY };
const RELEASED: Outcome = { kind: 'release' };

interface Asked {
  readonly host?: string;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: readonly string[];
  readonly body?: string | { readonly kind: 'unread'; readonly why: 'too-long' | 'undecodable' };
}

/** An inspector before a guard that does as the test says. */
function inspecting(guard: Partial<Guard> = {}, { restores = true } = {}) {
  const entries: AuditEntry[] = [];
  const requests: { origin: Origin; uninspected: Uninspected | undefined }[] = [];
  const calls: CallInquiry[] = [];
  const counts: string[] = [];
  const endings: string[] = [];
  const credentials: string[] = [];
  const catalogue = createCatalogue({});
  const inspector = createInspector({
    catalogue,
    guard: {
      async judgeRequest(origin, request) {
        requests.push({ origin, uninspected: request.uninspected });
        return guard.judgeRequest?.(origin, request) ?? RELEASED;
      },
      async judgeCall(inquiry) {
        calls.push(inquiry);
        return guard.judgeCall?.(inquiry) ?? REFUSED;
      },
      judgeResult: async (inquiry) => guard.judgeResult?.(inquiry) ?? RELEASED,
      judgeConnect: async (...asked) => guard.judgeConnect?.(...asked) ?? RELEASED,
      reconsider: async () => {},
    },
    record: async (entry) => void entries.push(entry),
    learnCredential: (value) => void credentials.push(value),
    count: (what) => void counts.push(what),
    unread: (_origin, { what, why }) => {
      counts.push('uninspected');
      return (ending) => void endings.push(`${what} ${why} ${ending}`);
    },
    log: () => {},
    callBytes: 1024 * 1024,
    vault: readableVault(),
    restores: () => restores,
  });
  let number = 0;

  function headOf({ host = 'api.anthropic.com', method = 'POST', path = '/v1/messages', headers = [] }: Asked): RequestHead {
    return { method, host, port: 443, path, rawHeaders: headers };
  }

  async function ask(asked: Asked = {}) {
    const { body = PROMPT } = asked;
    const client = { connection: 'c', process: Promise.resolve(undefined) };
    number += 1;
    const outcome = await inspector.request({
      id: `ex-${number}`,
      client,
      head: headOf(asked),
      body: typeof body === 'string' ? { kind: 'whole', bytes: Buffer.from(body) } : body,
      signal: new AbortController().signal,
    });
    return { outcome, ...following(outcome) };
  }

  return {
    catalogue,
    inspector,
    plan: (asked: Asked) => inspector.plan(headOf(asked)),
    ask,
    entries,
    requests,
    calls,
    counts,
    endings,
    credentials,
  };
}

/** The client's side of a response. */
function following(outcome: RequestOutcome) {
  const out: Uint8Array[] = [];
  const response = outcome.kind === 'forward' ? outcome.response : undefined;
  return {
    text: () => Buffer.concat(out).toString(),
    start(status = 200, headers: readonly string[] = ['Content-Type', 'text/event-stream']) {
      return response!.start({ status, statusMessage: '', rawHeaders: headers }, async (bytes) => void out.push(bytes));
    },
    /** The whole answer at once; what reached the client of it. */
    async answer(body: string | Uint8Array, status?: number, headers?: readonly string[]): Promise<string> {
      const started = this.start(status, headers);
      if (started.kind === 'answer') return Buffer.from(started.answer.body).toString();
      await started.transform.push(Buffer.from(body));
      await started.transform.end('complete');
      response!.ended('complete');
      return this.text();
    },
  };
}

const PROMPT = JSON.stringify({ model: 'claude-sonnet-4-5', stream: true, messages: [{ role: 'user', content: 'go' }] });
const turn = (...calls: string[]) => messages.start + calls.join('') + messages.stop('tool_use');
const JSON_HEADERS = ['Content-Type', 'application/json'];
const toolUse = JSON.stringify({ content: [{ type: 'tool_use', id: 'a', name: 'Bash', input: { command: 'SECRET' } }] });
const OPENAI = 'api.openai.com';

describe('a request on a provider’s host', () => {
  it.each([
    ['GET', '/v1/models'],
    ['GET', '/v1/models/claude-sonnet-4-5?beta=true'],
    ['POST', '/api/event_logging/batch'],
    ['GET', '/api/hello'],
  ])('%s %s goes by unread: its path carries no model call', (method, path) => {
    expect(inspecting().plan({ method, path })).toBe('stream');
  });

  it.each([
    ['POST', '/v1/messages'],
    ['POST', '/v1/messages/'],
    ['POST', '/V1/MESSAGES'],
    ['POST', '/v1/messages/batches'],
    ['POST', '/v1/messages/count_tokens?beta=true'],
    ['PUT', '/v1/messages'],
    ['GET', '/v1/messages'],
    ['DELETE', '/v1/messages'],
    ['OPTIONS', '*'],
    ['GET', '/v1/messages/batches/b_1/results'],
    ['POST', '/v1/models%2f..%2fmessages'],
    ['POST', '/v1/models/..;/messages'],
    ['POST', '/v1/modelsx'],
    ['POST', '/v1/complete'],
  ])('%s %s is looked at', (method, path) => {
    expect(inspecting().plan({ method, path })).toBe('inspect');
  });

  it.each([
    ['POST', '/V1/Messages', PROMPT],
    ['PUT', '/v1/messages', PROMPT],
    ['POST', '/v1/messages/batches', PROMPT],
    ['GET', '/v1/messages', PROMPT],
    ['POST', '/v1/complete', ''],
    ['GET', '/v1/other', { kind: 'unread', why: 'too-long' } as const],
  ])('%s %s that says something of no known protocol is judged as unread, counted and recorded', async (method, path, body) => {
    const it = inspecting({ judgeRequest: async () => REFUSED });
    const { outcome } = await it.ask({ method, path, body });
    expect(outcome).toMatchObject({ kind: 'answer', answer: { status: 400 } });
    expect(it.requests).toMatchObject([{ uninspected: 'unknown-path' }]);
    expect(it.counts).toEqual(['exchanges', 'uninspected']);
    expect(it.endings).toEqual(['request unknown-path refuse']);
    expect(it.entries.map(({ kind, verdict }) => [kind, verdict])).toEqual([
      ['uninspected', 'unknown-path'],
      ['exchange', 'refused'],
    ]);
  });

  describe('that holds what must not leave', () => {
    const redacting: Partial<Guard> = {
      judgeRequest: async () => ({ kind: 'release', redact: [{ label: 'secret.test', value: 'hunter22' }] }),
    };
    const body = JSON.stringify({ model: 'claude-sonnet-4-5', messages: [{ role: 'user', content: 'use hunter22' }] });
    const left = (outcome: RequestOutcome) => (outcome.kind === 'forward' ? Buffer.from(outcome.body ?? body).toString() : '');

    it.each([
      ['asks a model', 'api.anthropic.com', '/v1/messages', body],
      ['only asks how long it is', 'api.anthropic.com', '/v1/messages/count_tokens?beta=true', body],
      ['asks that of OpenAI', OPENAI, '/v1/responses/input_tokens', '{"model":"gpt-5.2","input":"use hunter22"}'],
      [
        'asks that of Google',
        'generativelanguage.googleapis.com',
        '/v1beta/models/gemini-2.5-flash:countTokens',
        '{"generateContentRequest":{"contents":[{"role":"user","parts":[{"text":"use hunter22"}]}]}}',
      ],
    ])('leaves without it where it %s', async (_what, host, path, said) => {
      const asked = await inspecting(redacting).ask({ host, path, body: said });
      expect(left(asked.outcome)).toContain('use [secret:test:');
      expect(left(asked.outcome)).not.toContain('hunter22');
      if (path !== '/v1/messages') expect(await asked.answer('{"input_tokens":5}', 200, JSON_HEADERS)).toBe('{"input_tokens":5}');
    });

    it.each([
      [true, 'I use hunter22.'],
      [false, 'I use [secret:test:'],
    ])('gets it back in the answer where settings say %s', async (restores, words) => {
      const asked = await inspecting(redacting, { restores }).ask({ body });
      const [placeholder = ''] = /\[secret:[^\]]+\]/.exec(left(asked.outcome)) ?? [];
      expect(await asked.answer(messages.start + messages.text(0, `I use ${placeholder}.`) + messages.stop('end_turn'))).toContain(words);
    });

    it('is refused where nobody can tell what would be left', async () => {
      const { outcome } = await inspecting(redacting).ask({ body: { kind: 'unread', why: 'too-long' } });
      expect(outcome.kind).toBe('answer');
    });
  });

  it('that is gRPC is refused, and fails, in a way that its clients read', async () => {
    const grpc: Asked = {
      path: '/google.rpc.Unknown/Ask',
      headers: ['content-type', 'application/grpc+proto'],
      body: { kind: 'unread', why: 'undecodable' },
    };
    const refused = await inspecting({ judgeRequest: async () => REFUSED }).ask(grpc);
    expect(refused.outcome).toMatchObject({ answer: { status: 200, headers: ['grpc-status', '7', 'grpc-message', expect.any(String)] } });
    const { outcome } = await inspecting().ask(grpc);
    const failed = outcome.kind === 'forward' ? outcome.response.failed(502, 'It is down.') : undefined;
    expect(failed?.headers).toEqual(['grpc-status', '14', 'grpc-message', 'It%20is%20down.']);
  });

  it.each([
    ['not JSON', 'malformed'],
    ['{"messages":[],"messages":[]}', 'duplicate-key'],
    [{ kind: 'unread', why: 'undecodable' } as const, 'undecodable'],
  ] as const)('%j in a known protocol is judged as %s', async (body, why) => {
    const it = inspecting();
    await it.ask({ body });
    expect(it.requests).toMatchObject([{ uninspected: why, origin: { protocol: 'anthropic-messages' } }]);
    expect(it.endings).toEqual([`request ${why} release`]);
  });

  it('has its credentials learnt before anything of it is recorded', async () => {
    const it = inspecting();
    await it.ask({ headers: ['Authorization', 'Bearer sk-1', 'X-Api-Key', 'sk-2'] });
    expect(it.credentials).toEqual(['sk-1', 'sk-2']);
  });
});

describe('an answer that names where model calls go', () => {
  const CHECK = { host: 'chatgpt.com', method: 'GET', path: '/backend-api/wham/accounts/check', body: '' };
  const check = (origin: unknown) =>
    JSON.stringify({ accounts: [{ id: 'a', workspace_backend_origin: origin, account_routing_override: 'NO_CONSTRAINT' }] });

  it('is followed before it passes: from then on that host is decrypted as the provider’s own, and the log has it', async () => {
    const it = inspecting();
    expect(it.plan(CHECK)).toBe('inspect');
    expect(it.catalogue.intercepts('eu.workspace.test')).toBe(false);
    const body = check('https://eu.workspace.test');
    expect(await (await it.ask(CHECK)).answer(body, 200, JSON_HEADERS)).toBe(body);
    expect(it.catalogue.intercepts('eu.workspace.test')).toBe(true);
    expect(it.catalogue.providerOf('eu.workspace.test').name).toBe('ChatGPT');
    expect(it.entries[0]).toMatchObject({ kind: 'connection', verdict: 'followed', data: { named: 'eu.workspace.test' } });
    await (await it.ask(CHECK)).answer(body, 200, JSON_HEADERS);
    expect(it.entries.filter(({ verdict }) => verdict === 'followed')).toHaveLength(1);
    expect(it.calls).toEqual([]);
  });

  it.each(['https://chatgpt.com', '', null, undefined])('that names %j passes: nothing is new', async (origin) => {
    const it = inspecting();
    expect(await (await it.ask(CHECK)).answer(check(origin), 200, ['Content-Type', 'text/plain'])).toBe(check(origin));
    expect(it.entries.map(({ verdict }) => verdict)).toEqual(['passed']);
  });

  it.each([
    'http://eu.workspace.test',
    'https://127.0.0.1',
    'https://localhost:8443',
    'https://a.localhost',
    'https://[::1]',
    'https://2130706433',
    'https://workspace',
    'https://user@eu.workspace.test',
    'https://eu.workspace.test/path',
    'https://eu.workspace.test?x',
    'ftp://eu.workspace.test',
    `https://${'a.'.repeat(200)}test`,
    ['https://eu.workspace.test'],
  ])('that names %j does not pass: model calls would go where they are not seen', async (origin) => {
    const it = inspecting();
    const text = await (await it.ask(CHECK)).answer(check(origin), 200, JSON_HEADERS);
    expect(text).toContain('Holdpoint refused');
    expect(text).not.toContain('account_routing_override');
    expect(it.calls).toMatchObject([{ call: { uninspected: 'unknown-shape' } }]);
  });

  it('is not fetched from elsewhere: what is said there would not be seen', async () => {
    const it = inspecting();
    const text = await (await it.ask(CHECK)).answer('', 307, ['Location', 'https://elsewhere.test/check']);
    expect(text).toContain('redirects');
  });

  it('may be asked for in any way: nothing is said to a model', async () => {
    const it = inspecting();
    await (await it.ask({ ...CHECK, method: 'POST', body: '{}' })).answer(check('https://eu.workspace.test'), 200, JSON_HEADERS);
    expect(it.requests).toEqual([]);
    expect(it.catalogue.intercepts('eu.workspace.test')).toBe(true);
  });

  it('means nothing on another host', async () => {
    const it = inspecting();
    await (await it.ask({ ...CHECK, host: 'api.openai.com' })).answer(check('https://eu.workspace.test'), 200, JSON_HEADERS);
    expect(it.catalogue.intercepts('eu.workspace.test')).toBe(false);
  });
});

describe('an answer in an encoding that nothing here can read', () => {
  const ODD = ['Content-Type', 'application/json', 'Content-Encoding', 'x-secret'];

  it('does not pass, is told in the provider’s own shape, counted and recorded', async () => {
    const it = inspecting();
    const asked = await it.ask();
    expect(await asked.answer('SECRET', 200, ODD)).toMatch(/"type":"api_error".*cannot be read/);
    expect(it.counts).toEqual(['exchanges', 'uninspected']);
    expect(it.entries[0]).toMatchObject({ kind: 'uninspected', verdict: 'undecodable', data: { what: 'answer' } });
    expect(it.endings).toEqual(['answer undecodable refuse']);
  });

  it('passes where there is no body to read', async () => {
    const asked = await inspecting().ask();
    expect(asked.start(204, ODD).kind).toBe('transform');
  });
});

describe('an answer', () => {
  it('is judged call by call, and recorded with what was new', async () => {
    const it = inspecting();
    const asked = await it.ask();
    const text = await asked.answer(turn(messages.text(0, 'Yes.'), messages.call(1, 'rm SECRET')));
    expect(text).toContain(messages.text(0, 'Yes.'));
    expect(text).not.toContain('SECRET');
    expect(it.calls).toMatchObject([{ call: { tool: 'Bash', input: { command: 'rm SECRET' } } }]);
    expect(it.entries.at(-1)).toMatchObject({
      kind: 'exchange',
      verdict: 'complete',
      data: { calls: 1, refused: 1, status: 200, stopReason: 'tool_use', model: 'claude-sonnet-4-5' },
      blocks: [
        { role: 'user', text: 'go' },
        { role: 'assistant', text: 'Yes.' },
      ],
    });
  });

  it.each([200, 201, 203, 206, 299])('of status %i is judged', async (status) => {
    const asked = await inspecting().ask();
    expect(await asked.answer(turn(messages.call(0, 'rm SECRET')), status)).not.toContain('SECRET');
  });

  it.each([
    [200, ['Content-Type', 'application/x-ndjson']],
    [200, ['Content-Type', 'text/plain']],
    [200, ['Content-Type', 'multipart/mixed; boundary=x']],
    [206, ['Content-Type', 'multipart/byteranges; boundary=x']],
    [200, ['Content-Type', 'application/json; charset=utf-16']],
    [200, ['Content-Type', 'text/html', 'Content-Type', 'application/json']],
    [200, ['Content-Type', 'application/json', 'Content-Type', 'text/event-stream']],
    [200, []],
    [400, JSON_HEADERS],
    [500, ['Content-Type', 'text/plain']],
    [529, []],
  ])('of status %i and headers %j has no call that passes unjudged', async (status, headers) => {
    const it = inspecting();
    const asked = await it.ask();
    expect(await asked.answer(toolUse, status, headers)).not.toContain('SECRET');
    expect(it.calls).toMatchObject([{ call: { uninspected: 'unknown-shape' } }]);
    expect(it.counts).toContain('uninspected');
    expect(it.endings).toEqual(['answer unknown-shape refuse']);
  });

  it('that is an error passes as it came', async () => {
    const it = inspecting();
    for (const [body, headers] of [
      ['{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}', JSON_HEADERS],
      ['<html>Bad gateway</html>', ['Content-Type', 'text/html']],
      ['upstream connect error', []],
    ] as const) {
      expect(await (await it.ask()).answer(body, 529, headers)).toBe(body);
    }
    expect(it.calls).toEqual([]);
  });

  it.each([
    ['POST', '/V1/Messages', PROMPT],
    ['POST', '/v1/threads/t/runs', '{}'],
    ['GET', '/v1/other', ''],
    ['DELETE', '/v1/other', ''],
  ])('to %s %s, which is in no known protocol, has no call that passes unjudged', async (method, path, body) => {
    for (const headers of [JSON_HEADERS, ['Content-Type', 'application/x-jsonl'], []]) {
      const it = inspecting();
      const asked = await it.ask({ method, path, body });
      expect(await asked.answer(`${toolUse}\n`, 200, headers)).not.toContain('SECRET');
      expect(it.calls).toMatchObject([{ call: { uninspected: expect.any(String) } }]);
    }
  });
});

describe('what is fetched', () => {
  it('is no request to a model: it is not judged, and is recorded as passed where no call is in its answer', async () => {
    const it = inspecting({ judgeRequest: async () => REFUSED });
    const asked = await it.ask({ method: 'GET', path: '/v1/files?key=x', body: '' });
    expect(await asked.answer('{"data":[]}', 200, JSON_HEADERS)).toBe('{"data":[]}');
    expect(it.requests).toEqual([]);
    expect(it.counts).toEqual(['exchanges']);
    expect(it.entries).toMatchObject([{ kind: 'exchange', verdict: 'passed', data: { path: '/v1/files', status: 200 } }]);
    expect(JSON.stringify(it.entries)).not.toContain('key=x');
  });

  it.each([
    ['GET', '/v1/responses/resp_1?stream=true'],
    ['GET', '/openai/v1/responses/resp_1'],
    ['POST', '/v1/responses/resp_1/cancel'],
  ])('with %s %s has its calls judged as those of a new answer', async (method, path) => {
    const it = inspecting({ judgeCall: async ({ call }) => (call.tool === 'read' ? RELEASED : REFUSED) });
    const asked = await it.ask({ host: OPENAI, method, path, body: '' });
    const [danger, harmless] = [functionCall(0, '{"cmd":"SECRET"}'), functionCall(1, '{"path":"a"}', 'read')];
    const text = await asked.answer(numbered([...created, done(0, danger), done(1, harmless), completed(danger, harmless)]));
    expect(it.calls.map(({ call }) => call.input)).toEqual([{ cmd: 'SECRET' }, { path: 'a' }]);
    expect(text).not.toContain('{\\"cmd\\":\\"SECRET\\"}');
    expect(text).toContain('{\\"path\\":\\"a\\"}');
    expect(it.entries.at(-1)).toMatchObject({ kind: 'exchange', data: { calls: 2, refused: 1 } });
  });
});

describe('a redirect', () => {
  const from = { host: 'api.anthropic.com', path: '/v1/messages' };

  it.each([
    [307, 'https://evil.test/v1/messages'],
    [308, '//evil.test/v1/messages'],
    [307, 'https:\\\\evil.test\\v1\\messages'],
    [307, 'https://api.anthropic.com.evil.test/v1/messages'],
    [307, 'https://api.anthropic.com@evil.test/v1/messages'],
    [307, 'http://127.0.0.1:8000/v1/messages'],
    [307, '/v1/models'],
    [307, '/elsewhere'],
    [301, '/v1/messages/'],
    [302, '/api/hello'],
    [303, '/anything'],
    [307, 'ftp://api.anthropic.com/v1/messages'],
    [307, 'https://[/v1/messages'],
  ])('of a model call, %i to %s, is answered in its place: nothing there would be inspected', async (status, location) => {
    const asked = await inspecting().ask(from);
    expect(asked.start(status, ['Location', location])).toMatchObject({ kind: 'answer', answer: { status: 502 } });
  });

  it('is answered in its place where only one of its locations leads away', async () => {
    const asked = await inspecting().ask(from);
    expect(asked.start(307, ['Location', '/v1/messages', 'location', 'https://evil.test/'])).toMatchObject({ kind: 'answer' });
  });

  it.each([
    [307, '/v1/messages/'],
    [308, 'https://API.anthropic.com/gateway/v1/messages?beta=true'],
    [304, undefined],
    [300, undefined],
  ])('of a model call, %i to %s, passes: it is the same call on the same host', async (status, location) => {
    const asked = await inspecting().ask(from);
    expect(asked.start(status, location === undefined ? [] : ['Location', location])).toMatchObject({ kind: 'transform' });
  });

  it('of what was no model call passes, but not of what could not be read', async () => {
    const file = await inspecting().ask({ host: OPENAI, method: 'GET', path: '/v1/files/f/content', body: '' });
    expect(file.start(302, ['Location', 'https://files.test/f'])).toMatchObject({ kind: 'transform' });
    const unread = await inspecting().ask({ path: '/V1/messages' });
    expect(unread.start(307, ['Location', 'https://evil.test/v1/messages'])).toMatchObject({ kind: 'answer' });
  });

  it('is recorded as a failure', async () => {
    const it = inspecting();
    const { outcome, start } = await it.ask(from);
    start(307, ['Location', 'https://evil.test/']);
    if (outcome.kind === 'forward') outcome.response.ended('upstream-failed');
    expect(it.entries.at(-1)).toMatchObject({
      verdict: 'upstream-failed',
      data: { status: 502, failure: expect.stringContaining('redirects') },
    });
  });
});

describe('where a call stands', () => {
  const placesOf = async (body: string, ask: Asked = {}) => {
    const it = inspecting();
    const asked = await it.ask(ask);
    await asked.answer(body);
    return it.calls.map(({ place, origin }) => ({ place, session: origin.session }));
  };

  it('is the same for a retry, and another after more was said', async () => {
    const body = turn(messages.call(0, 'a'));
    expect(await placesOf(body)).toEqual(await placesOf(body));
    const later = PROMPT.replace('"messages":[', '"messages":[{"role":"user","content":"before"},');
    expect((await placesOf(body, { body: later }))[0]!.place).not.toBe((await placesOf(body))[0]!.place);
  });

  it('is another for the same call again in one answer: a yes is for one of them', async () => {
    const places = (await placesOf(turn(messages.call(0, 'a'), messages.call(1, 'a'), messages.call(2, 'b'), messages.call(3, 'a')))).map(
      ({ place }) => place,
    );
    expect(places[0]).toBe(places[2]);
    expect(new Set(places).size).toBe(3);
  });

  it('is never the same in two exchanges whose requests could not be read', async () => {
    const it = inspecting();
    for (const asked of [await it.ask({ body: 'not JSON' }), await it.ask({ body: 'not JSON' })])
      await asked.answer(turn(messages.call(0, 'a')));
    const [first, second] = it.calls.map(({ place }) => place);
    expect(first).not.toBe(second);
  });
});

describe('while a call is held', () => {
  /** Sends `chunk` until the transform wants no more, or `limit` bytes are taken. */
  async function fill(
    transform: ResponseTransform,
    chunk: Buffer,
    limit: number,
  ): Promise<{ taken: number; blocked: Promise<void> | undefined }> {
    for (let taken = chunk.length; taken <= limit; taken += chunk.length) {
      const pushing = transform.push(chunk);
      const state = await Promise.race([pushing.then(() => 'taken'), new Promise((resolve) => setImmediate(resolve, 'blocked'))]);
      if (state === 'blocked') return { taken, blocked: pushing };
    }
    return { taken: limit, blocked: undefined };
  }

  async function holding() {
    const verdict = Promise.withResolvers<Outcome>();
    const it = inspecting({ judgeCall: () => verdict.promise });
    const asked = await it.ask();
    const started = asked.start();
    if (started.kind !== 'transform') throw new Error('not inspected');
    return { it, asked, verdict, transform: started.transform };
  }

  const words = Buffer.from(
    messages.event({ type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text: 'x'.repeat(60_000) } }),
  );
  const openText = messages.event({ type: 'content_block_start', index: 1, content_block: { type: 'text', text: '' } });

  it.each(['release', 'refuse'] as const)(
    'the provider is read on a little and then held back, and all goes on after a %s',
    async (kind) => {
      const { asked, verdict, transform } = await holding();
      await transform.push(Buffer.from(messages.start + messages.call(0, 'rm SECRET') + openText));
      const { taken, blocked } = await fill(transform, words, 100 * 1024 * 1024);
      expect(taken).toBeLessThan(2 * 1024 * 1024);
      expect(asked.text()).toBe(messages.start);
      verdict.resolve(kind === 'release' ? RELEASED : REFUSED);
      await blocked;
      expect(asked.text().includes('tool_use')).toBe(kind === 'release');
      expect(asked.text().split('x'.repeat(60_000))).toHaveLength(taken / words.length + 1);
    },
  );

  it('a call that never ends is given up before it fills the memory', async () => {
    const { it, transform } = await holding();
    await transform.push(Buffer.from(messages.start + messages.callStart(0)));
    const more = Buffer.from(
      messages.event({ type: 'content_block_delta', index: 0, delta: { type: 'input_json_delta', partial_json: 'x'.repeat(60_000) } }),
    );
    const { taken } = await fill(transform, more, 100 * 1024 * 1024);
    expect(taken).toBeLessThan(4 * 1024 * 1024);
    expect(it.calls).toMatchObject([{ call: { uninspected: 'too-long' } }]);
  });

  it('sixteen calls are judged at the same time and leave in order', async () => {
    const verdicts = new Map<ToolCall, PromiseWithResolvers<Outcome>>();
    const it = inspecting({
      judgeCall({ call }) {
        verdicts.set(call, Promise.withResolvers());
        return verdicts.get(call)!.promise;
      },
    });
    const asked = await it.ask();
    const answered = asked.answer(turn(...Array.from({ length: 16 }, (_, at) => messages.call(at, `command ${at}`))));
    await expect.poll(() => verdicts.size).toBe(16);
    for (const [call, { resolve }] of [...verdicts].reverse()) {
      resolve(Number((call.input as { command: string }).command.split(' ')[1]) % 2 === 0 ? RELEASED : REFUSED);
    }
    const text = await answered;
    const starts = [...text.matchAll(/"content_block_start","index":(\d+),"content_block":\{"type":"(\w+)"/g)].map(
      ([, at, type]) => `${at} ${type}`,
    );
    expect(starts).toEqual(Array.from({ length: 16 }, (_, at) => `${at} ${at % 2 === 0 ? 'tool_use' : 'text'}`));
  });

  it('a provider that breaks off has its verdict awaited, and what was refused is not in what is left', async () => {
    const { asked, verdict, transform } = await holding();
    await transform.push(Buffer.from(messages.start + messages.call(0, 'rm SECRET') + openText));
    const ended = transform.end('cut');
    verdict.resolve(REFUSED);
    await ended;
    expect(asked.text()).not.toContain('SECRET');
    expect(asked.text()).toContain('Holdpoint refused');
  });

  it('words that pass take no memory: each leaves before the next is read', async () => {
    const it = inspecting();
    const { outcome } = await it.ask();
    let written = 0;
    const started =
      outcome.kind === 'forward' &&
      outcome.response.start({ status: 200, statusMessage: '', rawHeaders: ['Content-Type', 'text/event-stream'] }, async (bytes) => {
        written += bytes.length;
      });
    if (!started) throw new Error('not forwarded');
    if (started.kind !== 'transform') throw new Error('not inspected');
    await started.transform.push(Buffer.from(messages.start + openText.replace('"index":1', '"index":0')));
    const before = written;
    const text = Buffer.from(words.toString().replace('"index":1', '"index":0'));
    for (let sent = text.length; sent <= 20 * 1024 * 1024; sent += text.length) {
      await started.transform.push(text);
      expect(written - before).toBe(sent);
    }
  });
});
