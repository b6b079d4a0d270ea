/**
 * What of a record leaves at the level `metadata`: the members of its `data` that are listed here, if they have the shape that is listed.
 * A list of what may leave, so that a member that is added later stays here until somebody has thought about it.
 */

import type { RecordKind } from '../../contract/record.ts';

/**
 * `word`: an identifier, without blanks and slashes. `slashed`: with slashes, as models and methods have, but not like an absolute path.
 * `name`: one short line that a person, a vendor or a server chose. `file`: of a path only the last part leaves. `key`: a public key, 32
 * bytes in base64. A list: of members of that shape. An object: its members. `counts`:
 * words to numbers.
 */
export type Shape =
  | 'number'
  | 'boolean'
  | 'word'
  | 'slashed'
  | 'name'
  | 'file'
  | 'key'
  | 'counts'
  | readonly [Shape]
  | { readonly [member: string]: Shape };

export type Members = Readonly<Record<string, Shape>>;

/** Whose it is: of a machine with several users the resource names none. */
const WHOSE = { user: 'word', process: { user: 'word' } } as const satisfies Members;
const AGENT = { agentVersion: 'word', startedBy: 'name', ...WHOSE } as const satisfies Members;
const MODEL = { protocol: 'word', provider: 'name', model: 'slashed' } as const satisfies Members;
const SERVER = { server: { name: 'name', transport: 'word', version: 'word' } } as const satisfies Members;
const FINDINGS = { findings: [{ detector: 'word', label: 'word', severity: 'word', count: 'number' }] } as const satisfies Members;
const METER = { untrusted: 'boolean', injected: 'boolean', sensitive: 'boolean', refusals: 'number' } as const satisfies Members;
const DECISION = { verdict: 'word', policies: ['word'], observed: [{ id: 'word', effect: 'word' }] } as const satisfies Members;

const COUNTED = {
  counted: { user: 'word', agent: 'name', model: 'slashed', tokens: 'number', costMicroUsd: 'number', estimated: 'boolean' },
} as const satisfies Members;
/** A device's report of itself. Sentences stay here: they quote people, addresses and paths. */
const REPORT = {
  why: 'word',
  since: 'word',
  policy: { source: 'word', hash: 'word', count: 'number', revision: 'number' },
  drift: [{ what: 'word' }],
  counts: 'counts',
  health: {
    state: 'word',
    writable: 'boolean',
    records: 'number',
    keys: 'word',
    attended: 'boolean',
    open: 'number',
    missed: 'number',
    sinceStart: 'counts',
    uninspected: [{ agent: 'name', host: 'word', what: 'word', why: 'word', count: 'number', passed: 'number', refused: 'number' }],
    troubles: 'counts',
    upSeconds: 'number',
    memoryBytes: 'number',
  },
  versions: { holdpoint: 'word', node: 'word', system: 'name', arch: 'word' },
  fleet: { ring: 'word', device: 'word', revision: 'number', state: 'word', confirmedAt: 'word' },
  upload: { content: 'word', uploaded: 'number', pending: 'number', confirmedAt: 'word' },
  agents: {
    total: 'number',
    concerns: 'number',
    seen: [
      {
        agent: 'name',
        known: 'boolean',
        version: 'word',
        startedBy: 'name',
        program: 'file',
        user: 'word',
        to: 'word',
        provider: 'name',
        host: 'word',
        how: 'word',
        connections: 'number',
        exchanges: 'number',
        first: 'word',
        last: 'word',
        concern: 'word',
      },
    ],
  },
} as const satisfies Members;

export const METADATA_MEMBERS: Readonly<Record<RecordKind, Members>> = {
  engine: {
    version: 'word',
    pid: 'number',
    port: 'number',
    keys: 'word',
    records: 'number',
    abandoned: 'number',
    through: 'number',
    session: 'word',
    by: 'word',
  },
  policy: {
    source: 'word',
    hash: 'word',
    count: 'number',
    revision: 'number',
    ring: 'word',
    settings: 'number',
    policies: 'number',
    keys: [{ key: 'word', source: 'word', live: 'boolean' }],
    budget: 'name',
    per: 'word',
    day: 'word',
    requests: 'number',
    tokens: 'number',
    costMicroUsd: 'number',
    by: 'word',
    how: 'word',
    minutes: 'number',
    seconds: 'number',
    until: 'word',
  },
  connection: { port: 'number', named: 'word', pid: 'number', ...SERVER, ...AGENT },
  exchange: {
    ...MODEL,
    responseModel: 'slashed',
    method: 'slashed',
    methods: ['slashed'],
    status: 'number',
    streamed: 'boolean',
    tools: 'number',
    calls: 'number',
    refused: 'number',
    stopReason: 'word',
    inputTokens: 'number',
    outputTokens: 'number',
    cacheReadTokens: 'number',
    cacheWriteTokens: 'number',
    ...COUNTED,
    route: { way: 'word', attempts: [{ way: 'word', status: 'number' }] },
    ...SERVER,
    ...AGENT,
  },
  action: {
    ...MODEL,
    action: 'word',
    tool: 'word',
    toolKind: 'word',
    callId: 'word',
    uninspected: 'word',
    effects: [{ effect: 'word', risk: 'word' }],
    ...FINDINGS,
    meter: METER,
    ...SERVER,
    changed: 'boolean',
    ...AGENT,
  },
  verdict: { action: 'word', ...DECISION, redacted: 'counts', port: 'number', ...AGENT },
  hold: { ...DECISION, ...WHOSE },
  approval: { ending: 'word', choice: 'word', by: 'word', for: 'word', grant: 'word', ...WHOSE },
  outcome: { policy: 'word', hold: 'number', ...WHOSE },
  uninspected: { what: 'word', why: 'word', way: 'word', action: 'word', method: 'slashed', protocol: 'word', ...SERVER, ...AGENT },
  finding: {
    action: 'word',
    label: 'word',
    tool: 'word',
    tools: ['word'],
    model: 'slashed',
    responseModel: 'slashed',
    ...FINDINGS,
    ...SERVER,
    ...WHOSE,
  },
  fleet: {
    revision: 'number',
    previous: 'number',
    ring: 'word',
    device: 'word',
    publicKey: 'key',
    proof: 'word',
    version: 'word',
    problem: 'word',
    ...REPORT,
  },
  tamper: { key: 'word', keys: 'number', source: 'file' },
  gap: { count: 'number', from: 'word', to: 'word' },
};
