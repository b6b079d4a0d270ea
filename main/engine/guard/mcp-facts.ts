/** What a call of an MCP server's tool would do, as far as its arguments tell. */

import type { CallMcpToolAction, Facts } from '../../contract/action.ts';
import { createGathering, type Gathering, type Word } from './facts/gathering.ts';
import { createPaths, type Where } from './facts/paths.ts';
import { readingByShape } from './facts/tools.ts';
import { mcpReading, understandCall } from './facts/understand-call.ts';

/** The name that Claude Code and Codex give such a tool among their own. */
export function modelName(server: string, tool: string): string {
  return `mcp__${server}__${tool}`;
}

/**
 * A tool is believed to do what its name or the shape of its arguments says, at least; beside that, every path and address among its
 * arguments is touched. Paths are this computer's only where the server runs here. That a server may do anything else is no effect:
 * it would be said of every call. `realpath` stands in for the disk.
 */
export function mcpFacts({ server, call, origin }: CallMcpToolAction, realpath?: Where['realpath']): Facts {
  const where = { workspace: origin.workspace, home: origin.home, realpath };
  const tool = modelName(server.name, call.tool);
  const host = hostOf(server.address);
  const isHere = server.transport === 'stdio' || (host !== undefined && LOOPBACK.test(host));
  const input: unknown = call.input;
  const told =
    call.uninspected !== undefined || (isHere && isRecord(input) && (mcpReading(tool) ?? readingByShape(input)) !== undefined)
      ? understandCall({ ...call, tool }, where)
      : { ...NOTHING, text: typeof input === 'string' ? input : (JSON.stringify(input ?? {}, null, 2) ?? '') };
  const gathering = createGathering(createPaths(where));
  if (host !== undefined) {
    gathering.host(host);
    if (!isHere) gathering.effect('network', 'plain', `asks ${host}`);
  }
  const known = new Set(told.paths.map(({ path }) => path));
  gather(input, '', { text: told.text, use: isHere ? useOf(call.tool) : undefined, gathering, known, left: MOST_VALUES });
  const more = gathering.facts();
  return {
    tool: call.tool,
    toolKind: 'mcp',
    text: told.text,
    effects: unique([...told.effects, ...more.effects], ({ effect, says }) => `${effect} ${says}`),
    programs: told.programs,
    paths: unique([...told.paths, ...more.paths], ({ path, use }) => `${use} ${path}`),
    hosts: [...new Set([...told.hosts, ...more.hosts])],
  };
}

const NOTHING: Omit<Facts, 'text' | 'tool' | 'toolKind'> = { effects: [], programs: [], paths: [], hosts: [] };
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/;
/** Of one call's arguments; one with more is not understood. */
const MOST_VALUES = 2_000;
const MOST_PATH = 4_096;
const PATH_NAME = /(^|_)(path|paths|file|files|filename|dir|directory|folder|source|destination|src|dst|dest|cwd|root)$/;

type Use = 'reads' | 'writes' | 'deletes';

/** By the tool's own name, which is all that tells: `delete_file`, `moveFile`, `read_text_file`. */
function useOf(tool: string): Use {
  if (/delete|remove|unlink|rmdir|trash|purge/i.test(tool)) return 'deletes';
  return /write|create|edit|move|rename|save|update|append|insert|replace|copy|patch|put|upload|mkdir|set/i.test(tool) ? 'writes' : 'reads';
}

interface Gatherer {
  readonly text: string;
  /** Absent where paths are not this computer's. */
  readonly use: Use | undefined;
  readonly gathering: Gathering;
  /** Paths that were told already. */
  readonly known: ReadonlySet<string>;
  left: number;
}

function gather(value: unknown, name: string, by: Gatherer): void {
  const { text, use, gathering, known } = by;
  by.left -= 1;
  if (by.left < 0) {
    if (by.left === -1) gathering.effect('unresolved', 'risk', 'has too many arguments to be told one by one');
    return;
  }
  if (typeof value === 'string') {
    const host = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? hostOf(value) : undefined;
    const { paths } = gathering;
    if (host !== undefined) gathering.host(host);
    else if (use && isPath(value, name) && !known.has(paths.place(value, paths.cwd).path)) gathering[use](wordOf(value, text), paths.cwd);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) gather(member, Array.isArray(value) ? name : key, by);
  }
}

function isPath(value: string, name: string): boolean {
  if (value === '' || value.length > MOST_PATH || /[\n\r\0]/.test(value)) return false;
  return /^(\/|~($|\/)|\.\.?($|\/)|[a-z]:[\\/])/i.test(value) || PATH_NAME.test(name.replaceAll(/([a-z])([A-Z])/g, '$1_$2').toLowerCase());
}

function wordOf(value: string, text: string): Word {
  const start = Math.max(text.indexOf(value), 0);
  return { text: value, raw: value, range: { start, end: text.startsWith(value, start) ? start + value.length : start } };
}

function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname.replace(/^\[|\]$/g, '') || undefined : undefined;
}

function unique<T>(values: readonly T[], key: (value: T) => string): T[] {
  return [...new Map(values.map((value) => [key(value), value])).values()];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
