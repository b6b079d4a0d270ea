/** Finds the actions among the log's records, with what was said of them. */

import type { AuditRecord, RecordKind } from '../../contract/record.ts';
import type { VerdictKind } from '../../contract/verdict.ts';
import { type Recorded, recordedCall, recordedConnection, recordedPrompt } from './recorded.ts';
import type { ReplayRecord } from './replay.ts';

export interface PastAction extends Recorded {
  readonly record: AuditRecord;
  readonly was: VerdictKind;
  /** What came of the question, where one was asked. */
  readonly ended?: string;
}

/** Kinds of records that are needed for it. */
export const PAST_KINDS: readonly RecordKind[] = ['action', 'verdict', 'outcome', 'exchange', 'finding', 'uninspected', 'connection'];

export interface Past {
  /** Undefined where the record is no action's. Asked with the records in their order. */
  actionOf(record: AuditRecord, gone: boolean, text: () => string | null): PastAction | { readonly why: string } | undefined;
}

/** Reads all records once, for what is told of an action in the records after its own. */
export function createPast(records: Iterable<ReplayRecord>): Past {
  const verdicts = new Map<string, VerdictKind>();
  const prompts = new Map<string, VerdictKind>();
  const ended = new Map<string, string>();
  const unread = new Map<string, string>();
  const judged = new Set<string>();
  /** An agent resends its conversation, and what was found in it is told once: it counts from there on. */
  const found = new Map<string, Set<string>>();

  for (const { record } of records) {
    const { kind, action, exchange, verdict, data } = record;
    if (kind === 'action' && action !== null) judged.add(action);
    if (kind === 'outcome' && action !== null && verdict !== null) ended.set(action, verdict);
    if (kind === 'uninspected' && exchange !== null && verdict !== null && (data.what === 'request' || data.action === 'send_prompt'))
      unread.set(exchange, verdict);
    if (kind !== 'verdict' || !isVerdict(verdict)) continue;
    if (action !== null) verdicts.set(action, verdict);
    if (data.action === 'send_prompt' && exchange !== null) prompts.set(exchange, verdict);
  }

  return {
    actionOf(record, gone, text) {
      switch (record.kind) {
        case 'action':
          return call(record, gone, text);
        case 'exchange':
          // Neither what was no model call nor what was said to an MCP server is a prompt.
          return record.verdict === 'passed' || record.data.protocol === 'mcp' ? undefined : prompt(record, gone);
        case 'finding':
          noteFinding(record);
          return record.data.action === 'receive_result' ? { why: RESULTS } : undefined;
        case 'connection':
          return record.verdict === 'tunnelled' ? told(record, gone, recordedConnection(record), 'allow') : undefined;
        case 'verdict':
          return lone(record, gone);
        default:
          return undefined;
      }
    },
  };

  function call(record: AuditRecord, gone: boolean, text: () => string | null) {
    const was = verdicts.get(record.action ?? '');
    if (!gone && was === undefined) return { why: 'No verdict on it was recorded.' };
    return told(record, gone, gone ? undefined : recordedCall(record, text()), was ?? 'allow', ended.get(record.action ?? ''));
  }

  function prompt(record: AuditRecord, gone: boolean) {
    const exchange = record.exchange ?? '';
    const recorded = gone ? undefined : recordedPrompt(record, found.get(record.session ?? '') ?? [], unread.get(exchange));
    return told(record, gone, recorded, prompts.get(exchange) ?? 'allow');
  }

  /** A verdict on what has no record of its own: a connection that was refused, a result. */
  function lone(record: AuditRecord, gone: boolean) {
    if (record.action !== null && judged.has(record.action)) return undefined;
    if (record.data.action === 'receive_result') return { why: RESULTS };
    if (record.data.action !== 'connect' || record.verdict === 'allow') return undefined;
    return told(record, gone, recordedConnection(record), isVerdict(record.verdict) ? record.verdict : 'deny');
  }

  function noteFinding({ session, data }: AuditRecord): void {
    if (data.action !== 'send_prompt' || session === null || !Array.isArray(data.findings)) return;
    const labels = found.get(session) ?? new Set();
    for (const finding of data.findings) {
      const label = typeof finding === 'object' && finding !== null && 'label' in finding ? finding.label : undefined;
      if (typeof label === 'string') labels.add(label);
    }
    found.set(session, labels);
  }
}

const RESULTS = 'What a tool has given back is recorded only where something was found in it or it was refused, and without what it was.';

function told(
  record: AuditRecord,
  gone: boolean,
  recorded: Recorded | undefined,
  was: VerdictKind,
  ended?: string,
): PastAction | { readonly why: string } {
  if (gone) return { why: 'What the record said was purged by retention, or cannot be read.' };
  if (!recorded) return { why: 'The record does not hold what this version reads: another version has written it.' };
  return { ...recorded, record, was, ...(ended !== undefined && { ended }) };
}

function isVerdict(verdict: string | null): verdict is VerdictKind {
  return verdict === 'allow' || verdict === 'redact' || verdict === 'ask' || verdict === 'deny';
}
