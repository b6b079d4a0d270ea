/** The model's calls that a person has released: an MCP client that then carries one out does not have it asked about again. */

import { createHash } from 'node:crypto';
import { type HeldAction, userOf } from '../../contract/action.ts';
import { canonicalJson } from '../../contract/canonical.ts';
import type { Json } from '../../contract/record.ts';

export interface ApprovedCalls {
  /** A person has said yes to this call. */
  note(action: HeldAction): void;
  /** Whether this is the model's call of that id, with the same arguments, for the same agent. It is good for one. */
  take(toolUseId: string, action: HeldAction): boolean;
}

/** An agent carries a released call out within seconds; its own prompt may stand before that. */
const MEMORY_MS = 5 * 60_000;
const MOST = 200;

export function createApprovedCalls(now: () => number): ApprovedCalls {
  const known = new Map<string, { readonly tool: string; readonly until: number }>();

  return {
    note(action) {
      if (action.kind !== 'call_tool' || action.call.id === '' || action.call.uninspected !== undefined) return;
      known.set(keyOf(action.call.id, action), { tool: action.call.tool, until: now() + MEMORY_MS });
      const [oldest] = known.keys();
      if (known.size > MOST && oldest !== undefined) known.delete(oldest);
    },
    take(toolUseId, action) {
      if (action.call.uninspected !== undefined) return false;
      const key = keyOf(toolUseId, action);
      const found = known.get(key);
      // `mcp__github__create_issue` is how agents name the server's `create_issue`.
      if (!found || found.until <= now() || !found.tool.endsWith(`__${action.call.tool}`)) return false;
      known.delete(key);
      return true;
    },
  };
}

function keyOf(id: string, { origin, call }: HeldAction): string {
  const content = createHash('sha256')
    .update(canonicalJson((call.input ?? null) as Json))
    .digest('hex');
  return JSON.stringify([origin.agent.name, userOf(origin.agent) ?? null, id, content]);
}
