/** Well-known remote MCP servers. Data only: their hosts are looked into, and nothing but MCP is spoken there. */

/** Hosts that serve MCP and what belongs to it, such as signing in. */
const MCP_HOSTS: ReadonlySet<string> = new Set([
  'mcp.asana.com',
  'mcp.atlassian.com',
  'mcp.canva.com',
  'mcp.cloudflare.com',
  'bindings.mcp.cloudflare.com',
  'docs.mcp.cloudflare.com',
  'observability.mcp.cloudflare.com',
  'mcp.context7.com',
  'mcp.deepwiki.com',
  'mcp.exa.ai',
  'mcp.figma.com',
  'mcp.globalping.dev',
  'mcp.hubspot.com',
  'mcp.huggingface.co',
  'mcp.intercom.com',
  'mcp.linear.app',
  'mcp.monday.com',
  'mcp.neon.tech',
  'mcp.notion.com',
  'mcp.paypal.com',
  'mcp.plaid.com',
  'mcp.posthog.com',
  'mcp.sentry.dev',
  'mcp.slack.com',
  'mcp.squareup.com',
  'mcp.stripe.com',
  'mcp.supabase.com',
  'mcp.vercel.com',
  'mcp.webflow.com',
  'mcp.zapier.com',
  // Claude Code reaches a person's connectors by it.
  'mcp-proxy.anthropic.com',
]);

/** Patterns of the hosts that `isMcpHost`. */
export const MCP_HOST_PATTERNS: readonly string[] = [...MCP_HOSTS, '*.mcp.claude.com'];

/** By its lower-case name. */
export function isMcpHost(host: string): boolean {
  return MCP_HOSTS.has(host) || host.endsWith('.mcp.claude.com');
}
