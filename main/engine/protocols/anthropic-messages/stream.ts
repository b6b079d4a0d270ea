/** Anthropic Messages, streamed: which events are a tool call, and what stands in for one that is refused ("Streaming messages"). */

import type { ToolCall, Uninspected } from '../../../contract/action.ts';
import type { Words } from '../alike.ts';
import { inputCall, jsonCall, unreadCall } from '../arguments.ts';
import { explain } from '../explain.ts';
import type { EventFrame, Framing, OwnEvent } from '../framing.ts';
import { isMisspelt, isObject, type JsonObject, locate, patched } from '../json.ts';
import { type Ending, type Line, NOTHING, type Slot } from '../line.ts';
import { createNaming } from '../naming.ts';
import type { DecoderLimits, ResponseDecoder } from '../pieces.ts';
import { SSE } from '../sse.ts';
import { createSseDecoder, type Dialect } from '../sse-decoder.ts';
import { createSummary } from '../summary.ts';
import { ANTHROPIC_USAGE } from '../usage.ts';
import { hasStrayCalls, isCall, isOdd, takesInput } from './blocks.ts';

export function anthropicStream(limits: DecoderLimits): ResponseDecoder {
  return createSseDecoder(limits, (line) => anthropicDialect(line, limits, SSE));
}

/** A block that has started and not stopped. */
interface Block {
  readonly index: number;
  readonly type: string;
  readonly call: ReceivedCall | undefined;
}

interface ReceivedCall {
  readonly slot: Slot;
  readonly id: unknown;
  readonly tool: unknown;
  /** Arguments that came with the start. */
  readonly given: unknown;
  readonly json: string[];
  length: number;
  trouble: Uninspected | undefined;
}

const STREAM_EVENTS = new Set([
  'message_start',
  'content_block_start',
  'content_block_delta',
  'content_block_stop',
  'message_delta',
  'message_stop',
]);

/** The same events in another framing mean the same. */
export function anthropicDialect(line: Line, limits: DecoderLimits, framing: Framing): Dialect {
  const blocks = new Map<number, Block>();
  const summary = createSummary();
  const naming = createNaming();
  let begun = false;
  let stopped = false;
  /** How many blocks have started: clients count them, and put what follows into the last. */
  let started = 0;

  return {
    event,
    words,
    done: (frame) => line.pass(frame.raw),
    ending,
    keepalive: () => framing.events([named({ type: 'ping' })]),
    summary: summary.read,
  };

  function event(event: JsonObject, frame: EventFrame): Uninspected | undefined {
    const { type } = event;
    if (typeof type !== 'string') return frame.event === 'error' ? void line.pass(frame.raw) : 'unknown-shape';
    // Some clients go by the event's name and some by its type. Vertex names all of them `vertex_event`.
    if (frame.event !== undefined && frame.event !== type && STREAM_EVENTS.has(frame.event)) return 'unknown-shape';
    // Anthropic's own library skips what has no name, and what is named `ping`.
    if (STREAM_EVENTS.has(type) && !naming(type, frame.event)) return 'unknown-shape';
    if (hasStrayCalls(event, type === 'content_block_start' ? [event.content_block] : [])) return 'unknown-shape';
    switch (type) {
      case 'content_block_delta':
        return delta(event, frame);
      case 'content_block_start':
        return start(event, frame);
      case 'content_block_stop':
        return stop(event, frame);
      case 'message_start':
        return messageStart(event, frame);
      case 'message_delta':
        return messageDelta(event, frame);
      case 'message_stop':
        line.cut('truncated');
        blocks.clear();
        stopped = true;
        return void line.pass(frame.raw);
      default:
        return void line.pass(frame.raw);
    }
  }

  function messageStart(event: JsonObject, frame: EventFrame): Uninspected | undefined {
    const { message } = event;
    // Clients take the content that is there already for their own.
    if (!isObject(message) || !isEmpty(message.content) || isMisspelt(message, 'content') || begun) return 'unknown-shape';
    begun = true;
    summary.model(message.model);
    summary.usage(message.usage, ANTHROPIC_USAGE);
    line.pass(frame.raw);
  }

  function start({ index, content_block: content }: JsonObject, frame: EventFrame): Uninspected | undefined {
    if (!isIndex(index) || blocks.has(index) || !isObject(content) || typeof content.type !== 'string') return 'unknown-shape';
    const { type, id, name, input } = content;
    // Blocks come one after the other: some clients put a fragment into the newest, whatever its index.
    if (blocks.size > 0 && (isCall(content) || [...blocks.values()].some((block) => block.call))) return 'unknown-shape';
    if (!isCall(content)) {
      started += 1;
      blocks.set(index, { index, type, call: undefined });
      summary.text(content.text);
      return void line.pass(frame.raw);
    }
    // Clients that count blocks and clients that go by the index must mean the same one.
    if (index !== started) return 'unknown-shape';
    started += 1;
    const slot = line.open((why) => unreadCall(id, name, why));
    const call: ReceivedCall = {
      slot,
      id,
      tool: name,
      given: input,
      json: [],
      length: 0,
      trouble: isOdd(content) ? 'unknown-shape' : undefined,
    };
    blocks.set(index, { index, type, call });
    hold(call, frame, index);
    limit(call, isEmpty(input) ? 0 : frame.data.length);
  }

  function delta({ index, delta }: JsonObject, frame: EventFrame): Uninspected | undefined {
    const block = isIndex(index) ? blocks.get(index) : undefined;
    if (!block || !isObject(delta)) return 'unknown-shape';
    const isInput = delta.type === 'input_json_delta';
    if (!block.call) {
      if (isInput && !takesInput(block.type)) return 'unknown-shape';
      if (block.type === 'text') summary.text(delta.text);
      return void line.pass(frame.raw);
    }
    const { call } = block;
    const fragment = delta.partial_json;
    hold(call, frame);
    if (!isInput || typeof fragment !== 'string') call.trouble = 'unknown-shape';
    else if (!call.slot.call) {
      call.json.push(fragment);
      limit(call, fragment.length);
    }
  }

  function words({ type, index, delta }: JsonObject): Words | undefined {
    const block = type === 'content_block_delta' && isIndex(index) ? blocks.get(index) : undefined;
    if (!block || block.call || !isObject(delta)) return undefined;
    if (block.type === 'text' && delta.type === 'text_delta' && typeof delta.text === 'string')
      return { path: ['delta', 'text'], say: summary.text };
    if (block.type === 'thinking' && delta.type === 'thinking_delta' && typeof delta.thinking === 'string')
      return { path: ['delta', 'thinking'], say: () => {} };
    return undefined;
  }

  function stop({ index }: JsonObject, frame: EventFrame): Uninspected | undefined {
    const block = isIndex(index) ? blocks.get(index) : undefined;
    if (!block) return 'unknown-shape';
    blocks.delete(block.index);
    if (!block.call) return void line.pass(frame.raw);
    hold(block.call, frame);
    if (!block.call.slot.call) line.settle(block.call.slot, complete(block.call));
  }

  /** With every call refused the agent has nothing left to run, so the turn ends; otherwise it is the provider's word. */
  function messageDelta(event: JsonObject, frame: EventFrame): Uninspected | undefined {
    const { delta, usage } = event;
    if (!isObject(delta)) return 'unknown-shape';
    summary.stopReason(delta.stop_reason);
    summary.usage(usage, ANTHROPIC_USAGE);
    if (delta.stop_reason !== 'tool_use') return void line.pass(frame.raw);
    line.hold(frame.raw, [], (refused) => (refused.size > 0 && line.calls.every((call) => refused.has(call)) ? endTurn(frame) : frame.raw));
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
    const open = [...blocks.values()].filter((block) => !block.call);
    const next = started;
    const opening = begun ? [] : [named({ type: 'message_start', message: emptyMessage() })];
    return (refused, lost, why) => {
      const left = line.calls.some((call) => call !== lost && !refused.has(call));
      return framing.events([
        ...opening,
        ...open.map(({ index }) => named({ type: 'content_block_stop', index })),
        ...(why ? textBlock(next, explain(lost, why)) : []),
        named({
          type: 'message_delta',
          delta: { stop_reason: left ? 'tool_use' : 'end_turn', stop_sequence: null },
          usage: { output_tokens: 0 },
        }),
        named({ type: 'message_stop' }),
      ]);
    };
  }

  function endTurn(frame: EventFrame): Uint8Array {
    const event = locate(frame.data);
    const delta = event.members.get('delta')!.value;
    return framing.withData(frame, patched(frame.data, event, { delta: patched(frame.data, delta, { stop_reason: '"end_turn"' }) }));
  }
}

/** A message without content, for where the provider's own could not be read. */
export function emptyMessage(content: readonly JsonObject[] = [], stopReason: string | null = null): JsonObject {
  return {
    id: 'msg_holdpoint',
    type: 'message',
    role: 'assistant',
    model: 'unknown',
    content,
    stop_reason: stopReason,
    stop_sequence: null,
    usage: { input_tokens: 0, output_tokens: 0 },
  };
}

function complete({ id, tool, given, json, trouble }: ReceivedCall): ToolCall {
  if (trouble) return unreadCall(id, tool, trouble);
  const text = json.join('');
  if (isEmpty(given)) return jsonCall(id, tool, text);
  // Given twice, and clients differ in which of the two they take.
  return text === '' && isObject(given) ? inputCall(id, tool, given) : unreadCall(id, tool, 'unknown-shape');
}

function textBlock(index: number, text: string): OwnEvent[] {
  return [
    named({ type: 'content_block_start', index, content_block: { type: 'text', text: '' } }),
    named({ type: 'content_block_delta', index, delta: { type: 'text_delta', text } }),
    named({ type: 'content_block_stop', index }),
  ];
}

function named(data: { readonly type: string; readonly [key: string]: unknown }): OwnEvent {
  return { data, name: data.type };
}

function isIndex(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** Nothing, `""`, `[]` or `{}`. */
function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0);
}
