/** The parts of `ws` that its published types leave out. */

import type { Duplex, Writable } from 'node:stream';

declare module 'ws' {
  /** Parameters of one offer, or of what was agreed. */
  export type ExtensionParams = { [name: string]: true | number | string | (string | true)[] };

  export class PerMessageDeflate {
    constructor(options: {
      isServer: boolean;
      serverNoContextTakeover: boolean;
      clientNoContextTakeover: boolean;
      clientMaxWindowBits?: false;
      maxPayload: number;
    });
    offer(): ExtensionParams;
    /** Throws where none of them will do. */
    accept(offers: ExtensionParams[]): ExtensionParams;
    cleanup(): void;
  }

  export const extension: {
    /** Throws `SyntaxError`. */
    parse(header: string): { [extension: string]: ExtensionParams[] };
    format(extensions: { [extension: string]: ExtensionParams | ExtensionParams[] }): string;
  };

  /** Emits `message` (data, binary), `ping`, `pong` (data), `conclude` (code, reason). */
  export class Receiver extends Writable {
    constructor(options: {
      isServer: boolean;
      extensions: { [extension: string]: PerMessageDeflate };
      maxPayload: number;
      maxFragments: number;
      maxBufferedChunks: number;
    });
  }

  export class Sender {
    constructor(socket: Duplex, extensions: { [extension: string]: PerMessageDeflate });
    send(
      data: Uint8Array,
      options: { fin: true; binary: boolean; compress: boolean; mask: boolean },
      done: (error?: Error | null) => void,
    ): void;
    ping(data: Uint8Array, mask: boolean): void;
    pong(data: Uint8Array, mask: boolean): void;
    close(code: number | undefined, reason: Uint8Array, mask: boolean, done: () => void): void;
  }
}
