/** What the agent would do: the exact text with its risky parts underlined, and what they come to. */

import { type ReactNode, useMemo, useState } from 'react';
import type { Question } from '../../main/contract/approval.ts';
import { Visible } from '../design/parts.tsx';
import { number } from '../design/time.ts';
import { STRINGS } from '../strings.ts';
import { keptOf, type Line, linesOf, type Range } from './lines.ts';
import { Marked } from './marked.tsx';

type Mark = Question['action']['marks'][number];

export function Action({ question: { action, effects } }: { readonly question: Question }): ReactNode {
  const { text, omitted, marks } = action;
  const isShell = action.toolKind === 'shell';
  const isDiff = /^(?:Edit |\*\*\* Begin Patch)/.test(text);
  const [whole, setWhole] = useState(false);
  const lines = useMemo(() => linesOf(text, marks, isShell), [text, marks, isShell]);
  const kept = useMemo(() => keptOf(text, lines, marks), [text, lines, marks]);
  const s = STRINGS.popup;
  const shown = kept && !whole ? kept : [{ start: 0, end: text.length }];

  return (
    <>
      {/* Scrolled by keyboard too. */}
      <div className={isShell ? 'code shell' : isDiff ? 'code diff' : 'code'} tabIndex={whole ? 0 : undefined}>
        {shown.map((range, i) => (
          <Shown
            key={range.start}
            text={text}
            lines={lines}
            marks={marks}
            range={range}
            after={shown[i - 1]}
            onUnfold={() => setWhole(true)}
          />
        ))}
      </div>
      {kept && (
        <button type="button" className="fold" onClick={() => setWhole(!whole)}>
          {whole ? s.lessText : s.wholeText(number(text.length))}
        </button>
      )}
      {omitted > 0 && <p className="omitted">{s.omitted(number(omitted))}</p>}
      {effects.length > 0 && (
        <ul className="effects">
          {effects.map(({ risk, says }) => (
            <li key={says} className={risk}>
              <Visible text={says} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

interface ShownProps {
  readonly text: string;
  readonly lines: readonly Line[];
  readonly marks: readonly Mark[];
  readonly range: Range;
  /** The range before, if something between is folded. */
  readonly after: Range | undefined;
  onUnfold(): void;
}

function Shown({ text, lines, marks, range, after, onUnfold }: ShownProps): ReactNode {
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
        return (
          <div className={lineLook(text, body)} key={body.start}>
            <span className="lead">
              {part.start === body.start
                ? text.slice(lead.start, lead.end) || (body.start === 0 && i === 0 ? <i aria-hidden="true" /> : '')
                : ''}
            </span>
            <span className="body">
              {part.start > body.start && <span className="cut">…</span>}
              <Marked text={text} marks={marks} range={part} />
              {part.end < body.end && <span className="cut">…</span>}
            </span>
          </div>
        );
      })}
    </>
  );
}

/** Its look counts in a change only: elsewhere a line may begin with any sign. */
function lineLook(text: string, { start, end }: Range): string {
  if (start === end) return 'line';
  if (text[start] === '+') return 'line added';
  return text[start] === '-' ? 'line removed' : 'line';
}
