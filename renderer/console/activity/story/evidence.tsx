/** Everything that the log has of a step: its records in order, what they said, and the proof of each. */

import type { ReactNode } from 'react';
import type { Said, StoryRecord } from '../../../../main/contract/activity.ts';
import { Visible } from '../../../design/parts.tsx';
import { clock, number } from '../../../design/time.ts';
import { STRINGS } from '../../../strings.ts';
import { cut } from '../foreign.tsx';
import { useOpened } from './opened.ts';
import { Proof } from './proof.tsx';
import { Words } from './words.tsx';

const s = STRINGS.activity;
const MOST_RECORDS = 50;
const MOST_SUMMARY = 1_000;
const MOST_DATA = 6_000;

export function Evidence({ records, isWordsTold }: { readonly records: readonly StoryRecord[]; readonly isWordsTold: boolean }): ReactNode {
  return (
    <div className="evidence">
      {records.slice(0, MOST_RECORDS).map((one) => (
        <RecordEvidence key={one.record.seq} told={one} said={isWordsTold ? [] : one.said} />
      ))}
      {records.length > MOST_RECORDS && <p>{s.moreRecords(records.length - MOST_RECORDS)}</p>}
    </div>
  );
}

function RecordEvidence({ told: { record }, said }: { readonly told: StoryRecord; readonly said: readonly Said[] }): ReactNode {
  const [hasProof, toggleProof] = useOpened(`proof ${record.seq}`);
  const [hasData, toggleData] = useOpened(`data ${record.seq}`);
  return (
    <article>
      <h2>
        {s.kind[record.kind]}
        <span>
          {s.recordNumber(number(record.seq))} · {clock(record.at, true)}
        </span>
      </h2>
      <p className="summary">
        <Visible text={cut(record.summary, MOST_SUMMARY)} />
      </p>
      {said.map((one) => (
        <div key={`${one.role} ${one.hash}`}>
          <h3>{roleOf(one.role)}</h3>
          <Words said={one} seq={record.seq} isCode={one.role !== 'user' && one.role !== 'assistant'} />
        </div>
      ))}
      <div className="looks">
        {Object.keys(record.data).length > 0 && (
          <button type="button" className="link" aria-expanded={hasData} onClick={toggleData}>
            {s.data}
          </button>
        )}
        <button type="button" className="link" aria-expanded={hasProof} onClick={toggleProof}>
          {s.proof}
        </button>
      </div>
      {hasData && (
        <pre>
          <Visible text={cut(JSON.stringify(record.data, null, 2), MOST_DATA)} />
        </pre>
      )}
      {hasProof && <Proof seq={record.seq} />}
    </article>
  );
}

function roleOf(role: string): string {
  const known: { readonly [role: string]: string } = s.role;
  return Object.hasOwn(known, role) ? known[role]! : role;
}
