/** A folder of policies that is tried on the log: what it would have said. */

import { type ReactNode, useState } from 'react';
import type { DraftReplay } from '../../../main/contract/policy-desk.ts';
import { ask } from '../../ask.ts';
import { bridge } from '../../bridge.ts';
import { Button } from '../../design/button.tsx';
import { Segments } from '../../design/choice.tsx';
import { Visible } from '../../design/parts.tsx';
import { STRINGS } from '../../strings.ts';
import { DraftResult } from './draft-result.tsx';

const s = STRINGS.policy;

const DAYS = [1, 7, 30] as const;
type Days = (typeof DAYS)[number];

const DAY_MS = 86_400_000;

export function Draft(): ReactNode {
  const [days, setDays] = useState<Days>(7);
  const [dir, setDir] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const [result, setResult] = useState<DraftReplay | { readonly state: 'unanswered'; readonly says: string }>();
  return (
    <div className="draft">
      <div className="draft-how">
        <Button small disabled={isBusy} onClick={() => void choose()}>
          {s.choose}
        </Button>
        {dir !== undefined && (
          <Button small look="quiet" disabled={isBusy} onClick={() => void tryIt(dir, days)}>
            {s.again}
          </Button>
        )}
        <Segments<Days>
          label={s.since}
          labelled="beside"
          value={days}
          options={DAYS.map((value) => ({ value, label: s.sinceDays[value] }))}
          onChoose={chooseDays}
        />
      </div>
      {dir !== undefined && (
        <p className="draft-dir">
          <code>
            <Visible text={dir} />
          </code>
        </p>
      )}
      <div aria-live="polite">{isBusy ? <p className="lead">{s.trying}</p> : result && <DraftResult key={dir} result={result} />}</div>
    </div>
  );

  async function choose(): Promise<void> {
    const chosen = await bridge().call('console:chooseFolder', {});
    if (chosen === null) return;
    setDir(chosen);
    await tryIt(chosen, days);
  }

  function chooseDays(wanted: Days): void {
    setDays(wanted);
    if (dir !== undefined && !isBusy) void tryIt(dir, wanted);
  }

  async function tryIt(folder: string, last: Days): Promise<void> {
    setBusy(true);
    const reply = await ask('replayDraft', { dir: folder, since: new Date(Date.now() - last * DAY_MS).toISOString() });
    setResult(reply.ok ? reply.result : { state: 'unanswered', says: reply.says });
    setBusy(false);
  }
}
