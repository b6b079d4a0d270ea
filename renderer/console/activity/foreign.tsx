/** A piece of foreign text inside a line of ours: its direction and its length stay its own affair. */

import type { ReactNode } from 'react';
import { Visible } from '../../design/parts.tsx';

/** UTF-16 units of what stands in one line. */
const LINE = 300;

export function Foreign({ text }: { readonly text: string }): ReactNode {
  return (
    <bdi>
      <Visible text={cut(text, LINE)} />
    </bdi>
  );
}

/** The beginning of a text, no half character at its end; with a sign that it goes on. */
export function cut(text: string, most: number): string {
  return text.length <= most ? text : `${beginning(text, most)}…`;
}

/** Not more than `most` UTF-16 units, and whole characters. */
export function beginning(text: string, most: number): string {
  const isInPair = /[\uD800-\uDBFF]/.test(text[most - 1] ?? '') && /[\uDC00-\uDFFF]/.test(text[most] ?? '');
  return text.slice(0, isInPair ? most - 1 : most);
}
