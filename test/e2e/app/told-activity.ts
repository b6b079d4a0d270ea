/** Tells of a log that is held in memory: as much of the engine's own answers as the pages can tell apart. */

import { createHash } from 'node:crypto';
import {
  CONNECTIONS_SESSION,
  GUARD_SESSION,
  type RecordProof,
  SAID_LENGTH,
  type Said,
  type SessionSummary,
  type StoryRecord,
} from '../../../main/contract/activity.ts';
import type { RecordEnd, RecordFilter } from '../../../main/contract/activity-filter.ts';
import type { ControlParams } from '../../../main/contract/control.ts';
import { HoldpointError } from '../../../main/contract/errors.ts';
import type { AuditRecord } from '../../../main/contract/record.ts';

export interface Told {
  /** Oldest first; more may be put at its end. */
  readonly records: readonly AuditRecord[];
  /** What was said, by its hash. */
  readonly texts: ReadonlyMap<string, string>;
}

const OPENING_LENGTH = 200;
/** Records after which the made-up checkpoint comes. */
const SIGNED_EVERY = 10;

export function toldActivity({ records, texts }: Told) {
  /** Each hash with the record that was the first to say it. */
  const firsts = new Map<string, number>();
  let known = 0;

  return {
    sessions({ filter, before = Number.POSITIVE_INFINITY, limit }: ControlParams<'sessions'>) {
      const sessions = [...groups(records)]
        .map(([key, own]) => summaryOf(key, own, filter))
        .filter((summary) => summary.matches > 0 && summary.last < before)
        .sort((a, b) => b.last - a.last);
      return { sessions: sessions.slice(0, limit), next: sessions.length > limit ? sessions[limit - 1]!.last : null };
    },
    session({ key, before = Number.POSITIVE_INFINITY, limit }: ControlParams<'session'>) {
      const own = records.filter((record) => keyOf(record) === key);
      if (own.length === 0) return { summary: null, records: [], next: null };
      const older = own.filter(({ seq }) => seq < before);
      const page = older.slice(-limit);
      return { summary: summaryOf(key, own), records: page.map(told), next: older.length > page.length ? page[0]!.seq : null };
    },
    search({ filter, before = Number.POSITIVE_INFINITY, limit }: ControlParams<'search'>) {
      const found = records.filter((record) => record.seq < before && isMatch(record, filter)).toReversed();
      const page = found.slice(0, limit);
      return {
        matches: page.map((record) => ({ record, found: filter.text === undefined ? null : around(wordsOf(record), filter.text) })),
        next: found.length > limit ? page.at(-1)!.seq : null,
      };
    },
    filterChoices() {
      const some = (values: readonly (string | null)[]) => [...new Set(values)].filter((value) => value !== null);
      return {
        agents: some(records.map(({ agent }) => agent)),
        hosts: some(records.map(({ host }) => host)),
        labels: some(records.flatMap(labelsOf)),
      };
    },
    recordProof({ seq }: ControlParams<'recordProof'>): RecordProof {
      const record = records.find((one) => one.seq === seq);
      if (!record) throw new HoldpointError('not-found', `The log has no record ${seq}.`);
      const checkpoint = Math.ceil(seq / SIGNED_EVERY) * SIGNED_EVERY;
      const isSigned = checkpoint <= records.at(-1)!.seq;
      const { id, at, kind, session, exchange, action, agent, host, verdict, hash } = record;
      const note = `holdpoint/audit/v1\n${checkpoint}\n${sha256(String(checkpoint)).slice(0, 43)}=\n${at}\n\n— holdpoint/audit/v1 ${sha256('signature')}${sha256('more')}\n`;
      return {
        record,
        body: 'kept',
        said: told(record).said.map((said) => ({ ...said, text: texts.get(said.hash) ?? null, omitted: 0 })),
        previous: records.find((one) => one.seq === seq - 1)?.hash ?? '0'.repeat(64),
        metadata: JSON.stringify({ seq, id, at, kind, session, exchange, action, agent, host, verdict, body: hash }),
        state: isSigned ? 'signed' : 'unsigned',
        checkpoint: isSigned ? { seq: checkpoint, note } : null,
      };
    },
  };

  function told(record: AuditRecord): StoryRecord {
    for (; known < records.length; known++) {
      const { blocks, seq } = records[known]!;
      for (const { hash } of blocks) if (!firsts.has(hash)) firsts.set(hash, seq);
    }
    const said = record.blocks.filter(({ hash }) => firsts.get(hash) === record.seq);
    return { record, said: said.map(saidOf) };
  }

  function saidOf({ role, hash }: AuditRecord['blocks'][number]): Said {
    const text = texts.get(hash) ?? null;
    return { role, hash, text: text?.slice(0, SAID_LENGTH) ?? null, omitted: Math.max(0, (text?.length ?? 0) - SAID_LENGTH) };
  }

  function wordsOf({ summary, blocks }: AuditRecord): string {
    return [summary, ...blocks.map(({ hash }) => texts.get(hash) ?? '')].join('\n');
  }

  function isMatch(record: AuditRecord, filter: RecordFilter): boolean {
    const { text, agent, host, label, end, from, to, kind } = filter;
    const words = text === undefined ? [] : text.toLowerCase().split(/\s+/);
    const said = words.length > 0 ? wordsOf(record).toLowerCase() : '';
    return (
      words.every((word) => said.includes(word)) &&
      (agent === undefined || record.agent === agent) &&
      (host === undefined || record.host === host) &&
      (kind === undefined || record.kind === kind) &&
      (label === undefined || labelsOf(record).some((own) => own === label || own.startsWith(`${label}.`))) &&
      (end === undefined || endOf(record) === end) &&
      (from === undefined || record.at >= from) &&
      (to === undefined || record.at <= to)
    );
  }

  function summaryOf(key: string, own: readonly AuditRecord[], filter?: RecordFilter): SessionSummary {
    const matching = filter ? own.filter((record) => isMatch(record, filter)) : own;
    const text = (name: string) => own.map(({ data }) => data[name]).findLast((value) => typeof value === 'string') as string | undefined;
    const prices = own.flatMap(({ data }) => {
      const { counted } = data;
      return typeof counted === 'object' && counted !== null && 'costMicroUsd' in counted ? [Number(counted.costMicroUsd)] : [];
    });
    const asked = own.flatMap(({ blocks }) => blocks.filter(({ role }) => role === 'user')).at(0);
    const count = (is: (record: AuditRecord) => boolean) => own.filter(is).length;
    return {
      key,
      agent: own.find(({ agent }) => agent !== null)?.agent ?? null,
      workspace: text('workspace') ?? null,
      model: text('model') ?? null,
      from: own[0]!.at,
      to: own.at(-1)!.at,
      last: matching.at(-1)?.seq ?? 0,
      records: own.length,
      calls: count(({ kind }) => kind === 'action'),
      refused: count((record) => endOf(record) === 'refused'),
      releasedByPerson: count((record) => endOf(record) === 'released'),
      uninspected: count(({ kind }) => kind === 'uninspected'),
      findings: count(({ kind }) => kind === 'finding'),
      usd: prices.length > 0 ? prices.reduce((sum, one) => sum + one, 0) / 1e6 : null,
      matches: matching.length,
      opening: asked ? (texts.get(asked.hash)?.slice(0, OPENING_LENGTH) ?? null) : null,
    };
  }
}

function groups(records: readonly AuditRecord[]): ReadonlyMap<string, readonly AuditRecord[]> {
  return Map.groupBy(records, keyOf);
}

function keyOf({ session, kind }: AuditRecord): string {
  return session ?? (kind === 'connection' ? CONNECTIONS_SESSION : GUARD_SESSION);
}

function endOf({ kind, verdict }: AuditRecord): RecordEnd | undefined {
  if (kind === 'verdict' && verdict === 'allow') return 'allowed';
  if ((kind === 'verdict' && verdict === 'deny') || (kind === 'outcome' && verdict === 'refused')) return 'refused';
  if (kind === 'outcome' && verdict === 'released') return 'released';
  if (kind === 'approval' && verdict === 'missed') return 'missed';
  if (kind === 'uninspected') return 'uninspected';
  return kind === 'finding' ? 'found' : undefined;
}

function labelsOf({ data: { findings } }: AuditRecord): readonly string[] {
  if (!Array.isArray(findings)) return [];
  return findings.flatMap((one) => (typeof one === 'object' && one !== null && 'label' in one ? [String(one.label)] : []));
}

function around(text: string, wanted: string): string {
  const at = Math.max(0, text.toLowerCase().indexOf(wanted.toLowerCase().split(/\s+/)[0]!));
  return text.slice(Math.max(0, at - 40), at + 160).replaceAll('\n', ' ');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
