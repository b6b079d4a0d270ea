/** What a provider keeps of conversations, and what it looks at before anything else: whether every tool call has its result. */

type Json = { readonly [key: string]: unknown };

/** What is in a request for a model, whichever protocol it is of. */
export interface Said {
  readonly messages?: readonly object[];
  readonly contents?: readonly object[];
  readonly input?: readonly object[] | string;
  readonly previous_response_id?: string | null;
}

export interface Memory {
  /** The whole conversation, and what is wrong with it, in a provider's words. */
  recall(said: Said): { readonly conversation: readonly object[]; readonly wrong: string | undefined };
  /** OpenAI's requests may name an earlier response, and single items of it, instead of repeating them. */
  keep(response: string, before: readonly object[], output: readonly object[]): void;
}

export function createMemory(): Memory {
  const responses = new Map<string, readonly object[]>();
  const items = new Map<string, object>();

  return {
    recall({ messages, contents, input, previous_response_id: previous }) {
      const said = messages ?? contents ?? (typeof input === 'string' ? [{ role: 'user', content: input }] : (input ?? []));
      const unknown = said.map(referenceOf).find((id) => id !== undefined && !items.has(id));
      const before = previous ? responses.get(previous) : [];
      const conversation = [...(before ?? []), ...said.map((item) => items.get(referenceOf(item) ?? '') ?? item)];
      if (!before) return { conversation, wrong: `Previous response with id '${previous}' not found.` };
      return { conversation, wrong: unknown === undefined ? unfinishedCalls(conversation) : `Item with id '${unknown}' not found.` };
    },
    keep(response, before, output) {
      responses.set(response, [...before, ...output]);
      for (const item of output) items.set(String((item as Json).id), item);
    },
  };
}

function referenceOf(item: object): string | undefined {
  const { type, id } = item as Json;
  return type === 'item_reference' ? String(id) : undefined;
}

function unfinishedCalls(conversation: readonly object[]): string | undefined {
  const calls: string[] = [];
  const results: string[] = [];
  look(conversation);
  const open = calls.find((id) => !results.includes(id)) ?? results.find((id) => !calls.includes(id));
  if (open !== undefined) return `No tool output found for function call ${open}, or no call for it.`;
  return calls.length === results.length ? undefined : 'The number of function response parts is not that of the function call parts.';

  function look(value: unknown): void {
    if (Array.isArray(value)) value.forEach(look);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
    const { type, id, call_id, tool_use_id, tool_call_id, toolUseId, functionCall, functionResponse, tool_calls, toolUse, toolResult } =
      value as Json & { functionCall?: Json; functionResponse?: Json; toolUse?: Json; toolResult?: Json; tool_calls?: readonly Json[] };
    if (type === 'tool_use') calls.push(String(id));
    if (type === 'tool_result') results.push(String(tool_use_id));
    if (type === 'function_call' || type === 'custom_tool_call') calls.push(String(call_id));
    if (type === 'function_call_output' || type === 'custom_tool_call_output') results.push(String(call_id));
    if (tool_call_id !== undefined) results.push(String(tool_call_id));
    // Ollama's calls have no ids, and their results only the tool's name.
    for (const call of tool_calls ?? []) if (call.id !== undefined) calls.push(String(call.id));
    if (toolUse) calls.push(String(toolUse.toolUseId));
    if (toolResult) results.push(String(toolResult.toolUseId));
    // Gemini's neither, but their number counts.
    if (functionCall) calls.push(String(functionCall.name));
    if (functionResponse) results.push(String(functionResponse.name));
    if (toolUseId === undefined) Object.values(value).forEach(look);
  }
}
