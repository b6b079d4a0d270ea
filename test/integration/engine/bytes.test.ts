import { once } from 'node:events';
import type { Transform } from 'node:stream';
import { brotliCompressSync, createBrotliCompress, createGzip, createZstdCompress, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProviderReply, ProviderRequest } from '../../../main/cli/demo/provider.ts';
import { anthropicTurn, chatTurn, responsesTurn } from '../../../main/cli/demo/turns.ts';
import type { ControlClient } from '../../../main/engine/control/client.ts';
import { ASK_ALL, type GuardProcess, startGuardProcess } from '../../support/guard-process.ts';
import { fetchThrough } from '../../support/proxied-fetch.ts';

const turn = { text: 'Words, 言葉, wörds.', calls: [{ id: 'call_1', tool: 'Bash', input: { command: 'rm -rf "/srv/ü"' } }] };
const bodies: Record<string, ProviderReply> = {
  'api.anthropic.com/v1/messages': anthropicTurn(turn),
  'api.openai.com/v1/chat/completions': chatTurn(turn),
  'api.openai.com/v1/responses': responsesTurn(turn),
};
const encoders: Record<string, (bytes: Uint8Array) => Uint8Array> = {
  identity: (bytes) => bytes,
  gzip: gzipSync,
  br: brotliCompressSync,
  zstd: zstdCompressSync,
};

let guard: GuardProcess;
let control: ControlClient;
let fetchIt: typeof fetch;

/** What a provider does that compresses what it streams. */
const compressors: Record<string, () => Transform & { flush(done: () => void): void }> = {
  gzip: createGzip,
  br: createBrotliCompress,
  zstd: createZstdCompress,
};
const FIRST = 'data: {"id":"c","choices":[{"index":0,"delta":{"content":"First."},"finish_reason":null}]}\n\n';
const SECOND = 'data: {"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n';
/** Resolves when the agent has what came first. */
let heard = Promise.withResolvers<void>();

async function* compressed(encoding: string): AsyncIterable<Uint8Array> {
  const compressor = compressors[encoding]!();
  const parts: Uint8Array[] = [];
  compressor.on('data', (part: Uint8Array) => parts.push(part));
  compressor.write(FIRST);
  await new Promise<void>((resolve) => compressor.flush(resolve));
  yield Buffer.concat(parts.splice(0));
  await heard.promise;
  compressor.end(SECOND);
  await once(compressor, 'end');
  yield Buffer.concat(parts);
}

/** The encoding is asked for by a header of the test's own. */
function reply({ host, path, headers }: ProviderRequest): ProviderReply {
  const flushed = headers['x-flushed'];
  if (typeof flushed === 'string')
    return { contentType: 'text/event-stream', headers: { 'content-encoding': flushed }, chunks: compressed(flushed) };
  const whole = bodies[host + path]!;
  const encoding = String(headers['x-encoding']);
  const bytes = encoders[encoding]!(Buffer.from([...(whole.chunks as Iterable<string>)].join('')));
  // Cut anywhere, as a network does.
  const chunks = Array.from({ length: Math.ceil(bytes.length / 100) }, (_, i) => bytes.subarray(i * 100, i * 100 + 100));
  return { ...whole, headers: encoding === 'identity' ? {} : { 'content-encoding': encoding }, chunks };
}

beforeAll(async () => {
  guard = await startGuardProcess({ reply, policy: ASK_ALL });
  control = await guard.control(true);
  fetchIt = await fetchThrough(guard.ready);
  control.on('questions', async (open) => {
    // A question that has just ended may still be told of.
    for (const { id, nonce, shown } of open)
      await control.call('answer', { id, nonce, shown, answer: { choice: 'allow', for: 'once' } }).catch(() => {});
  });
}, 60_000);
afterAll(() => guard.stop());

describe('an answer whose call a person allowed', { timeout: 30_000 }, () => {
  it.each(Object.keys(bodies).flatMap((place) => Object.keys(encoders).map((encoding) => [place, encoding] as const)))(
    'of %s, sent as %s, reaches the agent with the provider’s own bytes',
    async (place, encoding) => {
      const body = JSON.stringify({
        model: 'm',
        stream: true,
        messages: [{ role: 'user', content: `${place} ${encoding}` }],
        input: `${place} ${encoding}`,
      });
      const answer = await fetchIt(`https://${place}`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json', 'x-encoding': encoding },
      });
      expect(await answer.text()).toBe([...(bodies[place]!.chunks as Iterable<string>)].join(''));
    },
  );
});

it.each(Object.keys(compressors))('text that comes compressed as %s reaches the agent before the provider says more', async (encoding) => {
  heard = Promise.withResolvers();
  const answer = await fetchIt('https://api.openai.com/v1/chat/completions', {
    method: 'POST',
    body: JSON.stringify({ model: 'm', stream: true, messages: [{ role: 'user', content: 'go' }] }),
    headers: { 'content-type': 'application/json', 'x-flushed': encoding },
  });
  let text = '';
  for await (const chunk of answer.body!) {
    text += Buffer.from(chunk).toString();
    if (text === FIRST) heard.resolve();
  }
  expect(text).toBe(FIRST + SECOND);
});
