/** A harmless question, asked by the real guard in the real window; and what came of the answer. */

import { type ReactNode, useEffect, useState } from 'react';
import type { DemonstrationState } from '../../../main/contract/demonstration.ts';
import { missingCase } from '../../../main/contract/errors.ts';
import { bridge } from '../../bridge.ts';
import { type Look, Shape, Visible } from '../../design/parts.tsx';
import { STRINGS } from '../../strings.ts';

const s = STRINGS.firstRun.tryIt;

const LOOKS: Readonly<Record<Extract<DemonstrationState, { state: 'ended' }>['outcome'], Look>> = {
  refused: 'refused',
  allowed: 'released',
  unanswered: 'refused',
  failed: 'unsure',
};

export function TryStep(): ReactNode {
  const demo = useDemonstration();
  return (
    <>
      <p className="lead">{s.text}</p>
      {(demo.state === 'idle' || demo.state === 'ended') && (
        <p>
          <button
            type="button"
            className={demo.state === 'idle' ? 'button strong' : 'button'}
            onClick={() => void bridge().call('console:demo', { want: 'start' })}
          >
            {demo.state === 'idle' ? s.start : s.again}
          </button>
        </p>
      )}
      <div className="outcome" role="status">
        <Now demo={demo} />
      </div>
      {'said' in demo && demo.said.length > 0 && (
        <figure className="said">
          <figcaption>{s.said}</figcaption>
          <pre className="command">
            <Visible text={demo.said.join('\n')} />
          </pre>
        </figure>
      )}
    </>
  );
}

function Now({ demo }: { readonly demo: DemonstrationState }): ReactNode {
  switch (demo.state) {
    case 'idle':
      return null;
    case 'starting':
      return <p className="sub">{s.starting}</p>;
    case 'running':
      if (!demo.asking) return <p className="sub">{s.working}</p>;
      return (
        <>
          <p>
            <Shape look="waiting" />
            <b>{s.asking}</b>
          </p>
          <p className="more">
            <button type="button" className="link" onClick={() => void bridge().call('console:showQuestions', {})}>
              {s.show}
            </button>
          </p>
        </>
      );
    case 'ended':
      return (
        <>
          <p>
            <Shape look={LOOKS[demo.outcome]} />
            <b>{s.outcome[demo.outcome]}</b>
          </p>
          <p className="more sub">{demo.outcome === 'failed' ? <Visible text={demo.why ?? ''} /> : `${s.more[demo.outcome]} ${s.gone}`}</p>
        </>
      );
    default:
      return missingCase(demo);
  }
}

/** It ends with this step: nothing goes on that nobody looks at. */
function useDemonstration(): DemonstrationState {
  const [demo, setDemo] = useState<DemonstrationState>({ state: 'idle' });
  useEffect(() => {
    const off = bridge().on('console:demo', setDemo);
    return () => {
      off();
      void bridge().call('console:demo', { want: 'stop' });
    };
  }, []);
  return demo;
}
