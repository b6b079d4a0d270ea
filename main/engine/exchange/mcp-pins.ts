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
}

/** Called itself it is that of agents of whom nobody knows whose they are. */
export interface KeptMcpPins extends McpPins {
  /**
   * That of one user's agents: what another lets through, or calls a server, is not theirs. What was kept before it was known whose it is
   * goes on for each of them.
   */
  forUser(user: string | undefined): McpPins;
  /** The last listed first: of everybody, or of `user`. */
  list(user?: string): readonly PinnedServer[];
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

/** Of each user. The least recently listed server is forgotten first. */
const MAX_SERVERS = 200;
const MAX_TOOLS = 1_000;
const MAX_STORE = 32 * 1024 * 1024;

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const serverSchema = z.strictObject({
  address: z.string(),
  /** Absent where it is not known. */
  user: z.string().optional(),
  name: z.string().optional(),
  version: z.string().optional(),
  called: z.string().optional(),
  /** Tool → what it was first seen as, and what it was last listed as. */
  tools: z.record(z.string(), z.strictObject({ first: hash, now: hash })),
});
const storeSchema = z.strictObject({ version: z.literal(1), servers: z.array(serverSchema) });

interface Known {
  readonly address: string;
  readonly user: string | undefined;
  name?: string | undefined;
  version?: string | undefined;
  called?: string | undefined;
  readonly tools: Map<string, { first: string; now: string }>;
  /** Its list, of which pages may be to come, is the first that was seen. */
  isNew: boolean;
}

export function createMcpPins({ load, save, log }: McpPinsOptions): KeptMcpPins {
  const servers = read();

  return {
    ...pinsOf(undefined),
    forUser: pinsOf,
    list(user) {
      const known = [...servers.values()].reverse().filter((one) => user === undefined || one.user === user);
      return [...Map.groupBy(known, ({ address }) => address).values()].map(pinned);
    },
  };

  function pinsOf(user: string | undefined): McpPins {
    const knownAt = (address: string) => servers.get(keyOf(user, address)) ?? servers.get(keyOf(undefined, address));
    const serverOf = (address: string) => listedNow(user, address, knownAt(address));
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
        const tools = knownAt(address)?.tools;
        const pin = tools?.get(tool);
        if (pin) return { definition: pin.now, changed: pin.now !== pin.first };
        // Of a server with more tools than are remembered, the rest may have changed at any time.
        return { changed: tools !== undefined && tools.size >= MAX_TOOLS };
      },
      accept(address, tool) {
        const known = knownAt(address);
        const pin = (known?.user === user ? known : known && serverOf(address))?.tools.get(tool);
        if (!pin || pin.first === pin.now) return;
        pin.first = pin.now;
        keep();
      },
      identity(address) {
        const { name, version } = knownAt(address) ?? {};
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
    };
  }

  /** The user's own, from what was known when it was nobody's where there is none yet. */
  function listedNow(user: string | undefined, address: string, before: Known | undefined): Known {
    const copied = [...(before?.tools ?? [])].map(([tool, pin]) => [tool, { ...pin }] as const);
    const known = before && before.user === user ? before : { isNew: true, ...before, address, user, tools: new Map(copied) };
    const key = keyOf(user, address);
    servers.delete(key);
    servers.set(key, known);
    if (known !== before) forgetOldest(user);
    return known;
  }

  function forgetOldest(user: string | undefined): void {
    const own = [...servers].filter(([, known]) => known.user === user);
    const [oldest] = own;
    if (own.length > MAX_SERVERS && oldest) servers.delete(oldest[0]);
  }

  function keep(): void {
    const kept = [...servers.values()].map(({ address, user, tools, name, version, called }) => ({
      ...{ address, user, name, version, called },
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
        entries.map(({ address, user, name, version, called, tools }) => [
          keyOf(user, address),
          { address, user, name, version, called, tools: new Map(Object.entries(tools)), isNew: false },
        ]),
      );
    } catch (thrown) {
      const why = thrown instanceof z.ZodError ? 'it is not what was written' : messageOf(thrown);
      log(`What MCP servers said of their tools cannot be read (${why}), so all of them count as seen for the first time.`);
      return new Map();
    }
  }
}

/** What of one server is known to several users' agents, that of the last that it was listed to first. */
function pinned(known: readonly Known[]): PinnedServer {
  const { address, name, version, called, tools } = known[0]!;
  // What goes on for a user counts there, and not where it comes from.
  const own = known.length > 1 ? known.filter(({ user }) => user !== undefined) : known;
  const changed = own.flatMap((one) => [...one.tools].filter(([, { first, now }]) => first !== now).map(([tool]) => tool));
  return {
    address,
    ...(name !== undefined && { name }),
    ...(version !== undefined && { version }),
    ...(called !== undefined && { called }),
    tools: tools.size,
    changed: [...new Set(changed)],
  };
}

function keyOf(user: string | undefined, address: string): string {
  return JSON.stringify([user ?? null, address]);
}
