/** Status: the engine, its policy, its figures, its keys, its log, and what is watched. */

import type { ReactNode } from 'react';
import type { ConsoleView } from '../../../main/app/channels.ts';
import type { FleetStatus, Status, UploadStatus } from '../../../main/contract/control.ts';
import { uninspectedSentence } from '../../../main/contract/uninspected.ts';
import { Visible } from '../../design/parts.tsx';
import { clock, moment, number } from '../../design/time.ts';
import { STRINGS } from '../../strings.ts';
import type { Goal } from '../goal.ts';
import { Uninspected } from './uninspected.tsx';

const s = STRINGS.console;

export function StatusPage({ view: { guard, status }, goal }: { readonly view: ConsoleView; readonly goal: Goal | undefined }): ReactNode {
  const restarted = guard.state === 'running' && guard.restarted;
  // What that one says is told below, row by row.
  const known = status && uninspectedSentence(status.uninspected, status.counts.uninspected);
  return (
    <main className="page">
      <h1>{s.statusTitle}</h1>
      {guard.state === 'running' ? null : (
        <p className="alarm">
          <b>
            {guard.state === 'starting' ? s.state.starting : guard.state === 'at-odds' ? STRINGS.corner.notReachable : s.state.notRunning}.
          </b>{' '}
          {'why' in guard && <Visible text={guard.why} />}
        </p>
      )}
      {restarted && <p className="alarm mild">{s.restarted(clock(restarted.at))}</p>}
      {status?.notes
        .filter((note) => note !== known)
        .map((note) => (
          <p key={note} className="alarm mild">
            <Visible text={note} />
          </p>
        ))}
      {status && <Figures status={status} />}
      {status && <Uninspected status={status} goal={goal} />}
      {status && <Facts status={status} />}
      <section className="watched">
        <h2>{s.watchedTitle}</h2>
        <ul>
          {s.watched.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
        <h2>{s.seenTitle}</h2>
        <Seen upload={status?.upload} />
      </section>
    </main>
  );
}

/** What leaves this computer, in plain words. */
function Seen({ upload }: { readonly upload: Status['upload'] }): ReactNode {
  if (!upload) return <p>{s.seen}</p>;
  return (
    <>
      <p>{s.seenBy(hostOf(upload.url))}</p>
      <ul>
        {[...s.seenWhat[upload.content], s.seenReport].map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </>
  );
}

const COUNTS = ['exchanges', 'held', 'released', 'refused', 'abandoned', 'uninspected', 'tunnels'] as const;

function Figures({ status }: { readonly status: Status }): ReactNode {
  return (
    <section aria-label={s.field.since}>
      <h2>{s.field.since}</h2>
      <dl className="figures">
        {COUNTS.map((name) => (
          <div key={name}>
            <dd className={name === 'uninspected' && status.counts[name] > 0 ? 'loud' : undefined}>{number(status.counts[name])}</dd>
            <dt>{s.count[name]}</dt>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Facts({ status: { engine, policy, audit, keys, fleet, upload } }: { readonly status: Status }): ReactNode {
  const rows: readonly Row[] = [
    [s.field.guard, s.guardLine(engine.version, engine.pid, moment(engine.startedAt))],
    [s.field.proxy, engine.proxyUrl],
    [s.field.certificate, engine.caFile],
    [s.field.folder, engine.dataDir],
    [
      s.field.policy,
      s.policyLine(policy.name, policy.count),
      policy.source === 'folder' ? `${s.policySource.folder} ${policy.dir}` : s.policySource[policy.source],
    ],
    ...(fleet ? [fleetRow(fleet)] : []),
    [s.field.log, audit.writable ? s.logLine(number(audit.records), audit.capture) : s.logBroken, audit.head.slice(0, 16)],
    ...(upload ? [uploadRow(upload)] : []),
    [s.field.keys, s.keysLine[keys]],
  ];
  return (
    <dl className="facts">
      {rows.map(([name, value, more]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <Visible text={value} />
            {more && (
              <span>
                <Visible text={more} />
              </span>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

type Row = readonly [name: string, value: string, more?: string];

function fleetRow({ revision, ring, state, confirmedAt }: FleetStatus): Row {
  const when = confirmedAt === null ? s.never : moment(confirmedAt);
  const told = s.fleetState[state];
  return [s.field.fleet, s.fleetLine(revision, ring), typeof told === 'string' ? told : told(when)];
}

function uploadRow({ url, uploaded, pending, confirmedAt }: UploadStatus): Row {
  const when = confirmedAt === null ? s.never : moment(confirmedAt);
  return [s.field.upload, s.uploadLine(number(uploaded), hostOf(url)), s.uploadMore(number(pending), when)];
}

function hostOf(url: string): string {
  return /^https?:\/\/([^/?#]+)/i.exec(url)?.[1] ?? url;
}
