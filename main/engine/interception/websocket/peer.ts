/** One side of an open WebSocket: whole messages in and out, and its close (RFC 6455 §5 to §7). */

import type { Duplex } from 'node:stream';
import { type PerMessageDeflate, Receiver, Sender } from 'ws';
import { messageOf } from '../../../contract/errors.ts';
import type { SocketInspector, SocketMessage } from '../inspection.ts';

/** How a side left. */
export type Leaving =
  | { readonly kind: 'closed'; readonly code: number; readonly reason: Uint8Array }
  /** Without a Close frame: its connection ended. */
  | { readonly kind: 'gone' }
  /** What it sent breaks the protocol or our bounds. It has been told by a Close frame. */
  | { readonly kind: 'broken'; readonly why: Parameters<SocketInspector['broken']>[0]; readonly message: string };

export interface PeerEvents {
  /** One at a time, in order. Must not reject. */
  message(message: SocketMessage): Promise<void>;
  ping(data: Uint8Array): void;
  pong(data: Uint8Array): void;
  /** At once, before the messages that came before it have been taken. */
  leaves(): void;
  /** Once, after the last message has been taken. */
  left(how: Leaving): void;
}

export interface Peer {
  /** Resolves when it can take more, rejects once it cannot. */
  send(message: SocketMessage): Promise<void>;
  /** Each is left out where the other side does not read. */
  ping(data: Uint8Array): void;
  pong(data: Uint8Array): void;
  /** Sends a Close frame, once, and ends the connection when it is answered or was not within `CLOSE_MS`. 1005: one without a code. */
  close(code: number, reason: Uint8Array): void;
  /** Ends the connection after what was sent, without a Close frame. */
  end(): void;
  /** Whether nothing can be sent to it any more. */
  hasLeft(): boolean;
  /** Resolves when its connection has closed. */
  readonly over: Promise<void>;
}

export const NO_STATUS = 1005;

/** Read ahead of the messages that wait: while a call is held, pings must still be seen. */
const AHEAD_BYTES = 1024 * 1024;
/** A message costs more than its bytes: empty ones would else be read ahead without end. */
const MESSAGE_COST = 256;
/** What may wait to be sent before control frames are left out. */
const CONTROL_BYTES = 64 * 1024;
const CLOSE_MS = 5_000;
/** As `ws` itself bounds them: each fragment costs more than its bytes. */
const MOST_FRAGMENTS = 16 * 1024;
const MOST_CHUNKS = 256 * 1024;

export function createPeer(options: {
  socket: Duplex;
  /** What came behind the handshake. */
  head: Buffer;
  /** Whether we are the server on this side. */
  isServer: boolean;
  deflate: PerMessageDeflate | undefined;
  /** Longest message, in bytes, before and after it was inflated. */
  maxPayload: number;
  events: PeerEvents;
}): Peer {
  const { socket, head, isServer, deflate, maxPayload, events } = options;
  const extensions = deflate ? { 'permessage-deflate': deflate } : {};
  const receiver = new Receiver({ isServer, extensions, maxPayload, maxFragments: MOST_FRAGMENTS, maxBufferedChunks: MOST_CHUNKS });
  const sender = new Sender(socket, extensions);
  const mask = !isServer;
  const inbox: SocketMessage[] = [];
  let inboxBytes = 0;
  let taking = false;
  let leaving: Leaving | undefined;
  let told = false;
  let closeSent = false;
  const over = new Promise<void>((resolve) => void socket.once('close', () => resolve()));

  receiver.on('message', (data: Buffer, binary: boolean) => {
    if (leaving || closeSent) return;
    inbox.push({ text: !binary, data });
    inboxBytes += data.length + MESSAGE_COST;
    if (!taking) void take();
  });
  receiver.on('ping', (data: Buffer) => events.ping(data));
  receiver.on('pong', (data: Buffer) => events.pong(data));
  receiver.on('conclude', (code: number, reason: Buffer) => {
    leave({ kind: 'closed', code, reason });
    if (closeSent) socket.end();
    else close(code, reason);
  });
  receiver.on('error', (error: Error & { code?: string }) => {
    const code = CLOSE_CODES[error.code ?? ''] ?? PROTOCOL_ERROR;
    leave({ kind: 'broken', why: REASONS[code] ?? 'malformed', message: messageOf(error) });
    close(code, Buffer.from(messageOf(error).slice(0, MAX_REASON)));
  });
  receiver.on('drain', flow);
  socket.on('error', () => undefined);
  socket.once('end', () => {
    leave({ kind: 'gone' });
    socket.end();
  });
  socket.once('close', () => {
    leave({ kind: 'gone' });
    // What a client that is gone had asked for may wait for a provider that does not read.
    if (isServer) tell();
    deflate?.cleanup();
  });
  // Not before both peers are there.
  queueMicrotask(() => {
    if (head.length > 0) onData(head);
    socket.on('data', onData);
  });

  return {
    send({ text, data }) {
      if (hasLeft()) return Promise.reject(new Error('This side of the socket has left.'));
      return new Promise((resolve, reject) => {
        // Between the client and us, on one machine, compression would only cost.
        sender.send(data, { fin: true, binary: !text, compress: !isServer && deflate !== undefined, mask }, (error) =>
          error ? reject(error) : resolve(),
        );
      });
    },
    ping: (data) => control(() => sender.ping(data, mask)),
    pong: (data) => control(() => sender.pong(data, mask)),
    close,
    end() {
      closeSent = true;
      socket.end();
      destroyLater();
    },
    hasLeft,
    over,
  };

  function hasLeft(): boolean {
    return closeSent || leaving !== undefined || socket.destroyed || socket.writableEnded;
  }

  function onData(chunk: Buffer): void {
    // After a Close frame or a broken one, nothing that comes means anything (RFC 6455 §5.5.1, §7.1.7).
    if (leaving) return;
    receiver.write(chunk);
    flow();
  }

  function flow(): void {
    if (!leaving && (inboxBytes > AHEAD_BYTES || receiver.writableNeedDrain)) socket.pause();
    else socket.resume();
  }

  async function take(): Promise<void> {
    taking = true;
    for (let message = inbox.shift(); message; message = inbox.shift()) {
      await events.message(message);
      inboxBytes -= message.data.length + MESSAGE_COST;
      flow();
    }
    taking = false;
    tell();
  }

  function leave(how: Leaving): void {
    if (leaving) return;
    leaving = how;
    events.leaves();
    flow();
    if (!taking) tell();
  }

  function tell(): void {
    if (!leaving || told) return;
    told = true;
    events.left(leaving);
  }

  function control(send: () => void): void {
    if (!hasLeft() && socket.writableLength < CONTROL_BYTES) send();
  }

  function close(code: number, reason: Uint8Array): void {
    if (closeSent) return;
    closeSent = true;
    destroyLater();
    if (!socket.writable) return;
    sender.close(code === NO_STATUS ? undefined : code, reason, mask, () => {
      if (leaving?.kind === 'closed') socket.end();
    });
  }

  function destroyLater(): void {
    const timer = setTimeout(() => socket.destroy(), CLOSE_MS);
    socket.once('close', () => clearTimeout(timer));
  }
}

const PROTOCOL_ERROR = 1002;
/** Of what `ws` calls them, those that are no breach of the protocol; zlib's own are of the data. */
const CLOSE_CODES: Record<string, number> = {
  WS_ERR_INVALID_UTF8: 1007,
  WS_ERR_TOO_MANY_BUFFERED_PARTS: 1008,
  WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH: 1009,
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: 1009,
  Z_DATA_ERROR: 1007,
  Z_BUF_ERROR: 1007,
  Z_NEED_DICT: 1007,
};
/** By close code, what is the message's fault and not the protocol's. */
const REASONS: Record<number, 'too-long' | 'undecodable'> = { 1007: 'undecodable', 1008: 'too-long', 1009: 'too-long' };
/** A control frame holds 125 bytes, two of which are the code. */
const MAX_REASON = 123;
