/** What the engine tells of itself while it serves: its status to clients, and a report of it to the log where somebody reads that afar. */

import type { Status } from '../contract/control.ts';
import { isOwn } from '../contract/own-record.ts';
import type { Approvals } from './approvals/approvals.ts';
import type { AuditLog } from './audit/log.ts';
import type { Control } from './control/server.ts';
import { undoneAgents } from './fleet/agent-files.ts';
import { createStatusReport, type StatusReport } from './fleet/report.ts';
import type { SeenAgents } from './fleet/seen-agents.ts';
import { settingsDrift } from './fleet/settings-drift.ts';
import type { Troubles } from './fleet/troubles.ts';
import type { LoadedSettings } from './settings.ts';
import { type StatusParts, statusOf } from './status.ts';
import { setTimer } from './timer.ts';

export interface Reporting {
  /** `user` hears of their own questions only. */
  status(user?: string): Status;
  /** Something has changed: every client hears of its status, and the report looks whether it has something to say. */
  tellStatus(): void;
  /** Begins the report once settings name somebody who reads it. */
  followReport(): void;
  /** Resolves when the last report is kept. */
  stop(): Promise<void>;
}

export interface ReportingOptions {
  readonly parts: StatusParts;
  readonly control: Pick<Control, 'tell'>;
  readonly approvals: Approvals;
  readonly audit: Pick<AuditLog, 'append' | 'onRecord'>;
  readonly seenAgents: Pick<SeenAgents, 'list'>;
  readonly troubles: Pick<Troubles, 'counts'>;
  readonly settings: () => LoadedSettings;
  readonly dataDir: string;
  /** Until then status is not told: not all of it is there. */
  readonly serving: () => boolean;
}

export function createReporting(options: ReportingOptions): Reporting {
  const { parts, control, approvals, audit, seenAgents, troubles, settings, dataDir, serving } = options;
  let statusReport: StatusReport | undefined;

  approvals.onChange((changed) => {
    if (changed === 'questions') control.tell('questions', ({ user }) => approvals.open(user));
    if (changed === 'missed') control.tell('missed', ({ user }) => approvals.missed(user));
    tellStatus();
  });
  audit.onRecord((record) => {
    control.tell('record', ({ user }) => (isOwn(record, user) ? record : undefined));
    tellStatus();
  });

  return { status, tellStatus, followReport, stop: async () => await statusReport?.stop() };

  function status(user?: string): Status {
    return statusOf(parts, user);
  }

  function tellStatus(): void {
    if (!serving()) return;
    control.tell('status', ({ user }) => status(user));
    statusReport?.look(status());
  }

  function followReport(): void {
    const { audit: kept, fleet } = settings();
    if (statusReport || !(kept.upload || fleet)) return;
    statusReport = createStatusReport({
      status: () => status(),
      seen: seenAgents.list,
      inFleet: fleet !== undefined,
      everyMs: (kept.upload?.statusMinutes ?? 60) * 60_000,
      undone: () => undoneAgents(dataDir),
      settings: () => settingsDrift(parts.stack.list()),
      troubles: troubles.counts,
      record: audit.append,
      setTimer,
      now: () => new Date(),
      monotonic: () => performance.now(),
    });
    audit.onRecord(statusReport.note);
  }
}
