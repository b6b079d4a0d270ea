/** Bedrock's Converse, not streamed: the tool calls of one JSON answer, and the answer without those that are refused. */

import type { ToolCall } from '../../../contract/action.ts';
import { inputCall, unreadCall } from '../arguments.ts';
import { explain } from '../explain.ts';
import { isObject, type JsonObject, locate, patched, source } from '../json.ts';
import type { DecoderLimits, Refusals } from '../pieces.ts';
import { createSummary } from '../summary.ts';
import { CONVERSE_USAGE } from '../usage.ts';
import { bounded, type Document, NO_CALLS, type WholeAnswer } from '../whole.ts';
import { callIn, hasStrayCalls, isOdd } from './blocks.ts';

export function converseDocument(limits: DecoderLimits): Document {
  const summary = createSummary();
  return {
    read(answer, text) {
      const { output, stopReason, usage } = answer;
      if (output === undefined && !hasStrayCalls(answer, [])) return NO_CALLS;
      const message = isObject(output) ? output.message : undefined;
      const content = isObject(message) ? message.content : undefined;
      if (!Array.isArray(content) || !content.every(isObject) || hasStrayCalls(answer, content)) return 'unknown-shape';
      if (content.some((block) => hasStrayCalls({ ...block, toolUse: undefined }, []))) return 'unknown-shape';
      summary.stopReason(stopReason);
      summary.usage(usage, CONVERSE_USAGE);
      for (const block of content) summary.text(block.text);
      return read(answer, content, text, limits.callBytes);
    },
    saying: (text) =>
      JSON.stringify({
        output: { message: { role: 'assistant', content: [{ text }] } },
        stopReason: 'end_turn',
        usage: { inputTokens: 0, outputTokens: 0, totalTokens: 0 },
        metrics: { latencyMs: 0 },
      }),
    summary: summary.read,
  };
}

function read(answer: JsonObject, content: readonly JsonObject[], text: string, callBytes: number): WholeAnswer {
  const calls = new Map<number, ToolCall>();
  content.forEach((block, index) => {
    if (!('toolUse' in block) && !isOdd(block)) return;
    const { toolUseId: id, name, input } = callIn(block) ?? {};
    const call = isOdd(block) || !callIn(block) ? unreadCall(id, name, 'unknown-shape') : inputCall(id, name, input ?? {});
    calls.set(index, bounded(call, JSON.stringify(call.input ?? null).length, callBytes));
  });
  return { calls: [...calls.values()], render };

  function render(refused: Refusals): string {
    const tree = locate(text);
    const output = tree.members.get('output')!.value;
    const message = output.members.get('message')!.value;
    const blocks = message.members.get('content')!.value.items.map((node, index) => {
      const call = calls.get(index);
      const why = call && refused.get(call);
      return why ? JSON.stringify({ text: explain(call, why) }) : source(text, node);
    });
    const ends = answer.stopReason === 'tool_use' && [...calls.values()].every((call) => refused.has(call));
    const changed = patched(text, output, { message: patched(text, message, { content: `[${blocks.join(',')}]` }) });
    return patched(text, tree, { output: changed, ...(ends && { stopReason: '"end_turn"' }) });
  }
}
