/** Status: the engine, its policy, its figures, its keys, its log, and what is watched. */

import type { ReactNode } from 'react';
import type { ConsoleView } from '../../main/app/channels.ts';
import type { Status } from '../../main/contract/control.ts';
import { uninspectedSentence } from '../../main/contract/uninspected.ts';
import { Visible } from '../design/parts.tsx';
import { clock, moment, number } from '../design/time.ts';
import { STRINGS } from '../strings.ts';
import type { Goal } from './goal.ts';
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
          <b>{guard.state === 'starting' ? s.state.starting : s.state.notRunning}.</b> {'why' in guard && <Visible text={guard.why} />}
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
        <p>{s.seen}</p>
      </section>
    </main>
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

function Facts({ status: { engine, policy, audit, keys } }: { readonly status: Status }): ReactNode {
  const rows: readonly (readonly [string, string, string?])[] = [
    [s.field.guard, s.guardLine(engine.version, engine.pid, moment(engine.startedAt))],
    [s.field.proxy, engine.proxyUrl],
    [s.field.certificate, engine.caFile],
    [s.field.folder, engine.dataDir],
    [
      s.field.policy,
      s.policyLine(policy.name, policy.count),
      policy.source === 'folder' ? `${s.policySource.folder} ${policy.dir}` : s.policySource[policy.source],
    ],
    [s.field.log, audit.writable ? s.logLine(number(audit.records), audit.capture) : s.logBroken, audit.head.slice(0, 16)],
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
