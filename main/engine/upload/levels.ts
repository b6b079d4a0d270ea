/** How much of a record leaves, by the level that the settings choose. Never more than the log has kept. */

import type { AuditRecord, Json } from '../../contract/record.ts';
import type { Settings } from '../../contract/settings.ts';
import { METADATA_MEMBERS, type Members, type Shape } from './metadata-members.ts';

export type Level = NonNullable<Settings['audit']['upload']>['content'];

/**
 * The record as it leaves. At `metadata`: its columns, the listed members of its `data`, and in the summary's place what the columns say,
 * since a summary quotes commands. The hashes of its blocks do not leave either: a short text can be guessed from its hash.
 */
export function leaving(record: AuditRecord, level: Level): AuditRecord {
  if (level !== 'metadata') return record;
  const { kind, verdict, agent, data } = record;
  return {
    ...record,
    summary: [agent === null ? '' : `${agent}: `, kind, verdict === null ? '' : ` ${verdict}`].join(''),
    data: membersOf(data, METADATA_MEMBERS[kind]) as AuditRecord['data'],
    blocks: [],
  };
}

/** Every member with its place, such as `effects[].risk`: for the documentation. */
export function placesOf(members: Members, before = ''): string[] {
  return Object.entries(members).flatMap(([name, shape]) => placesIn(shape, `${before}${name}`));
}

function placesIn(shape: Shape, place: string): string[] {
  if (typeof shape === 'string') return [place];
  return isList(shape) ? placesIn(shape[0], `${place}[]`) : placesOf(shape, `${place}.`);
}

function membersOf(data: { readonly [name: string]: Json }, members: Members): { [name: string]: Json } {
  const kept = Object.entries(members).map(([name, shape]) => [name, Object.hasOwn(data, name) ? shaped(data[name]!, shape) : undefined]);
  return Object.fromEntries(kept.filter(([, value]) => value !== undefined)) as { [name: string]: Json };
}

const MOST = 100;

/** Undefined for what has another shape. */
function shaped(value: Json, shape: Shape): Json | undefined {
  if (shape === 'number' || shape === 'boolean') return typeof value === shape ? value : undefined;
  if (shape === 'word' || shape === 'slashed' || shape === 'name')
    return typeof value === 'string' && TEXTS[shape].test(value) ? value : undefined;
  if (shape === 'file') return typeof value === 'string' ? shaped(value.split(/[\\/]/).at(-1) ?? '', 'name') : undefined;
  if (shape === 'key') return typeof value === 'string' && /^[A-Za-z0-9+/]{43}=$/.test(value) ? value : undefined;
  if (isList(shape)) {
    if (!Array.isArray(value)) return undefined;
    return value.slice(0, MOST).flatMap((member: Json) => shaped(member, shape[0]) ?? []);
  }
  if (!isObject(value)) return undefined;
  if (shape !== 'counts') return membersOf(value, shape);
  const counts = Object.entries(value).filter(([word, count]) => TEXTS.word.test(word) && typeof count === 'number');
  return Object.fromEntries(counts.slice(0, MOST));
}

/** What others choose is as short as a name is. None is like a path: `/etc`, `~/notes`, `./x`, `C:\x`. */
const TEXTS = {
  word: /^(?!\.)[\p{L}\p{N}._:@+-]{1,200}$/u,
  slashed: /^(?![/.]|[A-Za-z]:\/)[\p{L}\p{N}._:@+/-]{1,200}$/u,
  name: /^(?!\.)[\p{L}\p{N} ._:@+&()’'-]{1,100}$/u,
} as const;

function isList(shape: Shape): shape is readonly [Shape] {
  return Array.isArray(shape);
}

function isObject(value: Json): value is { readonly [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
