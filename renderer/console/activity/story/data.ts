/** What a record's data says, read without trusting that it is there. */

import type { AuditRecord } from '../../../../main/contract/record.ts';
import type { Cost } from './step.ts';

export function textIn({ data }: AuditRecord, key: string): string | null {
  const value = data[key];
  return typeof value === 'string' && value !== '' ? value : null;
}

/** The texts called `name` of the things listed under `key`. */
export function textsIn({ data }: AuditRecord, key: string, name: string): readonly string[] {
  const things = data[key];
  if (!Array.isArray(things)) return [];
  return things.flatMap((thing) => {
    const value = objectOf(thing)[name];
    return typeof value === 'string' ? [value] : [];
  });
}

/** Labels of what detectors found, and of what was taken out for it. */
export function labelsIn(record: AuditRecord): readonly string[] {
  const own = record.kind === 'finding' ? textIn(record, 'label') : null;
  return [...(own === null ? [] : [own]), ...textsIn(record, 'findings', 'label'), ...Object.keys(objectOf(record.data.redacted))];
}

/** Of an exchange that a model has worked for; else null. */
export function costOf(exchange: AuditRecord): Cost | null {
  const { tokens, costMicroUsd } = objectOf(exchange.data.counted);
  const told = [exchange.data.inputTokens, exchange.data.outputTokens].filter(isCount);
  const all = isCount(tokens) ? tokens : told.length > 0 ? told.reduce((sum, some) => sum + some, 0) : null;
  const usd = isCount(costMicroUsd) ? costMicroUsd / 1e6 : null;
  return all === null && usd === null ? null : { usd, tokens: all };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function objectOf(value: unknown): { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as { readonly [key: string]: unknown }) : {};
}
