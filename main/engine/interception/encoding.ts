/** Content encodings (RFC 9110 §8.4) undone: of a request at once and bounded, of a response as it streams. */

import { pipeline, Readable, type Transform } from 'node:stream';
import { promisify } from 'node:util';
import {
  brotliDecompress,
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
  gunzip,
  inflate,
  inflateRaw,
  zstdDecompress,
} from 'node:zlib';
import type { RequestBody } from './inspection.ts';

type Coding = 'gzip' | 'deflate' | 'br' | 'zstd';

const CODINGS: ReadonlyMap<string, Coding> = new Map([
  ['gzip', 'gzip'],
  ['x-gzip', 'gzip'],
  ['deflate', 'deflate'],
  ['br', 'br'],
  ['zstd', 'zstd'],
]);

/** What may stand in an `accept-encoding` of ours. */
export const DECODABLE: ReadonlySet<string> = new Set([...CODINGS.keys(), 'identity']);

/** No sender needs more; each costs a pass over the whole body. */
const MOST_CODINGS = 3;

/** RFC 9659: a window of at most 8 MB in HTTP. Unbounded, one frame could claim 2 GB. */
const ZSTD_OPTIONS = { params: { [constants.ZSTD_d_windowLogMax]: 23 } };

const once = {
  gzip: promisify(gunzip),
  deflate: promisify(inflate),
  deflateRaw: promisify(inflateRaw),
  br: promisify(brotliDecompress),
  zstd: promisify(zstdDecompress),
};

/** The codings of a `content-encoding`, in the order to undo them; undefined where one is not known. */
export function codingsOf(contentEncoding: readonly string[]): readonly Coding[] | undefined {
  const names = contentEncoding
    .join(',')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '' && name !== 'identity');
  const codings = names.map((name) => CODINGS.get(name)).filter((coding) => coding !== undefined);
  return codings.length === names.length && codings.length <= MOST_CODINGS ? codings.reverse() : undefined;
}

/** A request's body with its encoding undone. No step may grow beyond `limit` bytes. */
export async function decodeWhole(bytes: Buffer, codings: readonly Coding[] | undefined, limit: number): Promise<RequestBody> {
  if (!codings) return { kind: 'unread', why: 'undecodable' };
  if (bytes.length === 0) return { kind: 'whole', bytes };
  let decoded = bytes;
  try {
    for (const coding of codings) {
      const undo = coding === 'deflate' && !hasZlibHeader(decoded[0]) ? once.deflateRaw : once[coding];
      decoded = await undo(decoded, { ...(coding === 'zstd' ? ZSTD_OPTIONS : {}), maxOutputLength: limit });
    }
  } catch (error) {
    const tooLong = error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    return { kind: 'unread', why: tooLong ? 'too-long' : 'undecodable' };
  }
  return { kind: 'whole', bytes: decoded };
}

/** A response's body with its encoding undone, chunk by chunk as it comes. An error of either ends both. */
export function decodeStream(body: Readable, codings: readonly Coding[]): Readable {
  return codings.reduce<Readable>((from, coding) => Readable.from(decoded(from, coding), { objectMode: false }), body);
}

/** The first byte tells how to read on. A body that is empty is so in any coding: senders name one also where they send nothing. */
async function* decoded(from: Readable, coding: Coding): AsyncGenerator<Buffer> {
  if (from.readableEnded) return;
  const chunks: AsyncIterator<Buffer> = from[Symbol.asyncIterator]();
  const first = await chunks.next();
  if (!first.done) yield* pipeline(resumed(first.value, chunks), decoder(coding, first.value[0]), () => undefined);
}

async function* resumed(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* { [Symbol.asyncIterator]: () => rest };
}

function decoder(coding: Coding, firstByte: number | undefined): Transform {
  switch (coding) {
    case 'gzip':
      return createGunzip();
    case 'deflate':
      return hasZlibHeader(firstByte) ? createInflate() : createInflateRaw();
    case 'br':
      return createBrotliDecompress();
    case 'zstd':
      return createZstdDecompress(ZSTD_OPTIONS);
  }
}

/** Some senders mean raw deflate by `deflate`; RFC 1950's first byte tells them apart. */
function hasZlibHeader(first: number | undefined): boolean {
  return first !== undefined && (first & 0x0f) === 8;
}
