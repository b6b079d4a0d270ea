import { describe, expect, it } from 'vitest';
import type { AuditRecord, Json } from '../../../../main/contract/record.ts';
import { RECORD_KINDS } from '../../../../main/contract/record-kinds.ts';
import { ocsfEvent } from '../../../../main/engine/audit/ocsf/event.ts';

const PROCESS = {
  pid: 4711,
  executable: '/usr/bin/node',
  commandLine: ['node', 'cli.js'],
  user: 'ada',
  cwd: '/home/ada/proj',
  parents: [{ pid: 4000, name: 'bash' }],
};
const PROGRAM = { agentVersion: '2.1.4', startedBy: null, process: PROCESS };

function record(
  kind: AuditRecord['kind'],
  verdict: string | null,
  data: AuditRecord['data'],
  changes: Partial<AuditRecord> = {},
): AuditRecord {
  return {
    seq: 12,
    id: '01a20b46-c18b-75de-8f0d-443e55f57278',
    at: '2026-05-01T09:30:00.123Z',
    kind,
    session: 'c0ffee',
    exchange: 'exchange-1',
    action: null,
    agent: 'Claude Code',
    host: 'api.anthropic.com',
    verdict,
    summary: `${kind} ${verdict}`,
    data,
    blocks: [],
    hash: 'ab'.repeat(32),
    ...changes,
  };
}

const ENGINE = { session: null, exchange: null, agent: null, host: null } as const;
const CALL = { action: 'action-1' } as const;
const DECISION = { verdict: 'deny', reason: 'Not here.', policies: ['starter.delete'], failure: null };

/** One of each that the engine writes. */
const SAMPLES: Readonly<Record<string, AuditRecord>> = {
  'engine started': record('engine', 'started', { version: '1.2.3', pid: 1, port: 4567, keys: 'keystore' }, ENGINE),
  'engine stopped': record('engine', 'stopped', { pid: 1 }, ENGINE),
  'engine recovered': record('engine', 'recovered', { records: 11, abandoned: 1 }, ENGINE),
  'engine purged': record('engine', 'purged', { through: 5, reason: 'age' }, ENGINE),
  'policy in force': record('policy', 'in-force', { name: 'starter', source: 'starter', hash: 'ff', count: 40 }, ENGINE),
  'fleet status': record('fleet', 'status', { why: 'interval', drift: [], upload: null, policy: { revision: null, hash: 'ff' } }, ENGINE),
  'connection intercepted': record('connection', 'intercepted', { port: 443, ...PROGRAM }, { session: null, exchange: null }),
  'connection tunnelled': record(
    'connection',
    'tunnelled',
    { port: 443, ...PROGRAM, process: null },
    { session: null, exchange: null, agent: null },
  ),
  'connection tls-refused': record('connection', 'tls-refused', { port: 443, ...PROGRAM }, { session: null, exchange: null }),
  'connection refused': record('connection', 'refused', { port: 443, ...PROGRAM }, { session: null, exchange: null }),
  'connection followed': record('connection', 'followed', { named: 'other.example' }),
  'mcp server started': record(
    'connection',
    'intercepted',
    { server: { name: 'notes', transport: 'stdio' }, pid: 3, executable: '/usr/bin/claude' },
    { host: null },
  ),
  'exchange complete': record(
    'exchange',
    'complete',
    {
      ...{ method: 'POST', path: '/v1/messages', status: 200, protocol: 'anthropic-messages', provider: 'Anthropic', model: 'claude-x' },
      ...{
        responseModel: 'claude-x-2',
        streamed: true,
        tools: 3,
        calls: 1,
        refused: 0,
        stopReason: 'tool_use',
        inputTokens: 100,
        outputTokens: 20,
      },
      ...{ failure: null, workspace: '/home/ada/proj', ...PROGRAM },
    },
    { blocks: [{ role: 'user', hash: 'cd'.repeat(32) }] },
  ),
  'exchange passed': record('exchange', 'passed', { method: 'GET', path: '/v1/models', status: 200, provider: 'Anthropic', ...PROGRAM }),
  'exchange refused': record('exchange', 'refused', {
    method: 'POST',
    path: '/v1/messages',
    status: 403,
    provider: 'Anthropic',
    model: null,
    ...PROGRAM,
  }),
  'exchange upstream-failed': record('exchange', 'upstream-failed', {
    method: 'POST',
    path: '/v1/messages',
    status: 502,
    provider: 'Anthropic',
    failure: 'It hung up.',
  }),
  'exchange mcp': record(
    'exchange',
    'complete',
    { method: 'POST', path: '/mcp', status: 200, protocol: 'mcp', provider: 'mcp.linear.app', methods: ['tools/call'] },
    { host: 'mcp.linear.app' },
  ),
  'action tool call': record(
    'action',
    null,
    {
      ...{
        action: 'call_tool',
        tool: 'Bash',
        toolKind: 'shell',
        callId: 'toolu_1',
        effects: [],
        findings: [],
        model: 'claude-x',
        provider: 'Anthropic',
        ...PROGRAM,
      },
    },
    CALL,
  ),
  'action mcp call': record(
    'action',
    null,
    { action: 'call_mcp_tool', tool: 'create_issue', toolKind: 'mcp', callId: 'c2', server: { name: 'linear' }, provider: 'linear' },
    CALL,
  ),
  'action read': record('action', null, { action: 'call_tool', tool: 'Read', toolKind: 'read', callId: 'c3', provider: 'Anthropic' }, CALL),
  'verdict allow': record('verdict', 'allow', { action: 'call_tool', ...DECISION, verdict: 'allow' }, CALL),
  'verdict ask': record('verdict', 'ask', { action: 'call_tool', ...DECISION, verdict: 'ask' }, CALL),
  'verdict deny': record('verdict', 'deny', { action: 'call_tool', ...DECISION }, CALL),
  'verdict redact': record('verdict', 'redact', { action: 'send_prompt', ...DECISION, redacted: { 'secret.aws-access-key': 2 } }),
  'hold opened': record('hold', 'opened', { ...DECISION, verdict: 'ask' }, CALL),
  'approval allowed': record('approval', 'answered', { ending: 'answered', choice: 'allow', by: 'app', for: 'once' }, CALL),
  'approval denied': record('approval', 'answered', { ending: 'answered', choice: 'deny', by: 'app', said: null }, CALL),
  'approval missed': record('approval', 'missed', { ending: 'missed' }, CALL),
  'approval revoked': record('approval', 'revoked', { grant: 'g1' }, ENGINE),
  'outcome released': record('outcome', 'released', {}, CALL),
  'outcome refused': record('outcome', 'refused', { policy: 'starter.delete', reason: 'Not here.' }, CALL),
  'outcome abandoned': record('outcome', 'abandoned', { hold: 7 }, CALL),
  uninspected: record('uninspected', 'unknown-path', { what: 'request', why: 'unknown-path', method: 'POST', path: '/odd', ...PROGRAM }),
  finding: record('finding', 'injection.instruction', {
    action: 'receive_result',
    findings: [
      { detector: 'injection', label: 'injection.instruction', severity: 'high', count: 1 },
      { detector: 'personal', label: 'pii.email', severity: 'low', count: 3 },
    ],
  }),
  tamper: record('tamper', 'key-changed', { key: 'aa', keys: 2 }, ENGINE),
  gap: record('gap', 'lost', { count: 3, from: '2026-05-01T09:00:00.000Z', to: '2026-05-01T09:01:00.000Z', reason: 'disk full' }, ENGINE),
};

const PREVIOUS = record('engine', 'started', {}, { ...ENGINE, seq: 11, id: 'before', hash: 'ef'.repeat(32) });
const CONTEXT = { device: { hostname: 'laptop-17', key: '12'.repeat(32) }, version: '1.2.3', previous: PREVIOUS };
const eventOf = (name: string) => ocsfEvent(SAMPLES[name]!, CONTEXT) as { readonly [key: string]: Json };
const NAMES = Object.keys(SAMPLES);

/** Of the schema's release 1.9.0: classes, and what is common to all. */
const EVERY = ['class_uid', 'category_uid', 'activity_id', 'type_uid', 'severity_id', 'time', 'metadata'];
const NAMED = ['class_name', 'category_name', 'activity_name', 'type_name', 'severity', 'message', 'unmapped'];
const CONTROL = ['action_id', 'action', 'disposition_id', 'disposition', 'policy', 'is_alert'];
const AI = ['ai_agent', 'ai_model', 'message_context'];
const STATUS = ['status_id', 'status', 'status_detail'];
const ALLOWED: Readonly<
  Record<number, { category: number; activities: readonly number[]; required: readonly string[]; optional: readonly string[] }>
> = {
  6003: {
    category: 6,
    activities: [0, 1, 2, 3, 4, 99],
    required: ['actor', 'api', 'src_endpoint'],
    optional: ['dst_endpoint', 'http_request', 'http_response', 'resources', ...STATUS, ...CONTROL, ...AI],
  },
  6002: { category: 6, activities: [0, 1, 2, 3, 4, 5, 6, 7, 8, 99], required: ['app'], optional: ['application', ...STATUS] },
  4001: {
    category: 4,
    activities: [0, 1, 2, 3, 4, 5, 6, 7, 99],
    required: ['dst_endpoint'],
    optional: ['actor', 'src_endpoint', ...STATUS, ...CONTROL, ...AI],
  },
  2004: { category: 2, activities: [0, 1, 2, 3, 99], required: ['finding_info'], optional: ['evidences', ...CONTROL] },
};

describe('an event of OCSF', () => {
  it('exists for every kind of record', () => {
    expect(new Set(Object.values(SAMPLES).map(({ kind }) => kind))).toEqual(new Set(RECORD_KINDS));
  });

  it('is as agreed, whole', () => {
    expect(eventOf('exchange complete')).toMatchSnapshot();
  });

  it.each(NAMES)('is as agreed, but for what all have in common: %s', (name) => {
    const { attestation_list: _, device: __, metadata, ...event } = eventOf(name);
    expect({ ...event, metadata: (metadata as { event_code: string }).event_code }).toMatchSnapshot();
  });

  it.each(NAMES)('has ids that the schema knows, what it requires, and nothing that it does not know: %s', (name) => {
    const event = eventOf(name);
    const known = ALLOWED[event.class_uid as number]!;
    expect(event).toMatchObject({ category_uid: known.category, type_uid: Number(event.class_uid) * 100 + Number(event.activity_id) });
    expect(known.activities).toContain(event.activity_id);
    expect([1, 2, 3, 4, 5]).toContain(event.severity_id);
    if (event.action_id !== undefined) expect([0, 1, 2]).toContain(event.action_id);
    if (event.disposition_id !== undefined) expect([...Array(28).keys(), 99]).toContain(event.disposition_id);
    for (const attribute of [...EVERY, ...known.required]) expect(event).toHaveProperty(attribute);
    expect(
      Object.keys(event).filter(
        (key) => ![...EVERY, ...NAMED, 'device', 'attestation_list', ...known.required, ...known.optional].includes(key),
      ),
    ).toEqual([]);
    expect(event.metadata).toMatchObject({ version: '1.9.0', product: { name: 'Holdpoint' } });
    expect(event.time).toBe(Date.UTC(2026, 4, 1, 9, 30, 0, 123));
  });

  it.each(NAMES)('has no null and no empty object: %s', (name) => {
    expect(voidsIn(eventOf(name), '')).toEqual([]);
  });

  it.each(NAMES)('stands in the chain, and loses nothing that the record says: %s', (name) => {
    const event = eventOf(name);
    expect(event.attestation_list).toMatchObject([
      {
        chain_uid: `holdpoint/audit/v1/${'12'.repeat(32)}`,
        fingerprint: { value: 'ab'.repeat(32) },
        prev_event: { uid: 'before', type_uid: 600203, fingerprint: { value: 'ef'.repeat(32) } },
      },
    ]);
    const text = JSON.stringify(event);
    for (const value of leavesOf(SAMPLES[name]!.data)) expect(text).toContain(JSON.stringify(value).replace(/^"|"$/g, ''));
  });

  it('is the first of its chain where no record comes before', () => {
    const { attestation_list } = ocsfEvent(SAMPLES['engine started']!, { ...CONTEXT, previous: undefined }) as {
      attestation_list: object[];
    };
    expect(attestation_list[0]).not.toHaveProperty('prev_event');
  });

  it.each<[string, AuditRecord['data']]>([
    ['of other types', { tool: 7, process: 'x', status: 'y', findings: { a: 1 }, policies: [null], server: [], methods: [1], method: {} }],
    ['none', {}],
  ])('comes of records whose data is %s, of any kind and verdict', (_what, data) => {
    for (const kind of RECORD_KINDS) {
      for (const verdict of ['x', '__proto__', 'constructor', null]) {
        const event = ocsfEvent(record(kind, verdict, data), CONTEXT) as { readonly [key: string]: Json };
        expect(ALLOWED[event.class_uid as number]!.activities).toContain(event.activity_id);
        expect(voidsIn(event, '')).toEqual([]);
      }
    }
  });
});

function voidsIn(value: Json, at: string): string[] {
  if (value === null) return [at];
  if (typeof value !== 'object') return [];
  if (!Array.isArray(value) && Object.keys(value).length === 0) return [at];
  return Object.entries(value).flatMap(([key, member]) => voidsIn(member as Json, `${at}.${key}`));
}

function leavesOf(value: Json): Json[] {
  if (value === null) return [];
  if (typeof value !== 'object') return [value];
  return Object.values(value).flatMap((member) => leavesOf(member as Json));
}
