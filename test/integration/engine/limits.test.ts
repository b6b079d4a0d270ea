import { request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { anthropicTurn, chatTurn, responsesTurn } from '../../../main/cli/demo/turns.ts';
import type { AuditRecord } from '../../../main/contract/record.ts';
import { type GuardProcess, type GuardProcessOptions, startGuardProcess } from '../../support/guard-process.ts';
import { fetchThrough } from '../../support/proxied-fetch.ts';
import { googleTurn } from '../../support/turns.ts';

let guard: GuardProcess;
afterEach(() => guard.stop());

const RUN = { id: 'toolu_marker', tool: 'Bash', input: { command: 'rm -rf /srv/marker' } };
const PERMIT = '@id("test.requests") permit (principal, action == Action::"send_prompt", resource);\n';
const DENY_CALLS = `${PERMIT}@id("test.calls") permit (principal, action == Action::"call_tool", resource);
@id("test.never") @reason("The test refuses every call.") forbid (principal, action == Action::"call_tool", resource);\n`;
const LASTING = `@id("test.lasting") @bypass("never") @reason("This one lasts.") forbid (principal, action == Action::"call_tool", resource)
when { context.programs.contains("shutdown") };\n`;

const start = async (config: object, more: Partial<GuardProcessOptions> = {}) => {
  guard = await startGuardProcess({ reply: () => anthropicTurn({ text: 'Done.' }), policy: PERMIT, config: { ...config }, ...more });
};

const MESSAGES = 'https://api.anthropic.com/v1/messages';
async function ask({
  model = 'claude-sonnet-4-5',
  stream = true,
  url = MESSAGES,
  body = {},
} = {}): Promise<{ status: number; text: string }> {
  const answer = await (await fetchThrough(guard.ready))(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model, stream, max_tokens: 10, messages: [{ role: 'user', content: 'go' }], ...body }),
  });
  return { status: answer.status, text: await answer.text() };
}

async function records(kind: AuditRecord['kind']): Promise<AuditRecord[]> {
  const control = await guard.control();
  const newest = await control.call('records', { limit: 500 });
  control.close();
  return newest.filter((record) => record.kind === kind).reverse();
}

describe('an engine with limits', { timeout: 60_000 }, () => {
  it('sends nothing to a model that is not allowed, and tells the agent why and whom to ask', async () => {
    await start({ allowed: { models: ['claude-*'] }, contact: 'it@example.test' });
    expect((await ask()).status).toBe(200);
    const refused = await ask({ model: 'other-1' });
    expect(refused.status).toBe(400);
    expect(refused.text).toContain(
      'The model other-1 may not be used here. Allowed: claude-*. (policy: limits.allowed-models) To ask for it: it@example.test.',
    );
    expect(guard.provider.requests).toHaveLength(1);
  });

  it('keeps to a budget, warns of it once, and knows what is used after it was killed', async () => {
    await start({ budgets: [{ name: 'Trial', requests: 3, warnAt: 0.6 }] });
    const control = await guard.control();
    const warnings: string[] = [];
    control.on('record', ({ verdict, summary }) => verdict === 'budget-warning' && warnings.push(summary));
    for (let count = 0; count < 3; count += 1) expect((await ask()).status).toBe(200);
    const refused = await ask();
    expect(refused.status).toBe(400);
    expect(refused.text).toContain('Today’s budget “Trial” of 3 model calls is used up. It starts anew at midnight.');
    const counted = async () => (await records('exchange')).filter(({ data }) => data.counted !== null).length;
    await expect.poll(counted, { timeout: 20_000 }).toBe(3);
    await expect.poll(() => warnings, { timeout: 20_000 }).toEqual(['Today’s budget “Trial” of 3 model calls is 66 % used.']);
    expect(await control.call('status', {})).toMatchObject({
      state: 'attention',
      notes: ['Today’s budget “Trial” of 3 model calls is used up. It starts anew at midnight.'],
    });

    await guard.kill();
    await guard.restart();
    expect((await ask()).status).toBe(400);
    expect(guard.provider.requests).toHaveLength(3);
    expect((await records('policy')).filter(({ verdict }) => verdict === 'budget-warning')).toHaveLength(1);
  });

  it('counts every protocol’s answers, streamed or whole, by what the provider tells or else by estimate', async () => {
    await start(
      {},
      {
        hosts: ['api.anthropic.com', 'api.openai.com', 'generativelanguage.googleapis.com'],
        reply: ({ path, body }) => {
          const { stream = false } = JSON.parse(body.toString()) as { stream?: boolean };
          if (path.includes('count_tokens')) return { chunks: ['{"input_tokens":7}'] };
          if (path.includes('generateContent')) return googleTurn({ text: 'Done.' }, { stream: false });
          if (path.endsWith('/completions')) return chatTurn({ text: 'Done.' }, { stream });
          if (path.endsWith('/responses')) return responsesTurn({ text: 'Done.' }, { stream });
          return anthropicTurn({ text: 'Done.' }, { stream });
        },
      },
    );
    const openai = { model: 'gpt-5.2', body: { input: 'go' } };
    await ask();
    await ask({ stream: false });
    await ask({ ...openai, url: 'https://api.openai.com/v1/responses' });
    await ask({ ...openai, url: 'https://api.openai.com/v1/chat/completions', stream: false });
    await ask({ ...openai, url: 'https://api.openai.com/v1/chat/completions' });
    await ask({
      url: 'https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:generateContent',
      body: { contents: [{ role: 'user', parts: [{ text: 'go' }] }] },
    });
    await ask({ url: `${MESSAGES}/count_tokens` });
    await expect
      .poll(async () => (await records('exchange')).map(({ data }) => data.counted), { timeout: 20_000 })
      .toMatchObject([
        { model: 'claude-sonnet-4-5', tokens: 46, costMicroUsd: 12 * 3 + 34 * 15, estimated: false },
        { model: 'claude-sonnet-4-5', tokens: 46, estimated: false },
        { model: 'gpt-5.2', tokens: 46, costMicroUsd: 12 * 1.75 + 34 * 14, estimated: false },
        { model: 'gpt-5.2', tokens: 46, estimated: false },
        // Its stream tells no usage unless the agent asks for it.
        { model: 'gpt-5.2', estimated: true },
        { model: 'gemini-2.5-flash', tokens: 46, estimated: false },
        null,
      ]);
  });

  it('makes no connection to a provider that is switched off, nor lets a request leave for one', async () => {
    await start(
      { off: { providers: ['Anthropic', 'one.test'], reason: 'The contract has ended' } },
      { hosts: ['api.anthropic.com', 'one.test', 'two.test'] },
    );
    const { status, body } = await connecting('one.test');
    expect(status).toBe(403);
    expect(body).toContain('The off switch is set for the provider one.test: The contract has ended');
    expect((await connecting('two.test')).status).toBe(200);
    const refused = await ask();
    expect(refused.status).toBe(400);
    expect(refused.text).toContain('(policy: off-switch)');
    expect(guard.provider.requests).toEqual([]);
  });
});

describe('a bypass', { timeout: 60_000 }, () => {
  const deny = async (bypass: object) => {
    await start(
      { bypass },
      {
        policy: DENY_CALLS + LASTING,
        reply: ({ body }) => {
          const stop = { ...RUN, input: { command: 'shutdown now' } };
          return anthropicTurn({ text: 'I will.', calls: [body.toString().includes('shut it down') ? stop : RUN] });
        },
      },
    );
  };

  it('lets a denied call pass while it is on, with what policy would have said in the log', async () => {
    await deny({ allowed: true, maxMinutes: 10 });
    expect((await ask()).text).not.toContain('srv/marker');

    const begun = await guard.cli('bypass', '--minutes', '10', '--reason', 'The build is blocked');
    expect(begun).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Enforcement is suspended until \d\d:\d\d/) });
    const control = await guard.control();
    expect(await control.call('status', {})).toMatchObject({ state: 'attention', bypass: { reason: 'The build is blocked' } });
    expect((await guard.cli('status')).stdout).toMatch(/! Enforcement is suspended until .*: The build is blocked/);
    expect((await ask()).text).toContain('toolu_marker');
    expect((await records('verdict')).at(-1)).toMatchObject({
      verdict: 'allow',
      summary: 'Allowed: Enforcement is suspended by a person: The build is blocked Would have: deny (test.never).',
      data: { policies: ['bypass'], observed: [{ id: 'test.never', effect: 'deny' }] },
    });

    const lasting = await ask({ body: { messages: [{ role: 'user', content: 'shut it down' }] } });
    expect(lasting.text).toContain('This one lasts.');

    expect(await guard.cli('bypass', 'end')).toMatchObject({ code: 0, stdout: 'Enforcement is on again.\n' });
    expect((await ask()).text).toContain('The test refuses every call.');
    expect(await guard.cli('bypass', 'end')).toMatchObject({ code: 1, stderr: 'holdpoint: No bypass is on.\n' });
    expect((await records('policy')).slice(-2)).toMatchObject([
      { verdict: 'bypass-begun', data: { by: 'terminal', reason: 'The build is blocked', minutes: 10 } },
      { verdict: 'bypass-ended', data: { by: 'terminal', how: 'ended' } },
    ]);
  });

  it('does not come back with an engine that was killed, and the log has its end', async () => {
    await deny({ allowed: true });
    await guard.cli('bypass', '--minutes', '5', '--reason', 'A try');
    await guard.kill();
    await guard.restart();
    expect((await ask()).text).not.toContain('srv/marker');
    expect((await records('policy')).map(({ verdict }) => verdict)).toContain('bypass-ended');
  });

  it('is refused where the settings do not permit it, or not for so long', async () => {
    await deny({ allowed: false });
    expect(await guard.cli('bypass', '--minutes', '5', '--reason', 'A try')).toMatchObject({
      code: 1,
      stderr: 'holdpoint: The settings of this device do not permit a bypass (bypass.allowed).\n',
    });
    const wrong = [
      ['--minutes', '0', '--reason', 'A try'],
      ['--minutes', '5'],
      ['--reason', 'A try'],
      ['start'],
      ['end', '--minutes', '5'],
    ];
    const codes = await Promise.all(wrong.map((args) => guard.cli('bypass', ...args).then(({ code }) => code)));
    expect(codes).toEqual(wrong.map(() => 2));
  });
});

/** The proxy's answer to CONNECT. */
function connecting(host: string): Promise<{ status: number; body: string }> {
  const { hostname, port } = new URL(guard.ready.proxyUrl);
  return new Promise((resolve, reject) => {
    const asked = request({ host: hostname, port, method: 'CONNECT', path: `${host}:443` });
    asked.once('error', reject);
    asked.once('connect', (response, socket, head) => {
      let body = head.toString();
      socket.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
      socket.once('close', () => resolve({ status: response.statusCode ?? 0, body }));
      if (response.statusCode === 200) socket.destroy();
    });
    asked.end();
  });
}
