/** What was found in a text, kept by a keyed hash of it: agents send their whole conversation again at each turn. */

import { createHmac, randomBytes } from 'node:crypto';
import { createRecentTexts } from '../../contract/recent-texts.ts';

export interface BlockCache<Value> {
  /** Not the text, nor anything from which somebody without this process' key could tell it. */
  keyOf(kind: string, text: string): string;
  get(key: string): Value | undefined;
  /** `forMs`: how long it counts; for as long as there is room where absent. */
  set(key: string, value: Value, forMs?: number): void;
}

export interface BlockCacheOptions {
  readonly capacity?: number;
  readonly now?: () => number;
}

const CAPACITY = 50_000;

/** Least recently used goes first. Lives as long as the detectors do, so that their version is no part of the key. */
export function createBlockCache<Value>({ capacity = CAPACITY, now = Date.now }: BlockCacheOptions = {}): BlockCache<Value> {
  const secret = randomBytes(32);
  const kept = new Map<string, Entry<Value>>();
  /** Of each kind, the keys of the texts that were asked for last: of a long conversation, hashing is what takes longest. */
  const keys = new Map<string, (text: string, work: (text: string) => string) => string>();

  return {
    keyOf(kind, text) {
      const recent = keys.get(kind) ?? createRecentTexts<string>();
      keys.set(kind, recent);
      return recent(text, (text) => {
        // UTF-8 makes all lone surrogates the same, and a text must never get the findings of another.
        const encoding = text.isWellFormed() ? 'utf8' : 'utf16le';
        return createHmac('sha256', secret).update(`${encoding} ${kind}\n`).update(text, encoding).digest('latin1');
      });
    },
    get(key) {
      const entry = kept.get(key);
      if (!entry) return undefined;
      kept.delete(key);
      if (entry.until <= now()) return undefined;
      kept.set(key, entry);
      return entry.value;
    },
    set(key, value, forMs = Number.POSITIVE_INFINITY) {
      kept.delete(key);
      kept.set(key, { value, until: now() + forMs });
      if (kept.size > capacity) kept.delete(kept.keys().next().value!);
    },
  };
}

interface Entry<Value> {
  readonly value: Value;
  readonly until: number;
}
