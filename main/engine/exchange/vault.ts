/** What was taken out of requests, a session at a time, so that it can be put back where the model's answer names it. In memory only. */

import type { Refusal, Sensitive } from '../../contract/verdict.ts';
import type { Placeholders } from '../protocols/redaction/fragments.ts';

export interface Vault {
  /** The placeholder of each value, by value: always the same in a session, and in no other. */
  hide(session: string, values: readonly Sensitive[]): ReadonlyMap<string, string>;
  /** What is hidden in a session. */
  of(session: string): Placeholders;
}

export interface VaultOptions {
  /** Plain ASCII without quotes or backslashes, so that it stands the same in JSON at any depth. */
  readonly placeholderFor: (session: string, sensitive: Sensitive) => string;
}

/** What is to be taken out is there, but nobody can tell where. */
export const CANNOT_REDACT: { readonly kind: 'refuse'; readonly why: Refusal } = {
  kind: 'refuse',
  why: { policy: 'holdpoint', reason: 'It holds something that is not to leave, and that could not be taken out of it.' },
};

/** The least recently used session goes first, and with it only the way back. */
const SESSIONS = 64;
const VALUES = 1_000;

const NONE: Placeholders = { isEmpty: true, valueOf: () => undefined, mayBegin: () => false };

export function createVault({ placeholderFor }: VaultOptions): Vault {
  /** By session, value by placeholder. */
  const sessions = new Map<string, Map<string, string>>();

  return {
    hide(session, values) {
      const hidden = sessions.get(session) ?? new Map<string, string>();
      sessions.delete(session);
      sessions.set(session, hidden);
      const placeholders = new Map<string, string>();
      for (const sensitive of values) {
        const placeholder = placeholderFor(session, sensitive);
        placeholders.set(sensitive.value, placeholder);
        hidden.delete(placeholder);
        hidden.set(placeholder, sensitive.value);
      }
      shorten(hidden, VALUES);
      shorten(sessions, SESSIONS);
      return placeholders;
    },
    of(session) {
      const hidden = sessions.get(session);
      if (!hidden || hidden.size === 0) return NONE;
      return {
        isEmpty: false,
        valueOf: (placeholder) => hidden.get(placeholder),
        mayBegin: (text) => [...hidden.keys()].some((placeholder) => placeholder.length > text.length && placeholder.startsWith(text)),
      };
    },
  };
}

function shorten(map: Map<string, unknown>, most: number): void {
  for (const oldest of map.keys()) {
    if (map.size <= most) break;
    map.delete(oldest);
  }
}
