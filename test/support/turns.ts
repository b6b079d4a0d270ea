/** What a model's answer looks like on the wire of the protocols that the demonstration does not need. */

import { EventStreamCodec } from '@smithy/eventstream-codec';
import type { ProviderReply } from '../../main/cli/demo/provider.ts';
import { anthropicEvents, anthropicMessage, cut, json, sse, type Turn, type TurnOptions } from '../../main/cli/demo/turns.ts';

/** Gemini's `generateContent`: as server-sent events (`alt=sse`), which its servers end with CRLF, or whole. */
export function googleTurn({ text, calls = [] }: Turn, { stream = true, model = 'gemini-2.5-flash' } = {}): ProviderReply {
  const answer = (parts: readonly object[], last: boolean) => ({
    candidates: [{ content: { parts, role: 'model' }, index: 0, ...(last && { finishReason: 'STOP' }) }],
    usageMetadata: { promptTokenCount: 12, candidatesTokenCount: 34, totalTokenCount: 46 },
    modelVersion: model,
    responseId: 'scripted',
  });
  const functions = calls.map(({ tool, input }) => ({ functionCall: { name: tool, args: input }, thoughtSignature: 'c2lnbmVk' }));
  if (!stream) return json(answer([...(text === undefined ? [] : [{ text }]), ...functions], true));
  const parts: object[] = [...cut(text ?? '').map((piece) => ({ text: piece })), ...functions];
  return sse(parts.map((part, index) => `data: ${JSON.stringify(answer([part], index === parts.length - 1))}\r\n\r\n`));
}

/** Ollama's `/api/chat`: a line of JSON for each piece, or one answer. */
export function ollamaTurn({ text, calls = [] }: Turn, { stream = true, model = 'qwen3' } = {}): ProviderReply {
  const base = { model, created_at: '2026-11-24T00:00:00.000000Z' };
  const said = (content: string, more: object = {}) => ({ ...base, message: { role: 'assistant', content, ...more }, done: false });
  const tool_calls = calls.map(({ tool, input }) => ({ function: { name: tool, arguments: input } }));
  const end = { done: true, done_reason: 'stop', total_duration: 5, prompt_eval_count: 12, eval_count: 34 };
  if (!stream) return json({ ...said(text ?? '', tool_calls.length > 0 ? { tool_calls } : {}), ...end });
  const lines = [...cut(text ?? '').map((piece) => said(piece)), ...(tool_calls.length > 0 ? [said('', { tool_calls })] : [])];
  return {
    contentType: 'application/x-ndjson',
    chunks: [...lines, { ...said(''), ...end }].map((line) => `${JSON.stringify(line)}\n`),
  };
}

/** Amazon Bedrock's `Converse` and `ConverseStream`. */
export function converseTurn({ text, calls = [] }: Turn, { stream = true } = {}): ProviderReply {
  const stopReason = calls.length > 0 ? 'tool_use' : 'end_turn';
  const usage = { inputTokens: 12, outputTokens: 34, totalTokens: 46 };
  const uses = calls.map(({ id, tool, input }) => ({ toolUse: { toolUseId: id, name: tool, input } }));
  if (!stream) {
    const message = { role: 'assistant', content: [...(text === undefined ? [] : [{ text }]), ...uses] };
    return json({ output: { message }, stopReason, usage, metrics: { latencyMs: 5 } });
  }
  const first = text === undefined ? 0 : 1;
  return eventStream([
    ['messageStart', { role: 'assistant' }],
    ...cut(text ?? '').map((piece): Message => ['contentBlockDelta', { contentBlockIndex: 0, delta: { text: piece } }]),
    ...(first === 0 ? [] : [['contentBlockStop', { contentBlockIndex: 0 }] satisfies Message]),
    ...uses.flatMap(({ toolUse: { input, ...start } }, index): Message[] => [
      ['contentBlockStart', { contentBlockIndex: first + index, start: { toolUse: start } }],
      ...cut(JSON.stringify(input)).map(
        (piece): Message => ['contentBlockDelta', { contentBlockIndex: first + index, delta: { toolUse: { input: piece } } }],
      ),
      ['contentBlockStop', { contentBlockIndex: first + index }],
    ]),
    ['messageStop', { stopReason }],
    ['metadata', { usage, metrics: { latencyMs: 5 } }],
  ]);
}

/** Amazon Bedrock's `InvokeModel` and `InvokeModelWithResponseStream` for Anthropic's models. */
export function invokeTurn(turn: Turn, { stream = true, ...options }: TurnOptions & { stream?: boolean } = {}): ProviderReply {
  if (!stream) return json(anthropicMessage(turn, options));
  return eventStream(
    anthropicEvents(turn, options).map((event): Message => ['chunk', { bytes: Buffer.from(JSON.stringify(event)).toString('base64') }]),
  );
}

type Message = [type: string, payload: object];

/** Amazon's binary messages (`application/vnd.amazon.eventstream`), padded as Bedrock pads them, written by its own SDK's codec. */
function eventStream(messages: readonly Message[]): ProviderReply {
  const codec = new EventStreamCodec(
    (bytes) => Buffer.from(bytes as Uint8Array).toString(),
    (text) => Buffer.from(text),
  );
  return {
    contentType: 'application/vnd.amazon.eventstream',
    headers: { 'x-amzn-requestid': '00000000-0000-4000-8000-000000000000', 'x-amzn-bedrock-content-type': 'application/json' },
    chunks: messages.map(([type, payload], index) =>
      codec.encode({
        headers: {
          ':event-type': { type: 'string', value: type },
          ':content-type': { type: 'string', value: 'application/json' },
          ':message-type': { type: 'string', value: 'event' },
        },
        body: Buffer.from(JSON.stringify({ ...payload, p: 'abcdefghijklmnop'.slice(0, 1 + (index % 16)) })),
      }),
    ),
  };
}
