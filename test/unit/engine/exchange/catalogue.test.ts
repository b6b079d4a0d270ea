import { describe, expect, it } from 'vitest';
import { createCatalogue } from '../../../../main/engine/exchange/catalogue.ts';
import { PROVIDERS } from '../../../../main/engine/exchange/providers.ts';

const catalogue = createCatalogue({ hosts: ['*.corp.test', 'claude.ai'] });
const plain = createCatalogue({});
/** A host and a path that a pattern stands for. */
const some = (pattern: string) => pattern.replaceAll('*', 'x1');

it.each([
  ['api.anthropic.com', 'Anthropic'],
  ['eu.api.openai.com', 'OpenAI'],
  ['chatgpt.com', 'ChatGPT'],
  ['generativelanguage.googleapis.com', 'Google AI Studio'],
  ['us-central1-aiplatform.googleapis.com', 'Google Vertex AI'],
  ['aiplatform.us.rep.googleapis.com', 'Google Vertex AI'],
  ['cloudcode-pa.googleapis.com', 'Google Code Assist'],
  ['daily-cloudcode-pa.sandbox.googleapis.com', 'Google Code Assist'],
  ['us-central1-aiplatform.mtls.googleapis.com', 'Google Vertex AI'],
  ['corp.openai.azure.com', 'Azure AI'],
  ['corp.services.ai.azure.com', 'Azure AI'],
  ['bedrock-runtime.eu-central-1.amazonaws.com', 'Amazon Bedrock'],
  ['bedrock-runtime-fips.us-east-1.amazonaws.com', 'Amazon Bedrock'],
  ['vpce-0a-1b.bedrock-runtime.us-east-1.vpce.amazonaws.com', 'Amazon Bedrock'],
  ['api.individual.githubcopilot.com', 'GitHub Copilot'],
  ['copilot-api.corp.ghe.com', 'GitHub Copilot'],
  ['models.github.ai', 'GitHub Models'],
  ['coding-intl.dashscope.aliyuncs.com', 'Alibaba Cloud'],
  ['ark.cn-beijing.volces.com', 'Volcengine'],
  ['api.groq.com', 'Groq'],
  ['openrouter.ai', 'OpenRouter'],
])('connections to %s are decrypted as those of %s', (host, name) => {
  expect(plain.providerOf(host).name).toBe(name);
  expect(plain.intercepts(host)).toBe(true);
});

it.each([
  'llm.corp.test',
  'openai.azure.com',
  's3.us-east-1.amazonaws.com',
  'storage.googleapis.com',
  'github.com',
  'chatgpt.com.evil.test',
  'bank.test',
  'claude.ai',
  'gemini.google.com',
  'copilot.microsoft.com',
])('connections to %s are not', (host) => {
  expect(plain.intercepts(host)).toBe(false);
});

it('hosts of the settings are decrypted as well, also those that are only named', () => {
  expect(catalogue.intercepts('llm.corp.test')).toBe(true);
  expect(catalogue.intercepts('claude.ai')).toBe(true);
  expect(catalogue.providerOf('claude.ai').name).toBe('Claude on the web');
});

it('a host that the catalogue does not know is its own provider, and none of its paths is harmless', () => {
  expect(catalogue.providerOf('llm.corp.test')).toEqual({ name: 'llm.corp.test', hosts: ['llm.corp.test'] });
  expect(catalogue.isBeside('llm.corp.test', '/v1/models')).toBe(false);
});

it('no host has two providers, so that their order means nothing', () => {
  const hosts = PROVIDERS.flatMap(({ hosts }) => hosts.map(some));
  for (const host of hosts) expect([host, PROVIDERS.filter(({ hosts: [...patterns] }) => owns(patterns, host)).length]).toEqual([host, 1]);
});

describe('a path that carries no model call', () => {
  const BESIDE = PROVIDERS.flatMap(({ hosts, beside = [] }) => beside.map((path) => [some(hosts[0]!), some(path)] as const));

  it.each(BESIDE)('on %s is %s, with what is below it', (host, path) => {
    expect(plain.isBeside(host, path)).toBe(true);
    expect(plain.isBeside(host, `${path}?a=../b`)).toBe(true);
    expect(plain.isBeside(host, `${path}/below`)).toBe(true);
    expect(plain.protocolFor({ method: 'POST', host, path })).toBeUndefined();
  });

  it.each([
    '/v1/models%2f..%2fmessages',
    '/v1/models%2F%2e%2e%2Fmessages',
    '/v1/models/..;/messages',
    '/v1/models/../messages',
    '/v1/models/./messages',
    '/v1/models\\..\\messages',
    '/api/hello;/../../v1/messages',
    '/V1/models',
    '/v1/modelsx',
    '/v1/messages/count_tokens%00',
    '/v1/messages/batches',
    '*',
    '',
  ])('on Anthropic’s host is not %s', (path) => {
    expect(plain.isBeside('api.anthropic.com', path)).toBe(false);
  });

  it.each([
    ['/', true],
    ['/c/123', true],
    ['/backend-api/me', true],
    ['/backend-api/settings/user', true],
    ['/backend-api/wham/settings/user', true],
    ['/backend-api/plugins/export/curated', true],
    ['/backend-api/codex/models', true],
    ['/backend-api/codex/analytics-events/events', true],
    ['/backend-api/codex/responses', false],
    ['/backend-api/codex/other', false],
    ['/Backend-Api/Codex/responses', false],
    ['//backend-api/codex/responses', false],
    ['/x/../backend-api/codex/responses', false],
    ['/backend-api/conversation', false],
    ['/backend-api/f/conversation', false],
    ['/backend-api/files', false],
    ['/backend-api/ps/mcp', false],
    ['/backend-api/wham/accounts/check', false],
    ['/backend-anon/conversation', false],
  ])('on ChatGPT’s web site is %s: %s', (path, beside) => {
    expect(plain.isBeside('chatgpt.com', path)).toBe(beside);
  });
});

describe('a provider of the settings', () => {
  const own = createCatalogue({
    own: [
      {
        name: 'Our gateway',
        hosts: ['llm-*.corp.test', 'api.openai.com'],
        protocols: { '/ask/*/go': 'openai-chat', '/v1/messages': 'openai-responses' },
        beside: ['/health'],
      },
    ],
  });

  it('is decrypted and named, also where its host is a known provider’s', () => {
    expect(own.intercepts('llm-eu.corp.test')).toBe(true);
    expect(own.providerOf('llm-eu.corp.test').name).toBe('Our gateway');
    expect(own.providerOf('api.openai.com').name).toBe('Our gateway');
    expect(own.intercepts('api.anthropic.com')).toBe(true);
  });

  it.each([
    ['/ask/gpt-5/go?x=1', 'openai-chat'],
    ['/ask/gp%74/go', 'openai-chat'],
    ['/v1/messages', 'openai-responses'],
    ['/v1/chat/completions', 'openai-chat'],
    ['/ask/go', undefined],
  ])('has %s read as %s', (path, name) => {
    expect(own.protocolFor({ method: 'POST', host: 'llm-eu.corp.test', path })?.name).toBe(name);
  });

  it('has its paths beside', () => {
    expect(own.isBeside('llm-eu.corp.test', '/health/live')).toBe(true);
    expect(own.isBeside('llm-eu.corp.test', '/v1/models')).toBe(false);
  });
});

describe('a host that a provider names for its model calls', () => {
  it('is followed once, in any letters, and only so many', () => {
    const followed = createCatalogue({});
    expect(followed.follow('chatgpt.com', 'https://EU.Workspace.test:8443/')).toEqual({ host: 'eu.workspace.test', isNew: true });
    expect(followed.follow('chatgpt.com', 'https://eu.workspace.test')).toEqual({ host: 'eu.workspace.test', isNew: false });
    expect(followed.isBeside('eu.workspace.test', '/backend-api/codex/responses')).toBe(false);
    for (let i = 1; i < 64; i += 1) expect(followed.follow('chatgpt.com', `https://w${i}.test`)?.isNew).toBe(true);
    expect(followed.follow('chatgpt.com', 'https://w64.test')).toBeUndefined();
    expect(followed.intercepts('w64.test')).toBe(false);
  });

  it('is decrypted although it is one that is else only named', () => {
    const followed = createCatalogue({});
    followed.follow('chatgpt.com', 'https://claude.ai');
    expect(followed.intercepts('claude.ai')).toBe(true);
  });
});

function owns(patterns: readonly string[], host: string): boolean {
  return createCatalogue({ own: [{ name: 'It', hosts: patterns }] }).providerOf(host).name === 'It';
}
