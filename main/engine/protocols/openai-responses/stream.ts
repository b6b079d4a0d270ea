/** OpenAI Responses, streamed: an item is complete at `output_item.done`, and comes again in `response.completed`. */

import type { ToolCall, Uninspected } from '../../../contract/action.ts';
import type { Refusal } from '../../../contract/verdict.ts';
import { unreadCall } from '../arguments.ts';
import { explain } from '../explain.ts';
import type { EventFrame, Framing, OwnEvent } from '../framing.ts';
import { isObject, type JsonNode, type JsonObject, locate, patched, source } from '../json.ts';
import { type Ending, type Line, MAX_CALLS, NOTHING, type Slot } from '../line.ts';
import { createNaming } from '../naming.ts';
import type { DecoderLimits, Refusals, ResponseDecoder } from '../pieces.ts';
import { SSE } from '../sse.ts';
import { createSseDecoder, type Dialect } from '../sse-decoder.ts';
import { createSummary } from '../summary.ts';
import { RESPONSES_USAGE } from '../usage.ts';
import { type Claims, claimedBy, createClaims } from './claims.ts';
import { callOf, fingerprint, hasStrayCalls, type Item, isCall, isItem, toolName } from './items.ts';
import { emptyResponse, messageEvents, messageId, messageItem } from './message.ts';

export function responsesStream(limits: DecoderLimits): ResponseDecoder {
  return createSseDecoder(limits, (line) => responsesDialect(line, limits, SSE));
}

/** What stands at an output index. */
interface Place {
  readonly index: number;
  readonly type: string;
  readonly call: ReceivedCall | undefined;
  done: boolean;
}

interface ReceivedCall {
  readonly slot: Slot;
  /** What its start said; a whole item where it came without one. */
  readonly added: Item;
  readonly claims: Claims;
  trouble: Uninspected | undefined;
  /** Of its complete item. */
  fingerprint: string | undefined;
  /** The item that stands for it where it is refused. */
  readonly messageId: string;
}

const LIFECYCLE = /^response\.(created|queued|in_progress|completed|incomplete|failed|cancelled)$/;
const END = /^response\.(completed|incomplete|failed|cancelled)$/;

/** The same events in another framing mean the same. */
export function responsesDialect(line: Line, limits: DecoderLimits, framing: Framing): Dialect {
  const places = new Map<number, Place>();
  const indexOfItem = new Map<string, number>();
  const received: ReceivedCall[] = [];
  const summary = createSummary();
  const naming = createNaming();
  let response: JsonObject | undefined;
  let ended = false;
  /** What is to be added to a sequence number: how many events more, or fewer, left than came. Kept while frames are rendered, in order. */
  let shift = 0;

  return {
    event,
    done: (frame) => line.pass(frame.raw),
    ending,
    // Codex does not count a comment as life.
    keepalive: () => framing.events([named({ type: 'keepalive' })]),
    summary: summary.read,
  };

  function event(event: JsonObject, frame: EventFrame): Uninspected | undefined {
    const { type } = event;
    if (typeof type !== 'string') return frame.event === 'error' ? follow(event, frame) : 'unknown-shape';
    // Some clients go by the event's name and some by its type.
    if (frame.event?.startsWith('response.') && frame.event !== type) return 'unknown-shape';
    if (type.startsWith('response.') && !naming(type, frame.event)) return 'unknown-shape';
    if (hasStrayCalls(event, itemsOf(event))) return 'unknown-shape';
    if (type === 'response.output_item.added') return itemAdded(event, frame);
    if (type === 'response.output_item.done') return itemDone(event, frame);
    if (isObject(event.response)) return lifecycle(type, event, event.response, frame);
    if (LIFECYCLE.test(type)) return 'unknown-shape';
    return itemEvent(type, event, frame);
  }

  function itemAdded(event: JsonObject, frame: EventFrame): Uninspected | undefined {
    const { output_index: index, item } = event;
    if (!isItem(item)) return 'unknown-shape';
    const before = isIndex(index) ? places.get(index) : undefined;
    if (!isCall(item)) {
      if (before?.call && !before.done) return 'unknown-shape';
      if (isIndex(index)) stand({ index, type: item.type, call: undefined, done: false }, item);
      return follow(event, frame);
    }
    if (!isIndex(index) || (before && !before.done)) return 'unknown-shape';
    const call = begin(index, item);
    stand({ index, type: item.type, call, done: false }, item);
    hold(call, event, frame, index);
  }

  function itemDone(event: JsonObject, frame: EventFrame): Uninspected | undefined {
    const { output_index: index, item } = event;
    if (!isItem(item)) return 'unknown-shape';
    const before = isIndex(index) ? places.get(index) : undefined;
    if (before?.call && !before.done) {
      before.done = true;
      hold(before.call, event, frame);
      complete(before.call, item);
      return;
    }
    if (!isCall(item)) {
      if (before) before.done = true;
      return follow(event, frame);
    }
    // It was announced as something else, or there is no telling where it stands.
    if (!isIndex(index) || (before && !before.done)) return 'unknown-shape';
    const call = begin(index, item);
    stand({ index, type: item.type, call, done: true }, item);
    hold(call, event, frame, index);
    complete(call, item);
  }

  /** Events of an item between its start and its end, and all others. */
  function itemEvent(type: string, event: JsonObject, frame: EventFrame): Uninspected | undefined {
    const { output_index: given, item_id: id } = event;
    const named = typeof id === 'string' ? indexOfItem.get(id) : undefined;
    const index = isIndex(given) ? given : named;
    // Some clients go by the one and some by the other. Copilot changes ids on the way: one that nothing has is nobody's.
    if (named !== undefined && named !== index) return 'unknown-shape';
    const place = index === undefined ? undefined : places.get(index);
    const claim = claimedBy(type);
    if (!place?.call) {
      if (claim) return 'unknown-shape';
      if (type === 'response.output_text.delta') summary.text(event.delta);
      return follow(event, frame);
    }
    if (place.done) return 'unknown-shape';
    hold(place.call, event, frame);
    if (!claim || place.call.slot.call) return;
    if (!place.call.claims.add(claim, event)) place.call.trouble = 'unknown-shape';
    if (place.call.claims.length > limits.callBytes) giveUp(place.call, 'too-long');
  }

  function begin(index: number, added: Item): ReceivedCall {
    const call: ReceivedCall = {
      slot: line.open((why) => unreadCall(added.call_id, toolName(added), why)),
      added,
      claims: createClaims(),
      trouble: undefined,
      fingerprint: undefined,
      messageId: messageId(response?.id, added.id, added.call_id, index, received.length),
    };
    received.push(call);
    return call;
  }

  function complete(call: ReceivedCall, item: Item): void {
    call.fingerprint = fingerprint(item);
    if (call.slot.call) return;
    const agreed = !call.trouble && agrees(call.added, item) && call.claims.hold(item);
    line.settle(call.slot, agreed ? callOf(item, limits.callBytes) : unreadCall(call.added.call_id, toolName(call.added), 'unknown-shape'));
  }

  function giveUp(call: ReceivedCall, why: Uninspected): void {
    line.settle(call.slot, unreadCall(call.added.call_id, toolName(call.added), why));
  }

  function stand(place: Place, item: Item): void {
    places.set(place.index, place);
    if (typeof item.id === 'string') indexOfItem.set(item.id, place.index);
  }

  /** An event that carries the whole response so far. An agent may execute what it finds there, so every call in it is one. */
  function lifecycle(type: string, event: JsonObject, carried: JsonObject, frame: EventFrame): Uninspected | undefined {
    const { output } = carried;
    if (output !== undefined && output !== null && !(Array.isArray(output) && output.every(isItem))) return 'unknown-shape';
    if (output && output.length > MAX_CALLS) return 'too-long';
    const ends = END.test(type);
    if (ends) line.cut('truncated');
    note(carried, ends ? carried.status : undefined);
    const items: readonly Item[] = output ?? [];
    const unmatched = new Set(received);
    const repeats = items.map((item) => (isCall(item) ? repeated(item, unmatched) : undefined));
    ended ||= ends;
    if (repeats.every((call) => call === undefined)) return follow(event, frame);
    const slots = repeats.flatMap((call) => (call ? [call.slot] : []));
    line.hold(frame.raw, slots, (refused) => {
      const some = slots.some(({ call }) => call && refused.has(call));
      return rendered(event, frame, some ? (tree) => ({ response: withoutRefused(frame.data, tree, repeats, refused) }) : undefined);
    });
  }

  /** The call that was seen before, or a new one. */
  function repeated(item: Item, unmatched: Set<ReceivedCall>): ReceivedCall {
    const print = fingerprint(item);
    for (const call of unmatched) {
      if (call.fingerprint !== print) continue;
      unmatched.delete(call);
      return call;
    }
    const call = begin(received.length, item);
    complete(call, item);
    return call;
  }

  /** The carried response's text, with messages in the place of refused calls. */
  function withoutRefused(text: string, event: JsonNode, repeats: readonly (ReceivedCall | undefined)[], refused: Refusals): string {
    const carried = event.members.get('response')!.value;
    const items = carried.members.get('output')!.value.items.map((item, at) => {
      const repeat = repeats[at];
      const call = repeat?.slot.call;
      const why = call && refused.get(call);
      return why ? JSON.stringify(messageItem(repeat.messageId, substituteFor(repeat, call, why))) : source(text, item);
    });
    return patched(text, carried, { output: `[${items.join(',')}]` });
  }

  /** What is said in the call's place. A provider that keeps the answer knows of the call only. */
  function substituteFor({ added, messageId: id }: ReceivedCall, call: ToolCall, why: Refusal): string {
    const text = explain(call, why);
    if (typeof response?.id === 'string') limits.substituted?.({ response: response.id, call: added, id, text });
    return text;
  }

  function hold(call: ReceivedCall, event: JsonObject, frame: EventFrame, startIndex?: number): void {
    line.hold(frame.raw, [call.slot], (refused) => {
      const complete = call.slot.call;
      const why = complete && refused.get(complete);
      if (!why) return rendered(event, frame);
      const number = event.sequence_number;
      const first = isIndex(number) ? number + shift : undefined;
      if (first !== undefined) shift -= 1;
      if (startIndex === undefined) return NOTHING;
      const events = messageEvents(call.messageId, startIndex, substituteFor(call, complete, why), first);
      if (first !== undefined) shift += events.length;
      return framing.events(events.map(named));
    });
  }

  /** A frame that has nothing to do with a call but may come after one. */
  function follow(event: JsonObject, frame: EventFrame): undefined {
    if (received.length === 0) line.pass(frame.raw);
    else line.hold(frame.raw, [], () => rendered(event, frame));
  }

  function rendered(event: JsonObject, frame: EventFrame, change?: (tree: JsonNode) => { [key: string]: string }): Uint8Array {
    const number = event.sequence_number;
    const moved = shift !== 0 && isIndex(number);
    if (!moved && !change) return frame.raw;
    const tree = locate(frame.data);
    return framing.withData(
      frame,
      patched(frame.data, tree, { ...change?.(tree), ...(moved && { sequence_number: String(number + shift) }) }),
    );
  }

  function note(carried: JsonObject, status: unknown): void {
    response ??= carried;
    summary.model(carried.model);
    summary.stopReason(status);
    summary.usage(carried.usage, RESPONSES_USAGE);
  }

  function ending(): Ending {
    if (ended) return () => NOTHING;
    const index = Math.max(-1, ...places.keys()) + 1;
    const id = messageId(response?.id, 'end');
    const base = response ?? emptyResponse();
    return (_, lost, why) => {
      const text = why ? explain(lost, why) : undefined;
      const events = text === undefined ? [] : messageEvents(id, index, text, undefined);
      const output = text === undefined ? [] : [messageItem(id, text)];
      const completed = { type: 'response.completed', response: { ...base, status: 'completed', output } };
      return framing.events([...events, completed].map(named));
    };
  }
}

/** Where an event's items are. */
function itemsOf({ type, item, response }: JsonObject): readonly unknown[] {
  if (type === 'response.output_item.added' || type === 'response.output_item.done') return [item];
  return isObject(response) && Array.isArray(response.output) ? response.output : [];
}

/** Whether an item's start and its end speak of the same call. What the start leaves out comes later. */
function agrees(added: Item, item: Item): boolean {
  const fixed = ['name', 'call_id', 'namespace', 'server_label', 'arguments', 'input'];
  return added.type === item.type && fixed.every((key) => !added[key] || JSON.stringify(added[key]) === JSON.stringify(item[key]));
}

function isIndex(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function named(data: { readonly type: string }): OwnEvent {
  return { data, name: data.type };
}
