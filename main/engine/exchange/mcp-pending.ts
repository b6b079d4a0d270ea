/** A client's requests that its MCP server has and has not answered. */

import { idKey, type McpId, type McpRequest } from '../protocols/mcp/messages.ts';

export interface Asked {
  readonly method: string;
  /** The tool, or the resource, that it is about. */
  readonly tool?: string;
  /** It asks for a list's next page. */
  readonly continues: boolean;
}

export interface McpPending {
  sent(request: McpRequest): void;
  has(id: McpId): boolean;
  /** All that an answer with this id may belong to: none, or several where a client gives an id twice. */
  of(id: McpId): readonly Asked[];
  /** One of them has its answer. */
  answered(id: McpId, which: Asked | undefined): void;
  /** How many calls with this id the server was given. */
  calls(id: McpId): number;
}

export function askedBy({ method, params }: McpRequest): Asked {
  const about = typeof params.name === 'string' ? params.name : typeof params.uri === 'string' ? params.uri : undefined;
  return { method, continues: params.cursor !== undefined, ...(about !== undefined && { tool: about.slice(0, MAX_NAME) }) };
}

const MAX_IDS = 10_000;
const MAX_NAME = 256;

/**
 * Programs that make a client for each task count each from 0, and are one session to us where their server names none: a call and a
 * list may then bear the same id at the same time.
 */
export function createMcpPending(): McpPending {
  const waiting = new Map<string, readonly Asked[]>();
  const calls = new Map<string, number>();

  return {
    sent(request) {
      const { id, method } = request;
      put(waiting, id, [...of(id), askedBy(request)]);
      if (method === 'tools/call') put(calls, id, (calls.get(idKey(id)) ?? 0) + 1);
    },
    has: (id) => waiting.has(idKey(id)),
    of,
    answered(id, which) {
      const left = of(id).filter((one) => one !== which);
      if (left.length === 0) waiting.delete(idKey(id));
      else waiting.set(idKey(id), left);
    },
    calls: (id) => calls.get(idKey(id)) ?? 0,
  };

  function of(id: McpId): readonly Asked[] {
    return waiting.get(idKey(id)) ?? [];
  }
}

function put<T>(map: Map<string, T>, id: McpId, value: T): void {
  map.delete(idKey(id));
  map.set(idKey(id), value);
  const [oldest] = map.keys();
  if (map.size > MAX_IDS && oldest !== undefined) map.delete(oldest);
}
