/** What a plan would change: each file with the lines that come and go, and nothing else of it. */

import type { ReactNode } from 'react';
import type { ChangedLine, PlannedChange } from '../../../main/contract/agents-here.ts';
import { Visible } from '../../design/parts.tsx';
import { number } from '../../design/time.ts';
import { STRINGS } from '../../strings.ts';

const s = STRINGS.agents.plan;

export function PlannedChanges({ changes }: { readonly changes: readonly PlannedChange[] }): ReactNode {
  if (changes.length === 0) return <p className="sub">{s.nothing}</p>;
  return changes.map((change) => (
    <figure key={`${change.id} ${change.file}`} className="planned">
      <figcaption className="planned-head">
        <code className="planned-file">
          <Visible text={change.file} />
        </code>
        <span className="planned-what">{s[change.what]}</span>
      </figcaption>
      {change.lines.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, which keys must be able to do as well
        <ol className="planned-lines" tabIndex={0} aria-label={s.lines}>
          {change.lines.map((line) => (
            <Line key={`${line.sign} ${line.line}`} line={line} />
          ))}
          {change.more > 0 && <li className="more">{s.more(number(change.more))}</li>}
        </ol>
      )}
    </figure>
  ));
}

function Line({ line: { sign, line, text } }: { readonly line: ChangedLine }): ReactNode {
  return (
    <li className={`planned-line ${sign === '+' ? 'come' : 'gone'}`}>
      <span className="at" aria-hidden="true">
        {line}
      </span>
      <span className="sign" aria-hidden="true">
        {sign === '+' ? '+' : '−'}
      </span>
      <code className="planned-text">
        <span className="unseen">{sign === '+' ? s.added : s.gone} </span>
        <Visible text={text} />
      </code>
    </li>
  );
}
