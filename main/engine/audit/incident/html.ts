/** Markup of our own with other people's text in it: text is escaped wherever it stands, and nothing in it is hidden or reordered. */

import { visibleLines } from '../../approvals/visible.ts';

export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

export type Piece = Html | string | number | null | undefined | readonly Piece[];

/** What stands between the pieces is ours. Text belongs between tags, never into one. */
export function html(ours: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  return new Html(ours.reduce((all, part, at) => all + markupOf(pieces[at - 1]) + part));
}

export const NOTHING = new Html('');

function markupOf(piece: Piece): string {
  if (piece === null || piece === undefined) return '';
  if (piece instanceof Html) return piece.markup;
  if (typeof piece === 'number') return String(piece);
  if (typeof piece === 'string') return shown(piece);
  return piece.map(markupOf).join('');
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Characters that hide or reorder are marked, so that they stand out from a text that only pretends to have them. */
function shown(text: string): string {
  return visibleLines(text.replaceAll('\r\n', '\n'))
    .replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '')
    .replace(/⟦U\+[0-9A-F]{4,6}⟧/g, '<span class="escape">$&</span>');
}
