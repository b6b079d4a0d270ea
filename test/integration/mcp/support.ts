/** An MCP server of the official SDK behind the scripted provider's TLS, and what tests need to answer questions. */

import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import { z } from 'zod';
import type { ProviderReply, ProviderRequest } from '../../../main/cli/demo/provider.ts';
import type { Question } from '../../../main/contract/approval.ts';
import type { ControlClient } from '../../../main/engine/control/client.ts';

export const HOST = 'mcp.bench.test';

/** Asks about notes, keeps secrets from coming back, and allows the rest. */
export const POLICY = `
@id("test.requests") permit (principal, action == Action::"send_prompt", resource);
@id("test.calls") permit (principal, action in [Action::"call_tool", Action::"call_mcp_tool", Action::"receive_result"], resource);
@id("test.notes") @effect("ask") @reason("Notes are asked about.") @remember("session")
forbid (principal, action == Action::"call_mcp_tool", resource == McpTool::"write_note");
@id("test.model") @effect("ask") @reason("Commands are asked about.")
forbid (principal, action == Action::"call_tool", resource);
@id("test.changed") @effect("ask") @reason("The tool has changed.")
forbid (principal, action == Action::"call_mcp_tool", resource in McpServer::"notes") when { context.changed };
@id("test.unread") @reason("It could not be read.")
forbid (principal, action == Action::"call_mcp_tool", resource) when { context.uninspected != "" };
@id("test.secrets") @reason("Secrets stay where they are.")
forbid (principal, action == Action::"receive_result", resource) when { context.labels.contains("secret") };
`;

export const SECRET = `ghp_${'aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA1bC2'}`;

export interface NotesServer {
  /** What its tool `look` is described as. */
  description: string;
  /** Every note that was written. */
  readonly written: string[];
  reply(request: ProviderRequest): Promise<ProviderReply>;
}

/** Tools: `write_note` writes a file, `look` gives text, `leak` gives a credential. `/json/mcp` answers in JSON, else in events. */
export function notesServer(): NotesServer {
  const transports = new Map<string, WebStandardStreamableHTTPServerTransport>();
  const state: NotesServer = {
    description: 'Looks around.',
    written: [],
    async reply(request) {
      const session = request.headers['mcp-session-id'];
      const transport = transports.get(String(session)) ?? (await open(request.path.startsWith('/json')));
      const answer = await transport.handleRequest(
        new Request(`https://${HOST}${request.path}`, {
          method: request.method,
          headers: Object.entries(request.headers)
            .filter(([name]) => !name.startsWith(':'))
            .map(([name, value]): [string, string] => [name, String(value)]),
          ...(request.body.length > 0 && { body: Buffer.from(request.body) }),
        }),
      );
      const headers = Object.fromEntries([...answer.headers].filter(([name]) => name !== 'content-type'));
      return {
        status: answer.status,
        contentType: answer.headers.get('content-type') ?? 'text/plain',
        headers,
        chunks: (answer.body ?? []) as AsyncIterable<Uint8Array>,
      };
    },
  };
  return state;

  async function open(json: boolean): Promise<WebStandardStreamableHTTPServerTransport> {
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      enableJsonResponse: json,
      onsessioninitialized: (id) => void transports.set(id, transport),
    });
    await toolsFor(state).connect(transport);
    return transport;
  }
}

export function toolsFor(state: { readonly description: string; readonly written: string[] }): McpServer {
  const server = new McpServer({ name: 'notes', version: '3.1.4' });
  server.registerTool(
    'write_note',
    { description: 'Writes a note.', inputSchema: { path: z.string(), text: z.string() } },
    ({ path, text }) => {
      writeFileSync(path, text);
      state.written.push(path);
      return { content: [{ type: 'text', text: `wrote ${path}` }] };
    },
  );
  server.registerTool('look', { description: state.description, inputSchema: {} }, () => ({ content: [{ type: 'text', text: 'a view' }] }));
  server.registerTool('leak', { description: 'Leaks.', inputSchema: {} }, () => ({
    content: [{ type: 'text', text: `token: ${SECRET}` }],
  }));
  return server;
}

/** The next question that nobody has taken yet. */
export function questionsOf(control: ControlClient) {
  const taken = new Set<string>();
  const next = (): Promise<Question> =>
    new Promise((resolve) => {
      const look = (open: Question[]) => {
        const fresh = open.find(({ id }) => !taken.has(id));
        if (!fresh) return;
        stop();
        taken.add(fresh.id);
        resolve(fresh);
      };
      const stop = control.on('questions', look);
      void control.call('questions', {}).then(look);
    });
  const answer = ({ id, nonce, shown }: Question, choice: 'allow' | 'deny') =>
    control.call('answer', { id, nonce, shown, answer: choice === 'allow' ? { choice, for: 'once' } : { choice, reason: 'Not today.' } });
  /** Resolves when this question is open no more. */
  const gone = (question: Question): Promise<void> =>
    new Promise((resolve) => {
      const look = (open: Question[]) => {
        if (open.some(({ id }) => id === question.id)) return;
        stop();
        resolve();
      };
      const stop = control.on('questions', look);
      void control.call('questions', {}).then(look);
    });
  return { next, answer, gone };
}
