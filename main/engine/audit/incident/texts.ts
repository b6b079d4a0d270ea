/** Texts that records name, as a report shows them: short ones whole, long ones folded, and no more of them than a browser can open. */

import { zstdDecompressSync } from 'node:zlib';
import type { BlockReference } from '../draft.ts';
import type { Db } from '../schema.ts';
import { type Html, html } from './html.ts';
import { WORDS } from './words.ts';

export interface Texts {
  /** `isCode` sets it as a command. */
  shown(block: BlockReference, options?: { readonly isCode?: boolean }): Html;
}

/** UTF-16 units. */
const INLINE = 700;
const EXCERPT = 220;
const FOLDED = 20_000;
const MOST_LINES = 12;
/** Of all texts of a report. */
const BUDGET = 6_000_000;
/** Of a text, in bytes. */
const MAX_TEXT = 256 * 1024 * 1024;

/** `kept` says whether the record's texts should be there, `purged` whether retention may have taken them. */
export function createTexts(db: Db): (about: { readonly kept: boolean; readonly purged: boolean }) => Texts {
  const textOf = createTextReader(db);
  let left = BUDGET;

  return ({ kept, purged }) => ({
    shown({ hash }, { isCode = false } = {}) {
      if (!kept) return note(WORDS.text.notKept(short(hash)));
      const text = textOf(hash);
      if (text === undefined) return note(purged ? WORDS.text.purged(short(hash)) : WORDS.text.missing(short(hash)));
      if (left < Math.min(text.length, FOLDED)) return note(WORDS.text.tooMany(hash));
      const told = text.slice(0, FOLDED).toWellFormed();
      left -= told.length;
      const rest = text.length > told.length ? note(WORDS.text.more(text.length - told.length, hash)) : '';
      const body = isCode ? html`<pre class="command">${told}</pre>${rest}` : html`<div class="text">${told}</div>${rest}`;
      if (text.length <= INLINE && linesIn(text) <= MOST_LINES) return body;
      return html`<details><summary><span class="excerpt">${excerptOf(text)}</span> <span class="size">${WORDS.text.size(text.length)}</span></summary>${body}</details>`;
    },
  });
}

/** Gives a text by its hash; undefined where the log does not have it. */
export function createTextReader(db: Db): (hash: string) => string | undefined {
  const find = db.prepare<[Buffer], Buffer>(`SELECT zstd FROM content WHERE hash = ?`).pluck();
  return (hash) => {
    const packed = /^[0-9a-f]{64}$/.test(hash) ? find.get(Buffer.from(hash, 'hex')) : undefined;
    return packed && zstdDecompressSync(packed, { maxOutputLength: MAX_TEXT }).toString('utf8');
  };
}

export function short(hash: string): string {
  return hash.slice(0, 12);
}

function note(text: string): Html {
  return html`<p class="aside">${text}</p>`;
}

function excerptOf(text: string): string {
  const line = text.slice(0, EXCERPT).replaceAll(/\s+/g, ' ').trim();
  return `${line.toWellFormed()}…`;
}

function linesIn(text: string): number {
  let lines = 1;
  for (let at = text.indexOf('\n'); at >= 0 && lines <= MOST_LINES; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}
