import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hostMatches, pathIsWithin, pathMatches } from '../../../../main/engine/exchange/patterns.ts';

it.each([
  ['api.anthropic.com', 'api.anthropic.com', true],
  ['API.Anthropic.com', 'api.anthropic.com', true],
  ['api.anthropic.com', 'api.anthropic.com.evil.test', false],
  ['api.anthropic.com', 'x.api.anthropic.com', false],
  ['*.corp.test', 'llm.corp.test', true],
  ['*.corp.test', 'a.b.corp.test', true],
  ['*.corp.test', 'corp.test', false],
  ['*.corp.test', '.corp.test', false],
  ['*.corp.test', 'evilcorp.test', false],
  ['bedrock-runtime.*.amazonaws.com', 'bedrock-runtime.us-east-1.amazonaws.com', true],
  ['bedrock-runtime.*.amazonaws.com', 'bedrock-runtime.amazonaws.com', false],
  ['bedrock-runtime.*.amazonaws.com', 'bedrock-runtime..amazonaws.com', false],
  ['bedrock-runtime.*.amazonaws.com', 'bedrock-runtime.a.b.amazonaws.com', false],
  ['bedrock-runtime.*.amazonaws.com', 'x.bedrock-runtime.us-east-1.amazonaws.com', false],
  ['bedrock-runtime.*.amazonaws.com', 'bedrock-runtime.us-east-1.amazonaws.com.evil.test', false],
  ['*-aiplatform.googleapis.com', 'us-central1-aiplatform.googleapis.com', true],
  ['*-aiplatform.googleapis.com', 'evil.us-central1-aiplatform.googleapis.com', false],
  ['*-aiplatform.googleapis.com', 'aiplatform.googleapis.com', false],
  ['*.bedrock-runtime.*.vpce.amazonaws.com', 'vpce-1.bedrock-runtime.us-east-1.vpce.amazonaws.com', true],
  ['a*b*c.test', 'abc.test', true],
  ['a*b*c.test', 'axxbxxc.test', true],
  ['a*b*b.test', 'ab.test', false],
  ['::1', '::1', true],
])('the pattern %s and the host %s: %s', (pattern, host, matches) => {
  expect(hostMatches(pattern, host)).toBe(matches);
});

it('a pattern full of stars is told apart in no time', () => {
  const pattern = `${'*a'.repeat(120)}.test`;
  const started = performance.now();
  expect(hostMatches(pattern, `${'a'.repeat(60_000)}b.test`)).toBe(false);
  expect(performance.now() - started).toBeLessThan(200);
});

it('a host matches itself, and what it is made of with any label as a star', () => {
  const host = fc.array(fc.stringMatching(/^[a-z0-9-]{1,10}$/), { minLength: 2, maxLength: 6 });
  fc.assert(
    fc.property(host, fc.nat(), (labels, at) => {
      const pattern = labels.map((label, index) => (index === 1 + (at % (labels.length - 1)) ? '*' : label)).join('.');
      expect(hostMatches(labels.join('.'), labels.join('.'))).toBe(true);
      expect(hostMatches(pattern, labels.join('.'))).toBe(true);
      expect(hostMatches(pattern, `${labels.join('.')}.test`)).toBe(false);
    }),
  );
});

it.each([
  ['/llm/chat', '/llm/chat', true, true],
  ['/llm/chat', '/llm/chat/more', false, true],
  ['/llm/chat', '/llm/chatx', false, false],
  ['/llm/*/chat', '/llm/a/chat', true, true],
  ['/llm/*/chat', '/llm//chat', false, false],
  ['/llm/*/chat', '/llm/a/b/chat', false, false],
  ['/v1/models/*:countTokens', '/v1/models/gemini:countTokens', true, true],
  ['/v1/models/*:countTokens', '/v1/models/gemini:generateContent', false, false],
  ['/', '/', true, true],
])('the pattern %s and the path %s: %s, and within it %s', (pattern, path, matches, within) => {
  expect(pathMatches(pattern, path)).toBe(matches);
  expect(pathIsWithin(pattern, path)).toBe(within);
});
