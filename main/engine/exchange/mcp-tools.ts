/** What is recorded of the tools that an MCP server lists: new ones, changed ones, and orders to the model in what they are said to be. */

import type { McpServer, Origin } from '../../contract/action.ts';
import type { JsonObject } from '../protocols/json.ts';
import { type ListedTool, textOf, toolsIn } from '../protocols/mcp/results.ts';
import type { McpPins } from './mcp-pins.ts';
import type { Records } from './records.ts';

/** The labels `injection.…` of what was found in each text. Never rejects. */
export type InjectionsIn = (texts: readonly string[]) => Promise<readonly (readonly string[])[]>;

export interface ToolNotes {
  /** Resolves when all of a list, or of a page of it, is recorded. Never rejects. */
  listed(result: JsonObject, continues: boolean, origin: Origin): Promise<void>;
}

/** In UTF-16 units, of all that one tool is said to be. */
const MAX_DESCRIPTION = 64 * 1024;
/** Tools of one page that are looked at. */
const MOST_LOOKED_AT = 1_000;

export function createToolNotes(options: {
  readonly records: Pick<Records, 'keep'>;
  readonly pins: McpPins;
  readonly address: string;
  readonly server: () => McpServer;
  readonly injectionsIn?: InjectionsIn;
}): ToolNotes {
  const { records, pins, address, server, injectionsIn } = options;

  return {
    async listed(result, continues, origin) {
      const tools = toolsIn(result);
      const before = tools.map(({ name }) => pins.of(address, name).definition);
      noteChanges(tools, continues, origin);
      if (!injectionsIn) return;
      // What was looked at is not looked at again: clients ask for the list whenever they start.
      const unseen = tools.filter(({ name }, at) => before[at] === undefined || pins.of(address, name).definition !== before[at]);
      await noteInjections(unseen.slice(0, MOST_LOOKED_AT), injectionsIn, origin);
    },
  };

  function noteChanges(tools: readonly ListedTool[], continues: boolean, origin: Origin): void {
    const { name } = server();
    const { added, changed } = pins.listed(address, tools, continues);
    for (const tool of changed) {
      records.keep({
        ...about(origin),
        kind: 'finding',
        verdict: 'mcp.tool-changed',
        summary: `${name} says something else of its tool ${tool} than when it was first seen`,
        data: { label: 'mcp.tool-changed', server: { ...server() }, tool, definition: pins.of(address, tool).definition ?? null },
      });
    }
    if (added.length === 0) return;
    records.keep({
      ...about(origin),
      kind: 'finding',
      verdict: 'mcp.tool-added',
      summary: `${name} has new tools: ${added.slice(0, 20).join(', ')}`,
      data: { label: 'mcp.tool-added', server: { ...server() }, tools: added.slice(0, 100) },
    });
  }

  /** A model reads what a tool is said to be before anybody calls it, and a server can say there whatever it likes. */
  async function noteInjections(tools: readonly ListedTool[], look: InjectionsIn, origin: Origin): Promise<void> {
    if (tools.length === 0) return;
    const found = await look(tools.map(({ definition }) => textOf(definition).text.slice(0, MAX_DESCRIPTION)));
    const { name } = server();
    for (const [at, { name: tool }] of tools.entries()) {
      for (const label of new Set(found[at])) {
        records.keep({
          ...about(origin),
          kind: 'finding',
          verdict: label,
          summary: `${name} gives the model an order in what it says of its tool ${tool}`,
          data: { label, server: { ...server() }, tool, definition: pins.of(address, tool).definition ?? null },
        });
      }
    }
  }
}

function about({ session, exchange, agent, host }: Origin) {
  return { session, exchange, agent: agent.name, ...(host !== '' && { host }), user: agent.process?.user };
}
