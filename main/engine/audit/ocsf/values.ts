/** Values out of a record's data, which says what it likes. */

import type { Json } from '../../../contract/record.ts';

export type JsonObject = { readonly [key: string]: Json };
/** Absent members may be written as undefined or null: `withoutNulls` takes them out. */
export type Loose = undefined | null | boolean | number | string | readonly Loose[] | { readonly [key: string]: Loose };

export function objectIn(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

export function textIn(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function integerIn(value: Json | undefined): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined;
}

/** OCSF knows no null: what is not known is not there. Objects that are empty then are not, either. */
export function withoutNulls(value: Loose): Json | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'object') return value;
  if (isList(value)) return value.flatMap((member) => withoutNulls(member) ?? []);
  const members = Object.entries(value).flatMap(([name, member]): [string, Json][] => {
    const kept = withoutNulls(member);
    return kept === undefined ? [] : [[name, kept]];
  });
  return members.length === 0 ? undefined : Object.fromEntries(members);
}

function isList(value: Loose): value is readonly Loose[] {
  return Array.isArray(value);
}
