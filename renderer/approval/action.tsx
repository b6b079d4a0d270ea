/** What the agent would do: the exact text with its risky parts underlined, and what they come to. */

import { type ReactNode, useMemo, useState } from 'react';
import type { Question } from '../../main/contract/approval.ts';
import { Visible } from '../design/parts.tsx';
import { number } from '../design/time.ts';
import { STRINGS } from '../strings.ts';
import { type Change, changesOf, keptOf, type Line, linesOf, type Range } from './lines.ts';
import { Marked } from './marked.tsx';
import { toolName } from './tool-name.ts';

type Mark = Question['action']['marks'][number];

const NO_CHANGES: ReadonlyMap<number, Change> = new Map();

/** `most` effects are told at once: more would hide what they are about. */
export function Action({
  question: { action, effects },
  most,
}: {
  readonly question: Pick<Question, 'action' | 'effects'>;
  readonly most: number;
}): ReactNode {
  const { text, omitted, marks } = action;
  const isShell = action.toolKind === 'shell';
  const isDiff = /^(?:Edit |\*\*\* Begin Patch)/.test(text);
  const [whole, setWhole] = useState(false);
  const lines = useMemo(() => linesOf(text, marks, isShell), [text, marks, isShell]);
  const kept = useMemo(() => keptOf(text, lines, marks), [text, lines, marks]);
  const changes = useMemo(() => (isDiff ? changesOf(text, lines) : NO_CHANGES), [text, lines, isDiff]);
  const s = STRINGS.popup;
  const shown = kept && !whole ? kept : [{ start: 0, end: text.length }];

  return (
    <>
      {(action.toolKind === 'mcp' || action.toolKind === 'other') && <Tool tool={action.tool} />}
      {/* Scrolled by keyboard too. */}
      <div className={isShell ? 'code shell' : isDiff ? 'code diff' : 'code'} tabIndex={whole ? 0 : undefined}>
        {shown.map((range, i) => (
          <Shown
            key={range.start}
            text={text}
            lines={lines}
            marks={marks}
            changes={changes}
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
      {effects.length > 0 && <Effects effects={effects} most={most} />}
    </>
  );
}

/** The loudest come first. */
function Effects({ effects, most }: { readonly effects: Question['effects']; readonly most: number }): ReactNode {
  const [all, setAll] = useState(false);
  const shown = all || effects.length <= most + 1 ? effects : effects.slice(0, most);
  return (
    <ul className="effects">
      {shown.map(({ risk, says }) => (
        <li key={says} className={risk}>
          <Visible text={says} />
        </li>
      ))}
      {shown.length < effects.length && (
        <li className="more">
          <button type="button" className="fold" onClick={() => setAll(true)}>
            {STRINGS.popup.moreEffects(effects.length - shown.length)}
          </button>
        </li>
      )}
    </ul>
  );
}

/** Arguments alone don't tell what they are given to. */
function Tool({ tool }: { readonly tool: string }): ReactNode {
  const { name, server } = toolName(tool);
  return (
    <p className="tool">
      <b className="tool-name">
        <Visible text={name} />
      </b>
      {server && (
        <>
          {STRINGS.popup.ofServer}
          <Visible text={server} />
        </>
      )}
    </p>
  );
}

interface ShownProps {
  readonly text: string;
  readonly lines: readonly Line[];
  readonly marks: readonly Mark[];
  readonly changes: ReadonlyMap<number, Change>;
  readonly range: Range;
  /** The range before, if something between is folded. */
  readonly after: Range | undefined;
  onUnfold(): void;
}

function Shown({ text, lines, marks, changes, range, after, onUnfold }: ShownProps): ReactNode {
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
          <div className={`line ${changes.get(body.start) ?? ''}`} key={body.start}>
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
