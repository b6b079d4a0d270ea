/** What a TLS client says first (RFC 8446 §4.1.2): whom it wants and what it would speak, read before anything is answered. */

export interface ClientHello {
  /** The server name (RFC 6066 §3), as sent; undefined where there is none. */
  readonly serverName?: string;
  /** The protocols that the client offers (RFC 7301), in its order. */
  readonly alpn: readonly string[];
}

export type HelloReading =
  | { readonly kind: 'hello'; readonly hello: ClientHello }
  /** There is more to come. */
  | { readonly kind: 'more' }
  /** It begins like TLS and is not, or could be read in two ways. */
  | { readonly kind: 'unclear' };

/** RFC 8446 §5.1: the record type that a TLS client begins with. */
export const TLS_HANDSHAKE = 0x16;

const TLS_MAJOR_VERSION = 3;
const RECORD_HEADER = 5;
const MESSAGE_HEADER = 4;
const RECORD_BYTES = 2 ** 14;
/** With the keys of post-quantum groups and an encrypted inner hello it is some 3 KB. */
const HELLO_BYTES = 64 * 1024;
const CLIENT_HELLO = 1;
const SERVER_NAME = 0;
const ALPN = 16;

const MORE: HelloReading = { kind: 'more' };
const UNCLEAR: HelloReading = { kind: 'unclear' };
const NOTHING = Buffer.alloc(0);

/** Takes any cutting of the bytes, and a greeting cut into any records. Never throws. To be pushed to until it no longer says `more`. */
export function createHelloReader(): { push(bytes: Uint8Array): HelloReading } {
  const header = Buffer.alloc(RECORD_HEADER);
  let headerLength = 0;
  let recordLeft = 0;
  let message = Buffer.alloc(MESSAGE_HEADER);
  let length = 0;

  return {
    push(bytes) {
      for (let at = 0; at < bytes.length; ) {
        if (recordLeft === 0) {
          header[headerLength++] = bytes[at++]!;
          if (header[0] !== TLS_HANDSHAKE || (headerLength > 1 && header[1] !== TLS_MAJOR_VERSION)) return UNCLEAR;
          if (headerLength < RECORD_HEADER) continue;
          headerLength = 0;
          recordLeft = header.readUInt16BE(3);
          // Empty records may not carry a handshake (RFC 8446 §5.1).
          if (recordLeft === 0 || recordLeft > RECORD_BYTES) return UNCLEAR;
          continue;
        }
        const part = bytes.subarray(at, at + Math.min(recordLeft, message.length - length));
        message.set(part, length);
        length += part.length;
        at += part.length;
        recordLeft -= part.length;
        if (length < message.length) continue;
        if (length > MESSAGE_HEADER) return helloIn(message.subarray(MESSAGE_HEADER));
        const wanted = message.readUIntBE(1, 3);
        if (message[0] !== CLIENT_HELLO || wanted === 0 || wanted > HELLO_BYTES) return UNCLEAR;
        message = Buffer.concat([message], MESSAGE_HEADER + wanted);
      }
      return MORE;
    },
  };
}

function helloIn(message: Buffer): HelloReading {
  try {
    const rest = fields(message);
    rest.skip(2 + 32);
    rest.vector(1);
    rest.vector(2);
    rest.vector(1);
    const extensions = rest.left() > 0 ? fields(rest.vector(2)) : fields(NOTHING);
    if (rest.left() > 0) return UNCLEAR;
    const found = new Map<number, Buffer>();
    while (extensions.left() > 0) {
      const type = extensions.number(2);
      // Of two, one server takes the first and another the last.
      if (found.has(type)) return UNCLEAR;
      found.set(type, extensions.vector(2));
    }
    const serverName = serverNameIn(found.get(SERVER_NAME));
    return { kind: 'hello', hello: { ...(serverName !== undefined && { serverName }), alpn: protocolsIn(found.get(ALPN)) } };
  } catch {
    return UNCLEAR;
  }
}

function serverNameIn(extension: Buffer | undefined): string | undefined {
  if (!extension) return undefined;
  const list = fields(wholeOf(extension));
  const type = list.number(1);
  const name = list.vector(2);
  // No kind of name but this was ever defined, and there may be one of a kind.
  if (type !== 0 || list.left() > 0 || name.length === 0) throw new RangeError('not one host name');
  return name.toString('latin1');
}

function protocolsIn(extension: Buffer | undefined): string[] {
  if (!extension) return [];
  const list = fields(wholeOf(extension));
  const names: string[] = [];
  while (list.left() > 0) names.push(list.vector(1).toString('latin1'));
  return names;
}

/** The one vector that an extension consists of. */
function wholeOf(extension: Buffer): Buffer {
  const outer = fields(extension);
  const inner = outer.vector(2);
  if (outer.left() > 0) throw new RangeError('more than a list');
  return inner;
}

/** Reads TLS's presentation language (RFC 8446 §3). Throws RangeError where there is less than announced. */
function fields(bytes: Buffer) {
  let at = 0;
  const take = (length: number): Buffer => {
    if (length > bytes.length - at) throw new RangeError('cut short');
    at += length;
    return bytes.subarray(at - length, at);
  };
  const number = (length: number): number => take(length).readUIntBE(0, length);
  return {
    skip: (length: number): void => void take(length),
    number,
    vector: (lengthBytes: number): Buffer => take(number(lengthBytes)),
    left: (): number => bytes.length - at,
  };
}
