/** Checks: what is wrong first, each with the one thing to do about it; all else in its groups below. */

import { type ReactNode, type Ref, useEffect, useRef } from 'react';
import { CHECK_GROUPS, type CheckResult, type DoctorView, isWrong, worstFirst } from '../../../main/contract/doctor.ts';
import { Button } from '../../design/button.tsx';
import { Problem, Section } from '../../design/sections.tsx';
import { moment } from '../../design/time.ts';
import { STRINGS } from '../../strings.ts';
import { CheckEntry } from './check-entry.tsx';
import type { Checks } from './use-doctor.ts';

const s = STRINGS.doctor;

export function DoctorPage({ checks }: { readonly checks: Checks }): ReactNode {
  const { view } = checks;
  const wrong = worstFirst(view.results.filter(isWrong));
  const start = useRef<HTMLButtonElement>(null);
  const wasRepairing = useRef(false);

  // What was pressed may be gone with what was wrong: keys go on from the top.
  useEffect(() => {
    const isRepairing = view.repairing !== null;
    if (wasRepairing.current && !isRepairing) start.current?.focus();
    wasRepairing.current = isRepairing;
  }, [view.repairing]);

  return (
    <main className="page doctor">
      <h1>{s.title}</h1>
      <p className="lead">{s.text}</p>
      <div className="doctor-head">
        <Start checks={checks} button={start} />
        <p className="sub" role="status">
          {summaryOf(view)}
        </p>
      </div>
      {view.told && !view.told.ok && <Problem look="mild" says={view.told.says} />}
      {wrong.length > 0 && (
        <Section title={s.wrongTitle}>
          <ul className="entries">
            {wrong.map((result) => (
              <CheckEntry key={result.id} result={result} view={view} onRepair={() => checks.repair(result.id)} />
            ))}
          </ul>
        </Section>
      )}
      {CHECK_GROUPS.map((group) => (
        <Group
          key={group}
          title={s.groups[group]}
          results={view.results.filter((one) => one.group === group && !isWrong(one))}
          view={view}
        />
      ))}
    </main>
  );
}

interface StartProps {
  readonly checks: Checks;
  readonly button: Ref<HTMLButtonElement>;
}

function Start({ checks: { view, start, stop }, button }: StartProps): ReactNode {
  if (view.state === 'running')
    return (
      <Button look="quiet" onClick={stop}>
        {s.stop}
      </Button>
    );
  const isFirst = view.results.length === 0;
  return (
    <Button ref={button} look={isFirst ? 'strong' : 'plain'} disabled={view.repairing !== null} onClick={start}>
      {isFirst ? s.start : s.again}
    </Button>
  );
}

/** What is well, and what is not here, in a line each. */
function Group({
  title,
  results,
  view,
}: {
  readonly title: string;
  readonly results: readonly CheckResult[];
  readonly view: DoctorView;
}): ReactNode {
  if (results.length === 0) return null;
  return (
    <Section title={title}>
      <ul className="entries">
        {worstFirst(results).map((result) => (
          <CheckEntry key={result.id} result={result} view={view} />
        ))}
      </ul>
    </Section>
  );
}

function summaryOf({ state, results, of, at, told }: DoctorView): string {
  if (state === 'running') return s.running(results.length, of);
  if (told && state !== 'failed') return told.ok ? s.repaired : s.notRepaired;
  if (state !== 'ended') return '';
  const count = (wanted: CheckResult['state']) => results.filter((result) => result.state === wanted).length;
  const summary = s.summary(count('problem'), count('warning'));
  return at === null ? summary : `${summary} ${s.at(moment(at))}`;
}
