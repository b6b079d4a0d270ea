/**
 * A program as people write it on a model's client library: one tool, which runs commands, in a loop until the model has nothing more to
 * say. Arguments: which library, the prompt, and the folder where the libraries lie that this project does not have itself. Prints text.
 */

import { execFileSync } from 'node:child_process';
import { Agent } from 'node:https';
import { createRequire } from 'node:module';
import { GoogleGenAI } from '@google/genai';
import { Ollama } from 'ollama';

const [library = '', prompt = '', folder = ''] = process.argv.slice(2);
const fromFolder = createRequire(`${folder}/`);

const NAME = 'bash';
const DESCRIPTION = 'Runs a command.';
const SCHEMA = { type: 'object', properties: { command: { type: 'string' } }, required: ['command'] };

function runs(command: unknown): string {
  return execFileSync('sh', ['-c', String(command)], { encoding: 'utf8' }) || 'Done.';
}

/** Asks with what has been said so far; gives the model's text, and what there is to say next where it called the tool. */
async function loop<Message>(first: Message, ask: (said: readonly Message[]) => Promise<{ text: string; next: readonly Message[] }>) {
  const said: Message[] = [first];
  for (let turn = 0; turn < 4; turn++) {
    const { text, next } = await ask(said);
    console.log(text);
    if (next.length === 0) return;
    said.push(...next);
  }
}

/** The parts of libraries that are used here; they are installed for these tests only. */
interface VercelAi {
  streamText(options: object): { textStream: AsyncIterable<string>; consumeStream(): Promise<void> };
  tool(options: object): object;
  jsonSchema(schema: object): object;
  stepCountIs(count: number): object;
}
interface BlockDelta {
  readonly contentBlockDelta?: { readonly delta?: { readonly text?: string; readonly toolUse?: { readonly input?: string } } };
  readonly contentBlockStart?: { readonly start?: { readonly toolUse?: { readonly toolUseId: string; readonly name: string } } };
}
interface Bedrock {
  BedrockRuntimeClient: new (options: object) => { send(command: object): Promise<object> };
  ConverseStreamCommand: new (input: object) => object;
  InvokeModelWithResponseStreamCommand: new (input: object) => object;
}

async function vercel(provider: string, model: string): Promise<void> {
  const { streamText, tool, jsonSchema, stepCountIs } = fromFolder('ai') as VercelAi;
  const create = (fromFolder(`@ai-sdk/${provider}`) as Record<string, (model: string) => object>)[provider]!;
  const execute = async ({ command }: { command: string }) => runs(command);
  const { textStream } = streamText({
    model: create(model),
    prompt,
    maxRetries: 0,
    tools: { [NAME]: tool({ description: DESCRIPTION, inputSchema: jsonSchema(SCHEMA), execute }) },
    stopWhen: stepCountIs(4),
    onError: ({ error }: { error: unknown }) => {
      throw error;
    },
  });
  for await (const text of textStream) process.stdout.write(text);
}

/** Its own handler speaks HTTP/2 and knows no proxies; those who have one give it Node's agent, as its manual says. */
function bedrock() {
  const { NodeHttpHandler } = fromFolder('@smithy/node-http-handler') as { NodeHttpHandler: new (options: object) => object };
  const sdk = fromFolder('@aws-sdk/client-bedrock-runtime') as Bedrock;
  const client = new sdk.BedrockRuntimeClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIADUMMYDUMMYDUMMYD', secretAccessKey: 'dummy'.repeat(8) },
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({ httpsAgent: new Agent({ proxyEnv: process.env }) }),
  });
  return { ...sdk, client };
}

const LIBRARIES: Readonly<Record<string, () => Promise<void>>> = {
  'vercel-anthropic': () => vercel('anthropic', 'claude-sonnet-4-5'),
  'vercel-openai': () => vercel('openai', 'gpt-5.2'),
  // One that does not reason: what it said before, this library then only names, by its id at the provider.
  'vercel-openai-by-reference': () => vercel('openai', 'gpt-4.1'),
  'vercel-google': () => vercel('google', 'gemini-2.5-flash'),

  google: () => {
    const { models } = new GoogleGenAI({ apiKey: 'dummy' });
    const tools = [{ functionDeclarations: [{ name: NAME, description: DESCRIPTION, parametersJsonSchema: SCHEMA }] }];
    return loop<object>({ role: 'user', parts: [{ text: prompt }] }, async (contents) => {
      let text = '';
      const said: object[] = [];
      const results: object[] = [];
      for await (const chunk of await models.generateContentStream({
        model: 'gemini-2.5-flash',
        contents: [...contents],
        config: { tools },
      })) {
        const { parts = [] } = chunk.candidates?.[0]?.content ?? {};
        for (const part of parts) {
          text += part.text ?? '';
          said.push(part);
          if (!part.functionCall) continue;
          results.push({ functionResponse: { name: NAME, response: { output: runs(part.functionCall.args?.command) } } });
        }
      }
      const next = [
        { role: 'model', parts: said },
        { role: 'user', parts: results },
      ];
      return { text, next: results.length === 0 ? [] : next };
    });
  },

  ollama: () => {
    const ollama = new Ollama({ host: 'https://ollama.com', headers: { authorization: 'Bearer dummy' } });
    const tools = [{ type: 'function', function: { name: NAME, description: DESCRIPTION, parameters: SCHEMA } }];
    return loop({ role: 'user', content: prompt }, async (messages) => {
      let text = '';
      const next: { role: string; content: string }[] = [];
      for await (const { message } of await ollama.chat({ model: 'qwen3', messages: [...messages], tools, stream: true })) {
        text += message.content;
        for (const call of message.tool_calls ?? []) {
          next.push(message, { role: 'tool', content: runs(call.function.arguments.command) });
        }
      }
      return { text, next };
    });
  },

  'bedrock-converse': () => {
    const { client, ConverseStreamCommand } = bedrock();
    const toolConfig = { tools: [{ toolSpec: { name: NAME, description: DESCRIPTION, inputSchema: { json: SCHEMA } } }] };
    return loop<object>({ role: 'user', content: [{ text: prompt }] }, async (messages) => {
      const command = new ConverseStreamCommand({ modelId: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0', messages, toolConfig });
      const { stream } = (await client.send(command)) as { stream: AsyncIterable<BlockDelta> };
      let [text, json] = ['', ''];
      let use: object & { toolUseId?: string } = {};
      for await (const { contentBlockStart, contentBlockDelta } of stream) {
        use = contentBlockStart?.start?.toolUse ?? use;
        text += contentBlockDelta?.delta?.text ?? '';
        json += contentBlockDelta?.delta?.toolUse?.input ?? '';
      }
      if (json === '') return { text, next: [] };
      const input = JSON.parse(json) as { command: string };
      const toolResult = { toolUseId: use.toolUseId, content: [{ text: runs(input.command) }] };
      return {
        text,
        next: [
          { role: 'assistant', content: [{ text }, { toolUse: { ...use, input } }] },
          { role: 'user', content: [{ toolResult }] },
        ],
      };
    });
  },

  'bedrock-invoke': () => {
    const { client, InvokeModelWithResponseStreamCommand } = bedrock();
    const tools = [{ name: NAME, description: DESCRIPTION, input_schema: SCHEMA }];
    return loop<object>({ role: 'user', content: prompt }, async (messages) => {
      const command = new InvokeModelWithResponseStreamCommand({
        modelId: 'anthropic.claude-sonnet-4-5-20250929-v1:0',
        contentType: 'application/json',
        body: JSON.stringify({ anthropic_version: 'bedrock-2023-05-31', max_tokens: 100, tools, messages }),
      });
      const { body } = (await client.send(command)) as { body: AsyncIterable<{ chunk?: { bytes: Uint8Array } }> };
      let [text, json, id] = ['', '', ''];
      for await (const { chunk } of body) {
        const { content_block, delta } = JSON.parse(Buffer.from(chunk?.bytes ?? []).toString()) as {
          content_block?: { id?: string };
          delta?: { text?: string; partial_json?: string };
        };
        id = content_block?.id ?? id;
        text += delta?.text ?? '';
        json += delta?.partial_json ?? '';
      }
      if (json === '') return { text, next: [] };
      const input = JSON.parse(json) as { command: string };
      return {
        text,
        next: [
          {
            role: 'assistant',
            content: [
              { type: 'text', text },
              { type: 'tool_use', id, name: NAME, input },
            ],
          },
          { role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content: runs(input.command) }] },
        ],
      };
    });
  },
};

await LIBRARIES[library]!();
