import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONTROL_METHODS } from '../../main/contract/control.ts';
import { connectControl } from '../../main/engine/control/client.ts';
import { encodeFrame } from '../../main/engine/control/frames.ts';
import { controlFixture } from '../integration/control/fixture.ts';
import { rawClient } from '../integration/control/raw.ts';
import { runs } from './runs.ts';

/** Writes the bytes, ends its side, and waits until the engine has closed the connection. */
function say(socketPath: string, parts: readonly Uint8Array[]): Promise<void> {
  return new Promise((resolve) => {
    const socket = createConnection(socketPath, () => {
      for (const part of parts) socket.write(part);
      socket.end();
    });
    socket.on('error', () => {}).on('data', () => {});
    socket.on('close', () => resolve());
  });
}

describe('the control socket', () => {
  it('outlives whatever is written to it, does nothing that was not asked properly, and keeps serving', async () => {
    let done = 0;
    const act = () => {
      done++;
    };
    await using fixture = await controlFixture({ answer: act, allowNext: act, revoke: act });
    const client = await connectControl(fixture.dataDir, { client: 'witness', attends: false });
    const token = readFileSync(join(fixture.dataDir, 'control.token'), 'utf8');
    const hello = encodeFrame({ jsonrpc: '2.0', id: 0, method: 'hello', params: { token, client: 'fuzz', attends: false } });

    const method = fc.oneof(
      fc.constantFrom(...Object.keys(CONTROL_METHODS), '$/cancelRequest', '__proto__', 'constructor', ''),
      fc.string(),
    );
    // Without an id that is a text nothing satisfies the methods that act, so `done` must stay 0.
    const isText = (value: unknown) => typeof value === 'string';
    const params = fc.oneof(
      fc.jsonValue({ maxDepth: 3 }).filter((value) => !(value !== null && typeof value === 'object' && 'id' in value && isText(value.id))),
      fc.record({ id: fc.jsonValue({ maxDepth: 2 }).filter((id) => !isText(id)) }),
    );
    const message = fc.record(
      { jsonrpc: fc.constantFrom('2.0', '1.0', 2), id: fc.oneof(fc.integer(), fc.string(), fc.constant(null)), method, params },
      { requiredKeys: [] },
    );
    const part = fc.oneof(
      { weight: 3, arbitrary: message.map((m) => encodeFrame(m)) },
      { weight: 1, arbitrary: fc.jsonValue().map((m) => encodeFrame(m)) },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }) },
      {
        weight: 1,
        arbitrary: fc.tuple(fc.integer(), fc.string()).map(([length, body]) => Buffer.from(`Content-Length: ${length}\r\n\r\n${body}`)),
      },
      { weight: 1, arbitrary: fc.constant(hello) },
    );
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.array(part, { maxLength: 6 }), async (greeted, parts) => {
        await say(fixture.control.socket, greeted ? [hello, ...parts] : parts);
        expect(await client.call('questions', {})).toEqual([]);
        expect(done).toBe(0);
      }),
      { numRuns: runs(150) },
    );
    client.close();
  });

  it('lets nobody in at the public socket who has not made the folder that was asked for, whatever is said', async () => {
    let admitted = 0;
    const runDir = mkdtempSync(join(tmpdir(), 'holdpoint-fuzz-'));
    const log = { info: (event: string) => void (event === 'control.joined' && admitted++), warn: () => {}, error: () => {} };
    const limits = { connections: { atOnce: 100_000, perSecond: 100_000 } };
    await using fixture = await controlFixture({}, { dataDir: runDir, log, public: { runDir, nameOf: async () => 'dev', limits } });
    const client = fc.constant('fuzz');
    const claim = fc.oneof(fc.string(), fc.constantFrom('', '.', '..', '../claims', 'x'.repeat(65)), fc.stringMatching(/^[0-9a-f]{32}$/));
    const hello = fc.oneof(
      fc.record({ claim, client, attends: fc.boolean() }),
      fc.record({ claim, token: fc.string(), client, attends: fc.boolean() }, { requiredKeys: ['client', 'attends'] }),
      fc.jsonValue({ maxDepth: 2 }),
    );
    const word = fc.oneof(
      fc.constant(['challenge', {}] as const),
      fc.tuple(fc.constant('challenge'), fc.jsonValue({ maxDepth: 1 })),
      fc.tuple(fc.constant('hello'), hello),
      fc.tuple(fc.constantFrom(...Object.keys(CONTROL_METHODS)), fc.constant({})),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 5 }), fc.string(), async (words, folder) => {
        // Whatever lies there, it is not the folder of this nonce.
        if (/^\w+$/.test(folder)) mkdirSync(join(runDir, 'claims', folder), { recursive: true, mode: 0o700 });
        using raw = await rawClient(fixture.control.socket);
        for (const [method, params] of words) await raw.ask(method, params).catch(() => undefined);
        expect(admitted).toBe(0);
      }),
      { numRuns: runs(150) },
    );
    expect(fixture.control.attended()).toBe(false);
  });
});
