import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Origin } from '../../main/contract/action.ts';
import { mcpDocument, mcpEvents } from '../../main/engine/exchange/mcp-answers.ts';
import { createMcpLink } from '../../main/engine/exchange/mcp-link.ts';
import { createMcpPins } from '../../main/engine/exchange/mcp-pins.ts';
import { callIn, idsIn, readMcp } from '../../main/engine/protocols/mcp/messages.ts';
import { textOf, toolsIn } from '../../main/engine/protocols/mcp/results.ts';
import { readableVault } from '../support/vault.ts';
import { runs } from './runs.ts';

const ORIGIN: Origin = {
  exchange: 'x',
  session: 's',
  agent: { name: 'test' },
  protocol: 'mcp',
  provider: 'p',
  host: 'h',
  workspace: { state: 'unresolved' },
};
const MARK = 'marker-of-what-is-refused';

/** Near to messages: members that are wrong, missing, doubled or in other letters. */
const near = fc
  .record(
    {
      jsonrpc: fc.constantFrom('2.0', '1.0', 2),
      id: fc.oneof(fc.integer(), fc.string(), fc.constant(null), fc.object()),
      method: fc.constantFrom('tools/call', 'tools/list', 'initialize', 'ping', 'notifications/cancelled'),
      Method: fc.constant('tools/call'),
      params: fc.oneof(fc.jsonValue(), fc.record({ name: fc.string(), arguments: fc.jsonValue() }, { requiredKeys: [] })),
      result: fc.oneof(fc.jsonValue(), fc.record({ content: fc.array(fc.record({ type: fc.constant('text'), text: fc.constant(MARK) })) })),
      error: fc.jsonValue(),
    },
    { requiredKeys: [] },
  )
  .map((value) => JSON.stringify(value));
const text = fc.oneof(
  near,
  fc.array(near).map((all) => `[${all.join(',')}]`),
  fc.json(),
  fc.string(),
);
const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 30 });

function link(released: boolean) {
  const outcome = released ? ({ kind: 'release' } as const) : ({ kind: 'refuse', why: { policy: 'p', reason: 'No.' } } as const);
  return createMcpLink({
    guard: { judgeCall: async () => outcome, judgeResult: async () => outcome },
    records: { keep: () => {}, unread: () => () => {} },
    pins: createMcpPins({ load: () => undefined, save: () => {}, log: () => {} }),
    callBytes: 1_000,
    vault: readableVault(),
    address: 'a',
    transport: 'http',
    otherwise: 'o',
  });
}

async function through(bytes: Buffer, lengths: readonly number[], released: boolean, form: 'events' | 'document'): Promise<Buffer> {
  const written: Uint8Array[] = [];
  const to = {
    link: link(released),
    origin: ORIGIN,
    answersTo: [],
    write: async (some: Uint8Array) => void written.push(Uint8Array.from(some)),
  };
  const transform = form === 'events' ? mcpEvents(to, () => true) : mcpDocument(to, () => '{}');
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const length = lengths[turn % lengths.length]!;
    await transform.push(bytes.subarray(at, at + length));
    at += length;
  }
  await transform.end('complete');
  return Buffer.concat(written);
}

it('reads whatever it is given', () => {
  fc.assert(
    fc.property(text, (given) => {
      const reading = readMcp(given);
      idsIn(given);
      if ('uninspected' in reading) return;
      for (const message of reading.messages) {
        if (message.kind === 'request') callIn(message, 100);
        if (message.kind === 'answer' && message.result) {
          textOf(message.result);
          toolsIn(message.result);
        }
      }
    }),
    { numRuns: runs(300) },
  );
});

it('passes what is allowed byte for byte, however it is cut', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(text, { maxLength: 5 }), cuts, async (all, lengths) => {
      const stream = Buffer.from(all.map((one) => `event: message\nid: 1\ndata: ${one.replaceAll(/[\r\n]/g, ' ')}\n\n`).join(''));
      expect(await through(stream, lengths, true, 'events')).toEqual(stream);
      const document = Buffer.from(all[0] ?? '');
      expect(await through(document, lengths, true, 'document')).toEqual(document);
    }),
    { numRuns: runs(150) },
  );
});

it('leaves no byte of a result that is refused, however it is cut', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer(), cuts, fc.constantFrom('events' as const, 'document' as const), async (id, lengths, form) => {
      const message = JSON.stringify({ jsonrpc: '2.0', id, result: { content: [{ type: 'text', text: MARK }] } });
      const bytes = Buffer.from(form === 'events' ? `data: ${message}\n\n` : message);
      const out = (await through(bytes, lengths, false, form)).toString();
      expect(out).not.toContain(MARK);
      expect(out).toContain('isError');
    }),
    { numRuns: runs(100) },
  );
});

it('answers a client whatever it says', async () => {
  await fc.assert(
    fc.asyncProperty(text, async (given) => {
      const outcome = await link(false).fromClient(given, { origin: ORIGIN, signal: new AbortController().signal });
      if (outcome.kind === 'answer') JSON.parse(outcome.text);
      const reading = readMcp(given);
      const calls =
        'messages' in reading && reading.messages.some((message) => message.kind === 'request' && message.method === 'tools/call');
      if (calls || 'uninspected' in reading) expect(outcome.kind).not.toBe('send');
    }),
    { numRuns: runs(300) },
  );
});
