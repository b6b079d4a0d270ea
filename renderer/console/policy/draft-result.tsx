/** What a draft would have said: its numbers beside those of what was said, and each verdict that would have been another. */

import { type ReactNode, useState } from 'react';
import type { DraftChange, DraftReplay } from '../../../main/contract/policy-desk.ts';
import { Shape, Visible } from '../../design/parts.tsx';
import { Problem } from '../../design/sections.tsx';
import { moment, number } from '../../design/time.ts';
import { STRINGS } from '../../strings.ts';
import { LOOKS } from './policy-groups.tsx';

type Replayed = Extract<DraftReplay, { state: 'replayed' }>;

const s = STRINGS.policy;
const VERDICTS = ['deny', 'ask', 'redact', 'allow'] as const;

export function DraftResult({
  result,
}: {
  readonly result: DraftReplay | { readonly state: 'unanswered'; readonly says: string };
}): ReactNode {
  switch (result.state) {
    case 'unanswered':
      return <Problem look="mild" says={result.says} />;
    case 'busy':
      return <p className="lead">{s.busy}</p>;
    case 'too-long':
      return <Problem look="mild" says={s.tooLong(result.seconds)} />;
    case 'problems':
      return (
        <>
          <Problem says={s.problems(result.problems.length + result.more)} />
          <Lines lines={[...result.problems, ...(result.more > 0 ? [s.moreProblems(result.more)] : [])]} />
        </>
      );
    case 'replayed':
      return <Outcome result={result} />;
  }
}

function Outcome({ result }: { readonly result: Replayed }): ReactNode {
  const { replayed, count, since, warnings, changes, moreChanges } = result;
  return (
    <>
      {warnings.length > 0 && (
        <>
          <Problem look="mild" says={s.warnings} />
          <Lines lines={warnings} />
        </>
      )}
      {replayed === 0 ? (
        <p className="lead">{s.nothing}</p>
      ) : (
        <>
          <p className="lead">{s.replayed(replayed, count, moment(since))}</p>
          <Verdicts result={result} />
          <Met result={result} />
          <h3 className="draft-title">{changes.length === 0 ? s.same : s.changes(changes.length + moreChanges)}</h3>
          <ol className="draft-changes">
            {changes.map((change) => (
              <Changed key={change.record} change={change} />
            ))}
          </ol>
          {moreChanges > 0 && <p className="policy-more">{s.moreChanges(moreChanges)}</p>}
        </>
      )}
      <Left result={result} />
    </>
  );
}

function Verdicts({ result: { was, would } }: { readonly result: Replayed }): ReactNode {
  const shown = VERDICTS.filter((verdict) => verdict !== 'redact' || was.redact + would.redact > 0);
  return (
    <table className="draft-verdicts">
      <thead>
        <tr>
          <th scope="col">
            <span className="unseen">{s.table.verdict}</span>
          </th>
          <th scope="col" className="draft-count">
            {s.table.was}
          </th>
          <th scope="col" className="draft-count">
            {s.table.would}
          </th>
        </tr>
      </thead>
      <tbody>
        {shown.map((verdict) => (
          <tr key={verdict} className={was[verdict] === would[verdict] ? undefined : 'draft-changed'}>
            <th scope="row">
              <Shape look={LOOKS[verdict]} />
              {s.verdict[verdict]}
            </th>
            <td>{number(was[verdict])}</td>
            <td>{number(would[verdict])}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Met({ result: { policies, observed } }: { readonly result: Replayed }): ReactNode {
  const rows = [...policies.map((met) => ({ ...met, isWatched: false })), ...observed.map((met) => ({ ...met, isWatched: true }))];
  if (rows.length === 0) return null;
  return (
    <>
      <h3 className="draft-title">{s.byPolicy}</h3>
      <ul className="draft-met">
        {rows.map(({ id, effect, actions, isWatched }) => (
          <li key={`${id} ${isWatched}`}>
            <Shape look={isWatched ? 'noted' : LOOKS[effect]} />
            <code>
              <Visible text={id} />
            </code>
            <span>{isWatched ? `${s.times(actions)}, ${s.watchedOnly}` : s.times(actions)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

function Changed({ change: { record, at, agent, summary, was, would, policies, ended } }: { readonly change: DraftChange }): ReactNode {
  const by = policies.length === 0 ? s.unpermitted : policies.join(', ');
  const after = ended !== null && Object.hasOwn(s.ended, ended) ? s.ended[ended] : '';
  return (
    <li>
      <span className="draft-record">{s.record(record)}</span>
      <Shape look={LOOKS[would]} />
      <div>
        <p>
          <Visible text={summary} />
        </p>
        <p className="sub">
          <Visible text={`${moment(at)} · ${agent} · ${s.change(`${s.verdict[was]}${after}`, s.verdict[would])} · ${by}`} />
        </p>
      </div>
    </li>
  );
}

function Left({ result: { notReplayed } }: { readonly result: Replayed }): ReactNode {
  const [isOpen, setOpen] = useState(false);
  if (notReplayed.length === 0) return null;
  return (
    <div className="draft-more">
      <p className="sub">
        {s.left(notReplayed.reduce((sum, { count }) => sum + count, 0))}{' '}
        <button type="button" className="link" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? s.hide : s.show}
        </button>
      </p>
      {isOpen && (
        <ul className="draft-left">
          {notReplayed.map(({ why, count }) => (
            <li key={why}>
              <Visible text={s.leftWhy(count, why)} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Lines({ lines }: { readonly lines: readonly string[] }): ReactNode {
  return (
    <pre className="policy-text">
      <Visible text={lines.join('\n')} />
    </pre>
  );
}
