/** What an agent receives of an answer, with a judge of the test's choosing, however the answer is cut. */

import fc from 'fast-check';
import type { ToolCall } from '../../../../main/contract/action.ts';
import type { Outcome } from '../../../../main/contract/verdict.ts';
import { createGate } from '../../../../main/engine/guard/gate.ts';
import type { Protocol, ResponseDecoder } from '../../../../main/engine/protocols/pieces.ts';

export type Judge = (call: ToolCall) => 'release' | 'refuse';

export const RELEASE: Judge = () => 'release';
export const REFUSE: Judge = () => 'refuse';
export const WHY = { policy: 'no-deleting', reason: 'It deletes outside the workspace.' };

export const EVENTS = 'text/event-stream; charset=utf-8';
export const JSON_TYPE = 'application/json';

/** Cutting places of an answer, taken modulo its length. */
export const cuts = fc.array(fc.nat(), { maxLength: 60 });

export interface Reception {
  readonly text: string;
  /** The same, for what is no text. */
  readonly bytes: Buffer;
  readonly calls: readonly ToolCall[];
  readonly decoder: ResponseDecoder;
}

export async function receive(
  protocol: Protocol,
  contentType: string,
  body: string | Uint8Array,
  judge: Judge,
  options: { readonly cuts?: readonly number[] | 'bytes'; readonly callBytes?: number; readonly path?: string } = {},
): Promise<Reception> {
  const { cuts = [], callBytes = 4 * 1024 * 1024, path } = options;
  const bytes = Buffer.from(body);
  const decoder = protocol.responseDecoder(contentType, { callBytes }, path);
  if (!decoder) throw new Error(`no decoder for ${contentType}`);
  const calls: ToolCall[] = [];
  const out: Uint8Array[] = [];
  const gate = createGate({
    async judge(call): Promise<Outcome> {
      calls.push(call);
      return judge(call) === 'release' ? { kind: 'release' } : { kind: 'refuse', why: WHY };
    },
    write: async (part) => void out.push(part),
    keepalive: () => decoder.keepalive(),
  });
  const places = cuts === 'bytes' ? bytes.keys() : cuts.map((cut) => (bytes.length > 0 ? cut % bytes.length : 0));
  const edges = [0, ...[...new Set(places)].sort((a, b) => a - b), bytes.length];
  const passed: Promise<void>[] = [];
  for (let i = 1; i < edges.length; i += 1) {
    for (const piece of decoder.push(bytes.subarray(edges[i - 1], edges[i]))) passed.push(gate.pass(piece));
  }
  for (const piece of decoder.end()) passed.push(gate.pass(piece));
  await Promise.all(passed);
  const received = Buffer.concat(out);
  return { text: received.toString(), bytes: received, calls, decoder };
}
