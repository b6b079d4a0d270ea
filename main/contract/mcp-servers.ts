/** Which MCP servers agents use, and whether their tools are still what they were: as the engine tells of it. */

import { z } from 'zod';

/** The most that is told of. */
export const MOST_MCP_SERVERS = 300;
const MOST_NAMES = 50;

export const mcpServerSeenSchema = z.strictObject({
  /** As the person named it, else as it names itself, else its host or program. A server can name itself as it likes. */
  name: z.string(),
  /** Its URL without query and credentials, or its command line with secrets taken out; the host alone, or empty, where no more is known. */
  address: z.string(),
  transport: z.enum(['http', 'stdio']),
  /** As it says itself. */
  version: z.string().nullable(),
  /** Null where it has not listed any through the guard. */
  tools: z.int().nullable(),
  /** Tools that are not what they were when they were first seen, and of which no call has been let through since. */
  changed: z.array(z.string()).max(MOST_NAMES),
  /** Agents that talked to it. */
  usedBy: z.array(z.string()).max(MOST_NAMES),
  /** Null where that was too long ago to be remembered. */
  last: z.iso.datetime().nullable(),
});
export type McpServerSeen = z.infer<typeof mcpServerSeenSchema>;

export const MCP_SERVER_METHODS = {
  /** The last seen first. */
  mcpServers: { params: z.strictObject({}), result: z.array(mcpServerSeenSchema).max(MOST_MCP_SERVERS) },
} as const;

/** As many names as are told of. */
export function firstNames(names: Iterable<string>): string[] {
  return [...names].slice(0, MOST_NAMES);
}
