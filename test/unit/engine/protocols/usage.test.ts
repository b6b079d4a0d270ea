import { describe, expect, it } from 'vitest';
import {
  ANTHROPIC_USAGE,
  CHAT_USAGE,
  CONVERSE_USAGE,
  createUsage,
  GOOGLE_USAGE,
  OLLAMA_USAGE,
  RESPONSES_USAGE,
  type UsageNames,
} from '../../../../main/engine/protocols/usage.ts';

const readAll = (names: UsageNames, ...told: readonly unknown[]) => {
  const usage = createUsage();
  for (const value of told) usage.take(value, names);
  return usage.read();
};

describe('what an answer has used', () => {
  it.each<[string, UsageNames, object, object]>([
    [
      'Anthropic, whose input is told without the cache',
      ANTHROPIC_USAGE,
      { input_tokens: 10, cache_read_input_tokens: 900, cache_creation_input_tokens: 90, output_tokens: 5 },
      { inputTokens: 1000, outputTokens: 5, cacheReadTokens: 900, cacheWriteTokens: 90 },
    ],
    [
      'chat completions',
      CHAT_USAGE,
      { prompt_tokens: 1000, completion_tokens: 5, prompt_tokens_details: { cached_tokens: 900 } },
      { inputTokens: 1000, outputTokens: 5, cacheReadTokens: 900 },
    ],
    [
      'Responses',
      RESPONSES_USAGE,
      { input_tokens: 1000, input_tokens_details: { cached_tokens: 900 }, output_tokens: 5 },
      { inputTokens: 1000, outputTokens: 5, cacheReadTokens: 900 },
    ],
    [
      'Google, whose thoughts are not among the candidates',
      GOOGLE_USAGE,
      { promptTokenCount: 1000, cachedContentTokenCount: 900, candidatesTokenCount: 5, thoughtsTokenCount: 20 },
      { inputTokens: 1000, outputTokens: 25, cacheReadTokens: 900 },
    ],
    [
      'Converse',
      CONVERSE_USAGE,
      { inputTokens: 10, outputTokens: 5, cacheReadInputTokens: 900, cacheWriteInputTokens: 90 },
      { inputTokens: 1000, outputTokens: 5, cacheReadTokens: 900, cacheWriteTokens: 90 },
    ],
    ['Ollama', OLLAMA_USAGE, { prompt_eval_count: 12, eval_count: 5 }, { inputTokens: 12, outputTokens: 5 }],
  ])('is told by %s', (_who, names, told, expected) => {
    expect(readAll(names, told)).toEqual(expected);
  });

  it('is gathered over a stream, which tells the input first and the output last', () => {
    expect(readAll(ANTHROPIC_USAGE, { input_tokens: 10, cache_read_input_tokens: 900, output_tokens: 1 }, { output_tokens: 34 })).toEqual({
      inputTokens: 910,
      outputTokens: 34,
      cacheReadTokens: 900,
    });
  });

  it.each([[undefined], [null], ['12'], [{}], [{ prompt_tokens: '12' }], [{ prompt_tokens: -12, completion_tokens: Number.NaN }]])(
    'is not told by %j',
    (told) => {
      expect(readAll(CHAT_USAGE, told)).toBeUndefined();
    },
  );
});
