/** OpenAI Responses, not streamed: the call items of one response, and the response without those that are refused. */

import type { ToolCall } from '../../../contract/action.ts';
import { explain } from '../explain.ts';
import { isObject, type JsonObject, locate, patched, source } from '../json.ts';
import type { DecoderLimits, ResponseDecoder } from '../pieces.ts';
import { createSummary } from '../summary.ts';
import { RESPONSES_USAGE } from '../usage.ts';
import { createWholeDecoder, NO_CALLS, type WholeAnswer } from '../whole.ts';
import { callOf, hasStrayCalls, type Item, isCall, isItem } from './items.ts';
import { emptyResponse, messageId, messageItem } from './message.ts';

export function responsesWhole(limits: DecoderLimits): ResponseDecoder {
  const summary = createSummary();
  return createWholeDecoder(limits, {
    read(response, text) {
      const { output } = response;
      if (output === undefined && isObject(response.error) && !hasStrayCalls(response, [])) return NO_CALLS;
      if (!Array.isArray(output) || !output.every(isItem) || hasStrayCalls(response, output)) return 'unknown-shape';
      summary.model(response.model);
      summary.stopReason(response.status);
      summary.usage(response.usage, RESPONSES_USAGE);
      for (const item of output) if (item.type === 'message') for (const part of partsOf(item)) summary.text(part.text);
      return answer(response, output, text, limits);
    },
    saying: (text) => JSON.stringify(emptyResponse([messageItem(messageId(text), text)])),
    summary: summary.read,
  });
}

function partsOf({ content }: Item): JsonObject[] {
  return Array.isArray(content) ? content.filter((part) => isItem(part)) : [];
}

function answer(response: JsonObject, output: readonly Item[], text: string, { callBytes, substituted }: DecoderLimits): WholeAnswer {
  const calls = output.map((item): ToolCall | undefined => (isCall(item) ? callOf(item, callBytes) : undefined));
  return {
    calls: calls.filter((call) => call !== undefined),
    render(refused) {
      const tree = locate(text);
      const items = tree.members.get('output')!.value.items.map((node, at) => {
        const call = calls[at];
        const why = call && refused.get(call);
        if (!why) return source(text, node);
        const item = output[at]!;
        const id = messageId(response.id, item.id, item.call_id, at);
        const said = explain(call, why);
        if (typeof response.id === 'string') substituted?.({ response: response.id, call: item, id, text: said });
        return JSON.stringify(messageItem(id, said));
      });
      return patched(text, tree, { output: `[${items.join(',')}]` });
    },
  };
}
