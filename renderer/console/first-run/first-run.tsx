/** The first steps: what this is, the agents found here, and a question to try. Each can be left out, taken back, and seen again. */

import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { ConsoleView } from '../../../main/app/channels.ts';
import { bridge } from '../../bridge.ts';
import { Button } from '../../design/button.tsx';
import { Mark } from '../../design/parts.tsx';
import { STRINGS } from '../../strings.ts';
import type { Agents } from '../agents/use-agents.ts';
import { AttachStep } from './attach-step.tsx';
import { TryStep } from './try-step.tsx';
import { WhatStep } from './what-step.tsx';

const s = STRINGS.firstRun;
const STEPS = ['what', 'attach', 'tryIt'] as const;

export interface FirstRunProps {
  readonly view: ConsoleView;
  readonly agents: Agents | undefined;
  onEnd(): void;
}

export function FirstRun({ view, agents, onEnd }: FirstRunProps): ReactNode {
  const [at, setAt] = useState(0);
  const heading = useRef<HTMLHeadingElement>(null);
  const step = STEPS[at] ?? 'what';
  const isLast = at === STEPS.length - 1;

  // Whoever turns a page by key or ear begins at its top.
  useEffect(() => {
    if (step) heading.current?.focus();
  }, [step]);

  return (
    <main className="first-run" aria-label={s.label}>
      <header>
        <Mark size={18} />
        {STRINGS.console.name}
        <span>{s.step(at + 1, STEPS.length)}</span>
      </header>
      <div className="first-step">
        <h1 ref={heading} tabIndex={-1}>
          {s[step].title}
        </h1>
        {step === 'what' && <WhatStep status={view.status} />}
        {step === 'attach' && <AttachStep agents={agents} />}
        {step === 'tryIt' && <TryStep />}
      </div>
      <footer>
        {at > 0 && (
          <Button look="quiet" onClick={() => setAt(at - 1)}>
            {s.back}
          </Button>
        )}
        <span className="gap" />
        {!isLast && (
          <Button look="quiet" onClick={end}>
            {s.skip}
          </Button>
        )}
        <Button look="strong" onClick={isLast ? end : () => setAt(at + 1)}>
          {isLast ? s.finish : s.next}
        </Button>
      </footer>
    </main>
  );

  function end(): void {
    void bridge().call('console:shownAround', {});
    onEnd();
  }
}
