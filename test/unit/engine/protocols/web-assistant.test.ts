import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AgentRequest } from '../../../../main/engine/protocols/pieces.ts';
import { protocolFor } from '../../../../main/engine/protocols/registry.ts';
import { webAssistant } from '../../../../main/engine/protocols/web-assistant/protocol.ts';
import { cuts, REFUSE, receive } from './receive.ts';

const CHATGPT = '/backend-api/f/conversation';
const CLAUDE = '/api/organizations/o-1/chat_conversations/c-1/completion';
const CLAUDE_UPLOAD = '/api/organizations/o-1/upload';
const GEMINI = '/_/BardChatUi/data/assistant.lamda.BardFrontendService/StreamGenerate?bl=x&rt=c';

describe('a request is one of an assistant’s page by its host and path', () => {
  it.each([
    ['chatgpt.com', CHATGPT, true],
    ['chatgpt.com', '/backend-api/conversation', true],
    ['chatgpt.com', '/backend-anon/f/conversation', true],
    ['chatgpt.com', '/backend-api/f/conversation/prepare', true],
    ['chatgpt.com', '/backend-api/files', true],
    ['chatgpt.com', '/backend-api/files/process_upload_stream', true],
    ['chatgpt.com', '/backend-api/conversations?offset=0', false],
    ['chatgpt.com', '/backend-api/me', false],
    ['chatgpt.com', '/ces/v1/t', false],
    ['api.example.com', CHATGPT, false],
    [undefined, CHATGPT, false],
    ['claude.ai', CLAUDE, true],
    ['claude.ai', '/api/organizations/o-1/chat_conversations/c-1/retry_completion', true],
    ['claude.ai', CLAUDE_UPLOAD, true],
    ['claude.ai', '/api/o-1/upload', true],
    ['claude.ai', '/api/organizations/o-1/convert_document', true],
    ['claude.ai', '/api/organizations/o-1/conversations/c-1/wiggle/upload-file', true],
    ['claude.ai', '/api/organizations/o-1/chat_conversations', false],
    ['gemini.google.com', GEMINI, true],
    ['gemini.google.com', '/_/BardChatUi/data/batchexecute', false],
    ['copilot.microsoft.com', '/c/api/attachments', true],
    ['copilot.microsoft.com', '/c/api/chat', true],
    ['copilot.microsoft.com', '/cl/eus2/collect', false],
  ])('%s %s: %s', (host, path, known) => {
    expect(webAssistant.recognises({ method: 'POST', path, ...(host !== undefined && { host }) })).toBe(known);
    expect(webAssistant.recognises({ method: 'GET', path, ...(host !== undefined && { host }) })).toBe(false);
    expect(protocolFor({ method: 'POST', path, ...(host !== undefined && { host }) })?.name === 'web-assistant').toBe(known);
  });
});

describe('what a person wrote is read', () => {
  const read = (path: string, body: string | Buffer): AgentRequest => {
    const reading = webAssistant.readRequest(Buffer.from(body as string), path);
    if (reading.kind !== 'read') throw new Error(`uninspected: ${reading.why}`);
    return reading.request;
  };
  const message = (...parts: unknown[]) => ({ author: { role: 'user' }, content: { content_type: 'text', parts } });

  it('on ChatGPT', () => {
    const image = { content_type: 'image_asset_pointer', asset_pointer: 'file-service://x' };
    const body = { action: 'next', messages: [message('What is this?', image)], conversation_id: 'c-1', model: 'auto' };
    expect(read(CHATGPT, JSON.stringify(body))).toMatchObject({
      model: 'auto',
      session: 'c-1',
      streamed: true,
      tools: [],
      blocks: [
        { role: 'user', text: 'What is this?' },
        { role: 'user', text: '[image_asset_pointer]' },
      ],
    });
  });

  it('on ChatGPT, as far as it is written', () => {
    expect(read(`${CHATGPT}/prepare`, JSON.stringify({ partial_query: message('What is') })).blocks).toEqual([
      { role: 'user', text: 'What is' },
    ]);
  });

  it('on Claude, with what is attached', () => {
    const body = {
      prompt: 'Sum it up.',
      attachments: [{ file_name: 'a.txt', extracted_content: 'Long ago.' }],
      files: ['f-1'],
      model: 'claude-sonnet-4-5',
    };
    expect(read(CLAUDE, JSON.stringify(body))).toMatchObject({
      model: 'claude-sonnet-4-5',
      blocks: [
        { role: 'user', text: 'Sum it up.' },
        { role: 'user', text: 'Long ago.' },
        { role: 'user', text: '[file]' },
      ],
    });
  });

  it('on Gemini', () => {
    const inner = JSON.stringify([['What is 看?', 0, null, [[['/contrib_service/x', 1], 'a.png']]], ['en'], null]);
    const body = new URLSearchParams({ 'f.req': JSON.stringify([null, inner]), at: 'token' }).toString();
    expect(read(GEMINI, body).blocks).toEqual([
      { role: 'user', text: 'What is 看?' },
      { role: 'user', text: '[attachment]' },
    ]);
  });

  it('in an upload that is text', () => {
    const body = '--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nLong ago.\r\n--x--\r\n';
    expect(read(CLAUDE_UPLOAD, body).blocks).toEqual([{ role: 'user', text: body }]);
  });

  it.each([
    ['a binary upload', CLAUDE_UPLOAD, Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff]), 'undecodable'],
    ['a prompt that is no text', CLAUDE, '{"prompt":7}', 'unknown-shape'],
    ['messages that are no list', CHATGPT, '{"messages":7}', 'unknown-shape'],
    ['a message without content', CHATGPT, '{"messages":[{"author":{}}]}', 'unknown-shape'],
    ['no JSON', CHATGPT, 'hello', 'malformed'],
    ['a form of another shape', GEMINI, 'f.req=%5B%5D', 'unknown-shape'],
  ])('or not, and it says so: %s', (_name, path, body, why) => {
    expect(webAssistant.readRequest(Buffer.from(body as string), path)).toEqual({ kind: 'uninspected', why });
  });

  it('and nothing throws', () => {
    fc.assert(
      fc.property(fc.constantFrom(CHATGPT, CLAUDE, CLAUDE_UPLOAD, GEMINI, '/other'), fc.oneof(fc.json(), fc.string()), (path, body) => {
        expect(['read', 'uninspected']).toContain(webAssistant.readRequest(Buffer.from(body), path).kind);
        const form = new URLSearchParams({ 'f.req': body }).toString();
        expect(['read', 'uninspected']).toContain(webAssistant.readRequest(Buffer.from(form), path).kind);
      }),
    );
  });
});

describe('what the page gets', () => {
  it('is its answer, at once and unchanged, whatever its type', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        fc.constantFrom('text/event-stream', 'application/json', 'text/html', ''),
        cuts,
        async (body, type, at) => {
          const { bytes, calls } = await receive(webAssistant, type, body, REFUSE, { cuts: at });
          expect(bytes.equals(body)).toBe(true);
          expect(calls).toEqual([]);
        },
      ),
    );
  });

  it('is words that it can show where the request is refused', () => {
    const { status, body } = webAssistant.refuseRequest({ policy: 'no-secrets', reason: 'It holds a key.' });
    const words = expect.stringContaining('It holds a key. (policy: no-secrets)');
    expect([status, JSON.parse(Buffer.from(body).toString())]).toEqual([
      403,
      { type: 'error', detail: words, error: { type: 'permission_error', message: words } },
    ]);
  });
});
