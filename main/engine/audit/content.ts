/** Message content on its way into the log: redacted, capped, and each block only once. */

import type { ContentBlock } from '../../contract/record.ts';
import type { Redactor } from '../detection/redact.ts';
import { sha256 } from './chain.ts';
import type { BlockReference, Capture, Draft } from './draft.ts';

export interface Content {
  readonly blocks: readonly BlockReference[];
  /** What the draft carries; `kept` is called when that is durable. */
  readonly content: Draft['content'];
  kept(): void;
}

export interface ContentReader {
  read(blocks: readonly ContentBlock[]): Content;
  /** From now on every text goes along again: the log is about to purge. */
  forget(): void;
}

/** UTF-16 units of a block at capture level `redacted`. */
export const BLOCK_CAP = 64 * 1024;
/** Redacted beyond the cap and then cut: a credential that straddles it must not leave its first half. */
const MARGIN = 16 * 1024;
const REMEMBERED = 20_000;

/** Agents resend the whole conversation at each turn: a block that the log has is neither redacted nor sent again. */
/** `capture` is asked for each record. */
export function createContentReader({ capture, redactor }: { capture: () => Capture; redactor: Redactor }): ContentReader {
  /** Hash of the text as it came → hash of the text as it is kept. */
  let known = new Map<string, string>();
  let generation = redactor.generation;
  let level = capture();

  return {
    read(blocks) {
      // A text that was kept at another level has another hash.
      if (generation !== redactor.generation || level !== capture()) forget();
      const fresh = new Map<string, { readonly hash: string; readonly text: string }>();
      const references = blocks.map(({ role, text }) => {
        const raw = sha256(text);
        const hash = known.get(raw) ?? fresh.get(raw)?.hash;
        if (hash !== undefined) return { role, hash };
        const kept = keptText(text);
        const entry = { hash: sha256(kept), text: kept };
        fresh.set(raw, entry);
        return { role, hash: entry.hash };
      });
      if (level === 'metadata') return { blocks: references, content: [], kept: () => remember(fresh) };
      const texts = new Map([...fresh.values()].map(({ hash, text }) => [hash, text]));
      const content = [...new Set(references.map(({ hash }) => hash))].map((hash) => {
        const text = texts.get(hash);
        return text === undefined ? { hash } : { hash, text };
      });
      const from = known;
      return { blocks: references, content, kept: () => from === known && remember(fresh) };
    },
    forget,
  };

  function forget(): void {
    known = new Map();
    generation = redactor.generation;
    level = capture();
  }

  function remember(fresh: ReadonlyMap<string, { readonly hash: string }>): void {
    for (const [raw, { hash }] of fresh) known.set(raw, hash);
    for (const raw of known.keys()) {
      if (known.size <= REMEMBERED) return;
      known.delete(raw);
    }
  }

  function keptText(text: string): string {
    if (level === 'full' || text.length <= BLOCK_CAP) return redactor.redact(text).toWellFormed();
    const kept = redactor
      .redact(text.slice(0, BLOCK_CAP + MARGIN))
      .slice(0, BLOCK_CAP)
      .toWellFormed();
    return `${kept}\n[cut: ${text.length} characters in all]`;
  }
}
