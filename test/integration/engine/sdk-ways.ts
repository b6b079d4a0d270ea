/** The providers' own SDKs, each streamed and whole: how it asks, and what it understood of the answer. */

import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import { type ChatResponse, Ollama } from 'ollama';
import OpenAI from 'openai';
import type { ProviderReply, ProviderRequest } from '../../../main/cli/demo/provider.ts';
import { anthropicTurn, chatTurn, responsesTurn, type Turn } from '../../../main/cli/demo/turns.ts';
import { googleTurn, ollamaTurn } from '../../support/turns.ts';

/** One way that a client asks, and what it understood: its text, and the commands it would run. */
export interface Way {
  readonly name: string;
  ask(words: string): Promise<{ text: string; commands: string[]; stop: string | null | undefined }>;
}

export const SDK_HOSTS = ['api.anthropic.com', 'api.openai.com', 'generativelanguage.googleapis.com', 'ollama.com'];

/** `said` chooses the turn by the conversation, as JSON; it is given as whichever SDK asks. */
export function sdkReply(request: ProviderRequest, said: (conversation: string) => Turn): ProviderReply {
  const body = JSON.parse(Buffer.from(request.body).toString()) as {
    stream?: boolean;
    messages?: unknown;
    input?: unknown;
    contents?: unknown;
  };
  const turn = said(JSON.stringify(body.messages ?? body.input ?? body.contents));
  const stream = body.stream === true;
  if (request.path.includes('enerateContent')) return googleTurn(turn, { stream: request.path.includes(':stream') });
  if (request.path === '/api/chat') return ollamaTurn(turn, { stream });
  if (request.path.startsWith('/v1/messages')) return anthropicTurn(turn, { stream });
  return request.path.endsWith('/chat/completions') ? chatTurn(turn, { stream }) : responsesTurn(turn, { stream });
}

/** `through` gives the way to the engine, which has not started yet. */
export function sdkWays(through: () => typeof fetch): Way[] {
  return [
    ...[true, false].map(
      (stream): Way => ({
        name: `the Anthropic SDK, ${stream ? 'streamed' : 'whole'}`,
        async ask(words) {
          const client = new Anthropic({ apiKey: 'sk-ant-dummy', fetch: through(), maxRetries: 0 });
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
          const client = new OpenAI({ apiKey: 'sk-dummy', fetch: through(), maxRetries: 0 });
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
          const client = new OpenAI({ apiKey: 'sk-dummy', fetch: through(), maxRetries: 0 });
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
          const { models } = new GoogleGenAI({ apiKey: 'AIza-dummy', httpOptions: { fetch: through() } });
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
          const client = new Ollama({ host: 'https://ollama.com', fetch: through() });
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
}

const shell = { type: 'object' as const, properties: { command: { type: 'string' } }, required: ['command'] };
const command = (json: string) => (JSON.parse(json) as { command: string }).command;

async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}
