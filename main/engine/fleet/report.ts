/** The device's report of its own state: a record of the log, which goes to the fleet as every record does. */

import { arch, release, type as systemName } from 'node:os';
import type { Status } from '../../contract/control.ts';
import type { AuditEntry, AuditRecord, Json } from '../../contract/record.ts';
import { type SeenAgent, seenConcern } from '../../contract/seen-agents.ts';
import { type Drift, driftOf } from './drift.ts';

export interface StatusReport {
  /** Told of every record of the log: verdicts are counted. */
  note(record: AuditRecord): void;
  /** Something may have changed: reports it if it is the policy, or whether all is well. */
  look(now: Status): void;
  /** The last report. Resolves when it is kept; never rejects. */
  stop(): Promise<void>;
}

export interface StatusReportOptions {
  readonly status: () => Status;
  readonly seen: () => readonly SeenAgent[];
  /** Whether settings name a fleet. */
  readonly inFleet: boolean;
  /** Time between two reports. */
  readonly everyMs: number;
  /** Agents whose set-up is no longer there. */
  readonly undone: () => readonly string[];
  /** The engine's warnings and errors since its start, by their event. */
  readonly troubles: () => { readonly [event: string]: number };
  /** Settings that are not as the fleet published them, a sentence each. */
  readonly settings?: () => readonly string[];
  /** What cannot be kept is the log's to tell. */
  readonly record: (entry: AuditEntry) => Promise<unknown>;
  /** Calls `work` once after a while; gives back what prevents that. */
  readonly setTimer: (work: () => void, ms: number) => () => void;
  readonly now: () => Date;
  /** Milliseconds by a clock that nobody sets. */
  readonly monotonic: () => number;
}

type Why = 'start' | 'interval' | 'changed' | 'stop';

/** Changes that follow each other quicker are told in one report. */
const SETTLE_MS = 5_000;
const MOST_AGENTS = 50;
const MOST_TEXT = 500;
/** What is counted, by the verdict of its records. */
const COUNTED = ['verdict', 'outcome', 'approval', 'uninspected', 'finding'] as const;
/** Labels of findings are many. */
const MOST_COUNTS = 100;

/** The first report is made at once. */
export function createStatusReport(options: StatusReportOptions): StatusReport {
  const { status, seen, inFleet, everyMs, undone, troubles, settings = () => [], record, setTimer, monotonic } = options;
  let counts = new Map<string, number>();
  let last = { at: options.now(), ticks: monotonic() };
  let told = '';
  let stopped = false;
  let soon: (() => void) | undefined;
  let next = planned();
  void report('start');

  return {
    note({ kind, verdict }) {
      if (!COUNTED.some((counted) => counted === kind)) return;
      const name = `${kind}.${verdict ?? 'none'}`;
      const key = counts.has(name) || counts.size < MOST_COUNTS ? name : `${kind}.others`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    },
    look(now) {
      if (stopped || soon || stateOf(now) === told) return;
      soon = setTimer(() => {
        soon = undefined;
        if (stateOf(status()) !== told) void report('changed');
      }, SETTLE_MS);
    },
    async stop() {
      if (stopped) return;
      stopped = true;
      next();
      soon?.();
      await report('stop');
    },
  };

  function planned(): () => void {
    return setTimer(() => {
      next = planned();
      void report('interval');
    }, everyMs);
  }

  async function report(why: Why): Promise<void> {
    const at = options.now();
    const ticks = monotonic();
    const state = status();
    const agents = seen();
    const drift = driftOf({
      status: state,
      inFleet,
      seen: agents,
      since: last.at.toISOString(),
      undone: undone(),
      settings: settings(),
      clockBackMs: ticks - last.ticks - (at.getTime() - last.at.getTime()),
      now: at,
    });
    const data = {
      why,
      since: last.at.toISOString(),
      policy: { ...state.policy, revision: state.fleet?.revision ?? null },
      drift: drift.map(({ what, says }) => ({ what, says: says.slice(0, MOST_TEXT) })),
      counts: Object.fromEntries(counts),
      health: { ...healthOf(state, at), troubles: { ...troubles() } },
      versions: { holdpoint: state.engine.version, node: process.versions.node, system: `${systemName()} ${release()}`, arch: arch() },
      fleet: state.fleet ? { ...state.fleet } : null,
      upload: state.upload ? { ...state.upload } : null,
      agents: agentsOf(agents),
    };
    counts = new Map();
    last = { at, ticks };
    told = stateOf(state);
    await record({ kind: 'fleet', verdict: 'status', summary: summaryOf(state, drift, agents), data }).catch(() => undefined);
  }
}

/** What makes a report due before its time: the policy in force, and whether all is well. */
function stateOf({ state, notes, policy, fleet, upload, audit, bypass }: Status): string {
  return JSON.stringify([
    policy.hash,
    fleet?.revision,
    fleet?.state === 'refused' || fleet?.state === 'stale',
    state === 'attention',
    notes.length,
    audit.writable,
    upload?.problem != null,
    bypass?.until,
  ]);
}

function healthOf(
  { state, notes, counts, approvals, audit, keys, engine, uninspected }: Status,
  at: Date,
): { readonly [key: string]: Json } {
  return {
    state,
    notes: notes.slice(0, 20).map((note) => note.slice(0, MOST_TEXT)),
    writable: audit.writable,
    records: audit.records,
    keys,
    attended: approvals.attended,
    open: approvals.open,
    missed: approvals.missed,
    sinceStart: { ...counts },
    uninspected: uninspected.map(({ agent, host, what, why, count, passed, refused }) => ({
      agent,
      host,
      what,
      why,
      count,
      passed,
      refused,
    })),
    upSeconds: Math.max(0, Math.round((at.getTime() - Date.parse(engine.startedAt)) / 1000)),
    memoryBytes: process.memoryUsage.rss(),
  };
}

/** Those that somebody should look at come first. */
function agentsOf(seen: readonly SeenAgent[]): Json {
  const rows = [...seen].sort((a, b) => Number(seenConcern(b) !== undefined) - Number(seenConcern(a) !== undefined));
  return {
    total: seen.length,
    concerns: seen.filter((row) => seenConcern(row) !== undefined).length,
    seen: rows.slice(0, MOST_AGENTS).map((row) => ({ ...row, concern: seenConcern(row) ?? null })),
  };
}

function summaryOf({ policy, fleet, state, upload }: Status, drift: readonly Drift[], seen: readonly SeenAgent[]): string {
  const unguarded = seen.filter((row) => seenConcern(row) !== undefined).length;
  const parts = [
    fleet?.revision != null ? `revision ${fleet.revision} in force` : `${policy.name} in force`,
    drift.length === 0 ? 'no drift' : `drift: ${[...new Set(drift.map(({ what }) => what))].join(', ')}`,
    state === 'attention' ? 'needs attention' : 'well',
    ...(upload && upload.pending > 0 ? [`${upload.pending} records to upload`] : []),
    ...(unguarded > 0 ? [`${unguarded} programs not guarded or not known`] : []),
  ];
  return `Status: ${parts.join('; ')}`;
}
