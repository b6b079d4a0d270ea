/** Exports a session, and says what became of it: where it is, and how anyone can check it. */

import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { IncidentExport } from '../../../main/app/channels.ts';
import type { CONNECTIONS_SESSION, GUARD_SESSION } from '../../../main/contract/activity.ts';
import { bridge } from '../../bridge.ts';
import { Button } from '../../design/button.tsx';
import { Visible } from '../../design/parts.tsx';
import { number } from '../../design/time.ts';
import { STRINGS } from '../../strings.ts';
import { bytes, verifyCommand } from './export-words.ts';

const s = STRINGS.export;
const NO_SESSIONS: readonly string[] = ['guard', 'connections'] satisfies [typeof GUARD_SESSION, typeof CONNECTIONS_SESSION];

type State = { readonly state: 'idle' | 'busy' } | Exclude<IncidentExport, { readonly state: 'cancelled' }>;
const IDLE: State = { state: 'idle' };

/** Nothing where `session` is none: what the guard does itself is not an incident of an agent's. */
export function ExportButton({ session }: { readonly session: string }): ReactNode {
  /** What became of one session's export is nothing to say of another's. */
  const [ran, setRan] = useState<{ readonly session: string; readonly became: State }>();
  /** Of a long export, as the engine tells: a short one is done before. */
  const [share, setShare] = useState<number>();
  const button = useRef<HTMLButtonElement>(null);
  const now = ran?.session === session ? ran.became : IDLE;
  const isBusy = now.state === 'busy';

  useEffect(() => {
    if (now.state !== 'saved' && now.state !== 'failed') return;
    const leave = (event: KeyboardEvent) => event.key === 'Escape' && setRan(undefined);
    addEventListener('keydown', leave);
    return () => removeEventListener('keydown', leave);
  }, [now.state]);
  useEffect(
    () =>
      bridge().on('console:exporting', ({ session: exported, done, of }) => {
        if (exported === session && of > 0) setShare(done / of);
      }),
    [session],
  );
  if (NO_SESSIONS.includes(session)) return null;

  return (
    <div className="export">
      <Button
        ref={button}
        small
        aria-disabled={isBusy}
        onClick={() => {
          if (!isBusy) void run();
        }}
      >
        {isBusy ? s.busy : s.button}
      </Button>
      <div role="status" className="export-said">
        {isBusy && share !== undefined && (
          <div className="export-note">
            <p>{s.slow}</p>
            <progress aria-label={s.progress} value={share} />
          </div>
        )}
        {now.state === 'saved' && <Saved incident={now.incident} onClose={close} />}
        {now.state === 'failed' && (
          <div className="export-note">
            <h2>{s.failed}</h2>
            <p>
              <Visible text={now.says} />
            </p>
            <Close onClose={close} />
          </div>
        )}
      </div>
    </div>
  );

  async function run(): Promise<void> {
    setShare(undefined);
    setRan({ session, became: { state: 'busy' } });
    try {
      const became = await bridge().call('console:exportIncident', { session });
      setRan({ session, became: became.state === 'cancelled' ? IDLE : became });
    } catch {
      setRan({ session, became: { state: 'failed', says: s.unreachable } });
    }
  }

  function close(): void {
    setRan(undefined);
    button.current?.focus();
  }
}

function Saved({
  incident: { folder, records, files, bytes: size, key },
  onClose,
}: {
  readonly incident: Extract<IncidentExport, { readonly state: 'saved' }>['incident'];
  onClose(): void;
}): ReactNode {
  return (
    <div className="export-note">
      <h2>{s.saved}</h2>
      <p>{s.what(s.records(records, number(records)), s.files(files, number(files)), bytes(size))}</p>
      <p>{s.savedIn}</p>
      <code>
        <Visible text={folder} />
      </code>
      <p>{s.check}</p>
      <code>
        <Visible text={verifyCommand(folder)} />
      </code>
      <p>{s.key}</p>
      <code>
        <Visible text={key} />
      </code>
      <Close onClose={onClose} />
    </div>
  );
}

function Close({ onClose }: { onClose(): void }): ReactNode {
  return (
    <Button small look="quiet" onClick={onClose}>
      {s.close}
    </Button>
  );
}
