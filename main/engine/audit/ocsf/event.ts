/**
 * Records as events of the Open Cybersecurity Schema Framework 1.9 (schema.ocsf.io), one each. What the schema has no place for stands
 * under `unmapped`, so that nothing of a record's metadata is lost.
 */

import type { AuditRecord, Json } from '../../../contract/record.ts';
import { ACTIONS, CLASSES, type Classified, classify, DISPOSITIONS, OCSF_VERSION, SEVERITIES, STATUSES, typeUidOf } from './classify.ts';
import {
  actorOf,
  agentOf,
  apiOf,
  destinationOf,
  deviceOf,
  messageContextOf,
  modelOf,
  type OcsfDevice,
  policyOf,
  requestOf,
  responseOf,
} from './parts.ts';
import { type Loose, textIn, withoutNulls } from './values.ts';

export interface OcsfContext {
  readonly device: OcsfDevice;
  /** Of Holdpoint. */
  readonly version: string;
  /** The record before it in the chain; undefined for the first. */
  readonly previous: AuditRecord | undefined;
}

export function ocsfEvent(record: AuditRecord, context: OcsfContext): Json {
  const classified = classify(record);
  const { uid, name, category, activities, profiles } = CLASSES[classified.class];
  const captions: Readonly<Record<number, string>> = activities;
  const time = Date.parse(record.at);
  const event: Loose = {
    class_uid: uid,
    class_name: name,
    category_uid: category.uid,
    category_name: category.name,
    activity_id: classified.activity,
    activity_name: classified.activity === 99 ? (classified.called ?? record.verdict ?? 'Other') : captions[classified.activity],
    type_uid: typeUidOf(record),
    type_name: `${name}: ${captions[classified.activity]}`,
    severity_id: classified.severity,
    severity: SEVERITIES[classified.severity],
    time,
    message: record.summary,
    metadata: {
      version: OCSF_VERSION,
      profiles,
      product: productOf(context),
      uid: record.id,
      sequence: record.seq,
      event_code: record.verdict === null ? record.kind : `${record.kind}.${record.verdict}`,
      correlation_uid: record.exchange,
      original_time: record.at,
      logged_time: time,
      log_name: 'holdpoint/audit/v1',
    },
    device: deviceOf(context.device),
    ...controlOf(record, classified),
    ...BODIES[classified.class](record, context),
    attestation_list: [attestationOf(record, context)],
    unmapped: unmappedOf(record),
  };
  return withoutNulls(event) ?? {};
}

type BodyOf = (record: AuditRecord, context: OcsfContext) => { readonly [key: string]: Loose };

/** What each class has besides what all have. */
const BODIES: Readonly<Record<Classified['class'], BodyOf>> = {
  api: (record, context) => ({
    ...statusOf(record),
    actor: actorOf(record, context.version),
    api: apiOf(record),
    src_endpoint: { hostname: context.device.hostname, uid: context.device.key },
    dst_endpoint: destinationOf(record),
    http_request: requestOf(record),
    http_response: responseOf(record),
    ...aiOf(record),
    message_context: messageContextOf(record),
  }),
  network: (record, context) => ({
    ...statusOf(record),
    actor: actorOf(record, context.version),
    src_endpoint: { hostname: context.device.hostname, uid: context.device.key },
    dst_endpoint: destinationOf(record) ?? { name: textIn(record.summary) ?? 'unknown' },
    ...aiOf(record),
  }),
  lifecycle: (record, context) => ({
    ...statusOf(record),
    // Superseded by `application` in 1.9, and required still by those that know only earlier ones.
    app: productOf(context),
    application: { name: 'Holdpoint', version: context.version },
  }),
  finding: (record, context) => ({
    is_alert: classify(record).severity >= 4,
    finding_info: {
      uid: record.id,
      title: record.summary,
      types: labelsOf(record),
      created_time: Date.parse(record.at),
      desc: textIn(record.data.reason),
    },
    evidences: [
      {
        uid: record.action ?? record.exchange,
        actor: actorOf(record, context.version),
        api: record.exchange === null ? undefined : apiOf(record),
        dst_endpoint: destinationOf(record),
        ai_agent: agentOf(record),
      },
    ],
  }),
};

function productOf({ version }: OcsfContext): Loose {
  return { name: 'Holdpoint', vendor_name: 'Holdpoint', version };
}

/** The profile `security_control`. */
function controlOf(record: AuditRecord, { action, disposition }: Classified): { readonly [key: string]: Loose } {
  if (action === undefined || disposition === undefined) return {};
  return {
    action_id: action,
    action: ACTIONS[action],
    disposition_id: disposition,
    disposition: disposition === 99 ? (record.verdict ?? 'Other') : DISPOSITIONS[disposition],
    policy: policyOf(record),
  };
}

/** The profile `ai_operation`: the model stands with the agent, where there is one. */
function aiOf(record: AuditRecord): { readonly [key: string]: Loose } {
  const agent = agentOf(record);
  return { ai_agent: agent, ai_model: agent === undefined ? modelOf(record.data) : undefined };
}

function statusOf(record: AuditRecord): { readonly [key: string]: Loose } {
  const { status } = classify(record);
  return status === undefined ? {} : { status_id: status, status: STATUSES[status], status_detail: textIn(record.data.failure) };
}

function labelsOf({ kind, verdict, data }: AuditRecord): readonly string[] {
  const found = Array.isArray(data.findings) ? (data.findings as readonly Json[]) : [];
  const labels = found.map((one) => textIn((one as { readonly [key: string]: Json } | null)?.label));
  const named = [...new Set(labels.filter((label) => label !== undefined))];
  return named.length > 0 ? named : [textIn(data.label) ?? `${kind}.${verdict ?? 'none'}`];
}

/**
 * The profile `record_integrity`. The fingerprint is the record's link in Holdpoint's chain, which is over the record and not over this
 * event: docs/audit-log.md says how it is computed. Hence the algorithm is "Other", with a name of its own.
 */
function attestationOf({ hash }: AuditRecord, { device, previous }: OcsfContext): Loose {
  return {
    chain_uid: `holdpoint/audit/v1/${device.key}`,
    authority_uid: device.key,
    fingerprint: fingerprintOf(hash),
    prev_event: previous && { uid: previous.id, type_uid: typeUidOf(previous), fingerprint: fingerprintOf(previous.hash) },
  };
}

function fingerprintOf(value: string): Loose {
  return { algorithm_id: 99, algorithm: 'holdpoint/audit/v1 (SHA-256)', encoding_id: 1, encoding: 'Hex', value };
}

/** Members of a record's data that its event states elsewhere, whole. */
const STATED: Readonly<Record<Classified['class'], readonly string[]>> = {
  api: ['tool', 'callId', 'status', 'inputTokens', 'outputTokens'],
  network: ['port'],
  finding: [],
  lifecycle: [],
};

function unmappedOf(record: AuditRecord): Loose {
  const { kind, verdict, exchange, action, session, blocks } = record;
  const stated = STATED[classify(record).class];
  const rest = Object.fromEntries(Object.entries(record.data).filter(([name]) => !stated.includes(name)));
  return {
    kind,
    verdict,
    session,
    exchange,
    action,
    data: rest,
    content: blocks.length > 0 ? blocks.map(({ role, hash }) => ({ role, hash })) : undefined,
  };
}
