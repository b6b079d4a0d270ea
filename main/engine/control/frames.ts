/** Frames of the control socket: JSON with a length before it (Language Server Protocol 3.17, base protocol), bounded. */

import { HoldpointError } from '../../contract/errors.ts';

/** `Content-Length: 1048576`, and a `Content-Type` that we neither write nor need. */
const MAX_HEADER_BYTES = 256;
const HEADER_END = Buffer.from('\r\n\r\n');
const HEADER = /^Content-Length: (\d{1,9})$/;

export function encodeFrame(message: unknown): Buffer {
  const body = Buffer.from(JSON.stringify(message));
  return Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body]);
}

/**
 * Takes a stream in any cutting and gives back the JSON of each complete frame. Holds no more than one frame of `maxBytes`.
 * Throws HoldpointError `control-refused` at the first byte that cannot be a frame's: the stream is then of no use.
 */
export function frameReader(maxBytes: number | (() => number)): (chunk: Uint8Array) => unknown[] {
  let parts: Uint8Array[] = [];
  let held = 0;
  /** Bytes of the body that is being read; undefined while a header is. */
  let length: number | undefined;

  return (chunk) => {
    parts.push(chunk);
    held += chunk.length;
    if (length !== undefined && held < length) return []; // Not joined before it is whole: that would cost the square of its length.
    let bytes = Buffer.concat(parts);
    const messages: unknown[] = [];
    for (;;) {
      if (length === undefined) {
        const end = bytes.subarray(0, MAX_HEADER_BYTES).indexOf(HEADER_END);
        if (end < 0) {
          if (bytes.length >= MAX_HEADER_BYTES) throw refused('a header without end');
          if (!couldBeHeader(bytes)) throw refused('no header of ours');
          break;
        }
        length = lengthIn(bytes.subarray(0, end).toString('latin1'), typeof maxBytes === 'number' ? maxBytes : maxBytes());
        bytes = bytes.subarray(end + HEADER_END.length);
      }
      if (bytes.length < length) break;
      messages.push(parse(bytes.subarray(0, length)));
      bytes = bytes.subarray(length);
      length = undefined;
    }
    parts = bytes.length > 0 ? [bytes] : [];
    held = bytes.length;
    return messages;
  };
}

/** A foreign protocol is turned away at its first bytes rather than waited for. */
function couldBeHeader(bytes: Buffer): boolean {
  const start = 'Content-Length: ';
  const seen = bytes.toString('latin1');
  return seen.length < start.length ? start.startsWith(seen) : seen.startsWith(start);
}

function lengthIn(header: string, maxBytes: number): number {
  const match = HEADER.exec(header);
  if (!match) throw refused('a header that is not ours');
  const length = Number(match[1]);
  if (length > maxBytes) throw refused(`a message of ${length} bytes, more than ${maxBytes}`);
  return length;
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw refused('a message that is not JSON');
  }
}

function refused(what: string): HoldpointError {
  return new HoldpointError('control-refused', `The control connection carried ${what} and was closed.`);
}
