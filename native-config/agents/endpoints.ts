/** Variables that send an agent to another address than its provider's own. */

/** With the agents and SDKs that obey them. They are left as they are: a gateway may be what the user wants. */
export const ENDPOINT_VARIABLES: readonly string[] = [
  'ANTHROPIC_BASE_URL', // Claude Code, Anthropic's SDKs
  'ANTHROPIC_BEDROCK_BASE_URL', // Claude Code
  'ANTHROPIC_VERTEX_BASE_URL', // Claude Code
  'OPENAI_BASE_URL', // Codex, OpenAI's SDKs
  'OPENAI_API_BASE', // Aider, LiteLLM
  'AZURE_OPENAI_ENDPOINT', // OpenAI's SDKs
  'GOOGLE_GEMINI_BASE_URL', // Gemini CLI, Google's SDKs
  'GOOGLE_VERTEX_BASE_URL', // Gemini CLI
  'COPILOT_PROVIDER_BASE_URL', // Copilot CLI
  'OLLAMA_HOST', // Ollama's clients
];

/** A sentence for each that leads where nothing is inspected. `inspects` tells it of a host, in lower case. */
export function uninspectedEndpoints(env: NodeJS.ProcessEnv, inspects: (host: string) => boolean): readonly string[] {
  return ENDPOINT_VARIABLES.flatMap((name) => {
    const host = hostOf(env[name]);
    if (host === undefined) return [];
    if (isLoopback(host))
      return [
        `${name} sends model calls to this machine itself, which no proxy sees: they are not guarded. Unset it, or guard what listens there.`,
      ];
    if (inspects(host)) return [];
    return [
      `${name} sends model calls to ${host}, which is not inspected: they are not guarded. Add "${host}" to intercept.hosts in the configuration.`,
    ];
  });
}

/** Some are written without a scheme. */
function hostOf(value: string | undefined): string | undefined {
  if (!value) return undefined;
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`);
  return url?.hostname ? url.hostname.toLowerCase() : undefined;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127\./.test(host) || host === '0.0.0.0';
}
