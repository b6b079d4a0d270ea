/** Which event of OCSF 1.9 each kind of record is. Tables: the ids are those of the published schema. */

import type { AuditRecord, Json, RecordKind } from '../../../contract/record.ts';
import { objectIn, textIn } from './values.ts';

export const OCSF_VERSION = '1.9.0';

export interface OcsfClass {
  readonly uid: number;
  readonly name: string;
  readonly category: { readonly uid: number; readonly name: string };
  /** Captions of `activity_id`. */
  readonly activities: Readonly<Record<number, string>>;
  readonly profiles: readonly string[];
}

const OTHER = 99;
const APPLICATION = { uid: 6, name: 'Application Activity' };
const ACTED = ['host', 'security_control', 'ai_operation', 'record_integrity'];

export const CLASSES = {
  api: {
    uid: 6003,
    name: 'API Activity',
    category: APPLICATION,
    activities: { 1: 'Create', 2: 'Read', 3: 'Update', 4: 'Delete', [OTHER]: 'Other' },
    profiles: ACTED,
  },
  lifecycle: {
    uid: 6002,
    name: 'Application Lifecycle',
    category: APPLICATION,
    activities: { 3: 'Start', 4: 'Stop', 8: 'Update', [OTHER]: 'Other' },
    profiles: ['host', 'record_integrity'],
  },
  network: {
    uid: 4001,
    name: 'Network Activity',
    category: { uid: 4, name: 'Network Activity' },
    activities: { 1: 'Open', 4: 'Fail', 5: 'Refuse', [OTHER]: 'Other' },
    profiles: ACTED,
  },
  finding: {
    uid: 2004,
    name: 'Detection Finding',
    category: { uid: 2, name: 'Findings' },
    activities: { 1: 'Create' },
    profiles: ['host', 'security_control', 'record_integrity'],
  },
} as const satisfies Record<string, OcsfClass>;

export const SEVERITIES = { 1: 'Informational', 2: 'Low', 3: 'Medium', 4: 'High', 5: 'Critical' } as const;
export const ACTIONS = { 0: 'Unknown', 1: 'Allowed', 2: 'Denied' } as const;
export const DISPOSITIONS = {
  1: 'Allowed',
  2: 'Blocked',
  8: 'Approved',
  14: 'Delayed',
  15: 'Detected',
  17: 'Logged',
  25: 'Rejected',
  27: 'Error',
  99: 'Other',
} as const;
/** Of an activity; that of a finding speaks of its review, which is not ours. */
export const STATUSES = { 1: 'Success', 2: 'Failure' } as const;

export interface Classified {
  readonly class: keyof typeof CLASSES;
  readonly activity: number;
  /** Instead of the activity's caption, where that is "Other". */
  readonly called?: string;
  readonly severity: keyof typeof SEVERITIES;
  readonly action?: keyof typeof ACTIONS;
  readonly disposition?: keyof typeof DISPOSITIONS;
  readonly status?: keyof typeof STATUSES;
}

const api = (activity: number, more: Partial<Classified> = {}): Classified => ({ class: 'api', activity, severity: 1, ...more });
const finding = (severity: Classified['severity'], more: Partial<Classified> = {}): Classified => ({
  ...{ class: 'finding', activity: 1, severity },
  ...more,
});
const network = (activity: number, more: Partial<Classified> = {}): Classified => ({ class: 'network', activity, severity: 1, ...more });
const lifecycle = (activity: number, more: Partial<Classified> = {}): Classified => ({
  class: 'lifecycle',
  activity,
  severity: 1,
  ...more,
});

const ALLOWED = { action: 1, disposition: 1 } as const;
const BLOCKED = { action: 2, disposition: 2 } as const;
const HELD = { action: 0, disposition: 14 } as const;
const APPROVED = { action: 1, disposition: 8 } as const;
const REJECTED = { action: 2, disposition: 25 } as const;
const DONE = { status: 1 } as const;
const FAILED = { status: 2 } as const;

/** By kind and verdict; `*` where no verdict of the kind fits. */
const TABLE: Readonly<Record<RecordKind, Readonly<Record<string, Classified>>>> = {
  engine: {
    started: lifecycle(3, DONE),
    stopped: lifecycle(4, DONE),
    recovered: lifecycle(OTHER, { called: 'Recover', severity: 3 }),
    purged: lifecycle(OTHER, { called: 'Purge' }),
    '*': lifecycle(OTHER),
  },
  policy: {
    'in-force': lifecycle(8, DONE),
    activated: lifecycle(8, DONE),
    'settings-changed': lifecycle(8, DONE),
    'budget-warning': lifecycle(OTHER, { called: 'Warn of budget', severity: 2 }),
    'bypass-begun': lifecycle(OTHER, { called: 'Suspend enforcement', severity: 4 }),
    'bypass-ended': lifecycle(OTHER, { called: 'Resume enforcement' }),
    '*': lifecycle(8, { severity: 3 }),
  },
  fleet: {
    status: lifecycle(OTHER, { called: 'Report status' }),
    enrolled: lifecycle(OTHER, { called: 'Enrol', ...DONE }),
    accepted: lifecycle(8, DONE),
    refused: lifecycle(8, { severity: 4, ...FAILED }),
    unreachable: lifecycle(8, { severity: 2, ...FAILED }),
    'not-kept': lifecycle(8, { severity: 3, ...FAILED }),
    'identity-copied': lifecycle(OTHER, { called: 'Enrol', severity: 4 }),
    '*': lifecycle(OTHER, { severity: 2 }),
  },
  connection: {
    intercepted: network(1, { ...ALLOWED, ...DONE }),
    tunnelled: network(1, { ...ALLOWED, ...DONE }),
    'header-only': network(1, { ...ALLOWED, ...DONE }),
    followed: network(OTHER, { called: 'Follow', ...ALLOWED }),
    'tls-refused': network(4, { severity: 3, action: 0, disposition: 27, ...FAILED }),
    refused: network(5, { severity: 3, ...BLOCKED, ...FAILED }),
    '*': network(OTHER),
  },
  exchange: {
    complete: api(1, { ...ALLOWED, ...DONE }),
    passed: api(OTHER, { ...ALLOWED, ...DONE }),
    refused: api(1, { severity: 3, ...BLOCKED, ...FAILED }),
    'client-gone': api(1, { ...ALLOWED, ...FAILED }),
    'upstream-failed': api(1, { severity: 2, action: 1, disposition: 27, ...FAILED }),
    '*': api(1),
  },
  action: { '*': api(OTHER, { called: 'Call tool', action: 0, disposition: 17 }) },
  verdict: {
    allow: api(OTHER, { called: 'Decide', ...ALLOWED }),
    ask: api(OTHER, { called: 'Decide', severity: 2, ...HELD }),
    redact: finding(3, { action: 1, disposition: 99 }),
    deny: finding(4, BLOCKED),
    '*': finding(3, { action: 0, disposition: 99 }),
  },
  hold: { '*': api(OTHER, { called: 'Hold', severity: 2, ...HELD }) },
  approval: {
    // Which way it was answered, the data says.
    answered: api(OTHER, { called: 'Answer', ...APPROVED }),
    remembered: api(OTHER, { called: 'Answer', ...APPROVED }),
    'allowed-next': api(OTHER, { called: 'Answer', ...APPROVED }),
    missed: api(OTHER, { called: 'Answer', severity: 2, ...REJECTED }),
    unattended: api(OTHER, { called: 'Answer', severity: 2, ...REJECTED }),
    withdrawn: api(OTHER, { called: 'Withdraw', action: 0, disposition: 99 }),
    revoked: api(OTHER, { called: 'Revoke', action: 0, disposition: 17 }),
    '*': api(OTHER, { called: 'Answer', severity: 2, action: 0, disposition: 99 }),
  },
  outcome: {
    released: api(OTHER, { called: 'Release', ...ALLOWED, ...DONE }),
    refused: finding(4, BLOCKED),
    abandoned: finding(2, BLOCKED),
    '*': finding(3, { action: 0, disposition: 99 }),
  },
  uninspected: { '*': finding(2, { action: 0, disposition: 15 }) },
  finding: { '*': finding(3, { action: 1, disposition: 15 }) },
  tamper: { 'managed-restored': finding(1, { action: 0, disposition: 15 }), '*': finding(5, { action: 0, disposition: 15 }) },
  gap: { '*': finding(4, { action: 0, disposition: 27 }) },
};

export function classify({ kind, verdict, data }: Pick<AuditRecord, 'kind' | 'verdict' | 'data'>): Classified {
  const rows = TABLE[kind];
  const row = (verdict !== null && Object.hasOwn(rows, verdict) ? rows[verdict] : undefined) ?? rows['*']!;
  if (kind === 'exchange' && verdict === 'passed') return { ...row, activity: METHODS[textIn(data.method) ?? ''] ?? OTHER };
  if (kind === 'action') return { ...row, ...TOOLS[textIn(data.toolKind) ?? ''] };
  if (kind === 'approval' && data.choice === 'deny') return { ...row, severity: 2, ...REJECTED };
  if (kind === 'finding') return { ...row, severity: severityOf(data.findings) ?? row.severity };
  return row;
}

export function typeUidOf(record: Pick<AuditRecord, 'kind' | 'verdict' | 'data'>): number {
  const { class: name, activity } = classify(record);
  return CLASSES[name].uid * 100 + activity;
}

const METHODS: Readonly<Record<string, number>> = { POST: 1, GET: 2, HEAD: 2, OPTIONS: 2, PUT: 3, PATCH: 3, DELETE: 4 };

/** What the tool does to what it is for; all others are called. */
const TOOLS: Readonly<Record<string, Partial<Classified>>> = {
  read: { activity: 2 },
  search: { activity: 2 },
  fetch: { activity: 2 },
  edit: { activity: 3 },
  write: { activity: 3 },
};

const LEVELS = { low: 2, medium: 3, high: 4 } as const;

/** The worst of them. */
function severityOf(findings: Json | undefined): Classified['severity'] | undefined {
  const levels = (Array.isArray(findings) ? findings : []).map((one: Json) => objectIn(one).severity);
  const known = levels.flatMap((level) => (level === 'low' || level === 'medium' || level === 'high' ? [LEVELS[level]] : []));
  return known.length === 0 ? undefined : (Math.max(...known) as Classified['severity']);
}
