/** Where providers tell how many tokens an answer has used. */

import type { Usage } from '../../contract/ended-exchange.ts';
import { asNumber, isObject, type JsonObject } from './json.ts';

/** Members of a provider's usage object; a name within another is written with a dot. */
export interface UsageNames {
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly cacheRead?: string;
  readonly cacheWrite?: string;
  /** What comes from the provider's cache, or goes into it, is not among the input. */
  readonly cacheIsBeside?: true;
}

/** "Usage" in Anthropic's Messages API: the input's total is the sum of the three. */
export const ANTHROPIC_USAGE: UsageNames = {
  input: ['input_tokens'],
  output: ['output_tokens'],
  cacheRead: 'cache_read_input_tokens',
  cacheWrite: 'cache_creation_input_tokens',
  cacheIsBeside: true,
};
export const CHAT_USAGE: UsageNames = {
  input: ['prompt_tokens'],
  output: ['completion_tokens'],
  cacheRead: 'prompt_tokens_details.cached_tokens',
};
export const RESPONSES_USAGE: UsageNames = {
  input: ['input_tokens'],
  output: ['output_tokens'],
  cacheRead: 'input_tokens_details.cached_tokens',
};
/** "UsageMetadata" in Google's API reference: thoughts are paid as output, and are not among the candidates. */
export const GOOGLE_USAGE: UsageNames = {
  input: ['promptTokenCount', 'toolUsePromptTokenCount'],
  output: ['candidatesTokenCount', 'thoughtsTokenCount'],
  cacheRead: 'cachedContentTokenCount',
};
/** "TokenUsage" in Amazon Bedrock's API reference, with the cache beside the input as in Anthropic's. */
export const CONVERSE_USAGE: UsageNames = {
  input: ['inputTokens'],
  output: ['outputTokens'],
  cacheRead: 'cacheReadInputTokens',
  cacheWrite: 'cacheWriteInputTokens',
  cacheIsBeside: true,
};
export const OLLAMA_USAGE: UsageNames = { input: ['prompt_eval_count'], output: ['eval_count'] };

export interface UsageBuilder {
  /** Later counts replace earlier ones, each by itself: streams tell the input first and the output last. */
  take(value: unknown, names: UsageNames): void;
  /** Undefined where nothing was told. */
  read(): Usage | undefined;
}

export function createUsage(): UsageBuilder {
  const told = new Map<string, number>();
  let beside = false;

  return {
    take(value, names) {
      if (!isObject(value)) return;
      beside = names.cacheIsBeside ?? false;
      note('input', sumOf(value, names.input));
      note('output', sumOf(value, names.output));
      note('cacheRead', names.cacheRead === undefined ? undefined : countAt(value, names.cacheRead));
      note('cacheWrite', names.cacheWrite === undefined ? undefined : countAt(value, names.cacheWrite));
    },
    read() {
      if (!told.has('input') && !told.has('output')) return undefined;
      const [input, output, read, write] = ['input', 'output', 'cacheRead', 'cacheWrite'].map((name) => told.get(name) ?? 0) as [
        number,
        number,
        number,
        number,
      ];
      return {
        inputTokens: beside ? input + read + write : input,
        outputTokens: output,
        ...(read > 0 && { cacheReadTokens: read }),
        ...(write > 0 && { cacheWriteTokens: write }),
      };
    },
  };

  function note(name: string, count: number | undefined): void {
    if (count !== undefined) told.set(name, count);
  }
}

/** More than any answer has. */
const MOST = 1_000_000_000;

/** Undefined where none of them is there. */
function sumOf(value: JsonObject, names: readonly string[]): number | undefined {
  const counts = names.flatMap((name) => countAt(value, name) ?? []);
  return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count);
}

function countAt(value: JsonObject, name: string): number | undefined {
  const [first = '', second] = name.split('.');
  const outer = value[first];
  const count = asNumber(second === undefined ? outer : isObject(outer) ? outer[second] : undefined);
  // Nobody's word that it was less than nothing gives back what was used.
  return count === undefined || count < 0 ? undefined : Math.min(Math.round(count), MOST);
}
