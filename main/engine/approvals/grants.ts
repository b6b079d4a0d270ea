/** Remembered answers: which action they release, until when, and how they outlive the engine. */

import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { type HeldAction, userOf } from '../../contract/action.ts';
import { type Grant, grantSchema } from '../../contract/approval.ts';
import { HoldpointError, messageOf } from '../../contract/errors.ts';
import { writeFileAtomically } from '../data-dir.ts';
import type { Inquiry } from '../guard/world.ts';
import { grantsOf } from './question.ts';

/** An answer counts at most this long. */
export const GRANT_MS = 8 * 60 * 60 * 1000;
const MAX_STORED = 1_000;
const MAX_STORE_BYTES = 16 * 1024 * 1024;

/**
 * A grant, and what narrows it beyond what a person reads: it counts for the agent that asked, its user, and where it stood,
 * since "rm -rf build" is another action in another folder.
 */
const heldSchema = z.strictObject({ grant: grantSchema, agent: z.string(), cwd: z.string().nullable(), user: z.string().nullish() });
type Held = z.infer<typeof heldSchema>;
const storeSchema = z.strictObject({ version: z.literal(1), grants: z.array(heldSchema).max(MAX_STORED) });

export interface Grants {
  /** The grant that releases this inquiry's action; a `next` grant is used up by it. */
  use(inquiry: Inquiry): Grant | undefined;
  add(grant: NewGrant): Grant;
  /** Those of this user; all where it is undefined. */
  list(user?: string): Grant[];
  /** Throws `not-found`; throws `data-dir-unusable` where it cannot be forgotten for good, and then it stays listed. */
  revoke(id: string, user?: string): void;
}

export interface NewGrant {
  readonly scope: Grant['scope'];
  readonly inquiry: Inquiry;
  readonly title: string;
  readonly text: string;
}

export interface GrantsOptions {
  /** File that workspace grants are kept in (0600). */
  readonly store: string;
  readonly now: () => number;
  readonly newId: () => string;
  /** Told in a sentence when grants cannot be read or kept: nothing is released by what cannot be read. */
  readonly report: (problem: string) => void;
  readonly onExpired: (grant: Grant) => void;
}

export function createGrants({ store, now, newId, report, onExpired }: GrantsOptions): Grants {
  let held: readonly Held[] = load();

  return {
    use(inquiry) {
      prune();
      const found = held.find((candidate) => releases(candidate, inquiry));
      if (found?.grant.scope === 'next') held = held.filter((other) => other !== found);
      return found?.grant;
    },
    add({ scope, inquiry, title, text }) {
      prune();
      const { origin } = inquiry.action;
      const { workspace } = origin;
      const at = now();
      const grant: Grant = {
        id: newId(),
        scope,
        within: scope === 'session' || workspace.state === 'unresolved' ? origin.session : workspace.root,
        title,
        text,
        content: inquiry.content,
        grantedAt: new Date(at).toISOString(),
        expiresAt: new Date(at + GRANT_MS).toISOString(),
      };
      held = [...held, { grant, agent: origin.agent.name, cwd: cwdOf(inquiry.action), user: userOf(origin.agent) ?? null }];
      if (scope === 'workspace') {
        try {
          save(held);
        } catch (thrown) {
          report(`A remembered answer could not be kept in ${store} and ends with this engine: ${messageOf(thrown)}`);
        }
      }
      return grant;
    },
    list(user) {
      prune();
      return held.filter((one) => user === undefined || one.user === user).map(({ grant }) => grant);
    },
    revoke(id, user) {
      prune();
      const found = held.find((one) => one.grant.id === id && (user === undefined || one.user === user));
      if (!found) throw new HoldpointError('not-found', `There is no remembered answer ${id}; it may have ended.`);
      const rest = held.filter((other) => other !== found);
      if (found.grant.scope === 'workspace') {
        try {
          save(rest);
        } catch (thrown) {
          throw new HoldpointError(
            'data-dir-unusable',
            `The remembered answer was not revoked, because ${store} cannot be written: ${messageOf(thrown)}`,
            thrown,
          );
        }
      }
      held = rest;
    },
  };

  function releases({ grant, agent, cwd, user = null }: Held, inquiry: Inquiry): boolean {
    const { origin } = inquiry.action;
    // A clock that was set back must not make an answer last longer.
    if (Date.parse(grant.grantedAt) > now()) return false;
    if (user !== (userOf(origin.agent) ?? null)) return false;
    if (grant.content !== inquiry.content || agent !== origin.agent.name || cwd !== cwdOf(inquiry.action)) return false;
    const root = origin.workspace.state === 'known' ? origin.workspace.root : undefined;
    switch (grant.scope) {
      // Policy may have changed since: what it no longer lets a person grant no longer counts.
      case 'session':
        return grant.within === origin.session && grantsOf(inquiry).includes('session');
      case 'workspace':
        return grant.within === root && grantsOf(inquiry).includes('workspace');
      case 'next':
        return grant.within === (root ?? origin.session);
    }
  }

  function prune(): void {
    const expired = held.filter(({ grant }) => Date.parse(grant.expiresAt) <= now());
    if (expired.length === 0) return;
    held = held.filter((candidate) => !expired.includes(candidate));
    for (const { grant } of expired) onExpired(grant);
  }

  function save(all: readonly Held[]): void {
    const grants = all.filter(({ grant }) => grant.scope === 'workspace').slice(-MAX_STORED);
    writeFileAtomically(store, `${JSON.stringify({ version: 1, grants })}\n`);
  }

  function load(): Held[] {
    try {
      const bytes = readFileSync(store);
      if (bytes.length > MAX_STORE_BYTES) throw new Error('it is too long');
      return storeSchema.parse(JSON.parse(bytes.toString('utf8'))).grants.filter(isGenuine);
    } catch (thrown) {
      if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return [];
      report(
        `The remembered answers in ${store} cannot be read, so none of them counts: ${thrown instanceof z.ZodError ? 'it is not what was written' : messageOf(thrown)}`,
      );
      return [];
    }
  }
}

/** Where the action would happen. */
export function cwdOf({ origin }: Pick<HeldAction, 'origin'>): string | null {
  return origin.workspace.state === 'known' ? origin.workspace.cwd : null;
}

/** No engine writes another scope there, or a longer time. */
function isGenuine({ grant }: Held): boolean {
  return grant.scope === 'workspace' && Date.parse(grant.expiresAt) - Date.parse(grant.grantedAt) <= GRANT_MS;
}
