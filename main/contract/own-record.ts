/** Whose a record is. On a machine that one engine guards for all its users, each sees their own of the log, and what concerns everybody. */

/**
 * A person, by login name; `everybody`: what the guard does by itself and what management sets, which is no secret; `nobody`: the process
 * behind it is not known, or it tells of several people. What is nobody's only an admin sees.
 */
export type Owner = { readonly user: string } | 'everybody' | 'nobody';

/** As a draft or a row has it. What an outsider changed can be anything. */
export interface Owned {
  readonly kind: string;
  readonly verdict: string | null;
  readonly data: { readonly [key: string]: unknown };
}

/** UTF-16 units. A name that is cut could be another's. */
const MAX_NAME = 256;

/** Records of which everybody sees the whole: none of them has anything of an agent, a session or a person. */
const EVERYBODYS: ReadonlySet<string> = new Set([
  ...['engine started', 'engine stopped', 'engine recovered', 'engine purged'],
  ...['policy in-force', 'policy activated', 'policy settings-changed', 'policy bypass-begun', 'policy bypass-ended'],
  ...['fleet enrolled', 'fleet accepted'],
  ...['tamper managed-vanished', 'tamper managed-unusable', 'tamper managed-restored', 'tamper key-changed', 'tamper log-gone'],
  ...['tamper file-open', 'tamper file-changed', 'tamper configuration-changed', 'tamper program-changed'],
  'gap lost',
]);

export function ownerOf({ kind, verdict, data }: Owned): Owner {
  const user = userIn(data);
  if (user !== undefined) return { user };
  return EVERYBODYS.has(`${kind} ${verdict}`) ? 'everybody' : 'nobody';
}

/** Login name of the person whose agent it was, as a record's data tells it. */
export function userIn(data: Owned['data']): string | undefined {
  return nameIn(data.user) ?? nameIn(isObject(data.process) ? data.process.user : undefined);
}

/** Whether somebody may see a record as it was written. `user` is absent for an admin, and where the engine is one person's. */
export function isOwn(record: Owned, user: string | undefined): boolean {
  if (user === undefined) return true;
  const owner = ownerOf(record);
  return owner === 'everybody' || (owner !== 'nobody' && owner.user === user);
}

function nameIn(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= MAX_NAME ? value : undefined;
}

function isObject(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
