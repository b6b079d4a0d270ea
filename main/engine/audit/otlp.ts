/** Records as OpenTelemetry logs: the JSON of OTLP 1 with the names of the GenAI semantic conventions. */

import type { AuditRecord, Json } from '../../contract/record.ts';

/** An ExportLogsServiceRequest (opentelemetry-proto, JSON encoding). */
export function logsPayload(records: readonly AuditRecord[]): Json {
  return {
    resourceLogs: [
      {
        resource: { attributes: [attribute('service.name', 'holdpoint')] },
        scopeLogs: [{ scope: { name: 'holdpoint.audit' }, logRecords: records.map(logRecord) }],
      },
    ],
  };
}

/**
 * Our member of a record's `data` to the conventions' name. A table of ours: the constants published on npm are deprecated and moving.
 * See "Semantic conventions for generative AI", open-telemetry/semantic-conventions-genai.
 */
const GEN_AI: Readonly<Record<string, string>> = {
  provider: 'gen_ai.provider.name',
  model: 'gen_ai.request.model',
  responseModel: 'gen_ai.response.model',
  tool: 'gen_ai.tool.name',
  callId: 'gen_ai.tool.call.id',
  inputTokens: 'gen_ai.usage.input_tokens',
  outputTokens: 'gen_ai.usage.output_tokens',
};

/** Kinds that speak of a tool call, and the one that speaks of a model's turn. */
const OPERATIONS: Partial<Record<AuditRecord['kind'], string>> = {
  exchange: 'chat',
  action: 'execute_tool',
  verdict: 'execute_tool',
  hold: 'execute_tool',
  approval: 'execute_tool',
  outcome: 'execute_tool',
};

/** What somebody should look at. SeverityNumber of the logs data model: 9 is INFO, 13 is WARN. */
const LOUD_KINDS = new Set(['tamper', 'gap', 'uninspected']);
const LOUD_VERDICTS = new Set(['deny', 'refused', 'abandoned']);

function logRecord(record: AuditRecord): Json {
  const time = `${BigInt(Date.parse(record.at)) * 1_000_000n}`;
  const loud = LOUD_KINDS.has(record.kind) || LOUD_VERDICTS.has(record.verdict ?? '');
  return {
    timeUnixNano: time,
    observedTimeUnixNano: time,
    severityNumber: loud ? 13 : 9,
    severityText: loud ? 'WARN' : 'INFO',
    eventName: `holdpoint.${record.kind}`,
    body: { stringValue: record.summary },
    attributes: attributesOf(record),
  };
}

function attributesOf(record: AuditRecord): Json[] {
  const named: [string, Json | undefined][] = [
    ['gen_ai.operation.name', OPERATIONS[record.kind]],
    ['gen_ai.conversation.id', record.session],
    ['gen_ai.agent.name', record.agent],
    ['server.address', record.host],
    ...Object.entries(GEN_AI).map(([ours, theirs]): [string, Json | undefined] => [theirs, record.data[ours]]),
    ['holdpoint.record.id', record.id],
    ['holdpoint.record.kind', record.kind],
    ['holdpoint.exchange.id', record.exchange],
    ['holdpoint.action.id', record.action],
    ['holdpoint.verdict', record.verdict],
    ['holdpoint.data', JSON.stringify(record.data)],
    ['holdpoint.chain.seq', record.seq],
    ['holdpoint.chain.hash', record.hash],
  ];
  return named.flatMap(([key, value]) => (value === undefined || value === null ? [] : [attribute(key, value)]));
}

function attribute(key: string, value: Json): Json {
  return { key, value: anyValue(value) };
}

/** 64-bit integers are strings in OTLP's JSON. */
function anyValue(value: Json): Json {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  return { stringValue: JSON.stringify(value) };
}
