/** One agent: what is so, and the one thing to do about it, shown in full before it is done. */

import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { AttachPlan, AttachWanted } from '../../../main/contract/agents-here.ts';
import { Button } from '../../design/button.tsx';
import { type Look, Shape, Visible } from '../../design/parts.tsx';
import { moment } from '../../design/time.ts';
import { STRINGS } from '../../strings.ts';
import type { Action, AgentRow } from './agent-rows.ts';
import { applyAttach, planAttach } from './attach.ts';
import { PlannedChanges } from './planned-changes.tsx';

const s = STRINGS.agents;

type Step =
  | { readonly at: 'rest' }
  | { readonly at: 'planned'; readonly action: Action; readonly plan: AttachPlan }
  | { readonly at: 'done'; readonly action: Action; readonly byShell: boolean }
  | { readonly at: 'failed'; readonly says: string };

export interface AgentEntryProps {
  readonly row: AgentRow;
  /** Whether the engine has told what it has seen. */
  readonly isSeen: boolean;
  onDone(): void;
}

export function AgentEntry({ row, isSeen, onDone }: AgentEntryProps): ReactNode {
  const { name, here, version, last, how, action } = row;
  const [step, setStep] = useState<Step>({ at: 'rest' });
  const [busy, setBusy] = useState(false);
  const trust = trustSentence(row);
  const button = useRef<HTMLButtonElement>(null);
  const wasPlanned = useRef(false);

  // What was pressed is gone with the plan: keys go on from where it was asked for.
  useEffect(() => {
    if (wasPlanned.current && step.at !== 'planned') button.current?.focus();
    wasPlanned.current = step.at === 'planned';
  }, [step]);

  return (
    <li className="agent">
      <div className="entry-text">
        <h3>
          <Shape look={lookOf(row)} />
          <Visible text={name} />
          {version !== null && (
            <span className="version">
              <Visible text={version} />
            </span>
          )}
        </h3>
        <p className="sub">{s.how[how === 'none' && !isSeen ? 'bare' : how]}</p>
        {trust !== undefined && (
          <p className="sub loud">
            <Visible text={trust} />
          </p>
        )}
        {here?.problem != null && (
          <p className="sub loud">
            <Visible text={here.problem} />
          </p>
        )}
        {step.at === 'done' && (
          <p className="sub done" role="status">
            {s.done[step.action](name)}
            {step.byShell && ` ${s.doneShell}`}
          </p>
        )}
        {step.at === 'failed' && (
          <p className="sub loud" role="alert">
            <Visible text={step.says} />
          </p>
        )}
      </div>
      <div className="entry-action">
        {isSeen && <span className="when">{last === null ? s.never : s.last(moment(last))}</span>}
        {action && step.at !== 'planned' && (
          <button
            ref={button}
            type="button"
            className={action === 'detach' ? 'button small quiet' : 'button small'}
            aria-label={s.named[action](name)}
            disabled={busy}
            onClick={() => void show(action)}
          >
            {s[action]}
          </button>
        )}
      </div>
      {step.at === 'planned' && (
        <section className="plan" aria-label={s.named[step.action](name)}>
          <p className="sub">
            {here && step.action !== 'detach' && <Visible text={`${s.plan.because[here.attach](here.because)} `} />}
            {s.plan[step.action]}
          </p>
          <PlannedChanges changes={step.plan.changes} />
          <div className="plan-action">
            {step.plan.changes.length > 0 && (
              <Button small look="strong" disabled={busy} onClick={() => void perform(step.action, step.plan)}>
                {s.plan.apply[step.action]}
              </Button>
            )}
            <Button small look="quiet" ref={focused} onClick={() => setStep({ at: 'rest' })}>
              {s.plan.cancel}
            </Button>
            {step.action !== 'detach' && step.plan.changes.length > 0 && <span className="sub">{s.plan.undo}</span>}
          </div>
        </section>
      )}
    </li>
  );

  async function show(wanted: Action): Promise<void> {
    setBusy(true);
    const reply = await planAttach(wantedOf(wanted));
    setBusy(false);
    setStep(reply.ok ? { at: 'planned', action: wanted, plan: reply.result } : { at: 'failed', says: reply.says });
  }

  async function perform(wanted: Action, plan: AttachPlan): Promise<void> {
    setBusy(true);
    const reply = await applyAttach(wantedOf(wanted), plan);
    setBusy(false);
    setStep(reply.ok ? { at: 'done', action: wanted, byShell: here?.attach === 'shell' } : { at: 'failed', says: reply.says });
    onDone();
  }

  function wantedOf(wanted: Action): AttachWanted {
    return { ids: here ? [here.id] : [], way: wanted === 'detach' ? 'detach' : 'attach' };
  }
}

/** The plan is read first: what does nothing has the focus. */
function focused(element: HTMLButtonElement | null): void {
  element?.focus();
}

function trustSentence({ trust, here, host }: AgentRow): string | undefined {
  if (trust === 'unread') return s.trust.unread(host);
  if (trust !== 'distrusts') return undefined;
  if (here === undefined) return s.trust.distrustsNotHere;
  return here.attached === 'yes' ? s.trust.distrustsAttached : s.trust.distrusts;
}

function lookOf({ guarded, how }: AgentRow): Look {
  if (guarded === 'yes') return 'released';
  return guarded === 'sometimes' || how === 'none' ? 'noted' : 'unsure';
}
