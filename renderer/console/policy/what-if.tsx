/** What would happen if: an action that somebody types, and what would be said of it, while they type. */

import { type ReactNode, useEffect, useState } from 'react';
import type { ControlParams } from '../../../main/contract/control.ts';
import { WHAT_IF_LENGTH, type WhatIf } from '../../../main/contract/policy-desk.ts';
import { folderName } from '../../approval/header.tsx';
import { ask } from '../../ask.ts';
import { bridge } from '../../bridge.ts';
import { Segments } from '../../design/choice.tsx';
import { Visible } from '../../design/parts.tsx';
import { Problem } from '../../design/sections.tsx';
import { clock } from '../../design/time.ts';
import { STRINGS } from '../../strings.ts';
import { WhatIfCard } from './what-if-card.tsx';

const s = STRINGS.policy;

const KINDS = ['shell', 'powershell', 'cmd', 'tool'] as const;
/** Somebody who types is not asked for after each letter. */
const PAUSE_MS = 200;

type Asked = ControlParams<'whatIf'>;
/** `of` is what it was said of: while somebody types on, it is that of before. */
type Said = { readonly of: Asked; readonly answer: WhatIf } | { readonly of: Asked; readonly problem: string };

/** `suspended`: until when enforcement is, where it is. */
export function WhatIfDesk({ suspended }: { readonly suspended: string | undefined }): ReactNode {
  const [text, setText] = useState('');
  const [as, setAs] = useState<Asked['as']>('shell');
  const [workspace, setWorkspace] = useProject();
  const said = useSaid(text, as, workspace);
  return (
    <div className="what-if">
      {suspended !== undefined && <Problem look="mild" says={s.suspended(clock(suspended))} />}
      <textarea
        aria-label={s.whatIfLabel}
        value={text}
        rows={Math.min(Math.max(text.split('\n').length, 2), 10)}
        maxLength={WHAT_IF_LENGTH}
        placeholder={s.placeholder[as]}
        spellCheck={false}
        autoComplete="off"
        onChange={({ target }) => setText(target.value)}
      />
      <div className="what-if-where">
        <Segments label={s.kind} value={as} options={KINDS.map((value) => ({ value, label: s.kinds[value] }))} onChoose={setAs} />
        <Project folder={workspace} onChoose={setWorkspace} />
      </div>
      <div aria-live="polite" aria-busy={said !== undefined && said.of.text !== text}>
        {said && text.trim() !== '' && <Answer said={said} />}
      </div>
    </div>
  );
}

function Answer({ said }: { readonly said: Said }): ReactNode {
  if ('answer' in said && said.answer.state === 'judged') return <WhatIfCard judged={said.answer} />;
  if ('problem' in said) return <Problem look="mild" says={said.problem} />;
  return <p className="what-if-none">{said.answer.state === 'not-understood' && <Visible text={said.answer.says} />}</p>;
}

function Project({ folder, onChoose }: { readonly folder: string | null; onChoose(folder: string | null): void }): ReactNode {
  return (
    <p className="what-if-project">
      {s.project}{' '}
      <b title={folder ?? undefined}>
        <Visible text={folder === null ? s.projectNone : folderName(folder)} />
      </b>
      <button
        type="button"
        className="link"
        onClick={() =>
          void bridge()
            .call('console:chooseFolder', {})
            .then((path) => path && onChoose(path))
        }
      >
        {s.projectChoose}
      </button>
      {folder !== null && (
        <button type="button" className="link" onClick={() => onChoose(null)}>
          {s.projectClear}
        </button>
      )}
    </p>
  );
}

/** As long as nobody chooses: the project that an agent was last seen in. */
function useProject(): readonly [string | null, (folder: string | null) => void] {
  const [seen, setSeen] = useState<string | null>(null);
  const [chosen, setChosen] = useState<string | null>();
  useEffect(() => {
    let isOld = false;
    void ask('sessions', { limit: 20 }).then((reply) => {
      if (!isOld && reply.ok) setSeen(reply.result.sessions.find(({ workspace }) => workspace !== null)?.workspace ?? null);
    });
    return () => {
      isOld = true;
    };
  }, []);
  return [chosen === undefined ? seen : chosen, setChosen];
}

/** Of what was typed last; undefined where nothing was said yet. */
function useSaid(text: string, as: Asked['as'], workspace: string | null): Said | undefined {
  const [said, setSaid] = useState<Said>();
  useEffect(() => {
    if (text.trim() === '') {
      setSaid(undefined);
      return undefined;
    }
    let isOld = false;
    const of: Asked = { text, as, ...(workspace !== null && { workspace }) };
    const pause = setTimeout(() => {
      void ask('whatIf', of).then((reply) => {
        if (!isOld) setSaid(reply.ok ? { of, answer: reply.result } : { of, problem: reply.says });
      });
    }, PAUSE_MS);
    return () => {
      isOld = true;
      clearTimeout(pause);
    };
  }, [text, as, workspace]);
  return said;
}
