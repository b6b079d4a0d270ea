/** The line that a streamed answer's frames stand in: a frame leaves when every call that it carries a part of is complete. */

import type { ToolCall, Uninspected } from '../../contract/action.ts';
import type { Refusal } from '../../contract/verdict.ts';
import type { Piece, Refusals } from './pieces.ts';

export type Render = (refused: Refusals) => Uint8Array;

/** A call that is being received. */
export interface Slot {
  /** Set once it is complete, or was given up; its verdict has then been asked for. */
  readonly call: ToolCall | undefined;
}

/** What follows when something unreadable was refused. `why` is there where nothing has explained it yet. */
export type Ending = (refused: Refusals, lost: ToolCall, why: Refusal | undefined) => Uint8Array;

export interface Line {
  /** All calls so far whose verdict was asked for, in that order. */
  readonly calls: readonly ToolCall[];
  /** There are more calls than any answer of a working model has. */
  readonly crowded: boolean;
  /** Whether a call is being received. */
  readonly receiving: boolean;
  open(cut: (why: Uninspected) => ToolCall): Slot;
  /** A frame that has nothing to do with a call. */
  pass(raw: Uint8Array): void;
  /** A frame that carries parts of `slots`, or (with none) depends on the calls before it. Rendered once, in order. */
  hold(raw: Uint8Array, slots: readonly Slot[], render: Render): void;
  /** The slot's call is complete. */
  settle(slot: Slot, call: ToolCall): void;
  /** Gives up every call that is being received. */
  cut(why: Uninspected): void;
  /**
   * Something in the answer could not be read, so nothing after it can be trusted either. One uninspected call stands for all of it:
   * where that is refused, `ending` closes the answer and the rest of it is dropped.
   */
  lose(why: Uninspected, raw: Uint8Array, ending: Ending): void;
  /** What may leave. */
  drain(): Piece[];
}

export const NOTHING = new Uint8Array(0);

/** Frames of a call are kept at most to this multiple of `callBytes`: an event is many times as long as the fragment that it carries. */
const ENVELOPE = 8;

/** What keeping a frame takes besides its own bytes: of frames that are but a line's end there may be many. */
const FRAME_BYTES = 64;

/** In one answer. */
export const MAX_CALLS = 512;

/** The name of a call that could not be read. */
export const UNREAD_TOOL = 'unknown';

interface OpenSlot extends Slot {
  call: ToolCall | undefined;
  readonly cut: (why: Uninspected) => ToolCall;
}

interface Waiting {
  readonly raw: Uint8Array;
  readonly slots: readonly Slot[];
  /** Absent where it leaves as it is. */
  readonly render: Render | undefined;
}

type Leaving = { kind: 'pass'; bytes: Uint8Array } | { kind: 'call'; call: ToolCall } | { kind: 'held'; renders: Render[] };

export function createLine(callBytes: number): Line {
  const open = new Set<OpenSlot>();
  const calls: ToolCall[] = [];
  let waiting: Waiting[] = [];
  let waitingBytes = 0;
  let leaving: Leaving[] = [];
  let lost: ToolCall | undefined;

  const line: Line = {
    calls,
    get crowded() {
      return calls.length + open.size > MAX_CALLS;
    },
    get receiving() {
      return open.size > 0;
    },
    open(cut) {
      const slot: OpenSlot = { call: undefined, cut };
      open.add(slot);
      return slot;
    },
    pass: (raw) => put(raw, [], undefined),
    hold: put,
    settle(slot, call) {
      const received = slot as OpenSlot;
      received.call = call;
      open.delete(received);
      judge(call);
      release();
    },
    cut(why) {
      for (const slot of [...open]) line.settle(slot, slot.cut(why));
    },
    lose(why, raw, ending) {
      if (lost) {
        put(raw, [], undefined);
        return;
      }
      const [given] = open;
      line.cut(why);
      const call = given?.call ?? { id: '', tool: UNREAD_TOOL, uninspected: why };
      if (!given) judge(call);
      put(raw, [], (refused) => {
        const refusal = refused.get(call);
        return refusal ? ending(refused, call, given ? undefined : refusal) : raw;
      });
      lost = call;
    },
    drain() {
      const pieces = leaving.map(asPiece);
      leaving = [];
      return pieces;
    },
  };
  return line;

  function judge(call: ToolCall): void {
    calls.push(call);
    leaving.push({ kind: 'call', call });
  }

  function put(raw: Uint8Array, slots: readonly Slot[], render: Render | undefined): void {
    const item = { raw, slots, render: lost ? unless(lost, render ?? (() => raw)) : render };
    if (waiting.length === 0 && isReady(item)) {
      leave(item);
      return;
    }
    waiting.push(item);
    waitingBytes += raw.length + FRAME_BYTES;
    if (waitingBytes > ENVELOPE * callBytes) line.cut('too-long');
  }

  function release(): void {
    let count = 0;
    for (; count < waiting.length && isReady(waiting[count]!); count += 1) {
      waitingBytes -= waiting[count]!.raw.length + FRAME_BYTES;
      leave(waiting[count]!);
    }
    if (count > 0) waiting = waiting.slice(count);
  }

  /** Neighbours leave as one: a chunk of many frames is one write. */
  function leave({ raw, render }: Waiting): void {
    const last = leaving.at(-1);
    if (render) {
      if (last?.kind === 'held') last.renders.push(render);
      else leaving.push({ kind: 'held', renders: [render] });
    } else if (last?.kind === 'held') last.renders.push(() => raw);
    else if (last?.kind === 'pass' && last.bytes.buffer === raw.buffer && last.bytes.byteOffset + last.bytes.length === raw.byteOffset) {
      last.bytes = new Uint8Array(raw.buffer as ArrayBuffer, last.bytes.byteOffset, last.bytes.length + raw.length);
    } else if (raw.length > 0) leaving.push({ kind: 'pass', bytes: raw });
  }
}

function isReady({ slots }: Waiting): boolean {
  return slots.every((slot) => slot.call !== undefined);
}

function unless(lost: ToolCall, render: Render): Render {
  return (refused) => (refused.has(lost) ? NOTHING : render(refused));
}

function asPiece(leaving: Leaving): Piece {
  if (leaving.kind !== 'held') return leaving;
  const [only, ...others] = leaving.renders;
  if (only && others.length === 0) return { kind: 'held', bytes: only };
  return { kind: 'held', bytes: (refused) => Buffer.concat(leaving.renders.map((render) => render(refused))) };
}
