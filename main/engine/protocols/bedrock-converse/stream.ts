/** Bedrock's Converse, streamed: which events are a tool call, and what stands in for one that is refused ("ConverseStream"). */

import type { ToolCall, Uninspected } from '../../../contract/action.ts';
import { jsonCall, unreadCall } from '../arguments.ts';
import { createEventstreamDecoder, type MessageDialect } from '../eventstream-decoder.ts';
import { EVENTSTREAM } from '../eventstream-framing.ts';
import { explain } from '../explain.ts';
import type { EventFrame, Framing, OwnEvent } from '../framing.ts';
import { isMisspelt, isObject, type JsonObject, locate, patched } from '../json.ts';
import { type Ending, type Line, NOTHING, type Slot } from '../line.ts';
import type { DecoderLimits, ResponseDecoder } from '../pieces.ts';
import { createSummary } from '../summary.ts';
import { CONVERSE_USAGE } from '../usage.ts';
import { callIn, hasStrayCalls, isOdd } from './blocks.ts';

export function converseStream(limits: DecoderLimits): ResponseDecoder {
  return createEventstreamDecoder(limits, (line) => converseDialect(line, limits, EVENTSTREAM));
}

interface ReceivedCall {
  readonly slot: Slot;
  readonly id: unknown;
  readonly tool: unknown;
  readonly json: string[];
  length: number;
  trouble: Uninspected | undefined;
}

/** Events that carry a place among the blocks. */
const BLOCK_EVENTS = /^contentBlock(Start|Delta|Stop)$/;

/** A frame's name is the event's type. The same events in another framing mean the same. */
export function converseDialect(line: Line, limits: DecoderLimits, framing: Framing): MessageDialect {
  /** Blocks that have begun and not stopped. One of text begins with its first delta. */
  const blocks = new Map<number, ReceivedCall | undefined>();
  /** Places of calls, past ones included. */
  const taken = new Set<number>();
  const summary = createSummary();
  let begun = false;
  let stopped = false;
  let next = 0;

  return {
    event,
    ending,
    // AWS's own libraries skip an event of a type that they do not know.
    keepalive: () => framing.events([{ name: 'keepAlive', data: {} }]),
    summary: summary.read,
  };

  function event(event: JsonObject, frame: EventFrame): Uninspected | undefined {
    const { event: type = '' } = frame;
    const { start, delta } = event;
    const part = type === 'contentBlockStart' ? start : type === 'contentBlockDelta' ? delta : undefined;
    if (hasStrayCalls(event, [part]) || isMisspelt(event, 'contentBlockIndex', 'start', 'delta')) return 'unknown-shape';
    if (isObject(part) && (isOdd(part) || hasStrayCalls({ ...part, toolUse: undefined }, []))) return 'unknown-shape';
    if (BLOCK_EVENTS.test(type)) return blockEvent(type, event, frame);
    if (type === 'messageStop') return messageStop(event, frame);
    if (type === 'messageStart') begun = true;
    if (type === 'metadata') summary.usage(event.usage, CONVERSE_USAGE);
    line.pass(frame.raw);
  }

  function blockEvent(type: string, { contentBlockIndex: index, start, delta }: JsonObject, frame: EventFrame): Uninspected | undefined {
    if (!isIndex(index)) return 'unknown-shape';
    // Blocks come one after the other: some clients put what comes into the newest, whatever its index.
    if (!blocks.get(index) && [...blocks.values()].some((call) => call)) return 'unknown-shape';
    next = Math.max(next, index + 1);
    if (type === 'contentBlockStart') return blockStart(index, start, frame);
    if (type === 'contentBlockDelta') return blockDelta(index, delta, frame);
    const call = blocks.get(index);
    blocks.delete(index);
    if (!call) return void line.pass(frame.raw);
    hold(call, frame);
    if (!call.slot.call) line.settle(call.slot, complete(call));
  }

  function blockStart(index: number, start: unknown, frame: EventFrame): Uninspected | undefined {
    const toolUse = isObject(start) ? callIn(start) : undefined;
    if (blocks.has(index) || (isObject(start) && 'toolUse' in start && !toolUse)) return 'unknown-shape';
    if (!toolUse) {
      blocks.set(index, undefined);
      return void line.pass(frame.raw);
    }
    // Clients that go by the place add a second call to the first.
    if (taken.has(index)) return 'unknown-shape';
    taken.add(index);
    const { toolUseId: id, name: tool } = toolUse;
    const call: ReceivedCall = {
      slot: line.open((why) => unreadCall(id, tool, why)),
      id,
      tool,
      json: [],
      length: 0,
      trouble: 'input' in toolUse ? 'unknown-shape' : undefined,
    };
    blocks.set(index, call);
    hold(call, frame, index);
    limit(call, 'input' in toolUse ? frame.data.length : 0);
  }

  function blockDelta(index: number, delta: unknown, frame: EventFrame): Uninspected | undefined {
    if (!isObject(delta)) return 'unknown-shape';
    const call = blocks.get(index);
    if (!call) {
      if ('toolUse' in delta) return 'unknown-shape';
      blocks.set(index, undefined);
      summary.text(delta.text);
      return void line.pass(frame.raw);
    }
    hold(call, frame);
    const fragment = callIn(delta)?.input;
    if (typeof fragment !== 'string' || Object.keys(delta).length > 1) call.trouble = 'unknown-shape';
    else if (!call.slot.call) {
      call.json.push(fragment);
      limit(call, fragment.length);
    }
  }

  /** With every call refused the agent has nothing left to run, so the turn ends; otherwise it is the provider's word. */
  function messageStop({ stopReason }: JsonObject, frame: EventFrame): undefined {
    line.cut('truncated');
    blocks.clear();
    stopped = true;
    summary.stopReason(stopReason);
    if (stopReason !== 'tool_use') return line.pass(frame.raw) as undefined;
    line.hold(frame.raw, [], (refused) => {
      const ends = refused.size > 0 && line.calls.every((call) => refused.has(call));
      return ends ? framing.withData(frame, patched(frame.data, locate(frame.data), { stopReason: '"end_turn"' })) : frame.raw;
    });
  }

  function hold(call: ReceivedCall, frame: EventFrame, startIndex?: number): void {
    line.hold(frame.raw, [call.slot], (refused) => {
      const why = call.slot.call && refused.get(call.slot.call);
      if (!why) return frame.raw;
      return startIndex === undefined ? NOTHING : framing.events(textBlock(startIndex, explain(call.slot.call, why)));
    });
  }

  /** Its verdict is asked for at once; what still comes of it follows that verdict. */
  function limit(call: ReceivedCall, more: number): void {
    call.length += more;
    if (call.length > limits.callBytes && !call.slot.call) line.settle(call.slot, unreadCall(call.id, call.tool, 'too-long'));
  }

  function ending(): Ending {
    if (stopped) return () => NOTHING;
    const open = [...blocks].flatMap(([index, call]) => (call ? [] : [index]));
    const index = next;
    const opening: OwnEvent[] = begun ? [] : [{ name: 'messageStart', data: { role: 'assistant' } }];
    return (refused, lost, why) => {
      const left = line.calls.some((call) => call !== lost && !refused.has(call));
      return framing.events([
        ...opening,
        ...open.map((contentBlockIndex) => ({ name: 'contentBlockStop', data: { contentBlockIndex } })),
        ...(why ? textBlock(index, explain(lost, why)) : []),
        { name: 'messageStop', data: { stopReason: left ? 'tool_use' : 'end_turn' } },
      ]);
    };
  }
}

function complete({ id, tool, json, trouble }: ReceivedCall): ToolCall {
  return trouble ? unreadCall(id, tool, trouble) : jsonCall(id, tool, json.join(''));
}

/** Converse begins a block of text with its first delta. */
function textBlock(contentBlockIndex: number, text: string): OwnEvent[] {
  return [
    { name: 'contentBlockDelta', data: { contentBlockIndex, delta: { text } } },
    { name: 'contentBlockStop', data: { contentBlockIndex } },
  ];
}

function isIndex(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
