/** Why a record can be believed: its place in the chain, and what somebody needs to check that by themselves. */

import { type ReactNode, useEffect, useState } from 'react';
import type { Reply } from '../../../../main/app/channels.ts';
import type { RecordProof } from '../../../../main/contract/activity.ts';
import { ask } from '../../../ask.ts';
import { Shape, Visible } from '../../../design/parts.tsx';
import { number } from '../../../design/time.ts';
import { STRINGS } from '../../../strings.ts';

const s = STRINGS.activity;
const LOOKS = { signed: 'released', unsigned: 'noted', broken: 'refused' } as const;

export function Proof({ seq }: { readonly seq: number }): ReactNode {
  const [reply, setReply] = useState<Reply<RecordProof>>();
  useEffect(() => {
    let isOver = false;
    void ask('recordProof', { seq }).then((told) => !isOver && setReply(told));
    return () => {
      isOver = true;
    };
  }, [seq]);
  if (!reply) return <div className="proof" aria-busy="true" />;
  if (!reply.ok) {
    return (
      <p className="proof" role="alert">
        {reply.says}
      </p>
    );
  }
  const { state, body, previous, metadata, record, checkpoint } = reply.result;
  const bodySays = s.proofBody[body];
  return (
    <div className="proof">
      <p className="proof-state">
        <Shape look={LOOKS[state]} />
        {state === 'signed' ? s.proofState.signed(number(checkpoint?.seq ?? record.seq)) : s.proofState[state]}
      </p>
      {bodySays && <p>{bodySays}</p>}
      <dl>
        <dt>{s.proofField.previous}</dt>
        <dd>
          <code>{previous}</code>
        </dd>
        <dt>{s.proofField.metadata}</dt>
        <dd>
          <code>
            <Visible text={metadata} />
          </code>
        </dd>
        <dt>{s.proofField.own}</dt>
        <dd>
          <code>{record.hash}</code>
        </dd>
        {checkpoint && (
          <>
            <dt>{s.proofField.checkpoint}</dt>
            <dd>
              <pre>
                <Visible text={checkpoint.note} />
              </pre>
            </dd>
          </>
        )}
      </dl>
      <p>
        {s.proofCheck} <code>{s.proofCommand}</code>
      </p>
    </div>
  );
}
