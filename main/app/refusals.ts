/** What was refused last, newest first: for the tray. */

import type { AuditRecord } from '../contract/record.ts';
import type { ControlClient } from '../engine/control/client.ts';

export interface Refusal {
  readonly seq: number;
  /** ISO 8601. */
  readonly at: string;
  /** Who, and why. Text from elsewhere. */
  readonly says: string;
  readonly session: string | null;
}

export interface Refusals {
  readonly recent: readonly Refusal[];
  /** Looks into the log of an engine that has just been connected. */
  load(client: Pick<ControlClient, 'call'>): Promise<void>;
  note(record: AuditRecord): void;
}

const MOST = 5;
/** So many records are looked through where the log can't be searched. */
const LOOKED_THROUGH = 500;

export function createRefusals(onChange: () => void): Refusals {
  let recent: readonly Refusal[] = [];

  return {
    get recent() {
      return recent;
    },
    async load(client) {
      // The tray has its other lines without these.
      const records = await found(client).catch(() => []);
      add(records.flatMap((record) => refusalIn(record) ?? []));
    },
    note(record) {
      const refusal = refusalIn(record);
      if (refusal) add([refusal]);
    },
  };

  function add(more: readonly Refusal[]): void {
    if (more.length === 0) return;
    const bySeq = new Map([...recent, ...more].map((refusal) => [refusal.seq, refusal]));
    recent = [...bySeq.values()].sort((a, b) => b.seq - a.seq).slice(0, MOST);
    onChange();
  }
}

/** A call, request or result that policy denied, or that was held and then refused. */
function refusalIn({ seq, at, kind, verdict, agent, session, summary, data }: AuditRecord): Refusal | undefined {
  const isRefusal = (kind === 'verdict' && verdict === 'deny') || (kind === 'outcome' && verdict === 'refused');
  if (!isRefusal) return undefined;
  const why = typeof data.reason === 'string' && data.reason !== '' ? data.reason : summary;
  return { seq, at, says: agent === null ? why : `${agent}: ${why}`, session };
}

async function found(client: Pick<ControlClient, 'call'>): Promise<AuditRecord[]> {
  try {
    const { matches } = await client.call('search', { filter: { end: 'refused' }, limit: MOST * 2 });
    if (matches.length > 0) return matches.map(({ record }) => record);
  } catch {
    // As below.
  }
  return await client.call('records', { limit: LOOKED_THROUGH });
}
