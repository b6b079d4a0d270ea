import { describe, expect, it } from 'vitest';
import { listed, nameMatches, shown } from '../../../../main/engine/limits/names.ts';

describe('a pattern of names', () => {
  it.each([
    ['claude-*', 'Claude-Sonnet-4-5', true],
    ['claude-*', 'not-claude-sonnet', false],
    ['*claude-*', 'us.anthropic.claude-opus-4-1-v1:0', true],
    ['gpt-5', 'gpt-5', true],
    ['gpt-5', 'gpt-5-mini', false],
    ['*', '', true],
    ['*.openai.azure.com', 'mine.openai.azure.com', true],
    ['*.openai.azure.com', 'openai.azure.com', false],
    ['a*b*a', 'aba', true],
    ['a*a', 'a', false],
    ['ab*ba', 'aba', false],
    // A dot is a dot, and nothing else is special either.
    ['gpt.5', 'gpt-5', false],
    ['[a-z]?', 'b', false],
  ])('%s and the name %s: %s', (pattern, name, expected) => {
    expect(nameMatches(pattern, name)).toBe(expected);
  });

  it('is told quickly, whatever it is made of', () => {
    expect(nameMatches(`${'*a'.repeat(99)}b`, 'a'.repeat(100_000))).toBe(false);
  });
});

it('names that others chose are shown without what cannot be seen, and not at any length', () => {
  expect(shown('gpt\u202e-5\n')).toBe('gpt-5');
  expect(shown('x'.repeat(500))).toHaveLength(121);
  expect(listed(Array.from({ length: 11 }, (_, at) => `m${at}`))).toBe('m0, m1, m2, m3, m4, m5, m6, m7 and 3 more');
});
