import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import { type ChatResponse, Ollama } from 'ollama';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProviderReply, ProviderRequest } from '../../../main/cli/demo/provider.ts';
import { anthropicTurn, chatTurn, responsesTurn, type Turn } from '../../../main/cli/demo/turns.ts';
import type { Question } from '../../../main/contract/approval.ts';
import type { ControlClient } from '../../../main/engine/control/client.ts';
import { ASK_ALL, type GuardProcess, startGuardProcess } from '../../support/guard-process.ts';
import { fetchThrough } from '../../support/proxied-fetch.ts';
import { googleTurn, ollamaTurn } from '../../support/turns.ts';

/** What the model says, by the user's words; the SDKs run in this process, through the real engine. */
const TURNS: Record<string, Turn> = {
  talk: { text: 'Nothing to do.' },
  delete: { text: 'I will tidy up.', calls: [{ id: 'call_marker_1', tool: 'Bash', input: { command: 'rm -rf /srv/marker-files' } }] },
  parallel: {
    text: 'Two things.',
    calls: [
      { id: 'call_marker_1', tool: 'Bash', input: { command: 'echo first' } },
      { id: 'call_marker_2', tool: 'Bash', input: { command: 'echo second' } },
    ],
  },
};

function reply(request: ProviderRequest): ProviderReply {
  const body = JSON.parse(Buffer.from(request.body).toString()) as {
    stream?: boolean;
    messages?: unknown;
    input?: unknown;
    contents?: unknown;
  };
  const said = JSON.stringify(body.messages ?? body.input ?? body.contents);
  const turn = TURNS[Object.keys(TURNS).find((word) => said.includes(word)) ?? 'talk']!;
  const stream = body.stream === true;
  if (request.path.includes('enerateContent')) return googleTurn(turn, { stream: request.path.includes(':stream') });
  if (request.path === '/api/chat') return ollamaTurn(turn, { stream });
  if (request.path.startsWith('/v1/messages')) return anthropicTurn(turn, { stream });
  return request.path.endsWith('/chat/completions') ? chatTurn(turn, { stream }) : responsesTurn(turn, { stream });
}

/** One way that a client asks, and what it understood: its text, and the commands it would run. */
interface Way {
  readonly name: string;
  ask(words: string): Promise<{ text: string; commands: string[]; stop: string | null | undefined }>;
}

const HOSTS = ['api.anthropic.com', 'api.openai.com', 'generativelanguage.googleapis.com', 'ollama.com'];

let guard: GuardProcess;
let control: ControlClient;
let fetchIt: typeof fetch;

beforeAll(async () => {
  guard = await startGuardProcess({ reply, hosts: HOSTS, policy: ASK_ALL, config: { approvals: { timeoutSeconds: 60 } } });
  control = await guard.control(true);
  fetchIt = await fetchThrough(guard.ready);
}, 60_000);
afterAll(() => guard.stop());

/** Questions that some test has answered: the engine may still tell of one that has just ended. */
const known = new Set<string>();

/** Answers the next questions as they come; gives back what was asked. */
async function answering<T>(choice: (question: Question) => 'allow' | 'deny', work: Promise<T>): Promise<{ result: T; asked: Question[] }> {
  const asked: Question[] = [];
  const answer = async (open: Question[]) => {
    for (const question of open.filter(({ id }) => !known.has(id))) {
      known.add(question.id);
      asked.push(question);
      const { id, nonce, shown } = question;
      await control.call('answer', {
        id,
        nonce,
        shown,
        answer: choice(question) === 'allow' ? { choice: 'allow', for: 'once' } : { choice: 'deny' },
      });
    }
  };
  const stop = control.on('questions', (open) => void answer(open));
  try {
    return { result: await work, asked };
  } finally {
    stop();
  }
}

const shell = { type: 'object' as const, properties: { command: { type: 'string' } }, required: ['command'] };
const command = (json: string) => (JSON.parse(json) as { command: string }).command;

async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

const WAYS: Way[] = [
  ...[true, false].map(
    (stream): Way => ({
      name: `the Anthropic SDK, ${stream ? 'streamed' : 'whole'}`,
      async ask(words) {
        const client = new Anthropic({ apiKey: 'sk-ant-dummy', fetch: fetchIt, maxRetries: 0 });
        const params = {
          model: 'claude-sonnet-4-5',
          max_tokens: 100,
          tools: [{ name: 'Bash', input_schema: shell }],
          messages: [{ role: 'user' as const, content: words }],
        };
        const message = stream ? await client.messages.stream(params).finalMessage() : await client.messages.create(params);
        return {
          text: message.content.map((block) => (block.type === 'text' ? block.text : '')).join(''),
          commands: message.content.flatMap((block) => (block.type === 'tool_use' ? [(block.input as { command: string }).command] : [])),
          stop: message.stop_reason,
        };
      },
    }),
  ),
  ...[true, false].map(
    (stream): Way => ({
      name: `the OpenAI SDK’s chat completions, ${stream ? 'streamed' : 'whole'}`,
      async ask(words) {
        const client = new OpenAI({ apiKey: 'sk-dummy', fetch: fetchIt, maxRetries: 0 });
        const params = {
          model: 'gpt-5.2',
          tools: [{ type: 'function' as const, function: { name: 'Bash', parameters: shell } }],
          messages: [{ role: 'user' as const, content: words }],
        };
        const completion = stream
          ? await client.chat.completions.stream(params).finalChatCompletion()
          : await client.chat.completions.create(params);
        const choice = completion.choices[0]!;
        return {
          text: choice.message.content ?? '',
          commands: (choice.message.tool_calls ?? []).flatMap((call) =>
            call.type === 'function' ? [command(call.function.arguments)] : [],
          ),
          stop: choice.finish_reason,
        };
      },
    }),
  ),
  ...[true, false].map(
    (stream): Way => ({
      name: `the OpenAI SDK’s responses, ${stream ? 'streamed' : 'whole'}`,
      async ask(words) {
        const client = new OpenAI({ apiKey: 'sk-dummy', fetch: fetchIt, maxRetries: 0 });
        const params = {
          model: 'gpt-5.2',
          tools: [{ type: 'function' as const, name: 'Bash', parameters: shell, strict: false }],
          input: words,
        };
        const response = stream ? await client.responses.stream(params).finalResponse() : await client.responses.create(params);
        return {
          text: response.output_text,
          commands: response.output.flatMap((item) => (item.type === 'function_call' ? [command(item.arguments)] : [])),
          stop: response.status,
        };
      },
    }),
  ),
  ...[true, false].map(
    (stream): Way => ({
      name: `Google’s SDK, ${stream ? 'streamed' : 'whole'}`,
      async ask(words) {
        const { models } = new GoogleGenAI({ apiKey: 'AIza-dummy', httpOptions: { fetch: fetchIt } });
        const params = {
          model: 'gemini-2.5-flash',
          contents: words,
          config: { tools: [{ functionDeclarations: [{ name: 'Bash', parametersJsonSchema: shell }] }] },
        };
        const chunks = stream ? await all(await models.generateContentStream(params)) : [await models.generateContent(params)];
        return {
          text: chunks.map((chunk) => chunk.text ?? '').join(''),
          commands: chunks.flatMap((chunk) => chunk.functionCalls ?? []).map(({ args }) => String(args?.command)),
          stop: chunks.flatMap((chunk) => chunk.candidates?.[0]?.finishReason ?? []).join(),
        };
      },
    }),
  ),
  ...[true, false].map(
    (stream): Way => ({
      name: `Ollama’s SDK, ${stream ? 'streamed' : 'whole'}`,
      async ask(words) {
        const client = new Ollama({ host: 'https://ollama.com', fetch: fetchIt });
        const params = {
          model: 'qwen3',
          messages: [{ role: 'user', content: words }],
          tools: [
            { type: 'function', function: { name: 'Bash', parameters: { type: 'object', properties: { command: { type: 'string' } } } } },
          ],
        };
        const chunks: ChatResponse[] = stream ? await all(await client.chat({ ...params, stream: true })) : [await client.chat(params)];
        return {
          text: chunks.map(({ message }) => message.content).join(''),
          commands: chunks.flatMap(({ message }) => message.tool_calls ?? []).map((call) => String(call.function.arguments.command)),
          stop: chunks.at(-1)?.done_reason,
        };
      },
    }),
  ),
];

describe.each(WAYS)('$name', { timeout: 60_000 }, (way) => {
  it('gets text without a question', async () => {
    const { result, asked } = await answering(() => 'deny', way.ask('talk'));
    expect(result).toMatchObject({ text: 'Nothing to do.', commands: [] });
    expect(asked).toHaveLength(0);
  });

  it('gets the call when it is allowed', async () => {
    const { result, asked } = await answering(() => 'allow', way.ask(`delete ${way.name} yes`));
    expect(result).toMatchObject({ text: 'I will tidy up.', commands: ['rm -rf /srv/marker-files'] });
    expect(asked).toHaveLength(1);
  });

  it('gets an explanation and no call when it is denied', async () => {
    const { result } = await answering(() => 'deny', way.ask(`delete ${way.name} no`));
    expect(result.commands).toEqual([]);
    expect(result.text).toMatch(/I will tidy up\.[\s\S]*Holdpoint refused this Bash call/);
    expect(['end_turn', 'stop', 'completed', 'STOP']).toContain(result.stop);
  });

  it('gets the one of two parallel calls that is allowed', async () => {
    const { result, asked } = await answering(
      (question) => (question.action.text.includes('second') ? 'allow' : 'deny'),
      way.ask(`parallel ${way.name}`),
    );
    expect(result.commands).toEqual(['echo second']);
    expect(asked).toHaveLength(2);
    expect(new Set(asked.map(({ group }) => group)).size).toBe(1);
  });
});
