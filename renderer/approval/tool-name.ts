/** A tool's name as a person reads it. */

/** "mcp__atlassian__get_issue", as agents name the tools of their MCP servers, is get_issue of atlassian. */
export function toolName(tool: string): { readonly name: string; readonly server: string | null } {
  const [, server, name] = /^mcp__(.+?)__(.+)$/s.exec(tool) ?? [];
  return server !== undefined && name !== undefined ? { name, server } : { name: tool, server: null };
}
