import { describe, expect, it } from 'vitest';
import { hostMatches, isBeside, isProviderHost, PROVIDERS, providerOf } from '../../../../main/engine/exchange/providers.ts';

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
])('the pattern %s and the host %s: %s', (pattern, host, matches) => {
  expect(hostMatches(pattern, host)).toBe(matches);
});

it('a host that the catalogue does not know is its own provider, and none of its paths is harmless', () => {
  expect(providerOf('api.openai.com').name).toBe('OpenAI');
  expect(providerOf('llm.corp.test')).toEqual({ name: 'llm.corp.test', hosts: ['llm.corp.test'], beside: [] });
  expect(isProviderHost('llm.corp.test')).toBe(false);
  expect(isBeside('llm.corp.test', '/v1/models')).toBe(false);
});

describe('a path that carries no model call', () => {
  it.each(PROVIDERS.flatMap(({ hosts, beside }) => hosts.flatMap((host) => beside.map((path) => [host, path] as const))))(
    'on %s is %s, with what is below it',
    (host, path) => {
      expect(isBeside(host, path)).toBe(true);
      expect(isBeside(host, `${path}?a=../b`)).toBe(true);
      expect(isBeside(host, `${path}/below`)).toBe(true);
      expect(isBeside(host, `${path}x`)).toBe(false);
    },
  );

  it.each([
    '/v1/models%2f..%2fmessages',
    '/v1/models%2F%2e%2e%2Fmessages',
    '/v1/models/..;/messages',
    '/v1/models/../messages',
    '/v1/models/./messages',
    '/v1/models\\..\\messages',
    '/api/hello;/../../v1/messages',
    '/V1/models',
    '/v1/messages/count_tokens%00',
    '/v1/messages/batches',
    '*',
    '',
  ])('on Anthropic’s host is not %s', (path) => {
    expect(isBeside('api.anthropic.com', path)).toBe(false);
  });
});
