import { describe, expect, it } from 'vitest';
import { PROTOCOLS, protocolFor, storedAnswerIn } from '../../../../main/engine/protocols/registry.ts';

describe('a request is in the protocol of its path', () => {
  it.each([
    ['POST', '/v1/messages', 'anthropic-messages'],
    ['POST', '/v1/messages?beta=true', 'anthropic-messages'],
    ['POST', '/v1/messages/', 'anthropic-messages'],
    ['POST', '/v1/mess%61ges', 'anthropic-messages'],
    ['POST', '/gateway/v1/messages', 'anthropic-messages'],
    ['POST', '/v1/messages/count_tokens?beta=true', undefined],
    ['POST', '/v1/messages/batches', undefined],
    ['GET', '/v1/messages', undefined],
    ['POST', '/v1/chat/completions', 'openai-chat'],
    ['POST', '/chat/completions', 'openai-chat'],
    ['POST', '/api/v1/chat/completions', 'openai-chat'],
    ['POST', '/openai/deployments/x/chat/completions?api-version=2026-01-01', 'openai-chat'],
    ['POST', '/v1/responses', 'openai-responses'],
    ['POST', '/backend-api/codex/responses', 'openai-responses'],
    ['POST', '/v1/responses/resp_1/cancel', undefined],
    ['GET', '/v1/responses/resp_1', undefined],
    ['POST', '/v1/embeddings', undefined],
    ['POST', '/v1/%', undefined],
  ])('%s %s: %s', (method, path, name) => {
    expect(protocolFor({ method, path })?.name).toBe(name);
  });
});

describe('an answer that is stored is in the protocol of its path', () => {
  it.each([
    ['GET', '/v1/responses/resp_1?stream=true', 'openai-responses'],
    ['GET', '/v1/responses/resp_1/', 'openai-responses'],
    ['POST', '/v1/responses/resp_1/cancel', 'openai-responses'],
    ['GET', '/v1/chat/completions/chatcmpl_1', 'openai-chat'],
    ['GET', '/v1/messages/batches/b_1/results', 'anthropic-messages'],
    ['GET', '/v1/messages/batches/b_1', undefined],
    ['GET', '/v1/responses', undefined],
    ['DELETE', '/v1/responses/resp_1', undefined],
    ['GET', '/v1/responses/resp_1/input_items', undefined],
  ])('%s %s: %s', (method, path, name) => {
    expect(storedAnswerIn({ method, path })?.name).toBe(name);
  });
});

describe.each(PROTOCOLS.map((protocol) => [protocol.name, protocol] as const))('%s', (_name, protocol) => {
  it.each([
    ['text/event-stream', true],
    ['text/event-stream; charset=utf-8', true],
    ['Text/Event-Stream;charset="UTF-8"', true],
    ['application/json', true],
    ['application/problem+json', true],
    ['text/event-stream; charset=utf-16', false],
    ['text/html', false],
    ['', false],
  ])('reads an answer of type %j: %s', (type, known) => {
    expect(protocol.responseDecoder(type, { callBytes: 1024 }) !== undefined).toBe(known);
  });
});
