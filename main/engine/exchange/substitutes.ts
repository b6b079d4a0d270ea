/** What agents have in the place of refused calls, for providers that keep conversations themselves. */

import type { Protocol, Substitute, Substitutes } from '../protocols/pieces.ts';

export interface SubstituteMemory {
  /** Of an answer from this host. */
  add(host: string, substitute: Substitute): void;
  /** The request's body as the host must have it; undefined where it can go as it is. */
  mended(host: string, protocol: Protocol, body: Uint8Array): Uint8Array | undefined;
}

/** Refusals are rare: more than a long day brings. */
const REMEMBERED = 1_000;

export function createSubstituteMemory(): SubstituteMemory {
  /** Oldest first. A message's id is never the same in two answers. */
  const kept = new Map<string, Substitute & { readonly host: string }>();

  return {
    add(host, substitute) {
      kept.set(substitute.id, { ...substitute, host });
      for (const oldest of kept.keys()) {
        if (kept.size <= REMEMBERED) break;
        kept.delete(oldest);
      }
    },
    mended: (host, { mendRequest }, body) => (kept.size === 0 ? undefined : mendRequest?.(body, knownOf(host))),
  };

  function knownOf(host: string): Substitutes {
    return {
      of: (response) => [...kept.values()].filter((one) => one.host === host && one.response === response),
      withId(id) {
        const one = kept.get(id);
        return one?.host === host ? one : undefined;
      },
    };
  }
}
