/** Records as OpenTelemetry logs: the logs data model, and the JSON of OTLP 1. */

import type { AuditRecord, Json } from '../../contract/record.ts';
import { type AttributeValue, type BlockText, CONVENTION_NAMES } from './gen-ai.ts';

export interface OtlpLog {
  /** Milliseconds since 1970. */
  readonly time: number;
  /** 9 is INFO, 13 is WARN. */
  readonly severityNumber: number;
  readonly severityText: string;
  readonly eventName: string;
  readonly body: string;
  readonly attributes: Attributes;
}

export interface Attributes {
  readonly [name: string]: AttributeValue;
}

export const SCOPE = 'holdpoint.audit';

/** `texts` are the record's blocks as far as they are to be told. */
export function otlpLog(record: AuditRecord, texts: readonly BlockText[] = []): OtlpLog {
  const loud = LOUD_KINDS.has(record.kind) || LOUD_VERDICTS.has(record.verdict ?? '');
  return {
    // A time that is none was put there by somebody else, and must not keep the rest from being read.
    time: Date.parse(record.at) || 0,
    severityNumber: loud ? 13 : 9,
    severityText: loud ? 'WARN' : 'INFO',
    eventName: `holdpoint.${record.kind}`,
    body: record.summary,
    attributes: attributesOf(record, texts),
  };
}

/** An ExportLogsServiceRequest (opentelemetry-proto, JSON encoding). */
export function logsPayload(logs: readonly OtlpLog[], resource: Attributes = { 'service.name': 'holdpoint' }): Json {
  return {
    resourceLogs: [
      {
        resource: { attributes: keyValues(resource) },
        scopeLogs: [{ scope: { name: SCOPE }, logRecords: logs.map(logRecord) }],
      },
    ],
  };
}

/** What somebody should look at. */
const LOUD_KINDS: ReadonlySet<string> = new Set(['tamper', 'gap', 'uninspected']);
const LOUD_VERDICTS: ReadonlySet<string> = new Set(['deny', 'refused', 'abandoned']);

function attributesOf(record: AuditRecord, texts: readonly BlockText[]): Attributes {
  const { id, kind, exchange, action, verdict, data, seq, hash } = record;
  const policies = Array.isArray(data.policies) ? data.policies.filter((policy) => typeof policy === 'string') : [];
  const all: [string, AttributeValue | null | undefined][] = [
    ...CONVENTION_NAMES.map(({ name, value }): [string, AttributeValue | undefined] => [name, value(record, texts)]),
    ['holdpoint.record.id', id],
    ['holdpoint.record.kind', kind],
    ['holdpoint.exchange.id', exchange],
    ['holdpoint.action.id', action],
    ['holdpoint.verdict', verdict],
    ['holdpoint.policy.ids', policies.length > 0 ? policies : undefined],
    ['holdpoint.data', JSON.stringify(data)],
    ['holdpoint.chain.seq', seq],
    ['holdpoint.chain.hash', hash],
  ];
  return Object.fromEntries(all.filter((entry): entry is [string, AttributeValue] => entry[1] !== undefined && entry[1] !== null));
}

function logRecord({ time, severityNumber, severityText, eventName, body, attributes }: OtlpLog): Json {
  const nanoseconds = `${BigInt(time) * 1_000_000n}`;
  return {
    timeUnixNano: nanoseconds,
    observedTimeUnixNano: nanoseconds,
    severityNumber,
    severityText,
    eventName,
    body: { stringValue: body },
    attributes: keyValues(attributes),
  };
}

function keyValues(attributes: Attributes): Json[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }));
}

/** 64-bit integers are strings in OTLP's JSON. */
function anyValue(value: AttributeValue): Json {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  return { arrayValue: { values: value.map((member) => ({ stringValue: member })) } };
}
