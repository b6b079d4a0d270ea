/** The parts of the guard: the engine, its certificate, the log, and the company that it belongs to. */

import type { ReactNode } from 'react';
import type { FleetStatus, Status, UploadStatus } from '../../../main/contract/control.ts';
import { Section } from '../../design/sections.tsx';
import { day, moment, number } from '../../design/time.ts';
import { STRINGS } from '../../strings.ts';
import { hostOf } from '../host.ts';
import { type Fact, Facts } from './facts.tsx';

const s = STRINGS.status;
const { field, ...words } = STRINGS.console;
const COUNTS = ['exchanges', 'held', 'released', 'refused', 'abandoned', 'uninspected', 'tunnels'] as const;

export function Machine({ status }: { readonly status: Status }): ReactNode {
  const { engine, policy, audit, keys, fleet, upload, counts } = status;
  return (
    <>
      <Section title={field.guard}>
        <Facts
          facts={[
            { name: s.running, value: words.guardLine(engine.version, engine.pid, moment(engine.startedAt)) },
            { name: field.proxy, value: engine.proxyUrl, code: true },
            {
              name: field.policy,
              value: words.policyLine(policy.name, policy.count),
              more: policy.source === 'folder' ? `${words.policySource.folder} ${policy.dir}` : words.policySource[policy.source],
            },
            { name: field.folder, value: engine.dataDir, code: true },
          ]}
        />
        <h3>{field.since}</h3>
        <dl className="figures">
          {COUNTS.map((name) => (
            <div key={name}>
              <dd className={name === 'uninspected' && counts[name] > 0 ? 'loud' : undefined}>{number(counts[name])}</dd>
              <dt>{words.count[name]}</dt>
            </div>
          ))}
        </dl>
      </Section>
      {(fleet || upload) && (
        <Section title={s.company}>
          <Facts facts={[...(fleet ? [fleetFact(fleet)] : []), ...(upload ? [uploadFact(upload)] : [])]} />
        </Section>
      )}
      <Section title={field.log}>
        <Facts
          facts={[
            { name: s.records, value: audit.writable ? words.logLine(number(audit.records), audit.capture) : words.logBroken },
            { name: s.head, value: audit.head, code: true },
            { name: field.keys, value: words.keysLine[keys === 'unprotected' && engine.service ? 'service' : keys] },
          ]}
        />
      </Section>
      <Section title={field.certificate} lead={s.certificateText}>
        <Facts
          facts={[
            ...(engine.caExpires === undefined ? [] : [{ name: s.valid, value: s.validUntil(day(engine.caExpires)) }]),
            { name: s.file, value: engine.caFile, code: true },
            ...(engine.caFingerprint === undefined ? [] : [{ name: s.fingerprint, value: inLines(engine.caFingerprint), code: true }]),
          ]}
        />
      </Section>
    </>
  );
}

/** A fingerprint is compared in parts. */
function inLines(fingerprint: string): string {
  return fingerprint.replace(/(?:[^:]+:){16}/g, '$&\n');
}

function fleetFact({ revision, ring, state, confirmedAt }: FleetStatus): Fact {
  const when = confirmedAt === null ? words.never : moment(confirmedAt);
  const told = words.fleetState[state];
  return { name: field.fleet, value: words.fleetLine(revision, ring), more: typeof told === 'string' ? told : told(when) };
}

function uploadFact({ url, uploaded, pending, confirmedAt }: UploadStatus): Fact {
  const when = confirmedAt === null ? words.never : moment(confirmedAt);
  return { name: field.upload, value: words.uploadLine(number(uploaded), hostOf(url)), more: words.uploadMore(number(pending), when) };
}
