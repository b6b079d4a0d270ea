/** A request's body, read whole before anything of it leaves. */

import { codingsOf, decodeWhole } from './encoding.ts';
import { values } from './headers.ts';
import type { RequestBody } from './inspection.ts';
import type { Incoming } from './message.ts';

export interface ReadBody {
  /** For the inspector: its content encoding undone. */
  readonly body: RequestBody;
  /** As it came. Where it is too long: what was read of it. */
  readonly raw: Buffer;
  /** Whether `raw` is all of it; else the rest is still to be read from the request. */
  readonly complete: boolean;
}

/** Reads at most `limit` bytes, before and after decoding. Rejects where the client breaks off. */
export async function readBody(rawHeaders: readonly string[], incoming: Incoming, limit: number): Promise<ReadBody> {
  const announced = Number(values(rawHeaders, 'content-length')[0] ?? 0);
  // Known beforehand, so that nothing of it has to be kept.
  if (announced > limit) return { body: { kind: 'unread', why: 'too-long' }, raw: Buffer.alloc(0), complete: false };
  const { raw, complete } = await collect(incoming, limit);
  if (!complete) return { body: { kind: 'unread', why: 'too-long' }, raw, complete };
  const encodings = values(rawHeaders, 'content-encoding');
  const body: RequestBody = encodings.length === 0 ? { kind: 'whole', bytes: raw } : await decodeWhole(raw, codingsOf(encodings), limit);
  return { body, raw, complete };
}

function collect({ stream, whole }: Incoming, limit: number): Promise<{ raw: Buffer; complete: boolean }> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;

    const settle = () => {
      stream.off('data', onData).off('end', onEnd).off('close', onClose);
      return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length);
    };
    const onData = (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length <= limit) return;
      stream.pause();
      resolve({ raw: settle(), complete: false });
    };
    const onEnd = () => (whole() ? resolve({ raw: settle(), complete: true }) : onClose());
    const onClose = () => {
      settle();
      reject(new Error('The client broke off its request.'));
    };
    stream.on('data', onData).on('end', onEnd).on('close', onClose);
  });
}
