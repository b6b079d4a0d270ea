import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { googleGenerateContent } from '../../../../main/engine/protocols/google-generate-content/protocol.ts';
import type { AgentRequest } from '../../../../main/engine/protocols/pieces.ts';

const STREAMED = '/v1beta/models/gemini-3-pro:streamGenerateContent?alt=sse';
const INTERNAL = '/v1internal:streamGenerateContent?alt=sse';

function read(body: unknown, path = STREAMED): AgentRequest {
  const reading = googleGenerateContent.readRequest(Buffer.from(JSON.stringify(body)), path);
  if (reading.kind !== 'read') throw new Error(`uninspected: ${reading.why}`);
  return reading.request;
}

const context = (date: string, folder = '/home/ana/shop') =>
  `<session_context>\nThis is the Gemini CLI. We are setting up the context for our chat.\nToday's date is ${date} (formatted according to the user's locale).\nMy operating system is: linux\nThe project's temporary directory is: /home/ana/.gemini/tmp/x\n- **Workspace Directories:**\n  - ${folder}\n- **Directory Structure:**\n\n${folder}/\n└───x\n</session_context>`;

const said = (text: string, role = 'user') => ({ role, parts: [{ text }] });

const gemini = {
  systemInstruction: { role: 'user', parts: [{ text: 'You are Gemini CLI.' }] },
  tools: [{ functionDeclarations: [{ name: 'run_shell_command' }, { name: 'read_file' }] }, { googleSearch: {} }],
  generationConfig: { temperature: 1 },
  contents: [
    said(context('Monday')),
    said('Fix it.'),
    {
      role: 'model',
      parts: [
        { text: 'Hm.', thought: true },
        { functionCall: { name: 'read_file', args: { file_path: '/home/ana/shop/CONTRIBUTING.md' } }, thoughtSignature: 'c2ln' },
        { functionCall: { id: 'c-2', name: 'list', args: {} } },
      ],
    },
    {
      role: 'user',
      parts: [
        { functionResponse: { id: 'c-2', name: 'list', response: { items: ['a'] } } },
        { inlineData: { mimeType: 'image/png', data: 'aGk=' } },
        { functionResponse: { name: 'read_file', response: { output: 'Run make.' } } },
      ],
    },
  ],
};

describe('what Gemini CLI sends', () => {
  it('is read, with the model and the way of answering from the path', () => {
    expect(read(gemini)).toEqual({
      model: 'gemini-3-pro',
      streamed: true,
      place: expect.stringMatching(/^[0-9a-f]{64}$/),
      opening: expect.stringMatching(/^[0-9a-f]{64}$/),
      cwd: '/home/ana/shop',
      tools: ['run_shell_command', 'read_file', 'googleSearch'],
      after: 'CONTRIBUTING.md',
      blocks: [
        { role: 'system', text: 'You are Gemini CLI.' },
        { role: 'system', text: context('Monday') },
        { role: 'user', text: 'Fix it.' },
        { role: 'assistant', text: 'Hm.' },
        { role: 'tool_call', text: '{"name":"read_file","input":{"file_path":"/home/ana/shop/CONTRIBUTING.md"}}' },
        { role: 'tool_call', text: '{"name":"list","input":{}}' },
        { role: 'tool_result', text: '{"items":["a"]}' },
        { role: 'user', text: '[inlineData]' },
        { role: 'tool_result', text: 'Run make.' },
      ],
    });
    const vertex = '/v1/projects/p/locations/global/publishers/google/models/gemini-2.5-flash:generateContent';
    expect(read(gemini, vertex)).toMatchObject({ model: 'gemini-2.5-flash', streamed: false });
  });

  it('is read as Code Assist wraps it', () => {
    const body = { model: 'gemini-3-pro', project: 'p', user_prompt_id: 'u-1', request: { ...gemini, session_id: 's-1' } };
    expect(read(body, INTERNAL)).toMatchObject({ model: 'gemini-3-pro', streamed: true, session: 's-1', cwd: '/home/ana/shop' });
    expect(read(body, INTERNAL).place).toBe(read(gemini).place);
  });

  it('is read by the names of the schema as well', () => {
    const body = {
      system_instruction: { parts: { text: 'Working directory: /home/ana/shop' } },
      tools: [{ function_declarations: [{ name: 'bash' }] }],
      contents: [
        { parts: [{ text: 'Go.' }] },
        { role: 'model', parts: [{ function_call: { name: 'bash', args: { c: 1 } } }] },
        { role: 'user', parts: [{ function_response: { name: 'bash', response: { output: 'ok' } } }] },
      ],
    };
    expect(read(body)).toMatchObject({
      cwd: '/home/ana/shop',
      tools: ['bash'],
      after: 'bash',
      blocks: [{ role: 'system' }, { role: 'user', text: 'Go.' }, { role: 'tool_call' }, { role: 'tool_result', text: 'ok' }],
    });
  });

  it('has the same place on a retry and another day, and another one where anything was said since', () => {
    const [, ...others] = gemini.contents;
    const retry = { ...gemini, generationConfig: { temperature: 0 }, contents: [said(context('Tuesday')), ...others] };
    expect(read(retry)).toMatchObject({ place: read(gemini).place, opening: read(gemini).opening });
    expect(read({ ...gemini, contents: [...gemini.contents, said('Done.', 'model')] }).place).not.toBe(read(gemini).place);
    expect(read({ contents: [said(context('Monday')), said('Another thing.')] }).opening).not.toBe(read(gemini).opening);
  });

  it.each([
    [
      'as older versions write it',
      "This is the Gemini CLI. We are setting up the context for our chat.\nToday's date is Monday.\nMy operating system is: win32\nI'm currently working in the directory: C:\\shop\nHere is",
      'C:\\shop',
    ],
    [
      'never as the project’s own files quote it',
      `${context('Monday').split('- **Workspace')[0]}\nMEMORY\n- **Workspace Directories:**\n  - /evil\n</session_context>`,
      undefined,
    ],
    ['never as the user says it', "I'm currently working in the directory: /evil", undefined],
    ['never a relative one', context('Monday', 'src'), undefined],
  ])('states its folder %s', (_name, text, folder) => {
    expect(read({ contents: [said(text)] }).cwd).toBe(folder);
    expect(read({ contents: [said('Hi.'), said(context('Monday', '/evil'))] }).cwd).toBeUndefined();
  });
});

describe('a request that cannot be read', () => {
  it.each([
    ['malformed', '{"contents":'],
    ['unknown-shape', '[]'],
    ['unknown-shape', '{}'],
    ['unknown-shape', '{"contents":7}'],
    ['unknown-shape', '{"contents":[7]}'],
    ['unknown-shape', '{"contents":[{"role":"user","parts":7}]}'],
    ['unknown-shape', '{"contents":[{"role":"user","parts":[7]}]}'],
    ['duplicate-key', '{"contents":[],"contents":[{"parts":[{"text":"x"}]}]}'],
    ['undecodable', Buffer.from([0x7b, 0xff, 0x7d])],
  ])('is uninspected: %s', (why, body) => {
    expect(googleGenerateContent.readRequest(Buffer.from(body as string), STREAMED)).toEqual({ kind: 'uninspected', why });
  });

  it('never throws', () => {
    const value = fc.oneof(fc.string(), fc.constant(null), fc.jsonValue({ maxDepth: 2 }));
    const part = fc.dictionary(fc.constantFrom('text', 'functionCall', 'function_response', 'functionResponse', 'inlineData'), value);
    const content = fc.dictionary(fc.constantFrom('role', 'parts'), fc.oneof(value, fc.array(part)));
    const request = fc.dictionary(
      fc.constantFrom('contents', 'request', 'tools', 'systemInstruction', 'model'),
      fc.oneof(value, fc.array(content)),
    );
    fc.assert(
      fc.property(request, fc.string(), (body, path) => {
        expect(['read', 'uninspected']).toContain(googleGenerateContent.readRequest(Buffer.from(JSON.stringify(body)), path).kind);
      }),
    );
  });
});

describe('what the guard answers in Google’s place', () => {
  it('is Google’s own error', () => {
    const refused = googleGenerateContent.refuseRequest({ policy: 'p', reason: 'The model is not allowed.' });
    expect(refused.status).toBe(400);
    expect(JSON.parse(Buffer.from(refused.body).toString())).toEqual({
      error: { code: 400, status: 'INVALID_ARGUMENT', message: expect.stringContaining('The model is not allowed. (policy: p)') },
    });
    expect(JSON.parse(Buffer.from(googleGenerateContent.failRequest(504, 'late').body).toString())).toEqual({
      error: { code: 504, status: 'DEADLINE_EXCEEDED', message: 'late' },
    });
  });
});
