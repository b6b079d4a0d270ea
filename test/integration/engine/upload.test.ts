import { afterEach, describe, expect, it } from 'vitest';
import { anthropicTurn } from '../../../main/cli/demo/turns.ts';
import type { AuditRecord } from '../../../main/contract/record.ts';
import { type GuardProcess, startGuardProcess } from '../../support/guard-process.ts';
import { type OtlpReceiver, startOtlpReceiver } from '../../support/otlp-receiver.ts';
import { fetchThrough } from '../../support/proxied-fetch.ts';

let guard: GuardProcess;
let collector: OtlpReceiver;
afterEach(async () => {
  await guard.stop();
  await collector.close();
});

const COMMAND = 'grep -r marker-pattern /srv/marker-folder/notes.txt';
const turn = anthropicTurn(
  { text: 'Marker-answer.', calls: [{ id: 'toolu_1', tool: 'Bash', input: { command: COMMAND } }] },
  { stream: false },
);

async function started(content: 'metadata' | 'redacted' | 'full', more: { [key: string]: unknown } = {}) {
  collector = await startOtlpReceiver();
  guard = await startGuardProcess({
    reply: () => turn,
    config: {
      audit: { upload: { url: collector.url, batchSeconds: 0.05, content, headers: { authorization: 'Bearer of-the-test' }, ...more } },
    },
  });
}

/** An agent's request, whose answer makes a call. */
async function asks(): Promise<void> {
  const send = await fetchThrough(guard.ready);
  const body = JSON.stringify({
    model: 'claude-sonnet-4-5',
    max_tokens: 10,
    system: 'Marker-system.',
    messages: [{ role: 'user', content: 'Marker-question?' }],
  });
  const response = await send('https://api.anthropic.com/v1/messages', {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', 'x-api-key': 'marker-key' },
  });
  await response.text();
}

async function logged(): Promise<AuditRecord[]> {
  const { stdout } = await guard.cli('audit', 'export', '--format', 'ndjson');
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as AuditRecord);
}

function uploaded() {
  return collector.kept.filter(({ attributes }) => attributes['holdpoint.chain.seq'] !== undefined);
}

const placeOf = ({ id, hash, seq }: AuditRecord) => [id, seq, hash];
const placesUploaded = () =>
  uploaded().map(({ attributes }) => [
    attributes['holdpoint.record.id'],
    attributes['holdpoint.chain.seq'],
    attributes['holdpoint.chain.hash'],
  ]);

describe('an engine whose log is uploaded', { timeout: 60_000 }, () => {
  it('uploads every record, and at "metadata" nothing of what was said or done', async () => {
    await started('metadata');
    await asks();
    await collector.until(() => uploaded().some(({ eventName }) => eventName === 'holdpoint.exchange'));
    await guard.end();
    const records = await logged();
    // The last of them had two seconds; what did not get through by then comes at the next start.
    await guard.restart();
    const once = () => [...new Map(placesUploaded().map((place) => [place[0], place])).values()];
    await collector.until(() => once().length > records.length);
    expect(once().slice(0, records.length)).toEqual(records.map(placeOf));
    expect(collector.kept.every(({ resource }) => resource['device.id'] === collector.kept[0]?.resource['device.id'])).toBe(true);

    const all = JSON.stringify(collector.kept);
    expect(all).not.toMatch(/marker|grep|notes\.txt|\/srv|of-the-test/i);
    expect(all).not.toContain(guard.project);
    expect(all).not.toContain(process.execPath);
    expect(JSON.stringify(records)).toContain(COMMAND);
    const action = uploaded().find(({ eventName }) => eventName === 'holdpoint.action')!;
    expect(action.attributes).toMatchObject({
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.provider.name': 'anthropic',
      'gen_ai.request.model': 'claude-sonnet-4-5',
      'gen_ai.tool.name': 'Bash',
      'gen_ai.tool.call.id': 'toolu_1',
      'server.address': 'api.anthropic.com',
    });
    const exchange = uploaded().find(({ eventName }) => eventName === 'holdpoint.exchange')!;
    expect(exchange.attributes).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.response.finish_reasons': ['tool_use'],
      'gen_ai.usage.input_tokens': expect.any(Number),
      'http.response.status_code': 200,
    });
    expect(exchange.resource).toMatchObject({
      'service.name': 'holdpoint',
      'service.version': expect.any(String),
      'device.id': expect.stringMatching(/^[0-9a-f]{32}$/),
      'service.instance.id': exchange.resource['device.id'],
      'host.name': expect.any(String),
      'os.type': process.platform,
      'user.name': expect.any(String),
    });
    expect(collector.requests.every(({ headers }) => headers.authorization === 'Bearer of-the-test')).toBe(true);
  });

  it('uploads what was said and done where the settings say so, without credentials', async () => {
    await started('redacted', { encoding: 'json' });
    await asks();
    await collector.until(() => uploaded().some(({ eventName }) => eventName === 'holdpoint.exchange'));
    const exchange = uploaded().find(({ eventName }) => eventName === 'holdpoint.exchange')!;
    const said = (name: string) => JSON.parse(String(exchange.attributes[name])) as unknown;
    expect(said('gen_ai.input.messages')).toEqual([
      { role: 'system', parts: [{ type: 'text', content: 'Marker-system.' }] },
      { role: 'user', parts: [{ type: 'text', content: 'Marker-question?' }] },
    ]);
    expect(said('gen_ai.output.messages')).toMatchObject([{ role: 'assistant', parts: [{ content: 'Marker-answer.' }] }]);
    const action = uploaded().find(({ eventName }) => eventName === 'holdpoint.action')!;
    expect(action.attributes['gen_ai.tool.call.arguments']).toBe(COMMAND);
    expect(action.body).toContain(COMMAND);
    expect(JSON.stringify(collector.kept)).not.toContain('marker-key');
  });

  it('sends again what was not confirmed when it was killed, with the same ids, and adds up', async () => {
    await started('metadata');
    // Kept, and never confirmed.
    collector.answer({ kind: 'own', keeps: true, respond: () => {} });
    await asks();
    await collector.until(() => uploaded().length > 0);
    const before = placesUploaded();
    await guard.kill();
    collector.answer({ kind: 'accept' });
    await guard.restart();
    await collector.until(() => uploaded().length > before.length * 2);
    await guard.end();
    const records = await logged();
    const after = placesUploaded();
    expect(after.slice(0, before.length)).toEqual(before);
    const resent = after.slice(before.length);
    expect(resent).toEqual(records.slice(0, resent.length).map(placeOf));
    expect(resent.length).toBeGreaterThan(before.length);
    expect((await guard.cli('audit', 'verify')).code).toBe(0);
  });

  it('says in "status" how far it is, and what is wrong where it gets no further', async () => {
    await started('metadata');
    const control = await guard.control();
    await expect.poll(async () => (await control.call('status', {})).upload?.pending).toBe(0);
    const { audit, upload } = await control.call('status', {});
    expect(upload).toEqual({
      url: collector.url,
      content: 'metadata',
      uploaded: audit.records,
      pending: 0,
      confirmedAt: expect.any(String),
      problem: null,
    });
    expect((await guard.cli('status')).stdout).toMatch(/upload +\d+ records at http:\/\/127\.0\.0\.1:\d+\/v1\/logs, 0 waiting, last at /);

    collector.answer({ kind: 'refuse', status: 401 });
    await asks();
    await expect.poll(async () => (await control.call('status', {})).upload?.problem).toMatch(/does not accept the key \(401\)/);
    const failing = await guard.cli('status');
    expect(failing.stdout).toMatch(/upload .* [1-9]\d* waiting.*Correct audit\.upload\.headers/);
    expect(failing.stdout + guard.stderr()).not.toContain('of-the-test');
    expect(guard.stderr()).toMatch(/"event":"upload","message":"The collector at 127\.0\.0\.1:\d+ does not accept the key/);
  });
});
