/** The agents found on this machine: chosen, shown what changes, attached, and taken back. */

import { type ReactNode, useEffect, useState } from 'react';
import type { AgentHere, AttachPlan, Said } from '../../../main/contract/agents-here.ts';
import { Button } from '../../design/button.tsx';
import { Shape, Visible } from '../../design/parts.tsx';
import { Problem } from '../../design/sections.tsx';
import { STRINGS } from '../../strings.ts';
import { applyAttach, planAttach } from '../agents/attach.ts';
import { PlannedChanges } from '../agents/planned-changes.tsx';
import type { Agents } from '../agents/use-agents.ts';

const s = STRINGS.firstRun.attach;

export function AttachStep({ agents }: { readonly agents: Agents | undefined }): ReactNode {
  const here = (agents?.rows ?? []).flatMap((row) => (row.here ? [row.here] : []));
  const open = here.filter(({ attached }) => attached === 'no' || attached === 'partly');
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [told, setTold] = useState<{ readonly text: string; readonly isBad: boolean }>();
  const [busy, setBusy] = useState(false);
  const chosen = open.filter(({ id }) => !left.has(id)).map(({ id }) => id);
  const planned = usePlan(chosen);

  if (!agents) return <p className="lead">{s.looking}</p>;
  if (agents.problem !== undefined) {
    return <Problem look="mild" says={`${STRINGS.agents.cannotLook} ${agents.problem}`} />;
  }
  if (here.length === 0) return <p className="lead">{s.none}</p>;
  return (
    <>
      <p className="lead">{s.text}</p>
      <ul className="found">
        {here.map((agent) => (
          <Found
            key={agent.id}
            agent={agent}
            isChosen={chosen.includes(agent.id)}
            plan={planned?.ok && chosen.includes(agent.id) ? planned.result : undefined}
            busy={busy}
            onChoose={(isChosen) =>
              setLeft((before) => new Set(isChosen ? [...before].filter((id) => id !== agent.id) : [...before, agent.id]))
            }
            onUndo={() => void undo(agent)}
          />
        ))}
      </ul>
      {planned && !planned.ok && <Problem look="mild" says={planned.says} />}
      {told?.isBad && <Problem look="mild" says={told.text} />}
      {told && !told.isBad && (
        <p className="attach-told" role="status">
          <Visible text={told.text} />
        </p>
      )}
      {planned?.ok && chosen.length > 0 && (
        <p>
          <Button look="strong" disabled={busy} onClick={() => void attach(planned.result)}>
            {s.apply(chosen.length)}
          </Button>
        </p>
      )}
    </>
  );

  async function attach(plan: AttachPlan): Promise<void> {
    setBusy(true);
    const names = open.filter(({ id }) => chosen.includes(id)).map(({ name }) => name);
    await finish(await applyAttach({ ids: chosen, way: 'attach' }, plan), s.done(names));
  }

  async function undo({ id }: AgentHere): Promise<void> {
    setBusy(true);
    const plan = await planAttach({ ids: [id], way: 'detach' });
    setLeft((before) => new Set([...before, id]));
    await finish(plan.ok ? await applyAttach({ ids: [id], way: 'detach' }, plan.result) : plan, s.undone);
  }

  async function finish(reply: Said<unknown>, text: string): Promise<void> {
    setTold(reply.ok ? { text, isBad: false } : { text: reply.says, isBad: true });
    await agents?.refresh();
    setBusy(false);
  }
}

interface FoundProps {
  readonly agent: AgentHere;
  readonly isChosen: boolean;
  /** Of all that are chosen. */
  readonly plan: AttachPlan | undefined;
  readonly busy: boolean;
  onChoose(isChosen: boolean): void;
  onUndo(): void;
}

function Found({ agent: { id, name, attach, attached, problem }, isChosen, plan, busy, onChoose, onUndo }: FoundProps): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const changes = plan?.changes.filter((change) => change.id === id) ?? [];
  return (
    <li>
      <div className="found-row">
        {attached === 'yes' ? (
          <span className="found-name">
            <Shape look="released" />
            <b>{name}</b> <span className="sub">{s.is}</span>
          </span>
        ) : (
          <label className="found-name">
            <input
              type="checkbox"
              checked={isChosen}
              disabled={busy || attached === 'unknown'}
              onChange={(event) => onChoose(event.target.checked)}
            />
            <b>{name}</b> <span className="sub">{s.by[attach]}</span>
          </label>
        )}
        {attached === 'yes' && (
          <button type="button" className="link" aria-label={`${s.undo}: ${name}`} disabled={busy} onClick={onUndo}>
            {s.undo}
          </button>
        )}
        {attached !== 'yes' && isChosen && plan && (
          <button
            type="button"
            className="link"
            aria-expanded={isOpen}
            aria-label={`${s.changes}: ${name}`}
            onClick={() => setOpen(!isOpen)}
          >
            {s.changes}
          </button>
        )}
      </div>
      {problem !== null && (
        <p className="sub loud">
          <Visible text={problem} />
        </p>
      )}
      {attached !== 'yes' && isOpen && isChosen && plan && <PlannedChanges changes={changes} />}
    </li>
  );
}

/** What attaching these would change, together: two may share a file. Undefined while it is worked out, and for none. */
function usePlan(ids: readonly string[]): Said<AttachPlan> | undefined {
  const [planned, setPlanned] = useState<{ readonly key: string; readonly reply: Said<AttachPlan> }>();
  const key = ids.join(' ');
  useEffect(() => {
    if (key === '') return;
    let isOld = false;
    void planAttach({ ids: key.split(' '), way: 'attach' }).then((reply) => {
      if (!isOld) setPlanned({ key, reply });
    });
    return () => {
      isOld = true;
    };
  }, [key]);
  return planned?.key === key && key !== '' ? planned.reply : undefined;
}
