/**
 * A model that does as it is told, over every protocol: asked to run «a command», it calls the agent's shell with it, once. Like the real
 * ones it takes no conversation in which a call has no result, or a result no call.
 */

import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { zstdDecompressSync } from 'node:zlib';
import { type WebSocket, WebSocketServer } from 'ws';
import type { ProviderReply, ProviderRequest } from '../../main/cli/demo/provider.ts';
import { anthropicTurn, chatTurn, responsesEvents, responsesTurn, type Turn, type TurnOptions } from '../../main/cli/demo/turns.ts';
import { createMemory, type Said } from './conversation.ts';
import { converseTurn, googleTurn, invokeTurn, ollamaTurn } from './turns.ts';

/** What it says before it calls a tool, and at the end. */
export const BEFORE = 'I will run it.';
export const DONE = 'All done.';

/** A request that the model was asked to answer. */
export interface Asked {
  readonly protocol: string;
  readonly transport: 'HTTP/1.1' | 'HTTP/2' | 'WebSocket';
  /** Of the request's content, as it came. */
  readonly encoding: string | undefined;
  /** The conversation, as JSON. */
  readonly conversation: string;
  /** What it made of it. */
  readonly turn: Turn;
}

export interface ObedientModel {
  /** Requests with tools, in order: those that an agent makes besides, for a title, are left out. A test may empty it. */
  readonly asked: Asked[];
  reply(request: ProviderRequest): ProviderReply;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/** How to tell the model in a prompt to run commands, all at once. */
export function please(...commands: readonly string[]): string {
  return `Please run: ${commands.map((command) => `«${command}»`).join(' ')}`;
}

interface Body extends Said {
  readonly model?: string;
  readonly stream?: boolean;
  readonly tools?: object;
  readonly toolConfig?: object;
  readonly type?: string;
  readonly generate?: boolean;
}

type Answer = (turn: Turn, options: TurnOptions & { stream: boolean }) => ProviderReply;

/** By the path's end. */
const PROTOCOLS: readonly { readonly name: string; readonly path: RegExp; readonly whole?: RegExp; readonly answer: Answer }[] = [
  { name: 'anthropic-messages', path: /^\/v1\/messages$/, answer: anthropicTurn },
  { name: 'openai-chat', path: /\/chat\/completions$/, answer: chatTurn },
  { name: 'openai-responses', path: /\/responses$/, answer: responsesTurn },
  { name: 'google-generate-content', path: /:(?:streamG|g)enerateContent$/, whole: /:generateContent$/, answer: googleTurn },
  { name: 'ollama-chat', path: /^\/api\/chat$/, answer: ollamaTurn },
  { name: 'bedrock-converse', path: /\/converse(?:-stream)?$/, whole: /\/converse$/, answer: converseTurn },
  { name: 'bedrock-invoke', path: /\/invoke(?:-with-response-stream)?$/, whole: /\/invoke$/, answer: invokeTurn },
];

/** Without `sockets`, it answers those who want a WebSocket as a server that knows none. */
export function createObedientModel({ sockets = true } = {}): ObedientModel {
  const asked: Asked[] = [];
  const memory = createMemory();
  let answers = 0;
  const webSockets = new WebSocketServer({ noServer: true, perMessageDeflate: true });

  /** What it answers, or what is wrong with the request. */
  function decide(body: Body, about: Omit<Asked, 'conversation' | 'turn'>): { turn: Turn; options: TurnOptions } | { wrong: object } {
    const { conversation, wrong } = memory.recall(body);
    if (wrong !== undefined) return { wrong: { type: 'invalid_request_error', code: null, message: wrong } };
    // Codex warms up: the model is only to read what will be referred to.
    const turn = body.generate === false ? {} : turnFor(body, conversation);
    if (body.generate !== false && shellOf(body, conversation)) {
      asked.push({ ...about, conversation: JSON.stringify(conversation), turn });
    }
    answers += 1;
    const options = { id: `scripted_${answers}`, ...(body.model !== undefined && { model: body.model }) };
    const { output } = responsesEvents(turn, options).at(-1)!.response as { output: object[] };
    memory.keep(options.id, conversation, output);
    return { turn, options };
  }

  /** Responses over a WebSocket: one request after the other. */
  function converse(client: WebSocket): void {
    client.on('message', (message) => {
      const body = JSON.parse(message.toString()) as Body;
      if (body.type !== 'response.create') return;
      const decided = decide(body, { protocol: 'openai-responses', transport: 'WebSocket', encoding: undefined });
      const events =
        'wrong' in decided ? [{ type: 'error', status: 400, error: decided.wrong }] : responsesEvents(decided.turn, decided.options);
      for (const event of events) client.send(JSON.stringify(event));
    });
  }

  return {
    asked,
    reply({ path, headers, body, httpVersion }) {
      const plain = path.split('?', 1)[0] ?? '';
      if (plain.endsWith('/wham/accounts/check')) return { chunks: [ACCOUNT] };
      const protocol = PROTOCOLS.find((known) => known.path.test(plain));
      if (!protocol) return { status: 404, chunks: ['{}'] };
      const encoding = headers['content-encoding']?.toString();
      const request = JSON.parse(Buffer.from(encoding === 'zstd' ? zstdDecompressSync(body) : body).toString()) as Body;
      const transport = httpVersion === '2.0' ? 'HTTP/2' : 'HTTP/1.1';
      const decided = decide(request, { protocol: protocol.name, transport, encoding });
      if ('wrong' in decided) return { status: 400, chunks: [JSON.stringify({ type: 'error', error: decided.wrong })] };
      const stream = protocol.whole ? !protocol.whole.test(plain) : (request.stream ?? protocol.name === 'ollama-chat');
      return protocol.answer(decided.turn, { ...decided.options, stream });
    },
    upgrade(request, socket, head) {
      if (sockets) webSockets.handleUpgrade(request, socket, head, converse);
      else socket.end('HTTP/1.1 426 Upgrade Required\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
    },
  };
}

function turnFor(body: Body, conversation: readonly object[]): Turn {
  const texts = conversation.map((message) => JSON.stringify(message));
  const told = texts.findLastIndex((text) => text.includes('«') && text.includes('"user"'));
  const commands = new Set([...(texts[told] ?? '').matchAll(/«(.*?)»/gs)].map(([, command]) => JSON.parse(`"${command}"`) as string));
  const shell = shellOf(body, conversation);
  if (commands.size === 0 || !shell || texts.slice(told + 1).some((text) => RESULT.test(text))) return { text: DONE };
  const calls = [...commands].map((command, index) => ({
    id: `call_scripted_${told}_${index}`,
    tool: shell,
    input: inputOf(shell, command),
  }));
  return { text: BEFORE, calls };
}

/** How the result of a tool's call looks in a conversation: of each protocol one. */
const RESULT = /"tool_result"|"(?:function|custom_tool)_call_output"|"functionResponse"|"toolResult"|"role":"tool"/;

/** The shell among the tools of a request. Codex in its code mode has one tool of JavaScript, and tells of it in the conversation. */
function shellOf({ tools, toolConfig }: Body, conversation: readonly object[]): string | undefined {
  const named = /"name":"(Bash|bash|exec_command|run_shell_command)"/.exec(JSON.stringify([tools, toolConfig]))?.[1];
  return named ?? (JSON.stringify(conversation).includes('"additional_tools"') ? 'exec' : undefined);
}

function inputOf(shell: string, command: string): { [key: string]: unknown } | string {
  if (shell === 'exec') return `const ran = await tools.exec_command({ cmd: ${JSON.stringify(command)} });\ntext(ran.output);\n`;
  return shell === 'exec_command' ? { cmd: command } : { command, description: 'Runs what was asked for' };
}

/** Codex with a ChatGPT login makes no call to a model before it has been told where the account's calls go. */
const ACCOUNT = JSON.stringify({
  accounts: [
    {
      id: 'acc-dummy',
      account_id: 'acc-dummy',
      account_user_role: 'account-owner',
      name: 'Dummy',
      structure: 'personal',
      plan_type: 'pro',
      is_deactivated: false,
      can_access_with_session: true,
      workspace_backend_origin: 'https://chatgpt.com',
      account_routing_override: 'NO_CONSTRAINT',
    },
  ],
  default_account_id: 'acc-dummy',
  account_ordering: ['acc-dummy'],
});
