/** OpenAI chat completions, streamed: calls come in fragments by index, and are complete when their choice finishes. */

import type { ToolCall, Uninspected } from '../../../contract/action.ts';
import { inputCall, jsonCall, unreadCall } from '../arguments.ts';
import { explain } from '../explain.ts';
import type { EventFrame } from '../framing.ts';
import { asNumber, asString, type JsonNode, type JsonObject, patched, source } from '../json.ts';
import { type Ending, type Line, NOTHING, type Slot } from '../line.ts';
import { createNaming } from '../naming.ts';
import type { DecoderLimits, Refusals, ResponseDecoder } from '../pieces.ts';
import { sseEvent, withData } from '../sse.ts';
import { createSseDecoder, type Dialect } from '../sse-decoder.ts';
import { createSummary } from '../summary.ts';
import { CHAT_USAGE } from '../usage.ts';
import { type ChunkChoice, choicesOf, type Fragment } from './chunks.ts';
import { changedChoices, changedMessage } from './message.ts';

export function chatStream(limits: DecoderLimits): ResponseDecoder {
  return createSseDecoder(limits, (line) => dialect(line, limits));
}

interface ReceivedCall {
  readonly slot: Slot;
  readonly id: string | undefined;
  name: string | undefined;
  form: 'json' | 'text' | undefined;
  readonly legacy: boolean;
  readonly texts: string[];
  length: number;
  trouble: Uninspected | undefined;
  /** Its choice has finished: no more may come of it. */
  ended: boolean;
  /** Its choice said something before it. */
  readonly afterText: boolean;
}

interface Choice {
  readonly index: number;
  /** In the order in which they began; by their index, or `legacy`. */
  readonly calls: Map<number | 'legacy', ReceivedCall>;
  said: boolean;
  finished: boolean;
}

/** What a chunk has to do with calls, for rendering it. */
interface Part {
  readonly choice: Choice;
  /** In the order of the chunk's `tool_calls`. */
  readonly calls: readonly ReceivedCall[];
  readonly legacy: ReceivedCall | undefined;
  readonly begins: readonly ReceivedCall[];
  readonly finish: string | undefined;
}

function dialect(line: Line, limits: DecoderLimits): Dialect {
  const choices = new Map<number, Choice>();
  const summary = createSummary();
  const naming = createNaming();
  let head: JsonObject = { id: 'chatcmpl-holdpoint', object: 'chat.completion.chunk', created: 0, model: 'unknown' };
  let isDone = false;

  return { event, done, ending, keepalive: () => Buffer.from(chunk(0, {}, null)), summary: summary.read };

  function event(event: JsonObject, frame: EventFrame): Uninspected | undefined {
    const read = choicesOf(event);
    if (!read?.every(hasPlace) || (read.length > 0 && !naming(undefined, frame.event))) return 'unknown-shape';
    note(event);
    if (!read.some((choice) => choice.fragments.length > 0 || choice.finish)) {
      for (const choice of read) say(choice);
      return void line.pass(frame.raw);
    }
    const parts = read.map(receive);
    const slots = parts.flatMap((part) => [...part.calls, ...(part.legacy ? [part.legacy] : [])]).map((call) => call.slot);
    if (slots.length === 0 && line.calls.length === 0 && !line.receiving) line.pass(frame.raw);
    else line.hold(frame.raw, slots, (refused) => rendered(frame, parts, refused));
    for (const { choice, finish } of parts) if (finish) settle(choice);
  }

  /** Fragments of a call that is complete, or that belong to none, have no place. */
  function hasPlace({ index, fragments }: ChunkChoice): boolean {
    const calls = choices.get(index)?.calls;
    return fragments.every((fragment) => {
      if (fragment.index === undefined && !fragment.legacy) return fragment.id !== undefined && fragment.name !== undefined;
      return !calls?.get(fragment.legacy ? 'legacy' : fragment.index!)?.ended;
    });
  }

  function receive(read: ChunkChoice): Part {
    const begins: ReceivedCall[] = [];
    const choice = choiceAt(read.index);
    const received = read.fragments.map((fragment) => ({ fragment, call: callOf(choice, fragment, begins) }));
    for (const { fragment, call } of received) add(call, fragment);
    say(read);
    return {
      choice,
      calls: received.filter(({ fragment }) => !fragment.legacy).map(({ call }) => call),
      legacy: received.find(({ fragment }) => fragment.legacy)?.call,
      begins,
      finish: read.finish,
    };
  }

  function callOf(choice: Choice, { index, id, legacy }: Fragment, begins: ReceivedCall[]): ReceivedCall {
    const key = legacy ? 'legacy' : (index ?? nextIndex(choice));
    const known = choice.calls.get(key);
    if (known) return known;
    const call: ReceivedCall = {
      slot: line.open((why) => unreadCall(id, call.name, why)),
      id,
      name: undefined,
      form: undefined,
      legacy,
      texts: [],
      length: 0,
      trouble: undefined,
      ended: false,
      afterText: choice.said,
    };
    // Some clients put together what has the same id.
    if (id !== undefined && [...choice.calls.values()].some((other) => other.id === id)) call.trouble = 'unknown-shape';
    choice.calls.set(key, call);
    begins.push(call);
    return call;
  }

  function add(call: ReceivedCall, { id, name, text, form, odd }: Fragment): void {
    if (call.slot.call) return;
    // Some clients put a name together from fragments, some take the first and some the last.
    const differs = (call.name !== undefined && name !== undefined && name !== call.name) || (call.form && form && form !== call.form);
    if (odd || differs || (id !== undefined && id !== call.id)) call.trouble = 'unknown-shape';
    call.name ??= name;
    call.form ??= form;
    call.texts.push(text);
    call.length += text.length;
    if (call.length > limits.callBytes) line.settle(call.slot, unreadCall(call.id, call.name, 'too-long'));
  }

  function settle(choice: Choice): void {
    choice.finished = true;
    for (const call of choice.calls.values()) {
      call.ended = true;
      if (!call.slot.call) line.settle(call.slot, complete(call));
    }
  }

  function done(frame: EventFrame): void {
    for (const choice of choices.values()) settle(choice);
    isDone = true;
    line.pass(frame.raw);
  }

  function choiceAt(index: number): Choice {
    const choice = choices.get(index) ?? { index, calls: new Map(), said: false, finished: false };
    choices.set(index, choice);
    return choice;
  }

  function say({ index, delta, text, finish }: ChunkChoice): void {
    const choice = choiceAt(index);
    if (delta.content) choice.said = true;
    if (index === 0) {
      summary.text(delta.content ?? text);
      summary.stopReason(finish);
    }
  }

  function note({ id, created, model, usage }: JsonObject): void {
    summary.model(model);
    summary.usage(usage, CHAT_USAGE);
    if (typeof id === 'string' && id !== head.id) {
      head = { id, object: 'chat.completion.chunk', created: asNumber(created) ?? 0, model: asString(model) ?? 'unknown' };
    }
  }

  function chunk(index: number, delta: JsonObject, finish: string | null): string {
    return sseEvent({ ...head, choices: [{ index, delta, finish_reason: finish }] });
  }

  function ending(): Ending {
    if (isDone) return () => NOTHING;
    const left = choices.size > 0 ? [...choices.values()].filter((choice) => !choice.finished) : [choiceAt(0)];
    const first = left[0] ?? choiceAt(0);
    return (refused, lost, why) => {
      const words = why ? chunk(first.index, { role: 'assistant', content: (first.said ? '\n\n' : '') + explain(lost, why) }, null) : '';
      const ends = left.map((choice) => chunk(choice.index, {}, allRefused(choice, refused) ? 'stop' : 'tool_calls'));
      return Buffer.from(`${words}${ends.join('')}data: [DONE]\n\n`);
    };
  }
}

function complete({ id, name, form, texts, trouble }: ReceivedCall): ToolCall {
  if (trouble) return unreadCall(id, name, trouble);
  return form === 'text' ? inputCall(id, name, texts.join('')) : jsonCall(id, name, texts.join(''));
}

function rendered(frame: EventFrame, parts: readonly Part[], refused: Refusals): Uint8Array {
  if (!parts.some((part) => isTouched(part, refused))) return frame.raw;
  const text = changedChoices(frame.data, (choice, at) => {
    const part = parts[at];
    return part && isTouched(part, refused) ? changedChoice(frame.data, choice, part, refused) : source(frame.data, choice);
  });
  return withData(frame, text);
}

function isTouched({ choice }: Part, refused: Refusals): boolean {
  for (const call of choice.calls.values()) if (isRefused(call, refused)) return true;
  return false;
}

function changedChoice(text: string, choice: JsonNode, part: Part, refused: Refusals): string {
  const delta = choice.members.get('delta')?.value;
  const finish = part.finish && /^(tool_calls|function_call)$/.test(part.finish) && allRefused(part.choice, refused);
  return patched(text, choice, {
    ...(delta && delta.members.size > 0 && { delta: changedDelta(text, delta, part, refused) }),
    ...(finish && { finish_reason: '"stop"' }),
  });
}

function changedDelta(text: string, delta: JsonNode, { choice, calls, legacy, begins }: Part, refused: Refusals): string {
  const items = delta.members.get('tool_calls')?.value.items ?? [];
  const kept = items.flatMap((item, at) => {
    const call = calls[at]!;
    if (isRefused(call, refused)) return [];
    return item.members.has('index') ? [patched(text, item, { index: String(place(call, choice, refused)) })] : [source(text, item)];
  });
  return changedMessage(text, delta, {
    calls: items.length > 0 ? kept : undefined,
    withoutFunctionCall: legacy !== undefined && isRefused(legacy, refused),
    say: begins
      .filter((call) => isRefused(call, refused))
      .map((call) => words(call, choice, refused))
      .join(''),
  });
}

function nextIndex({ calls }: Choice): number {
  let next = 0;
  for (const key of calls.keys()) if (key !== 'legacy') next = Math.max(next, key + 1);
  return next;
}

/** Clients keep calls in a list: what stays is numbered without gaps. */
function place(call: ReceivedCall, { calls }: Choice, refused: Refusals): number {
  const index = [...calls].find(([, other]) => other === call)?.[0];
  let before = 0;
  for (const [other, known] of calls) if (other !== 'legacy' && Number(other) < Number(index) && !isRefused(known, refused)) before += 1;
  return before;
}

/** On its own line, where the choice has said something already. */
function words(call: ReceivedCall, choice: Choice, refused: Refusals): string {
  const earlier = [...choice.calls.values()].find((other) => isRefused(other, refused));
  const complete = call.slot.call!;
  return (call.afterText || earlier !== call ? '\n\n' : '') + explain(complete, refused.get(complete)!);
}

function isRefused(call: ReceivedCall, refused: Refusals): boolean {
  return call.slot.call !== undefined && refused.has(call.slot.call);
}

function allRefused(choice: Choice, refused: Refusals): boolean {
  return [...choice.calls.values()].every((call) => isRefused(call, refused));
}
