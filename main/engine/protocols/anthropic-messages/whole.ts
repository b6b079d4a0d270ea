/** Anthropic Messages, not streamed: the tool calls of one JSON message, and the message without those that are refused. */

import type { ToolCall } from '../../../contract/action.ts';
import { inputCall, unreadCall } from '../arguments.ts';
import { explain } from '../explain.ts';
import { isObject, type JsonObject, locate, patched, source } from '../json.ts';
import type { DecoderLimits, Refusals, ResponseDecoder } from '../pieces.ts';
import { createSummary } from '../summary.ts';
import { ANTHROPIC_USAGE } from '../usage.ts';
import { bounded, createWholeDecoder, type Document, NO_CALLS, type WholeAnswer } from '../whole.ts';
import { hasStrayCalls, isCall, isOdd } from './blocks.ts';
import { emptyMessage } from './stream.ts';

export function anthropicWhole(limits: DecoderLimits): ResponseDecoder {
  return createWholeDecoder(limits, anthropicDocument(limits));
}

export function anthropicDocument(limits: DecoderLimits): Document {
  const summary = createSummary();
  return {
    read(message, text) {
      const { content } = message;
      if (content === undefined && (message.type === 'error' || isObject(message.error)) && !hasStrayCalls(message, [])) return NO_CALLS;
      if (!Array.isArray(content) || !content.every(isBlock)) return 'unknown-shape';
      if (hasStrayCalls(message, content)) return 'unknown-shape';
      summary.model(message.model);
      summary.stopReason(message.stop_reason);
      summary.usage(message.usage, ANTHROPIC_USAGE);
      for (const block of content) if (block.type === 'text') summary.text(block.text);
      return answer(message, content, text, limits.callBytes);
    },
    saying: (text) => JSON.stringify(emptyMessage([{ type: 'text', text }], 'end_turn')),
    summary: summary.read,
  };
}

type ContentBlock = JsonObject & { readonly type: string };

function isBlock(value: unknown): value is ContentBlock {
  return isObject(value) && typeof value.type === 'string';
}

function answer(message: JsonObject, content: readonly ContentBlock[], text: string, callBytes: number): WholeAnswer {
  const calls = new Map<number, ToolCall>();
  content.forEach((block, index) => {
    if (!isCall(block)) return;
    const call = isOdd(block) ? unreadCall(block.id, block.name, 'unknown-shape') : inputCall(block.id, block.name, block.input ?? {});
    calls.set(index, bounded(call, JSON.stringify(call.input ?? null).length, callBytes));
  });
  return { calls: [...calls.values()], render };

  function render(refused: Refusals): string {
    const tree = locate(text);
    const blocks = tree.members.get('content')!.value.items.map((node, index) => {
      const call = calls.get(index);
      const why = call && refused.get(call);
      return why ? JSON.stringify({ type: 'text', text: explain(call, why) }) : source(text, node);
    });
    const ends = message.stop_reason === 'tool_use' && [...calls.values()].every((call) => refused.has(call));
    return patched(text, tree, { content: `[${blocks.join(',')}]`, ...(ends && { stop_reason: '"end_turn"' }) });
  }
}
