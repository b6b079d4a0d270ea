import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anthropicMessages } from '../../../../../main/engine/protocols/anthropic-messages/protocol.ts';
import { framed, messagesIn } from '../../../../../main/engine/protocols/messages.ts';
import { ollamaChat } from '../../../../../main/engine/protocols/ollama-chat/protocol.ts';
import { openaiChat } from '../../../../../main/engine/protocols/openai-chat/protocol.ts';
import { responsesMessages } from '../../../../../main/engine/protocols/openai-responses/socket.ts';
import type { Protocol } from '../../../../../main/engine/protocols/pieces.ts';
import type { Placeholders } from '../../../../../main/engine/protocols/redaction/fragments.ts';
import { restoringDecoder, restoringMessages } from '../../../../../main/engine/protocols/redaction/restoring.ts';
import { blockStop, call, callStart, event, input, start, stop, text, thinking } from '../anthropic-events.ts';
import { cuts, EVENTS, JSON_TYPE, RELEASE, receive } from '../receive.ts';

const HIDDEN = '[secret:github-token:k3v9q2m7]';
/** With what JSON must escape, once and twice. */
const VALUE = 'ghp_"quoted"\\back\nline';
const known = new Map([
  [HIDDEN, VALUE],
  ['[pii:iban:aaaabbbb]', 'DE02'],
]);
const PLACEHOLDERS: Placeholders = {
  isEmpty: false,
  valueOf: (placeholder) => known.get(placeholder),
  mayBegin: (begun) => [...known.keys()].some((one) => one.length > begun.length && one.startsWith(begun)),
};

function restoringProtocol(protocol: Protocol, placeholders = PLACEHOLDERS): Protocol {
  return {
    ...protocol,
    responseDecoder(contentType, limits, path) {
      const decoder = protocol.responseDecoder(contentType, limits, path);
      return decoder && restoringDecoder(decoder, contentType, placeholders);
    },
  };
}

/** What a client of Anthropic's puts together. */
function said(stream: string): { text: string; json: string; thinking: string } {
  const all = { text: '', json: '', thinking: '' };
  for (const [, data = ''] of stream.matchAll(/^data: (.*)$/gm)) {
    const { delta = {} } = JSON.parse(data) as { delta?: { text?: string; partial_json?: string; thinking?: string } };
    all.text += delta.text ?? '';
    all.json += delta.partial_json ?? '';
    all.thinking += delta.thinking ?? '';
  }
  return all;
}

const inFragments = (index: number, words: readonly string[]) =>
  event({ type: 'content_block_start', index, content_block: { type: 'text', text: '' } }) +
  words.map((word) => event({ type: 'content_block_delta', index, delta: { type: 'text_delta', text: word } })).join('') +
  blockStop(index);

describe('a value that was taken out of the request', () => {
  const anthropic = restoringProtocol(anthropicMessages);

  it('is back in a call’s arguments, and the call is judged with it', async () => {
    const json = JSON.stringify({ command: `echo ${HIDDEN}` });
    const { text: received, calls } = await receive(anthropic, EVENTS, start + call(0, '', json) + stop('tool_use'), RELEASE);
    expect(calls[0]?.input).toEqual({ command: `echo ${VALUE}` });
    expect(JSON.parse(said(received).json)).toEqual({ command: `echo ${VALUE}` });
  });

  it('is back in text, however the model’s words and the network’s bytes are cut', async () => {
    const words = fc.array(
      fc.oneof(fc.constant(HIDDEN), fc.constant('[pii:iban:aaaabbbb]'), fc.constant('[secret:'), fc.string({ maxLength: 5 })),
    );
    await fc.assert(
      fc.asyncProperty(words, fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1 }), cuts, async (parts, lengths, places) => {
        const whole = parts.join('');
        const fragments: string[] = [];
        for (let at = 0, n = 0; at < whole.length; n += 1) {
          const length = lengths[n % lengths.length]!;
          fragments.push(whole.slice(at, at + length));
          at += length;
        }
        const { text: received } = await receive(anthropic, EVENTS, start + inFragments(0, fragments) + stop('end_turn'), RELEASE, {
          cuts: places,
        });
        expect(said(received).text).toBe(whole.replaceAll(HIDDEN, () => VALUE).replaceAll('[pii:iban:aaaabbbb]', 'DE02'));
      }),
      { numRuns: 60 },
    );
  });

  it('is back however many follow each other without a gap, a few characters at a time', async () => {
    // One ends in the fragment in which the next begins.
    const whole = `x${HIDDEN.repeat(20)}`;
    const fragments = whole.match(/.{1,2}/g)!;
    const { text: received } = await receive(anthropic, EVENTS, start + inFragments(0, fragments) + stop('end_turn'), RELEASE);
    expect(said(received).text).toBe(`x${VALUE.repeat(20)}`);
  });

  it('stays away from thinking, which is signed', async () => {
    const { text: received } = await receive(anthropic, EVENTS, start + thinking(0, `use ${HIDDEN}`) + stop('end_turn'), RELEASE);
    expect(said(received).thinking).toBe(`use ${HIDDEN}`);
  });

  it('changes no byte of an answer that does not name it', async () => {
    const answer =
      start +
      text(0, 'See [1], [secret:other:aaaaaaaa] and [secret:gith') +
      callStart(1) +
      input(1, '{"a":[1,"[x"]}') +
      blockStop(1) +
      stop('tool_use');
    expect((await receive(anthropic, EVENTS, answer, RELEASE, { cuts: 'bytes' })).text).toBe(answer);
  });

  it('waits behind no more than its own beginning: a sign of life is passed with it, another event sets it free', async () => {
    const decoder = anthropic.responseDecoder(EVENTS, { callBytes: 1_000 })!;
    const passed = (bytes: string) =>
      decoder
        .push(Buffer.from(bytes))
        .map((piece) => (piece.kind === 'pass' ? Buffer.from(piece.bytes).toString() : ''))
        .join('');
    const begun = start + event({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } });
    const half = event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'see [sec' } });
    const ping = event({ type: 'ping' });
    expect(passed(begun)).toBe(begun);
    expect(passed(half)).toBe('');
    expect(passed(ping)).toBe('');
    expect(passed(blockStop(0))).toBe(half + ping + blockStop(0));
  });

  it('is back in an answer that comes as one document', async () => {
    const body = JSON.stringify({
      id: 'x',
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: `It is ${HIDDEN}`,
            tool_calls: [{ id: 'c', type: 'function', function: { name: 'bash', arguments: JSON.stringify({ command: HIDDEN }) } }],
          },
          finish_reason: 'tool_calls',
        },
      ],
    });
    const { text: received, calls } = await receive(restoringProtocol(openaiChat), JSON_TYPE, body, RELEASE);
    expect(JSON.parse(received).choices[0].message.content).toBe(`It is ${VALUE}`);
    expect(calls[0]?.input).toEqual({ command: VALUE });
  });

  it('is back in lines of JSON', async () => {
    const lines = ['[secret:git', 'hub-token:k3v9q2m7]', ''].map(
      (content, at) => `${JSON.stringify({ model: 'm', message: { role: 'assistant', content }, done: at === 2 })}\n`,
    );
    const { text: received } = await receive(restoringProtocol(ollamaChat), 'application/x-ndjson', lines.join(''), RELEASE);
    expect(
      received
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).message.content)
        .join(''),
    ).toBe(VALUE);
  });

  it('is back in a WebSocket’s messages', () => {
    const decoder = restoringMessages(responsesMessages({ callBytes: 1_000 }), PLACEHOLDERS);
    const sent = ['a [secret:github-', 'token:k3v9q2m7] b'].map((delta) => ({
      type: 'response.output_text.delta',
      item_id: 'i',
      output_index: 0,
      content_index: 0,
      delta,
    }));
    const pieces = sent.flatMap((message) => decoder.push(framed({ text: true, data: Buffer.from(JSON.stringify(message)) })));
    const received = pieces
      .flatMap((piece) => (piece.kind === 'pass' ? messagesIn(piece.bytes) : []))
      .map(({ data }) => JSON.parse(Buffer.from(data).toString()).delta);
    expect(received.join('')).toBe(`a ${VALUE} b`);
  });
});
