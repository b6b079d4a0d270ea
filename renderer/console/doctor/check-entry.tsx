/** One check: what is so, and where something is wrong, what repairs it. */

import type { ReactNode } from 'react';
import { type CheckResult, type CheckState, type DoctorView, isWrong } from '../../../main/contract/doctor.ts';
import { Button } from '../../design/button.tsx';
import { type Look, Shape, Visible } from '../../design/parts.tsx';
import { STRINGS } from '../../strings.ts';

const s = STRINGS.doctor;

const LOOKS: Readonly<Record<CheckState, Look>> = {
  problem: 'refused',
  warning: 'unsure',
  unknown: 'noted',
  ok: 'released',
  absent: 'noted',
};

export interface CheckEntryProps {
  readonly result: CheckResult;
  readonly view: DoctorView;
  onRepair?(): void;
}

export function CheckEntry({ result, view, onRepair }: CheckEntryProps): ReactNode {
  const { id, title, state, says, fix } = result;
  const isRepairing = view.repairing === id;
  return (
    <li className={isWrong(result) ? 'check wrong' : 'check'}>
      <div className="entry-text">
        <h3>
          <Shape look={LOOKS[state]} />
          <span>
            <Visible text={title} />
          </span>
          <span className="check-state">{s.states[state]}</span>
        </h3>
        <p className="sub">
          <Visible text={says} />
        </p>
        {fix && isWrong(result) && (
          <>
            <p className="sub fix">
              <Visible text={fix.says} />
              {fix.root && ` ${s.root}`}
            </p>
            {fix.command !== undefined && !fix.repairs && (
              // biome-ignore lint/a11y/noNoninteractiveTabindex: a long command scrolls, and must by keys too
              <pre className="command" tabIndex={0}>
                <Visible text={fix.command} />
              </pre>
            )}
          </>
        )}
      </div>
      <div className="entry-action">
        {fix?.repairs && !fix.root && isWrong(result) && onRepair && (
          <Button small aria-label={s.repairNamed(title)} disabled={view.repairing !== null || view.state === 'running'} onClick={onRepair}>
            {isRepairing ? s.repairing : s.repair}
          </Button>
        )}
      </div>
    </li>
  );
}
