/** What the agent would do: the exact text with its risky parts underlined, and what they come to. */

import { type ReactNode, useState } from 'react';
import type { Question } from '../../main/contract/approval.ts';
import { Visible } from '../design/parts.tsx';
import { number } from '../design/time.ts';
import { STRINGS } from '../strings.ts';
import { CodeText } from './code-text.tsx';
import { isDiff } from './diff.ts';
import { DiffText } from './diff-text.tsx';
import { toolName } from './tool-name.ts';

/** `most` effects are told at once: more would hide what they are about. */
export function Action({
  question: { action, effects },
  most,
}: {
  readonly question: Pick<Question, 'action' | 'effects'>;
  readonly most: number;
}): ReactNode {
  const { text, omitted, tool, toolKind } = action;
  return (
    <>
      {(toolKind === 'mcp' || toolKind === 'other') && <Tool tool={tool} />}
      {toolKind !== 'shell' && isDiff(text) ? <DiffText action={action} /> : <CodeText action={action} />}
      {omitted > 0 && <p className="omitted">{STRINGS.popup.omitted(number(omitted))}</p>}
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
