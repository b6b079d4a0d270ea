/** What a record adds to the log's tallies: how it ended, what was found, what was used. Read once, when the record is written. */

import type { RecordEnd } from '../../contract/activity-filter.ts';
import { type Owner, ownerOf } from '../../contract/own-record.ts';
import type { RecordKind } from '../../contract/record.ts';

export interface Tally {
  /** Who may see it. */
  readonly owner: Owner;
  readonly ends: readonly RecordEnd[];
  /** Of findings, each once. */
  readonly labels: readonly string[];
  readonly workspace: string | null;
  readonly use: Use | null;
  /** What became of a tool call, where this is the record that says it. */
  readonly call: 'allowed' | 'released' | 'refused' | null;
  /** It is of a call that could not be read. */
  readonly unread: boolean;
  /** A person's words are in it. */
  readonly asks: boolean;
}

/** Of a model, by an exchange. */
export interface Use {
  readonly model: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Millionths of a US dollar; null where the model has no price. */
  readonly cost: number | null;
}

/** As a draft or a row has it. What an outsider changed can be anything. */
export interface Tallied {
  readonly kind: RecordKind | (string & {});
  readonly verdict: string | null;
  readonly data: { readonly [key: string]: unknown };
  readonly blocks: readonly { readonly role: string }[];
}

export function tallyOf({ kind, verdict, data, blocks }: Tallied): Tally {
  const labels = labelsIn(kind, data);
  const isCall = typeof data.action === 'string' && data.action.startsWith('call_');
  const end = endOf(kind, verdict, isCall) ?? (kind === 'finding' || (kind === 'action' && labels.length > 0) ? 'found' : null);
  const isOfCall = kind === 'outcome' || (kind === 'verdict' && isCall);
  return {
    owner: ownerOf({ kind, verdict, data }),
    ends: end === null ? [] : [end],
    labels,
    workspace: textOf(data.workspace),
    use: kind === 'exchange' && verdict !== 'refused' ? useIn(data) : null,
    call: isOfCall && (end === 'allowed' || end === 'released' || end === 'refused') ? end : null,
    unread: kind === 'action' && typeof data.uninspected === 'string',
    asks: blocks.some(({ role }) => role === 'user'),
  };
}

/** Longer names than these are nobody's. */
const MAX_NAME = 200;
/** No one exchange uses more; sums of these stay exact. */
const MOST_TOKENS = 1_000_000_000;
const MOST_COST = 1_000_000_000_000;
/** A body can hold any number. */
const MOST_LABELS = 100;

function endOf(kind: string, verdict: string | null, isCall: boolean): RecordEnd | null {
  switch (`${kind} ${verdict}`) {
    case 'verdict allow':
      return 'allowed';
    case 'verdict deny':
    case 'outcome refused':
      return 'refused';
    // A call cannot be redacted without becoming another; a request goes on without what was taken out.
    case 'verdict redact':
      return isCall ? 'refused' : null;
    case 'outcome released':
      return 'released';
    case 'approval missed':
    case 'approval unattended':
      return 'missed';
    default:
      return kind === 'uninspected' ? 'uninspected' : null;
  }
}

function labelsIn(kind: string, { label, findings, redacted }: Tallied['data']): string[] {
  if (kind !== 'finding' && kind !== 'action' && kind !== 'verdict') return [];
  const all = [
    ...(kind === 'finding' ? [label] : []),
    ...(Array.isArray(findings) ? findings.map((finding: unknown) => (isObject(finding) ? finding.label : undefined)) : []),
    ...(isObject(redacted) ? Object.keys(redacted) : []),
  ];
  const named = all.filter((one) => typeof one === 'string').filter((one) => one !== '' && one.length <= MAX_NAME);
  return [...new Set(named)].slice(0, MOST_LABELS);
}

function useIn({ responseModel, model, protocol, inputTokens, outputTokens, counted }: Tallied['data']): Use | null {
  const name = textOf(responseModel) ?? textOf(model);
  if (name === null || protocol === 'mcp') return null;
  const cost = isObject(counted) ? countOf(counted.costMicroUsd, MOST_COST) : null;
  return { model: name, inputTokens: countOf(inputTokens, MOST_TOKENS) ?? 0, outputTokens: countOf(outputTokens, MOST_TOKENS) ?? 0, cost };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value.slice(0, 1024) : null;
}

/** A provider can tell any number. */
function countOf(value: unknown, most: number): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= most ? value : null;
}

function isObject(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
