/** Who, where, when, with which model and at what cost: gathered from a session's records in one pass. */

import type { Json } from '../../../contract/record.ts';
import { type Row, readBody } from '../rows.ts';

export interface ModelUse {
  readonly model: string;
  readonly provider: string;
  exchanges: number;
  inputTokens: number;
  outputTokens: number;
  /** Millionths of a US dollar, at list prices. */
  costMicroUsd: number;
  /** Exchanges that have no price. */
  unpriced: number;
  /** Some of it was counted by length, because the provider did not say. */
  estimated: boolean;
}

export interface SessionFacts {
  /** ISO 8601 of the first and last record; undefined where there is none. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** Each in the order in which it was first seen, at most a handful. */
  readonly agents: readonly string[];
  readonly users: readonly string[];
  readonly programs: readonly string[];
  readonly startedBy: readonly string[];
  readonly folders: readonly string[];
  readonly hosts: readonly string[];
  readonly models: readonly ModelUse[];
  readonly exchanges: number;
  readonly findings: number;
  readonly uninspected: number;
  /** Records whose body retention has taken out. */
  readonly purged: number;
  /** Capture levels that records were kept at. */
  readonly captures: readonly string[];
}

/** More would be no list that a person reads. */
const MOST = 8;
const MOST_MODELS = 40;

export function factsOf(rows: Iterable<Row>): SessionFacts {
  const [agents, users, programs, startedBy, folders, hosts, captures] = Array.from({ length: 7 }, () => new Set<string>()) as [
    Set<string>,
    Set<string>,
    Set<string>,
    Set<string>,
    Set<string>,
    Set<string>,
    Set<string>,
  ];
  const models = new Map<string, ModelUse>();
  let from: string | undefined;
  let to: string | undefined;
  let [exchanges, findings, uninspected, purged] = [0, 0, 0, 0];

  for (const row of rows) {
    from = from === undefined || row.at < from ? row.at : from;
    to = to === undefined || row.at > to ? row.at : to;
    add(hosts, row.host);
    if (row.kind === 'exchange') exchanges += 1;
    if (row.kind === 'finding') findings += 1;
    if (row.kind === 'uninspected') uninspected += 1;
    const body = readBody(row.body);
    if (row.body === null) purged += 1;
    if (!body) {
      add(agents, row.agent);
      continue;
    }
    const { data } = body;
    add(captures, body.capture);
    const version = textIn(data.agentVersion);
    if (row.agent !== null && 'agentVersion' in data) add(agents, version === null ? row.agent : `${row.agent} ${version}`);
    add(startedBy, textIn(data.startedBy));
    add(folders, textIn(data.workspace));
    const process = objectIn(data.process);
    add(users, textIn(process.user));
    add(programs, textIn(process.executable));
    if (row.kind === 'exchange') use(data);
  }
  const lists = { agents, users, programs, startedBy, folders, hosts, captures };
  const listed = Object.fromEntries(Object.entries(lists).map(([name, set]) => [name, [...set]])) as Record<keyof typeof lists, string[]>;
  return { from, to, ...listed, models: [...models.values()], exchanges, findings, uninspected, purged };

  function use(data: { readonly [key: string]: Json }): void {
    const model = textIn(data.responseModel) ?? textIn(data.model);
    if (model === null) return;
    const provider = textIn(data.provider) ?? '';
    const key = JSON.stringify([model, provider]);
    const fresh = { model, provider, exchanges: 0, inputTokens: 0, outputTokens: 0, costMicroUsd: 0, unpriced: 0, estimated: false };
    const used = models.get(key) ?? fresh;
    if (!models.has(key) && models.size >= MOST_MODELS) return;
    models.set(key, used);
    const counted = objectIn(data.counted);
    const cost = numberIn(counted.costMicroUsd);
    used.exchanges += 1;
    used.inputTokens += numberIn(data.inputTokens) ?? 0;
    used.outputTokens += numberIn(data.outputTokens) ?? 0;
    used.costMicroUsd += cost ?? 0;
    if (cost === null) used.unpriced += 1;
    if (counted.estimated === true) used.estimated = true;
  }
}

/** UTF-16 units. Whatever is longer is no name and no reason, and stands whole in the records. */
const MOST_TEXT = 1_000;
/** Of a list. */
const MOST_ITEMS = 50;

export function textIn(value: Json | undefined): string | null {
  if (typeof value !== 'string' || value === '') return null;
  return value.length > MOST_TEXT ? `${value.slice(0, MOST_TEXT).toWellFormed()}…` : value;
}

export function numberIn(value: Json | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;
}

export function objectIn(value: Json | undefined): { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as { readonly [key: string]: Json }) : {};
}

export function listIn(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]).slice(0, MOST_ITEMS) : [];
}

function add(set: Set<string>, value: string | null): void {
  if (value !== null && set.size < MOST) set.add(value);
}
