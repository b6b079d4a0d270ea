/** What MCP servers said of their tools when these were first seen, so that a later change is noticed. */

import { createHash } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from '../../contract/canonical.ts';
import { messageOf } from '../../contract/errors.ts';
import type { Json } from '../../contract/record.ts';
import type { ListedTool } from '../protocols/mcp/results.ts';

export interface McpPins {
  /**
   * The server has listed tools: which of them are new on a server that was known before, and which are not what they were.
   * `continues`: a further page of a list.
   */
  listed(
    address: string,
    tools: readonly ListedTool[],
    continues?: boolean,
  ): { readonly added: readonly string[]; readonly changed: readonly string[] };
  /** What is known of a tool. */
  of(address: string, tool: string): { readonly definition?: string; readonly changed: boolean };
  /** A call of the tool as it is now has been let through: from then on it is what it was first seen as. */
  accept(address: string, tool: string): void;
  /** What the server has called itself, the last time. */
  identity(address: string): { readonly name?: string; readonly version?: string };
  name(address: string, identity: { readonly name?: string; readonly version?: string }): void;
  /** A person calls the server so. */
  call(address: string, name: string): void;
  /** The last listed first. */
  list(): readonly PinnedServer[];
}

export interface PinnedServer {
  readonly address: string;
  /** As it called itself the last time. */
  readonly name?: string;
  readonly version?: string;
  /** As a person calls it. */
  readonly called?: string;
  readonly tools: number;
  /** Tools that are not what they were first seen as. */
  readonly changed: readonly string[];
}

export interface McpPinsOptions {
  /** What was kept; undefined where there is nothing yet. */
  readonly load: () => string | undefined;
  /** Keeps it whole, or throws. */
  readonly save: (text: string) => void;
  readonly log: (message: string) => void;
}

/** The least recently listed server is forgotten first. */
const MAX_SERVERS = 200;
const MAX_TOOLS = 1_000;
const MAX_STORE = 32 * 1024 * 1024;

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const serverSchema = z.strictObject({
  address: z.string(),
  name: z.string().optional(),
  version: z.string().optional(),
  called: z.string().optional(),
  /** Tool → what it was first seen as, and what it was last listed as. */
  tools: z.record(z.string(), z.strictObject({ first: hash, now: hash })),
});
const storeSchema = z.strictObject({ version: z.literal(1), servers: z.array(serverSchema) });

interface Known {
  name?: string | undefined;
  version?: string | undefined;
  called?: string | undefined;
  readonly tools: Map<string, { first: string; now: string }>;
  /** Its list, of which pages may be to come, is the first that was seen. */
  isNew: boolean;
}

export function createMcpPins({ load, save, log }: McpPinsOptions): McpPins {
  const servers = read();

  return {
    listed(address, tools, continues = false) {
      const known = serverOf(address);
      if (!continues) known.isNew = known.tools.size === 0;
      const added: string[] = [];
      const changed: string[] = [];
      let differs = false;
      for (const { name, definition } of tools) {
        const now = createHash('sha256')
          .update(canonicalJson(definition as Json))
          .digest('hex');
        const pin = known.tools.get(name);
        if (pin?.now === now) continue;
        differs = true;
        if (pin) {
          pin.now = now;
          if (now !== pin.first) changed.push(name);
        } else if (known.tools.size < MAX_TOOLS) {
          known.tools.set(name, { first: now, now });
          if (!known.isNew) added.push(name);
        }
      }
      if (differs) keep();
      return { added, changed };
    },
    of(address, tool) {
      const tools = servers.get(address)?.tools;
      const pin = tools?.get(tool);
      if (pin) return { definition: pin.now, changed: pin.now !== pin.first };
      // Of a server with more tools than are remembered, the rest may have changed at any time.
      return { changed: tools !== undefined && tools.size >= MAX_TOOLS };
    },
    accept(address, tool) {
      const pin = servers.get(address)?.tools.get(tool);
      if (!pin || pin.first === pin.now) return;
      pin.first = pin.now;
      keep();
    },
    identity(address) {
      const { name, version } = servers.get(address) ?? {};
      return { ...(name !== undefined && { name }), ...(version !== undefined && { version }) };
    },
    name(address, { name, version }) {
      const known = serverOf(address);
      if (known.name === name && known.version === version) return;
      known.name = name;
      known.version = version;
      keep();
    },
    call(address, called) {
      const known = serverOf(address);
      if (known.called === called) return;
      known.called = called;
      keep();
    },
    list: () =>
      [...servers].reverse().map(([address, { name, version, called, tools }]) => ({
        address,
        ...(name !== undefined && { name }),
        ...(version !== undefined && { version }),
        ...(called !== undefined && { called }),
        tools: tools.size,
        changed: [...tools].filter(([, { first, now }]) => first !== now).map(([tool]) => tool),
      })),
  };

  function serverOf(address: string): Known {
    const known: Known = servers.get(address) ?? { tools: new Map(), isNew: true };
    servers.delete(address);
    servers.set(address, known);
    const [oldest] = servers.keys();
    if (servers.size > MAX_SERVERS && oldest !== undefined) servers.delete(oldest);
    return known;
  }

  function keep(): void {
    const kept = [...servers].map(([address, { tools, name, version, called }]) => ({
      ...{ address, name, version, called },
      tools: Object.fromEntries(tools),
    }));
    try {
      save(`${JSON.stringify({ version: 1, servers: kept })}\n`);
    } catch (thrown) {
      log(`What MCP servers say of their tools could not be kept, and is forgotten when this engine ends: ${messageOf(thrown)}`);
    }
  }

  function read(): Map<string, Known> {
    try {
      const text = load();
      if (text === undefined) return new Map();
      if (text.length > MAX_STORE) throw new Error('it is too long');
      const entries = storeSchema.parse(JSON.parse(text)).servers;
      return new Map(
        entries.map(({ address, name, version, called, tools }) => [
          address,
          { name, version, called, tools: new Map(Object.entries(tools)), isNew: false },
        ]),
      );
    } catch (thrown) {
      const why = thrown instanceof z.ZodError ? 'it is not what was written' : messageOf(thrown);
      log(`What MCP servers said of their tools cannot be read (${why}), so all of them count as seen for the first time.`);
      return new Map();
    }
  }
}
