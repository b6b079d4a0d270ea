/** A socket's messages on their way to the agent, through decoder and gate. */

import type { ToolCall } from '../../contract/action.ts';
import type { Outcome } from '../../contract/verdict.ts';
import type { SocketMessage } from '../interception/inspection.ts';
import { framed, type MessageDecoder, messagesIn } from '../protocols/messages.ts';
import { createTransform } from './transform.ts';

export interface MessageLine {
  /** Resolves when more can be taken. */
  push(message: SocketMessage): Promise<void>;
  /** No more comes. Resolves when all that leaves has left. */
  end(): Promise<void>;
}

export function createMessageLine(options: {
  readonly decoder: MessageDecoder;
  judge(call: ToolCall): Promise<Outcome>;
  send(message: SocketMessage): Promise<void>;
  /** What came could not be read, and was refused: nothing more can be told from this socket. What explains it leaves by `end`. */
  lost(): void;
}): MessageLine {
  const { decoder, judge, send, lost } = options;
  const transform = createTransform({
    decoder,
    async judge(call) {
      const standsForRest = call.uninspected !== undefined && decoder.lost;
      const outcome = await judge(call);
      if (standsForRest && outcome.kind === 'refuse') lost();
      return outcome;
    },
    async write(bytes) {
      for (const message of messagesIn(bytes)) await send(message);
    },
  });

  return {
    push: (message) => transform.push(framed(message)),
    end: () => transform.end('complete'),
  };
}
