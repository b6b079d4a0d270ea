/** JSON-RPC 2.0 over a socket: what vscode-jsonrpc reads and writes, with every message checked and every buffer bounded. */

import type { Socket } from 'node:net';
import {
  AbstractMessageReader,
  AbstractMessageWriter,
  createMessageConnection,
  type Message,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import { z } from 'zod';
import { encodeFrame, frameReader } from './frames.ts';

const id = z.union([z.string().max(64), z.int()]);
const params = z.union([z.record(z.string(), z.unknown()), z.array(z.unknown())]).optional();

/** What a client may send. Notifications and answers have no place there, and vscode-jsonrpc keeps a list of the ones it cannot place. */
const request = z.strictObject({ jsonrpc: z.literal('2.0'), id, method: z.string().max(64), params });

/** What the engine may send. */
const answerOrEvent = z.union([
  z.strictObject({ jsonrpc: z.literal('2.0'), id, result: z.unknown() }),
  z.strictObject({ jsonrpc: z.literal('2.0'), id: id.nullable(), error: z.looseObject({ code: z.int(), message: z.string() }) }),
  z.strictObject({ jsonrpc: z.literal('2.0'), method: z.string().max(64), params }),
]);

export interface TransportOptions {
  /** Which messages are taken; anything else closes the socket. */
  readonly accepts: 'requests' | 'answers';
  /** Of one message, in bytes; a function is asked for each. */
  readonly maxMessageBytes: number | (() => number);
  /** Bytes that may wait for a peer that does not read; beyond that it is dropped. */
  readonly maxWaitingBytes: number;
}

export interface Transport {
  readonly connection: MessageConnection;
  /** Closes the socket once the next message has left: for a last word to a client that is turned away. */
  closeAfterNext(): void;
}

export function jsonRpcOver(socket: Socket, options: TransportOptions): Transport {
  const writer = new SocketWriter(socket, options.maxWaitingBytes);
  const connection = createMessageConnection(new SocketReader(socket, options), writer);
  // Disposing rejects the calls that still wait for an answer; closing alone would leave them open for ever.
  socket.once('close', () => connection.dispose());
  return { connection, closeAfterNext: () => writer.closeAfterNext() };
}

class SocketReader extends AbstractMessageReader {
  readonly #socket: Socket;
  readonly #options: TransportOptions;

  constructor(socket: Socket, options: TransportOptions) {
    super();
    this.#socket = socket;
    this.#options = options;
  }

  listen(callback: (message: Message) => void): { dispose(): void } {
    const socket = this.#socket;
    const read = frameReader(this.#options.maxMessageBytes);
    const schema = this.#options.accepts === 'requests' ? request : answerOrEvent;
    const onData = (chunk: Uint8Array) => {
      try {
        for (const message of read(chunk)) callback(schema.parse(message));
      } catch (thrown) {
        // What is not our protocol will not become it: no answer, no second chance.
        this.fireError(thrown);
        socket.destroy();
      }
    };
    socket.on('data', onData);
    return { dispose: () => socket.off('data', onData) };
  }
}

class SocketWriter extends AbstractMessageWriter {
  readonly #socket: Socket;
  readonly #maxWaitingBytes: number;
  #last = false;

  constructor(socket: Socket, maxWaitingBytes: number) {
    super();
    this.#socket = socket;
    this.#maxWaitingBytes = maxWaitingBytes;
  }

  write(message: Message): Promise<void> {
    if (!this.#socket.writable) return Promise.resolve();
    this.#socket.write(encodeFrame(message));
    if (this.#last) this.#socket.destroySoon();
    else if (this.#socket.writableLength > this.#maxWaitingBytes) this.#socket.destroy();
    return Promise.resolve();
  }

  end(): void {
    this.#socket.end();
  }

  closeAfterNext(): void {
    this.#last = true;
  }
}
