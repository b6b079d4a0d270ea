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
    ['POST', '/openai/v1/chat/completions', 'openai-chat'],
    ['POST', '/inference/v1/chat/completions', 'openai-chat'],
    ['POST', '/v1/account/gateway/compat/chat/completions', 'openai-chat'],
    ['POST', '/v1/projects/p/locations/l/endpoints/openapi/chat/completions', 'openai-chat'],
    ['POST', '/v1/completions', 'openai-chat'],
    ['POST', '/v1/engines/gpt-41-copilot/completions', 'openai-chat'],
    ['POST', '/v1/fim/completions', 'openai-chat'],
    ['POST', '/v1/completionsx', undefined],
    ['POST', '/backend-api/codex/responses/compact', 'openai-responses'],
    ['POST', '/anthropic/v1/messages', 'anthropic-messages'],
    ['POST', '/v1/projects/p/locations/l/publishers/anthropic/models/claude-x@1:streamRawPredict', 'anthropic-messages'],
    ['POST', '/v1/projects/p/locations/l/publishers/anthropic/models/claude-x:rawPredict', 'anthropic-messages'],
    ['POST', '/v1/projects/p/locations/l/publishers/anthropic/models/count-tokens:rawPredict', undefined],
    ['POST', '/v1/projects/p/locations/l/publishers/mistralai/models/m:streamRawPredict', 'openai-chat'],
    ['POST', '/v1/projects/p/locations/l/publishers/meta/models/m:rawPredict', undefined],
    ['POST', '/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse', 'google-generate-content'],
    ['POST', '/v1internal:generateContent', 'google-generate-content'],
    ['POST', '/v1beta/models/gemini-2.5-flash:countTokens', undefined],
    ['POST', '/model/anthropic.claude-x-v1%3A0/invoke', 'bedrock-invoke'],
    ['POST', '/model/anthropic.claude-x-v1:0/invoke-with-response-stream', 'bedrock-invoke'],
    ['POST', '/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ainference-profile%2Fx/converse', 'bedrock-converse'],
    ['POST', '/v1/account/gateway/aws-bedrock/bedrock-runtime/us-east-1/model/x/converse-stream', 'bedrock-converse'],
    ['POST', '/model/x/invoke-with-bidirectional-stream', undefined],
    ['POST', '/model/x/count-tokens', undefined],
    ['GET', '/model/x/invoke', undefined],
    ['POST', '/api/chat', 'ollama-chat'],
    ['POST', '/openai/v1/responses', 'openai-responses'],
    ['POST', '/openai/responses?api-version=2026-01-01-preview', 'openai-responses'],
    ['POST', '/responses', 'openai-responses'],
    ['POST', '/v1/responses', 'openai-responses'],
    ['POST', '/backend-api/codex/responses', 'openai-responses'],
    ['POST', '/v1/responses/resp_1/cancel', undefined],
    ['GET', '/v1/responses/resp_1', undefined],
    ['POST', '/v1/embeddings', undefined],
    ['POST', '/v1/%', undefined],
    ['POST', '/v1beta/models/gemini-3-pro:generateContent', 'google-generate-content'],
    ['POST', '/v1beta/models/gemini-3-pro%3AstreamGenerateContent?alt=sse', 'google-generate-content'],
    ['POST', '/v1/projects/p/locations/global/publishers/google/models/gemini-3-pro:streamGenerateContent', 'google-generate-content'],
    ['POST', '/v1internal:streamGenerateContent?alt=sse', 'google-generate-content'],
    ['POST', '/v1beta/models/gemini-3-pro:countTokens', undefined],
    ['POST', '/v1beta/models/gemini-3-pro:batchGenerateContent', undefined],
    ['GET', '/v1beta/models/gemini-3-pro', undefined],
    ['POST', '/api/chat', 'ollama-chat'],
    ['POST', '/api/generate', 'ollama-chat'],
    ['GET', '/api/tags', undefined],
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

/** What each protocol streams in; the others as server-sent events. */
const STREAMS: Readonly<Record<string, string>> = {
  'bedrock-invoke': 'application/vnd.amazon.eventstream',
  'bedrock-converse': 'application/vnd.amazon.eventstream',
  'ollama-chat': 'application/x-ndjson',
};

// What assistants on the web answer passes, whatever its type.
describe.each(PROTOCOLS.filter(({ name }) => name !== 'web-assistant').map((protocol) => [protocol.name, protocol] as const))(
  '%s',
  (name, protocol) => {
    const events = STREAMS[name] === undefined;
    it.each([
      [STREAMS[name] ?? 'text/event-stream', true],
      ['text/event-stream; charset=utf-8', events],
      ['Text/Event-Stream;charset="UTF-8"', events],
      ['application/json', true],
      ['application/problem+json', true],
      ['text/event-stream; charset=utf-16', false],
      ['text/html', false],
      ['', false],
    ])('reads an answer of type %j: %s', (type, known) => {
      expect(protocol.responseDecoder(type, { callBytes: 1024 }) !== undefined).toBe(known);
    });
  },
);
