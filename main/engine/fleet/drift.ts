/** Where this device is not as the fleet wants it. */

import type { Status } from '../../contract/control.ts';
import type { SeenAgent } from '../../contract/seen-agents.ts';

export interface Drift {
  readonly what: 'policy' | 'settings' | 'agents' | 'trust' | 'clock' | 'bypass';
  /** One sentence. */
  readonly says: string;
}

export interface DriftInput {
  readonly status: Status;
  /** Whether settings name a fleet. */
  readonly inFleet: boolean;
  readonly seen: readonly SeenAgent[];
  /** What was seen from here on counts; ISO 8601. */
  readonly since: string;
  /** Agents whose set-up is no longer there. */
  readonly undone: readonly string[];
  /** Settings that are not as the fleet published them, a sentence each. */
  readonly settings: readonly string[];
  /** How far the wall clock was set back since the last report, in milliseconds. */
  readonly clockBackMs: number;
  readonly now: Date;
}

const CLOCK_TOLERANCE_MS = 60_000;
const MOST_NAMED = 20;

export function driftOf(input: DriftInput): Drift[] {
  const { status, settings, undone } = input;
  const { bypass } = status;
  return [
    ...policyDrift(input),
    ...settings.map((says): Drift => ({ what: 'settings', says })),
    ...undone.slice(0, MOST_NAMED).map((agent): Drift => ({ what: 'agents', says: `The set-up of ${agent} is no longer there.` })),
    ...trustDrift(input),
    ...clockDrift(input),
    ...(bypass ? [{ what: 'bypass', says: `Enforcement is suspended until ${bypass.until}: ${bypass.reason}` } as const] : []),
  ];
}

function policyDrift({ status: { policy, fleet }, inFleet }: DriftInput): Drift[] {
  const drift: Drift[] = [];
  if (inFleet && policy.source !== 'fleet')
    drift.push({ what: 'policy', says: `No policy of the fleet is in force, but ${policy.name} (${policy.source}).` });
  if (fleet && (fleet.state === 'refused' || fleet.state === 'stale'))
    drift.push({ what: 'policy', says: fleet.problem ?? `What the fleet publishes is ${fleet.state}.` });
  return drift;
}

/** What refused our certificate since the last report. */
function trustDrift({ seen, since }: DriftInput): Drift[] {
  const refusing = seen.filter(({ how, last }) => how === 'tls-refused' && last >= since);
  return [...new Set(refusing.map(({ agent }) => agent))]
    .slice(0, MOST_NAMED)
    .map((agent) => ({ what: 'trust', says: `${agent} does not trust this device’s authority, so it cannot be guarded.` }));
}

function clockDrift({ status: { fleet }, clockBackMs, now }: DriftInput): Drift[] {
  if (clockBackMs > CLOCK_TOLERANCE_MS)
    return [{ what: 'clock', says: `The clock was set back by ${Math.round(clockBackMs / 1000)} seconds.` }];
  const confirmed = fleet?.confirmedAt ? Date.parse(fleet.confirmedAt) : 0;
  if (confirmed <= now.getTime() + CLOCK_TOLERANCE_MS) return [];
  return [{ what: 'clock', says: `The clock is behind: the fleet was last heard at ${fleet?.confirmedAt}, by this clock in the future.` }];
}
