/** A command, arguments or a file's content as it would be used: every character, laid out, folded where it is long. */

import { type ReactNode, useMemo, useRef, useState } from 'react';
import type { Question } from '../../main/contract/approval.ts';
import { number } from '../design/time.ts';
import { STRINGS } from '../strings.ts';
import { type Inked, languageOfTool } from './highlight.ts';
import { keptOf, type Line, linesOf, type Range } from './lines.ts';
import { Marked } from './marked.tsx';
import { textInks, writtenHead } from './text-inks.ts';
import { useScrolls } from './use-scrolls.ts';

type Mark = Question['action']['marks'][number];

export function CodeText({ action }: { readonly action: Question['action'] }): ReactNode {
  const { text, marks, tool, toolKind } = action;
  const inks = useMemo(() => textInks(text, tool, toolKind), [text, tool, toolKind]);
  // Codex's own language is no shell's.
  const isShell = toolKind === 'shell' && tool !== 'exec';
  const [whole, setWhole] = useState(false);
  const lines = useMemo(() => linesOf(text, marks, isShell), [text, marks, isShell]);
  const kept = useMemo(() => keptOf(text, lines, marks), [text, lines, marks]);
  const head = writtenHead(text, toolKind);
  const code = useRef<HTMLDivElement>(null);
  const scrolls = useScrolls(code, whole);
  const s = STRINGS.popup;
  const shown = kept && !whole ? kept : [{ start: 0, end: text.length }];

  return (
    <>
      {/* Scrolled by keyboard too. */}
      <div
        ref={code}
        className={isShell ? `action-text shell ${languageOfTool(tool, toolKind, text)}` : 'action-text'}
        tabIndex={scrolls ? 0 : undefined}
      >
        {shown.map((range, i) => (
          <Shown key={range.start} {...{ text, lines, marks, inks, range, head }} after={shown[i - 1]} onUnfold={() => setWhole(true)} />
        ))}
      </div>
      {kept && (
        <button type="button" className="fold" onClick={() => setWhole(!whole)}>
          {whole ? s.lessText : s.wholeText(number(text.length))}
        </button>
      )}
    </>
  );
}

interface ShownProps {
  readonly text: string;
  readonly lines: readonly Line[];
  readonly marks: readonly Mark[];
  readonly inks: readonly Inked[];
  readonly range: Range;
  /** The line that says which file is written. */
  readonly head: Range | undefined;
  /** The range before, if something between is folded. */
  readonly after: Range | undefined;
  onUnfold(): void;
}

function Shown({ text, lines, marks, inks, range, head, after, onUnfold }: ShownProps): ReactNode {
  const inRange = lines.filter(({ lead, body }) => lead.start < range.end && body.end > range.start);
  return (
    <>
      {after && (
        <button type="button" className="gap-line" onClick={onUnfold}>
          {STRINGS.popup.folded(
            lines.filter(({ body }) => body.start >= after.end && body.end <= range.start).length,
            number(range.start - after.end),
          )}
        </button>
      )}
      {inRange.map(({ lead, body }, i) => {
        const part = { start: Math.max(body.start, range.start), end: Math.min(body.end, range.end) };
        const isHead = head !== undefined && body.end <= head.end;
        return (
          <div className={isHead ? 'line file' : 'line'} key={body.start}>
            <span className="lead">
              {part.start === body.start
                ? text.slice(lead.start, lead.end) || (body.start === 0 && i === 0 ? <i aria-hidden="true" /> : '')
                : ''}
            </span>
            <span className="body">
              {part.start > body.start && <span className="cut">…</span>}
              <Marked text={text} marks={marks} inks={inks} range={part} />
              {part.end < body.end && <span className="cut">…</span>}
            </span>
          </div>
        );
      })}
    </>
  );
}
