/** A provider's answer as a client library gets it from the guard. */

import type { Protocol } from '../../../main/engine/protocols/pieces.ts';
import { type Judge, receive } from '../../unit/engine/protocols/receive.ts';

/** Network whose one answer has been guarded, and comes in small parts with keepalives between events. */
export function guarded(protocol: Protocol, contentType: string, body: string, judge: Judge): typeof fetch {
  return async () => {
    const { text, decoder } = await receive(protocol, contentType, body, judge, { cuts: 'bytes' });
    const keepalive = Buffer.from(decoder.keepalive()).toString();
    const ends = contentType.startsWith('text/event-stream') ? /\r?\n\r?\n/g : /\n/g;
    const sent = contentType.startsWith('application/json') ? keepalive + text : text.replaceAll(ends, (end) => end + keepalive);
    return new Response(new Blob([sent]).stream(), { status: 200, headers: { 'content-type': contentType } });
  };
}
