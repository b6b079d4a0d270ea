/** MCP servers for a person to look at: what is remembered of their tools, joined with who was seen talking to them. Pure. */

import { firstNames, type McpServerSeen, MOST_MCP_SERVERS } from '../../contract/mcp-servers.ts';
import type { SeenAgent } from '../../contract/seen-agents.ts';
import type { PinnedServer } from './mcp-pins.ts';

export interface McpServersOptions {
  readonly pinned: readonly PinnedServer[];
  /** The last seen first. */
  readonly seen: readonly SeenAgent[];
  /** Command lines may carry keys. */
  readonly redact: (text: string) => string;
}

export function mcpServersSeen({ pinned, seen, redact }: McpServersOptions): McpServerSeen[] {
  const rows = seen.filter(({ to }) => to === 'mcp');
  const claimed = new Set<SeenAgent>();
  const known = pinned.map(({ address, name, called, version, tools, changed }): McpServerSeen => {
    const host = hostOf(address);
    const names = [called, name, programOf(address)];
    const own = rows.filter((row) => (host === undefined ? row.host === '' && names.includes(row.provider) : row.host === host));
    for (const row of own) claimed.add(row);
    return {
      name: called ?? name ?? host ?? programOf(address),
      address: redact(address),
      transport: host === undefined ? 'stdio' : 'http',
      version: version ?? null,
      tools,
      changed: firstNames(changed),
      ...talk(own),
    };
  });
  const others = Map.groupBy(
    rows.filter((row) => !claimed.has(row)),
    ({ provider, host }) => JSON.stringify([provider, host]),
  );
  const unlisted = [...others.values()].map((own): McpServerSeen => {
    const { provider, host } = own[0]!;
    const rest = { version: null, tools: null, changed: [] };
    return { name: provider, address: host, transport: host === '' ? 'stdio' : 'http', ...rest, ...talk(own) };
  });
  return [...known, ...unlisted].sort((a, b) => (b.last ?? '').localeCompare(a.last ?? '')).slice(0, MOST_MCP_SERVERS);
}

function talk(rows: readonly SeenAgent[]): Pick<McpServerSeen, 'usedBy' | 'last'> {
  return { usedBy: firstNames(new Set(rows.map(({ agent }) => agent))), last: rows[0]?.last ?? null };
}

/** Undefined for a command line. */
function hostOf(address: string): string | undefined {
  return address.startsWith('https://') ? URL.parse(address)?.hostname.replace(/^\[|\]$/g, '') : undefined;
}

/** As a server is called that has not named itself. */
function programOf(address: string): string {
  return address.split(' ')[0]?.split(/[/\\]/).at(-1) ?? address;
}
