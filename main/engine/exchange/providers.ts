/** Who serves which host, and which of its paths carry no model call. Data only. */

export interface Provider {
  readonly name: string;
  readonly hosts: readonly string[];
  /** Paths that carry no model call, each with all below it: telemetry, settings, sign-in. They go on unread. */
  readonly beside: readonly string[];
}

export const PROVIDERS: readonly Provider[] = [
  {
    name: 'Anthropic',
    hosts: ['api.anthropic.com'],
    beside: [
      '/api/eval',
      '/api/claude_code',
      '/api/claude_cli',
      '/api/claude_code_penguin_mode',
      '/api/event_logging',
      '/api/hello',
      '/api/oauth',
      '/mcp-registry',
      '/v1/messages/count_tokens',
      '/v1/models',
      '/v1/oauth',
    ],
  },
  { name: 'OpenAI', hosts: ['api.openai.com'], beside: ['/v1/models', '/v1/embeddings', '/v1/moderations', '/v1/responses/input_tokens'] },
  { name: 'OpenRouter', hosts: ['openrouter.ai'], beside: ['/api/v1/models', '/api/v1/key', '/api/v1/keys', '/api/v1/auth'] },
  { name: 'Groq', hosts: ['api.groq.com'], beside: ['/openai/v1/models'] },
  { name: 'Mistral', hosts: ['api.mistral.ai'], beside: ['/v1/models', '/v1/embeddings'] },
  { name: 'DeepSeek', hosts: ['api.deepseek.com'], beside: ['/models', '/user/balance'] },
  { name: 'xAI', hosts: ['api.x.ai'], beside: ['/v1/models', '/v1/api-key'] },
];

/** `pattern` is a host name, or `*.` and a domain, which means its sub-domains and not itself. */
export function hostMatches(pattern: string, host: string): boolean {
  const wanted = pattern.toLowerCase();
  return wanted.startsWith('*.') ? host.endsWith(wanted.slice(1)) && host.length > wanted.length - 1 : host === wanted;
}

/** The provider of a host; one of that host's own name where the catalogue knows none. */
export function providerOf(host: string): Provider {
  return (
    PROVIDERS.find((provider) => provider.hosts.some((pattern) => hostMatches(pattern, host))) ?? { name: host, hosts: [host], beside: [] }
  );
}

/**
 * Whether a path carries no model call. One that is not written plainly is none of these: some servers undo `%2F` and drop `;x` before
 * they go up at `..`, and a model call would be behind it.
 */
export function isBeside(host: string, path: string): boolean {
  const plain = path.split(/[?#]/, 1)[0] ?? '';
  if (!/^[\w\-.:@/]*$/.test(plain) || plain.split('/').some((part) => part === '.' || part === '..')) return false;
  return providerOf(host).beside.some((known) => plain === known || plain.startsWith(`${known}/`));
}

export function isProviderHost(host: string): boolean {
  return PROVIDERS.some((provider) => provider.hosts.some((pattern) => hostMatches(pattern, host)));
}
