/** Above every page while a person has suspended enforcement: nobody should forget that. */

import { type ReactNode, useState } from 'react';
import type { Status } from '../../main/contract/control.ts';
import { ask } from '../ask.ts';
import { Button } from '../design/button.tsx';
import { Shape, Visible } from '../design/parts.tsx';
import { moment } from '../design/time.ts';
import { STRINGS } from '../strings.ts';

const s = STRINGS.bypass;

/** Whether it is on is the engine's to say: no clock of this page's has a say in it. */
export function PausedBar({ bypass }: { readonly bypass: Status['bypass'] }): ReactNode {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  if (!bypass) return null;

  async function resume(): Promise<void> {
    setBusy(true);
    setProblem('');
    const reply = await ask('endBypass', {});
    setBusy(false);
    if (!reply.ok) setProblem(reply.says);
  }

  return (
    <section className="paused-bar" aria-label={s.bar}>
      <Shape look="unsure" />
      <p>
        <b>{s.paused(moment(bypass.until))}</b> <Visible text={bypass.reason} />
        {problem && (
          <span role="alert">
            {' '}
            <Visible text={problem} />
          </span>
        )}
      </p>
      <Button small disabled={busy} onClick={() => void resume()}>
        {s.resume}
      </Button>
    </section>
  );
}
