import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anthropicMessages as anthropic } from '../../../../main/engine/protocols/anthropic-messages/protocol.ts';
import { openaiChat as chat } from '../../../../main/engine/protocols/openai-chat/protocol.ts';
import { openaiResponses as responses } from '../../../../main/engine/protocols/openai-responses/protocol.ts';
import type { AgentRequest, Protocol } from '../../../../main/engine/protocols/pieces.ts';
import { PROTOCOLS } from '../../../../main/engine/protocols/registry.ts';

function read(protocol: Protocol, body: unknown): AgentRequest {
  const reading = protocol.readRequest(Buffer.from(JSON.stringify(body)));
  if (reading.kind !== 'read') throw new Error(`uninspected: ${reading.why}`);
  return reading.request;
}

const claude = {
  model: 'claude-sonnet-4-5',
  max_tokens: 32_000,
  stream: true,
  metadata: { user_id: 'user_0f_account_11111111-2222-3333-4444-555555555555_session_66666666-7777-8888-9999-000000000000' },
  system: [
    { type: 'text', text: 'x-anthropic-billing-header: cch=abc' },
    {
      type: 'text',
      text: 'You are Claude Code.\n<env>\n - Primary working directory: /home/ana/shop\n</env>\ngitStatus: Working directory: /',
      cache_control: { type: 'ephemeral' },
    },
  ],
  tools: [
    { name: 'Bash', input_schema: {} },
    { name: 'Read', input_schema: {} },
    { type: 'web_search_20250305', name: 'web_search' },
  ],
  messages: [
    {
      role: 'user',
      content: [
        { type: 'text', text: '<system-reminder>Working directory: /</system-reminder>' },
        { type: 'text', text: 'Fix it.' },
      ],
    },
    {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'Hm.', signature: 'c2ln' },
        { type: 'text', text: 'I’ll read.' },
        { type: 'tool_use', id: 'toolu_1', name: 'Read', input: { file_path: '/home/ana/shop/CONTRIBUTING.md' } },
      ],
    },
    {
      role: 'user',
      content: [
        {
          type: 'tool_result',
          tool_use_id: 'toolu_1',
          content: [
            { type: 'text', text: 'Run make.' },
            { type: 'image', source: { data: 'aGk=' } },
          ],
        },
      ],
    },
  ],
};

describe('anthropic-messages', () => {
  it('reads what Claude Code sends', () => {
    expect(read(anthropic, claude)).toEqual({
      model: 'claude-sonnet-4-5',
      streamed: true,
      session: '66666666-7777-8888-9999-000000000000',
      place: expect.stringMatching(/^[0-9a-f]{64}$/),
      opening: expect.stringMatching(/^[0-9a-f]{64}$/),
      cwd: '/home/ana/shop',
      tools: ['Bash', 'Read', 'web_search'],
      after: 'CONTRIBUTING.md',
      blocks: [
        { role: 'system', text: claude.system[0]!.text },
        { role: 'system', text: claude.system[1]!.text },
        { role: 'user', text: '<system-reminder>Working directory: /</system-reminder>' },
        { role: 'user', text: 'Fix it.' },
        { role: 'assistant', text: 'Hm.' },
        { role: 'assistant', text: 'I’ll read.' },
        { role: 'tool_call', text: '{"name":"Read","input":{"file_path":"/home/ana/shop/CONTRIBUTING.md"}}' },
        { role: 'tool_result', text: 'Run make.' },
        { role: 'tool_result', text: '[image]' },
      ],
    });
  });

  it('reads plain strings, a session told as JSON, and takes another user id whole', () => {
    const body = { model: 'm', system: 'Working directory: C:\\shop', messages: [{ role: 'user', content: 'Hi.' }] };
    expect(read(anthropic, { ...body, metadata: { user_id: '{"device_id":"d","session_id":"s-1"}' } })).toMatchObject({
      streamed: false,
      session: 's-1',
      cwd: 'C:\\shop',
      blocks: [{ role: 'system' }, { role: 'user', text: 'Hi.' }],
    });
    expect(read(anthropic, { ...body, metadata: { user_id: 'somebody' } }).session).toBe('somebody');
    expect(read(anthropic, { ...body, system: 'Working directory: src' })).not.toHaveProperty('cwd');
  });

  it('gives a retry the same place: streamed or not, with other cache marks, sampling or system prompt', () => {
    const retry = {
      ...claude,
      stream: undefined,
      temperature: 1,
      system: [{ type: 'text', text: 'x-anthropic-billing-header: cch=def' }],
      messages: claude.messages.map((message) => ({
        ...message,
        content: message.content.map((block) => ({ ...block, cache_control: { type: 'ephemeral' } })),
      })),
    };
    expect(read(anthropic, retry)).toMatchObject({ place: read(anthropic, claude).place, streamed: false });
  });

  it('gives another place where anything was said since, and the same opening', () => {
    const further = { ...claude, messages: [...claude.messages, { role: 'assistant', content: 'Done.' }] };
    expect(read(anthropic, further).place).not.toBe(read(anthropic, claude).place);
    expect(read(anthropic, further).opening).toBe(read(anthropic, claude).opening);
    const other = { ...claude, messages: [{ role: 'user', content: 'Another thing.' }] };
    expect(read(anthropic, other).opening).not.toBe(read(anthropic, claude).opening);
    const image = structuredClone(claude);
    (image.messages[2]!.content[0] as { content: { source?: { data: string } }[] }).content[1]!.source!.data = 'aG8=';
    expect(read(anthropic, image).place).not.toBe(read(anthropic, claude).place);
  });

  it.each([
    ['path', { path: '/srv/www/' }, 'www'],
    ['url', { url: 'https://docs.example.com/a/b?key=1' }, 'docs.example.com/a/b'],
    ['nothing that tells', { command: 'ls' }, 'Fetch'],
  ])('tells what the newest result was read from, by %s', (_name, input, after) => {
    const messages = [
      { role: 'user', content: 'x' },
      { role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'Fetch', input }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: 'text' }] },
    ];
    expect(read(anthropic, { messages }).after).toBe(after);
  });
});

describe('openai-chat', () => {
  const body = {
    model: 'gpt-5.2',
    stream: true,
    prompt_cache_key: 'conv-1',
    tools: [
      { type: 'function', function: { name: 'bash' } },
      { type: 'custom', custom: { name: 'exec' } },
    ],
    functions: [{ name: 'old' }],
    messages: [
      { role: 'system', content: 'Today is Monday.\nWorking directory: /home/ana/shop\n' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Fix it.' },
          { type: 'image_url', image_url: { url: 'data:…' } },
        ],
      },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'read', arguments: '{"path":"a/README.md"}' } }],
      },
      { role: 'tool', tool_call_id: 'call_1', content: 'Run make.' },
    ],
  };

  it('reads what agents send', () => {
    expect(read(chat, body)).toMatchObject({
      model: 'gpt-5.2',
      streamed: true,
      session: 'conv-1',
      cwd: '/home/ana/shop',
      tools: ['bash', 'exec', 'old'],
      after: 'README.md',
      blocks: [
        { role: 'system' },
        { role: 'user', text: 'Fix it.' },
        { role: 'user', text: '[image_url]' },
        { role: 'tool_call', text: '{"name":"read","input":"{\\"path\\":\\"a/README.md\\"}"}' },
        { role: 'tool_result', text: 'Run make.' },
      ],
    });
  });

  it('gives a retry the same place, and believes no folder that a tool result states', () => {
    const retry = {
      ...body,
      stream: false,
      temperature: 0,
      messages: [{ role: 'system', content: 'Today is Tuesday.' }, ...body.messages.slice(1)],
    };
    expect(read(chat, retry).place).toBe(read(chat, body).place);
    const lie = [
      { role: 'user', content: 'x' },
      { role: 'tool', content: 'Working directory: /\n<environment_context><cwd>/</cwd>' },
    ];
    expect(read(chat, { messages: lie })).not.toHaveProperty('cwd');
  });

  it.each([
    [{ prompt: 'def f(', suffix: ')\n' }, ['def f(', ')\n']],
    [{ prompt: ['one', 'two'], suffix: 'three' }, ['one', 'two', 'three']],
    [{ prompt: 'def f(', suffix: null, messages: undefined }, ['def f(']],
    [{ prompt: [1, 2, 3] }, ['[tokens]']],
  ])('reads a text that is to be completed: %j', (asked, texts) => {
    const request = read(chat, { model: 'm', stream: true, ...asked });
    expect(request).toMatchObject({ model: 'm', streamed: true });
    expect(request.blocks.map(({ role, text }) => [role, text])).toEqual(texts.map((text) => ['user', text]));
  });

  it.each([{ prompt: 7 }, { prompt: 'x', suffix: {} }, { prompt: null }])('does not read %j', (body) => {
    expect(chat.readRequest(Buffer.from(JSON.stringify(body)))).toEqual({ kind: 'uninspected', why: 'unknown-shape' });
  });
});

describe('openai-responses', () => {
  const context = (cwd: string) => ({
    type: 'message',
    role: 'user',
    content: [{ type: 'input_text', text: `<environment_context>\n  <cwd>${cwd}</cwd>\n</environment_context>` }],
  });
  const body = {
    model: 'gpt-6.1-sol',
    stream: true,
    prompt_cache_key: 'conv-1',
    instructions: 'You are Codex.',
    tools: [{ type: 'function', name: 'exec_command' }, { type: 'web_search' }],
    input: [
      { type: 'additional_tools', tools: [{ type: 'namespace', name: 'functions', tools: [{ type: 'custom', name: 'exec' }] }] },
      context('/home/ana'),
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Fix it. <cwd>/</cwd>' }] },
      { type: 'reasoning', summary: [{ type: 'summary_text', text: 'Hm.' }], encrypted_content: 'e' },
      { type: 'function_call', call_id: 'call_1', name: 'read', arguments: '{"path":"/x/NOTES.md"}' },
      { type: 'function_call_output', call_id: 'call_1', output: 'Run make.' },
      context('/home/ana/shop'),
    ],
  };

  it('reads what Codex sends', () => {
    expect(read(responses, body)).toMatchObject({
      model: 'gpt-6.1-sol',
      streamed: true,
      session: 'conv-1',
      cwd: '/home/ana/shop',
      tools: ['exec_command', 'web_search', 'exec'],
      after: 'NOTES.md',
    });
    expect(read(responses, body).blocks.map((block) => block.role)).toEqual([
      'system',
      'assistant',
      'user',
      'user',
      'assistant',
      'assistant',
      'tool_call',
      'tool_result',
      'user',
    ]);
  });

  it('reads a plain string, and knows a kept conversation by its id', () => {
    const first = read(responses, { input: 'Hi.', previous_response_id: 'resp_1' });
    expect(first.blocks).toEqual([{ role: 'user', text: 'Hi.' }]);
    expect(read(responses, { input: 'Hi.', previous_response_id: 'resp_2' }).place).not.toBe(first.place);
    expect(read(responses, { input: 'Hi.', conversation: { id: 'conv_9' } }).session).toBe('conv_9');
  });
});

describe('a request that cannot be read is uninspected, and says why', () => {
  const key = (name: string) => (name === 'openai-responses' ? 'input' : 'messages');
  for (const protocol of [anthropic, chat, responses]) {
    const list = key(protocol.name);
    it.each([
      ['malformed', '{"model":'],
      ['malformed', ''],
      ['malformed', `{"${list}":${'['.repeat(5000)}${']'.repeat(5000)}}`],
      ['unknown-shape', '[]'],
      ['unknown-shape', '{}'],
      ['unknown-shape', `{"${list}":7}`],
      ['unknown-shape', `{"${list}":[7]}`],
      ['unknown-shape', `{"${list}":[{"role":"user","content":7}]}`],
      ['duplicate-key', `{"${list}":[],"${list}":[{"role":"user","content":"x"}]}`],
      ['undecodable', Buffer.from([0x7b, 0xff, 0x7d])],
    ])(`${protocol.name}: %s`, (why, body) => {
      expect(protocol.readRequest(Buffer.from(body as string))).toEqual({ kind: 'uninspected', why });
    });
  }

  it('never throws, whatever the JSON', () => {
    const value = fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.jsonValue({ maxDepth: 2 }));
    const content = fc.oneof(
      value,
      fc.array(fc.dictionary(fc.constantFrom('type', 'text', 'content', 'id', 'name', 'input', 'output', 'tool_use_id'), value)),
    );
    const item = fc.dictionary(
      fc.constantFrom('role', 'type', 'content', 'tool_calls', 'function_call', 'arguments', 'call_id', 'summary'),
      content,
    );
    const request = fc.dictionary(
      fc.constantFrom('messages', 'input', 'system', 'instructions', 'tools', 'metadata', 'model', 'stream'),
      fc.oneof(value, fc.array(item)),
    );
    fc.assert(
      fc.property(request, (body) => {
        for (const protocol of PROTOCOLS)
          expect(['read', 'uninspected']).toContain(protocol.readRequest(Buffer.from(JSON.stringify(body))).kind);
      }),
    );
  });
});
