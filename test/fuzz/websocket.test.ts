/** Random and mutated WebSocket bytes and messages: nothing throws, nothing is lost that passes, no refused call leaves. */

import { duplexPair } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ToolCall } from '../../main/contract/action.ts';
import type { Refusal } from '../../main/contract/verdict.ts';
import { foreignMessages } from '../../main/engine/exchange/foreign.ts';
import { createPeer, type Leaving } from '../../main/engine/interception/websocket/peer.ts';
import { framed, type Message, type MessageDecoder, messagesIn } from '../../main/engine/protocols/messages.ts';
import { markOf, readClientMessage, responsesMessages } from '../../main/engine/protocols/openai-responses/socket.ts';
import {
  callEvents,
  completed,
  created,
  customCall,
  customEvents,
  functionCall,
  messageEvents,
} from '../unit/engine/protocols/response-events.ts';
import { runs } from './runs.ts';

const ARGS = '{"cmd":"echo MARK"}';
const CODE = 'tools.exec_command({cmd: "echo MARK"})';
const ANSWER: readonly Message[] = [
  ...created,
  ...messageEvents(0, 'I will.'),
  ...callEvents(1, ARGS),
  ...customEvents(2, CODE),
  completed(functionCall(1, ARGS), customCall(2, CODE)),
].map((event, sequence_number) => ({ text: true, data: Buffer.from(JSON.stringify({ ...event, sequence_number })) }));

/** What a network or a provider may do to a message. */
const mutation = fc.record({
  what: fc.constantFrom('drop', 'repeat', 'swap', 'binary', 'byte', 'cut', 'insert'),
  at: fc.nat(),
  within: fc.nat(),
  byte: fc.nat({ max: 255 }),
});

function mutate(
  messages: readonly Message[],
  { what, at, within, byte }: typeof mutation extends fc.Arbitrary<infer M> ? M : never,
): Message[] {
  const index = at % Math.max(1, messages.length);
  const one = messages[index];
  if (!one) return [...messages];
  const place = within % Math.max(1, one.data.length);
  const data = Buffer.from(one.data);
  switch (what) {
    case 'drop':
      return messages.toSpliced(index, 1);
    case 'repeat':
      return messages.toSpliced(index, 0, one);
    case 'swap':
      return messages.toSpliced(index, 2, ...messages.slice(index, index + 2).reverse());
    case 'binary':
      return messages.toSpliced(index, 1, { ...one, text: false });
    case 'cut':
      return messages.toSpliced(index, 1, { ...one, data: data.subarray(0, place) });
    case 'insert':
      return messages.toSpliced(index, 1, {
        ...one,
        data: Buffer.concat([data.subarray(0, place), Buffer.from([byte]), data.subarray(place)]),
      });
    default:
      data[place] = byte;
      return messages.toSpliced(index, 1, { ...one, data });
  }
}

function through(decoder: MessageDecoder, messages: readonly Message[], refuses: boolean): { bytes: Buffer; calls: ToolCall[] } {
  const refused = new Map<ToolCall, Refusal>();
  const calls: ToolCall[] = [];
  const out: Uint8Array[] = [];
  for (const piece of [...messages.flatMap((message) => decoder.push(framed(message))), ...decoder.end()]) {
    if (piece.kind === 'call') {
      calls.push(piece.call);
      if (refuses) refused.set(piece.call, { policy: 'p', reason: 'No.' });
    } else out.push(piece.kind === 'pass' ? piece.bytes : piece.bytes(refused));
  }
  return { bytes: Buffer.concat(out), calls };
}

/** Calls that a lenient client would find in messages, text or not. */
function callsIn(bytes: Buffer): string[] {
  return messagesIn(bytes).flatMap(({ data }) => {
    const found: string[] = [];
    try {
      JSON.parse(Buffer.from(data).toString(), (key, value) => {
        if (key === 'type' && /^(function_call|custom_tool_call)$/.test(value)) found.push(value);
        return value;
      });
    } catch {
      // Not what a client can read.
    }
    return found;
  });
}

describe.each([
  ['OpenAI Responses', () => responsesMessages({ callBytes: 4096 })],
  ['no known protocol', () => foreignMessages({ callBytes: 4096 })],
])('mutated messages of %s', (_name, decoder) => {
  it('lose no byte with nothing refused, and show no call with all refused', () => {
    fc.assert(
      fc.property(fc.array(mutation, { maxLength: 4 }), (mutations) => {
        const messages = mutations.reduce(mutate, [...ANSWER]);
        const whole = Buffer.concat(messages.map(framed));
        expect(through(decoder(), messages, false).bytes.equals(whole)).toBe(true);
        expect(callsIn(through(decoder(), messages, true).bytes)).toEqual([]);
      }),
      { numRuns: runs(400) },
    );
  });

  it('of random bytes neither throw nor are lost', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ text: fc.boolean(), data: fc.uint8Array({ maxLength: 60 }) }), { maxLength: 8 }), (messages) => {
        expect(through(decoder(), messages, false).bytes.equals(Buffer.concat(messages.map(framed)))).toBe(true);
        for (const { data } of messages) {
          markOf(data);
          readClientMessage(Buffer.from(data).toString(), () => undefined);
        }
      }),
    );
  });
});

describe('random frames', () => {
  it.each([true, false])('end in at most one leaving, and never throw (as the server: %s)', async (isServer) => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 10 }), async (chunks) => {
        const [ours, theirs] = duplexPair();
        const left: Leaving[] = [];
        let longest = 0;
        const peer = createPeer({
          socket: ours,
          head: Buffer.alloc(0),
          isServer,
          deflate: undefined,
          maxPayload: 100,
          events: {
            message: async ({ data }) => {
              longest = Math.max(longest, data.length);
            },
            ping: (data) => peer.pong(data),
            pong: () => {},
            leaves: () => {},
            left: (how) => void left.push(how),
          },
        });
        theirs.resume();
        theirs.on('error', () => {});
        for (const chunk of chunks) theirs.write(chunk);
        theirs.end();
        await peer.over;
        expect(left).toHaveLength(1);
        expect(longest).toBeLessThanOrEqual(100);
      }),
      { numRuns: runs(100) },
    );
  });
});
