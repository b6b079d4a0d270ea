/** What could not be read, as status tells it: counted by agent, place and reason, with the words for it that every client uses. */

import { z } from 'zod';
import { UNINSPECTED, type Uninspected } from './action.ts';

/** The most that a status tells of. */
export const MOST_UNINSPECTED = 20;

export const uninspectedSchema = z.strictObject({
  agent: z.string(),
  /** The MCP server's name, where it is a program and has no host. */
  host: z.string(),
  /** Without its query, and with `*` for what differs from one request to the next. Empty where there is none. */
  path: z.string(),
  what: z.enum(['request', 'call', 'answer', 'message']),
  why: z.enum(UNINSPECTED),
  count: z.int(),
  /** How many of them went on, and how many did not. The others wait for their verdict, or were given up. */
  passed: z.int(),
  refused: z.int(),
  first: z.iso.datetime(),
  last: z.iso.datetime(),
});
export type UninspectedRow = z.infer<typeof uninspectedSchema>;

const NOUNS: Record<UninspectedRow['what'], string> = { request: 'request', call: 'tool call', answer: 'answer', message: 'message' };

const REASONS: Record<Uninspected, string> = {
  malformed: 'with faulty syntax',
  truncated: 'cut off in the middle',
  'duplicate-key': 'with a name given twice',
  'too-long': 'too long to be read whole',
  'unknown-shape': 'in a form that Holdpoint does not know',
  'unknown-path': 'to a path that Holdpoint does not know',
  undecodable: 'in an encoding that Holdpoint cannot read',
  unscanned: 'that could not be searched for secrets',
};

/** "3 requests to a path that Holdpoint does not know". */
export function uninspectedPhrase({ what, why, count }: Pick<UninspectedRow, 'what' | 'why' | 'count'>): string {
  return `${count} ${NOUNS[what]}${count === 1 ? '' : 's'} ${REASONS[why]}`;
}

/** What became of them: "let through", "2 let through, 1 refused". */
export function uninspectedFate({ count, passed, refused }: Pick<UninspectedRow, 'count' | 'passed' | 'refused'>): string {
  const fates = [
    [passed, 'let through'],
    [refused, 'refused'],
    [count - passed - refused, 'no verdict yet'],
  ] as const;
  const some = fates.filter(([number]) => number > 0);
  return some.map(([number, fate]) => (some.length === 1 ? fate : `${number} ${fate}`)).join(', ');
}

/** All of it in one sentence; undefined where everything could be read. `total` counts what is in no row, too. */
export function uninspectedSentence(rows: readonly UninspectedRow[], total: number): string | undefined {
  const [last] = rows;
  if (!last) return undefined;
  if (last.count === total) return `${last.agent} on ${last.host}: ${uninspectedPhrase(last)}.`;
  return `${total} things could not be read, the last from ${last.agent} on ${last.host}.`;
}
