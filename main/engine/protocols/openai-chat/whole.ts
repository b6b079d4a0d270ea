/** OpenAI chat completions, not streamed: the tool calls of each choice, and the completion without those that are refused. */

import type { ToolCall } from '../../../contract/action.ts';
import { inputCall, jsonCall, unreadCall } from '../arguments.ts';
import { explain } from '../explain.ts';
import { isObject, type JsonNode, type JsonObject, patched, source } from '../json.ts';
import type { DecoderLimits, Refusals, ResponseDecoder } from '../pieces.ts';
import { createSummary } from '../summary.ts';
import { CHAT_USAGE } from '../usage.ts';
import { bounded, createWholeDecoder, type Document, NO_CALLS, type WholeAnswer } from '../whole.ts';
import { hasStrayCalls, isOdd } from './chunks.ts';
import { changedChoices, changedMessage } from './message.ts';

export function chatWhole(limits: DecoderLimits): ResponseDecoder {
  return createWholeDecoder(limits, chatDocument(limits));
}

export function chatDocument(limits: DecoderLimits): Document {
  const summary = createSummary();
  return {
    read(completion, text) {
      const { choices } = completion;
      if (choices === undefined && isObject(completion.error) && !hasStrayCalls(completion, new Set())) return NO_CALLS;
      if (!Array.isArray(choices)) return 'unknown-shape';
      summary.model(completion.model);
      summary.usage(completion.usage, CHAT_USAGE);
      const read = choices.map((choice) => choiceOf(choice, limits.callBytes));
      if (!read.every((choice) => choice !== undefined)) return 'unknown-shape';
      if (hasStrayCalls(completion, new Set(read.map((choice) => choice.message)))) return 'unknown-shape';
      const [first] = read;
      summary.text(first?.message.content ?? first?.text);
      summary.stopReason(first?.finish);
      return answer(read, text);
    },
    saying: (content) =>
      JSON.stringify({
        id: 'chatcmpl-holdpoint',
        object: 'chat.completion',
        created: 0,
        model: 'unknown',
        choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
      }),
    summary: summary.read,
  };
}

interface Choice {
  readonly message: JsonObject;
  readonly text: unknown;
  readonly finish: unknown;
  readonly calls: readonly ToolCall[];
  readonly legacy: ToolCall | undefined;
}

function choiceOf(choice: unknown, callBytes: number): Choice | undefined {
  if (!isObject(choice)) return undefined;
  const { message = {}, text, finish_reason: finish } = choice;
  if (!isObject(message)) return undefined;
  const { tool_calls: calls, function_call: legacy } = message;
  if (calls !== undefined && calls !== null && !(Array.isArray(calls) && calls.every(isObject))) return undefined;
  if (legacy !== undefined && legacy !== null && !isObject(legacy)) return undefined;
  return {
    message,
    text,
    finish,
    calls: (calls ?? []).map((call) => callOf(call, callBytes)),
    legacy: legacy ? callOf({ function: legacy }, callBytes) : undefined,
  };
}

function callOf(call: JsonObject, callBytes: number): ToolCall {
  const { id, function: named, custom } = call;
  if (isObject(named) && (isObject(custom) || isOdd(call))) return unreadCall(id, named.name, 'unknown-shape');
  if (isObject(named)) return bounded(jsonCall(id, named.name, named.arguments), lengthOf(named.arguments), callBytes);
  if (isObject(custom) && typeof custom.input === 'string' && !isOdd(call)) {
    return bounded(inputCall(id, custom.name, custom.input), custom.input.length, callBytes);
  }
  return unreadCall(id, undefined, 'unknown-shape');
}

function answer(choices: readonly Choice[], text: string): WholeAnswer {
  return {
    calls: choices.flatMap(callsOf),
    render: (refused) => changedChoices(text, (node, at) => changedChoice(text, node, choices[at]!, refused)),
  };
}

function changedChoice(text: string, node: JsonNode, choice: Choice, refused: Refusals): string {
  const gone = callsOf(choice).filter((call) => refused.has(call));
  if (gone.length === 0) return source(text, node);
  const message = node.members.get('message')!.value;
  const items = message.members.get('tool_calls')?.value.items ?? [];
  const ends = gone.length === callsOf(choice).length && /^(tool_calls|function_call)$/.test(String(choice.finish));
  return patched(text, node, {
    message: changedMessage(text, message, {
      calls: items.length > 0 ? items.filter((_, at) => !refused.has(choice.calls[at]!)).map((item) => source(text, item)) : undefined,
      withoutFunctionCall: choice.legacy !== undefined && refused.has(choice.legacy),
      say: gone.map((call) => explain(call, refused.get(call)!)).join('\n\n'),
    }),
    ...(ends && { finish_reason: '"stop"' }),
  });
}

function callsOf({ calls, legacy }: Choice): readonly ToolCall[] {
  return legacy ? [...calls, legacy] : calls;
}

function lengthOf(value: unknown): number {
  return typeof value === 'string' ? value.length : 0;
}
