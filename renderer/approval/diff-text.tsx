/** A change of files: what goes, what comes, and enough around it to know the place. */

import { type ReactNode, useMemo, useRef, useState } from 'react';
import type { Question } from '../../main/contract/approval.ts';
import { number } from '../design/time.ts';
import { STRINGS } from '../strings.ts';
import { diffOf, type Row } from './diff.ts';
import { foldedRows, type Shown } from './fold.ts';
import type { Inked } from './highlight.ts';
import type { Range } from './lines.ts';
import { Marked } from './marked.tsx';
import { diffInks } from './text-inks.ts';
import { useScrolls } from './use-scrolls.ts';

type Mark = Question['action']['marks'][number];

export function DiffText({ action: { text, marks } }: { readonly action: Question['action'] }): ReactNode {
  const diff = useMemo(() => diffOf(text), [text]);
  const folded = useMemo(() => foldedRows(diff.rows, marks), [diff, marks]);
  const inks = useMemo(() => diffInks(text, diff, (row) => shownOf(row, marks)), [text, diff, marks]);
  const [whole, setWhole] = useState(false);
  const code = useRef<HTMLDivElement>(null);
  const scrolls = useScrolls(code, whole);
  const s = STRINGS.popup;
  const shown: readonly Shown[] = folded && !whole ? folded : diff.rows.map((row) => ({ row }));
  const first = diff.rows.find(({ kind }) => kind === 'head');

  return (
    <>
      <div ref={code} className="action-text diff" tabIndex={scrolls ? 0 : undefined}>
        {shown.map((one) =>
          'row' in one ? (
            <RowLine key={one.row.body.start} {...{ text, marks, inks }} row={one.row}>
              {one.row === first && (
                <span className="diff-counts" aria-label={s.changes(number(diff.added), number(diff.removed))} role="img">
                  <b className="come">+{number(diff.added)}</b>
                  <b className="gone">−{number(diff.removed)}</b>
                </span>
              )}
            </RowLine>
          ) : (
            <button key={`fold ${one.at}`} type="button" className="gap-line" onClick={() => setWhole(true)}>
              {s.foldedLines(one.folded)}
            </button>
          ),
        )}
      </div>
      {folded && (
        <button type="button" className="fold" onClick={() => setWhole(!whole)}>
          {whole ? s.lessText : s.wholeText(number(text.length))}
        </button>
      )}
    </>
  );
}

const SIGNS: Partial<Record<Row['kind'], string>> = { removed: '−', added: '+' };

interface RowLineProps {
  readonly text: string;
  readonly marks: readonly Mark[];
  readonly inks: readonly Inked[];
  readonly row: Row;
  readonly children: ReactNode;
}

function RowLine({ text, marks, inks, row, children }: RowLineProps): ReactNode {
  const { kind, changed } = row;
  const line = (
    <>
      {kind !== 'head' && <span className="sign">{SIGNS[kind]}</span>}
      <span className="body">
        <Marked text={text} marks={marks} inks={inks} changed={changed} range={shownOf(row, marks)} />
      </span>
      {children}
    </>
  );
  const looks = kind === 'head' ? 'line file' : `line ${kind}`;
  if (kind === 'removed') return <del className={looks}>{line}</del>;
  if (kind === 'added') return <ins className={looks}>{line}</ins>;
  return <div className={looks}>{line}</div>;
}

/** Of what stands twice, that which is marked. */
function shownOf({ body, twin }: Row, marks: readonly Mark[]): Range {
  const isMarked = ({ start, end }: Range) => marks.some((mark) => mark.start < end && mark.end > start);
  return twin && !isMarked(body) && isMarked(twin) ? twin : body;
}
