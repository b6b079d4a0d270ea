/** A command as the popup shows it: one simple command a line, in the same quiet syntax. Only its beginning, if it is long. */

import { type ReactNode, useMemo } from 'react';
import { inksOf, type Language } from '../../../approval/highlight.ts';
import { linesOf } from '../../../approval/lines.ts';
import { Marked } from '../../../approval/marked.tsx';
import { beginning } from '../foreign.tsx';

/** In UTF-16 units. */
const MOST = 4_000;
const MOST_LINES = 60;
/** What runs programs; Codex's own language is laid out by its author. */
const SHELLS: readonly (Language | undefined)[] = ['bash', 'powershell', 'cmd'];

export function Command({ text, language }: { readonly text: string; readonly language: Language | undefined }): ReactNode {
  const shown = beginning(text, MOST);
  const lines = useMemo(() => linesOf(shown, [], SHELLS.includes(language)), [shown, language]);
  const inks = useMemo(() => inksOf(shown, language), [shown, language]);
  const isWhole = shown.length === text.length && lines.length <= MOST_LINES;
  return (
    <pre className="command step-command">
      {lines.slice(0, MOST_LINES).map(({ lead, body }) => (
        <span className="line" key={body.start}>
          <span className="lead">{shown.slice(lead.start, lead.end).trimStart()}</span>
          <Marked text={shown} marks={[]} inks={inks} range={body} />
        </span>
      ))}
      {!isWhole && <span className="line lead">…</span>}
    </pre>
  );
}
