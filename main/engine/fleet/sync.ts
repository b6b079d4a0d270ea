/** Keeps this device at its fleet's policy: what was kept is in force at once, and what is newer as soon as it is verified. */

import type { FleetStatus } from '../../contract/control.ts';
import { messageOf } from '../../contract/errors.ts';
import { writeFileAtomically } from '../data-dir.ts';
import { bundlePath, type FleetBundle } from './bundle.ts';
import { chooseBundle } from './choose.ts';
import { enrolment } from './enrolment.ts';
import { createFleetFetcher, type FleetFetcher } from './fetcher.ts';
import { type KnownMetadata, openKeptFiles } from './kept.ts';
import { createFleetMemory } from './memory.ts';
import { FleetProblem, problemOf } from './problem.ts';
import { createProblems } from './problems.ts';
import type { Listed } from './repository-client.ts';
import { createSchedule } from './schedule.ts';
import { createSeenTime } from './seen-time.ts';
import type { SignedFiles } from './signed-files.ts';
import type { FleetSync, FleetSyncOptions } from './sync-options.ts';

/** Tests of a bundle that failed fail again; a time-out of theirs, or an odd moment, may not. */
const RETRY_MS = 3_600_000;

const STALE =
  'The fleet’s policy on this device is older than permitted, or is gone. It is renewed as soon as the policy server can be reached.';

export function createFleetSync(options: FleetSyncOptions): FleetSync {
  const { settings, dir, identity, engineVersion, activate, highest, record, log = () => {}, now = Date.now } = options;
  const { ring, root: pinnedRoot, enrolmentToken } = settings;
  const url = settings.url.replace(/\/+$/, '');
  const kept = openKeptFiles({ dir, seal: identity.seal, write: options.write ?? writeFileAtomically });
  const memory = createFleetMemory({ dir, kept, log });
  const { state } = memory;
  const seen = createSeenTime({ now, uptime: options.uptime ?? (() => performance.now()), seen: state.seenAt });
  const listeners = new Set<() => void>();
  const closing = new AbortController();

  const problems = createProblems({ told: state.told, place: { url, ring }, record, log });

  let inForce: { readonly ring: string; readonly revision: number } | undefined;
  /** Was not put in force. As long as it is what is published it is not tried again before then (ms since 1970). */
  let rejected: { readonly hash: string; readonly problem: unknown; readonly until: number } | undefined;
  /** Metadata that was verified last. */
  let known: KnownMetadata | undefined;
  let fetcher: FleetFetcher | undefined;
  let outcome: 'starting' | 'current' | 'offline' | 'refused' = 'starting';
  let looking: Promise<boolean> | undefined;

  const schedule = createSchedule({
    intervalMs: settings.intervalSeconds * 1000,
    random: options.random ?? Math.random,
    setTimer: options.setTimer ?? systemTimer,
    look,
    ...(options.network && { network: options.network }),
  });

  return {
    async start() {
      introduce();
      await restore();
      settle();
      if (!closing.signal.aborted) schedule.start();
    },
    syncNow: () => look().then(() => {}),
    status,
    staleMode: () => (isStale() ? settings.whenStale : undefined),
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async close() {
      closing.abort();
      schedule.stop();
      await looking;
    },
  };

  function status(): FleetStatus {
    const stale = isStale();
    return {
      url,
      ring,
      device: identity.device,
      revision: inForce?.revision ?? null,
      state: stale ? 'stale' : outcome,
      confirmedAt: state.confirmedAt === null ? null : new Date(state.confirmedAt).toISOString(),
      problem: problems.sentence() ?? (stale ? STALE : null),
    };
  }

  /** Also where a policy was in force once and is gone or replaced by an older one: somebody may have removed it to be rid of it. */
  function isStale(): boolean {
    if (inForce === undefined ? highest.get() > 0 : inForce.ring === ring && inForce.revision < highest.get()) return true;
    return inForce !== undefined && seen.read() - (state.confirmedAt ?? 0) > settings.maxAgeHours * 3_600_000;
  }

  function look(): Promise<boolean> {
    looking ??= lookOnce()
      .catch((thrown: unknown) => {
        log(`looking for a new policy failed: ${messageOf(thrown)}`);
        return false;
      })
      .finally(() => {
        looking = undefined;
      });
    return looking;
  }

  async function lookOnce(): Promise<boolean> {
    if (closing.signal.aborted) return false;
    try {
      await bringUpToDate().finally(() => fetcher?.disconnect());
      outcome = 'current';
      problems.clear('sync');
    } catch (thrown) {
      if (closing.signal.aborted) return false;
      const problem = thrown instanceof FleetProblem ? thrown : problemOf('internal', url, messageOf(thrown), thrown);
      outcome = problem.outage ? 'offline' : 'refused';
      problems.set('sync', problem);
    }
    settle();
    return outcome === 'current';
  }

  async function bringUpToDate(): Promise<void> {
    const { lookForBundles } = await import('./repository-client.ts');
    const { verifySignedFiles } = await import('./verify-cached.ts');
    if (fetcher === undefined) {
      const found = memory.metadata(({ files }) => verifySignedFiles(pinnedRoot, files));
      known = found?.url === url ? found : undefined;
      fetcher = openFetcher();
    }
    const at = new Date(now());
    const asked = { url, ring, pinnedRoot, known: known?.files, fetcher, at, signal: closing.signal };
    const found = await lookForBundles(asked);
    const verified = verifyTogether(() => verifySignedFiles(pinnedRoot, found.files));
    verified.find(bundlePath(ring, 0));
    const expired = verified.expiredAt(seen.read());
    if (expired.length > 0) {
      // It holds by the clock, not by the latest time seen. Only something that was signed since can tell that the clock is right.
      if (verified.timestampVersion <= state.timestampVersion) throw problemOf('freeze', url, 'this machine’s clock was set back');
      seen.trust();
      rejected = undefined;
    }
    known = { url, etag: etagOf(fetcher, found.files), files: found.files };
    memory.keepMetadata(known);
    const floor = Math.max(highest.get(), inForce?.ring === ring ? inForce.revision : 0);
    const choice = chooseBundle(found.listed, { device: identity.device, ring, floor });
    switch (choice.kind) {
      case 'nothing':
        throw problemOf('nothing-published', url, ring);
      case 'rollback':
        throw problemOf('rollback', url, `revision ${choice.newest} after ${floor}`);
      case 'take':
        await take(choice.listed, found.files, found.fetchBundle);
        break;
      case 'wait':
        break;
    }
    state.confirmedAt = seen.read();
    state.timestampVersion = Math.max(state.timestampVersion, verified.timestampVersion);
  }

  /** tuf-js takes kept metadata of the right version as it is; here it must be, byte for byte, what was signed. */
  function verifyTogether<T>(verify: () => T): T {
    try {
      return verify();
    } catch (thrown) {
      throw problemOf('mix-and-match', url, messageOf(thrown), thrown);
    }
  }

  async function take({ note, target }: Listed, files: SignedFiles, fetchBundle: (listed: Listed) => Promise<Buffer>): Promise<void> {
    const { revision } = note;
    if (inForce?.ring === ring && inForce.revision === revision) return;
    const hash = JSON.stringify(target.hashes);
    if (rejected?.hash === hash && seen.read() < rejected.until) throw rejected.problem;
    const bytes = await fetchBundle({ note, target });
    try {
      await putInForce(await unpackAs(bytes, revision));
    } catch (thrown) {
      rejected = { hash, problem: thrown, until: seen.read() + RETRY_MS };
      throw thrown;
    }
    rejected = undefined;
    const previous = inForce?.revision ?? null;
    inForce = { ring, revision };
    memory.keepLastGood({ path: bundlePath(ring, revision), ring, revision, files, bundle: bytes });
    const summary = `Revision ${revision} of the fleet’s policy for ${ring} is in force`;
    record({ kind: 'fleet', verdict: 'accepted', summary, data: { url, ring, revision, previous } });
  }

  async function unpackAs(bytes: Buffer, revision: number): Promise<FleetBundle> {
    const { unpackAs } = await import('./kept-policy.ts');
    return unpackAs(bytes, { ring, revision, url });
  }

  async function putInForce(bundle: FleetBundle): Promise<void> {
    closing.signal.throwIfAborted();
    await activate(bundle).catch((thrown: unknown) => {
      throw problemOf('not-activated', url, `revision ${bundle.revision}: ${messageOf(thrown).replace(/\.$/, '')}`, thrown);
    });
  }

  /** With no network: what was in force before the restart. */
  async function restore(): Promise<void> {
    try {
      const found = kept.lastGood();
      if (found === undefined) return;
      const { verifyLastGood } = await import('./kept-policy.ts');
      const { bundle, expired, otherRoot } = await verifyLastGood(found, { pinnedRoot, url, at: seen.read() });
      await putInForce(bundle);
      inForce = { ring: bundle.ring, revision: bundle.revision };
      if (otherRoot) problems.set('sync', problemOf('unknown-root', url, 'what is in force was signed under another one'));
      else if (expired.length > 0) log(`the kept policy of the fleet has expired (${expired.join(', ')}); it stays in force`);
    } catch (thrown) {
      if (closing.signal.aborted) return;
      problems.set('sync', thrown instanceof FleetProblem ? thrown : problemOf('cache-broken', url, messageOf(thrown), thrown));
    }
  }

  function introduce(): void {
    if (identity.copied) problems.set('identity', problemOf('identity-copied', url, `device ${identity.device}`));
    else problems.clear('identity');
    if (enrolmentToken === undefined) return;
    const enrolled = enrolment({ identity, token: enrolmentToken, url, ring, version: engineVersion, mark: state.enrolled });
    if (enrolled === undefined) return;
    record(enrolled.entry);
    state.enrolled = enrolled.mark;
  }

  function settle(): void {
    const reached = inForce?.ring === ring ? inForce.revision : 0;
    memory.attempt(() => {
      if (reached > highest.get()) highest.set(reached);
    });
    state.seenAt = seen.read();
    const fault = memory.settle();
    if (fault === undefined) problems.clear('kept');
    else problems.set('kept', problemOf('not-kept', url, fault));
    for (const listener of listeners) listener();
  }

  function openFetcher(): FleetFetcher {
    const timestamp = known?.files.roles.get('timestamp');
    return createFleetFetcher({
      url,
      ...(enrolmentToken !== undefined && { token: enrolmentToken }),
      ...(options.extraCaPem !== undefined && { extraCaPem: options.extraCaPem }),
      ...(options.proxy && { proxy: options.proxy }),
      ...(options.timeoutMs !== undefined && { timeoutMs: options.timeoutMs }),
      ...(known?.etag !== undefined && timestamp && { remembered: { etag: known.etag, body: timestamp } }),
    });
  }
}

/** It is worth nothing without the body it was for. */
function etagOf(fetcher: FleetFetcher, { roles }: SignedFiles): string | undefined {
  const remembered = fetcher.remembered();
  const timestamp = roles.get('timestamp');
  return timestamp && remembered?.body.equals(timestamp) ? remembered.etag : undefined;
}

function systemTimer(run: () => void, ms: number): () => void {
  const timer = setTimeout(run, ms).unref();
  return () => clearTimeout(timer);
}
