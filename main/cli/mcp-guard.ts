/** The engine's judgement of MCP messages, asked over the control socket; an engine that was started anew is joined again. */

import type { ControlParams, ControlResult } from '../contract/control.ts';
import { HoldpointError } from '../contract/errors.ts';
import { type ControlClient, connectControl } from '../engine/control/client.ts';

type Message = ControlParams<'mcpFromClient'>['message'];

export interface McpGuard {
  /** Rejects where no engine can be asked: nothing may pass then. */
  fromClient(message: Message): Promise<ControlResult<'mcpFromClient'>>;
  fromServer(message: Message): Promise<ControlResult<'mcpFromServer'>>;
  close(): void;
}

interface Joined {
  readonly client: ControlClient;
  readonly session: string;
}

/** Longer than any question waits. */
const ANSWER_MS = 600_000;

export function createMcpGuard(dataDir: string, server: ControlParams<'mcpOpen'>): McpGuard {
  let current: Promise<Joined> | undefined;
  let closed = false;

  return {
    fromClient: (message) => ask(({ client, session }) => client.call('mcpFromClient', { session, message })),
    fromServer: (message) => ask(({ client, session }) => client.call('mcpFromServer', { session, message })),
    close() {
      closed = true;
      void current?.then(({ client }) => client.close()).catch(() => {}); // It was not there to begin with.
    },
  };

  async function ask<T>(question: (at: Joined) => Promise<T>): Promise<T> {
    try {
      return await question(await joined());
    } catch (thrown) {
      throw closed ? new HoldpointError('control-unreachable', 'The MCP server has ended.') : thrown;
    }
  }

  function joined(): Promise<Joined> {
    if (closed) return Promise.reject(new Error('closed'));
    current ??= join().catch((thrown: unknown) => {
      current = undefined;
      throw thrown;
    });
    return current;
  }

  async function join(): Promise<Joined> {
    const client = await connectControl(dataDir, { client: 'mcp', attends: false, keeps: true, answerMs: ANSWER_MS });
    void client.closed.then(() => {
      current = undefined;
    });
    if (closed) client.close();
    const { session } = await client.call('mcpOpen', server);
    return { client, session };
  }
}
