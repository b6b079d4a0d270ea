/**
 * What of a record leaves at the level `metadata`: the members of its `data` that are listed here, if they have the shape that is listed.
 * A list of what may leave, so that a member that is added later stays here until somebody has thought about it.
 */

import type { RecordKind } from '../../contract/record.ts';

/**
 * `word`: an identifier, without blanks and slashes. `slashed`: with slashes, as models and methods have, but not like an absolute path.
 * `name`: one short line that a person, a vendor or a server chose. A list: of members of that shape. An object: its members. `counts`:
 * words to numbers.
 */
export type Shape = 'number' | 'boolean' | 'word' | 'slashed' | 'name' | 'counts' | readonly [Shape] | { readonly [member: string]: Shape };

export type Members = Readonly<Record<string, Shape>>;

const AGENT = { agentVersion: 'word', startedBy: 'name' } as const satisfies Members;
const MODEL = { protocol: 'word', provider: 'name', model: 'slashed' } as const satisfies Members;
const SERVER = { server: { name: 'name', transport: 'word', version: 'word' } } as const satisfies Members;
const FINDINGS = { findings: [{ detector: 'word', label: 'word', severity: 'word', count: 'number' }] } as const satisfies Members;
const METER = { untrusted: 'boolean', injected: 'boolean', sensitive: 'boolean', refusals: 'number' } as const satisfies Members;
const DECISION = { verdict: 'word', policies: ['word'], observed: [{ id: 'word', effect: 'word' }] } as const satisfies Members;

export const METADATA_MEMBERS: Readonly<Record<RecordKind, Members>> = {
  engine: { version: 'word', pid: 'number', port: 'number', keys: 'word', records: 'number', abandoned: 'number', through: 'number' },
  policy: { source: 'word', hash: 'word', count: 'number', revision: 'number', ring: 'word' },
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
  hold: DECISION,
  approval: { ending: 'word', choice: 'word', by: 'word', for: 'word', grant: 'word' },
  outcome: { policy: 'word', hold: 'number' },
  uninspected: { what: 'word', why: 'word', way: 'word', action: 'word', method: 'slashed', protocol: 'word', ...SERVER, ...AGENT },
  finding: { action: 'word', label: 'word', tool: 'word', tools: ['word'], ...FINDINGS, ...SERVER },
  fleet: { revision: 'number', ring: 'word', device: 'word', state: 'word' },
  tamper: { key: 'word', keys: 'number' },
  gap: { count: 'number', from: 'word', to: 'word' },
};
