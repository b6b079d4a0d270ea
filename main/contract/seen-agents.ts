/** Which programs talk to which models, also those that nobody has put behind the guard: as the engine tallies it. */

import { z } from 'zod';

/** The most that is told of. */
export const MOST_SEEN = 500;

/**
 * - `intercepted`: read and judged
 * - `passed`: requests to a provider that carry no model call
 * - `tunnelled`: went through unread
 * - `tls-refused`: the program does not trust our certificate: it cannot be guarded, and what it wants goes another way or nowhere
 * - `refused`: not let through
 */
export const SEEN_HOW = ['intercepted', 'passed', 'tunnelled', 'tls-refused', 'refused'] as const;
export type SeenHow = (typeof SEEN_HOW)[number];

export const seenAgentSchema = z.strictObject({
  /** As the log has it: a known agent's name, or the program's own. */
  agent: z.string(),
  /** Whether Holdpoint recognises it. */
  known: z.boolean(),
  /** The newest that was seen. */
  version: z.string().nullable(),
  /** The known agent that started it, where it is none itself. */
  startedBy: z.string().nullable(),
  /** Path of the executable; null where the process was not found. */
  program: z.string().nullable(),
  user: z.string().nullable(),
  /** `web`: a web site where people talk to a model. */
  to: z.enum(['model', 'web', 'mcp']),
  /** The provider's or the MCP server's name. */
  provider: z.string(),
  /** The last of its hosts; empty for an MCP server that is a program. */
  host: z.string(),
  how: z.enum(SEEN_HOW),
  connections: z.int(),
  exchanges: z.int(),
  first: z.iso.datetime(),
  last: z.iso.datetime(),
});
export type SeenAgent = z.infer<typeof seenAgentSchema>;

/** Why somebody should look at it; undefined where it is guarded as it should be. */
export function seenConcern({ known, how, to }: Pick<SeenAgent, 'known' | 'how' | 'to'>): 'unguarded' | 'unread' | 'unknown' | undefined {
  if (how === 'tls-refused') return 'unguarded';
  if (how === 'tunnelled') return 'unread';
  return known || to === 'web' ? undefined : 'unknown';
}
