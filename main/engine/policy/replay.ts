/** Runs a draft over the past: what it would have said of each recorded action, and where that differs from what was said. */

import { userOf } from '../../contract/action.ts';
import type { AuditRecord } from '../../contract/record.ts';
import type { VerdictKind } from '../../contract/verdict.ts';
import { isRuledOut } from './conditions.ts';
import type { Policy } from './engine.ts';
import { createPast, type PastAction } from './past-actions.ts';
import { policyRequest } from './request.ts';

/** A record as it is handed in; twice in the same order, since what came of an action is told after it. */
export interface ReplayRecord {
  readonly record: AuditRecord;
  readonly gone: boolean;
  readonly text: () => string | null;
}

export type Verdicts = Readonly<Record<VerdictKind, number>>;

export interface Replay {
  /** Actions that the draft was asked about. */
  readonly replayed: number;
  readonly would: Verdicts;
  readonly was: Verdicts;
  /** Policies of the draft that would have asked, redacted or refused, the most frequent first. */
  readonly policies: readonly { readonly id: string; readonly effect: VerdictKind; readonly actions: number }[];
  /** What the draft only observes. */
  readonly observed: readonly { readonly id: string; readonly effect: VerdictKind; readonly actions: number }[];
  readonly agents: readonly Share[];
  readonly users: readonly Share[];
  readonly changes: readonly Change[];
  /** Never silently: why, and which. */
  readonly notReplayed: readonly { readonly why: string; readonly records: readonly number[] }[];
}

export interface Share {
  readonly name: string;
  readonly would: Verdicts;
  readonly was: Verdicts;
}

export interface Change {
  /** Number of the action's record. */
  readonly record: number;
  readonly at: string;
  readonly agent: string;
  readonly user: string;
  readonly summary: string;
  readonly was: VerdictKind;
  readonly would: VerdictKind;
  readonly policies: readonly string[];
  readonly reason: string;
  /** What came of the question, where one was asked: released, refused, abandoned. */
  readonly ended?: string;
}

/** Asked at the same time: the worker has always something to do. */
const TOGETHER = 32;

/** `records` gives the same records each time it is called. */
export async function replay(records: () => Iterable<ReplayRecord>, draft: Policy): Promise<Replay> {
  const past = createPast(records());
  const tally = createTally();
  let open: Promise<void>[] = [];
  for (const { record, gone, text } of records()) {
    const found = past.actionOf(record, gone, text);
    if (!found) continue;
    if ('why' in found) tally.left(found.why, record.seq);
    else open.push(judge(found));
    if (open.length < TOGETHER) continue;
    await Promise.all(open);
    open = [];
  }
  await Promise.all(open);
  return tally.result();

  async function judge(found: PastAction): Promise<void> {
    const needed = unknownTo(found, draft);
    if (needed) return tally.left(needed, found.record.seq);
    const decision = await draft.decide(found.action, found.understanding, false);
    if (decision.failure !== undefined) return tally.left(`The draft could not be evaluated: ${decision.failure}`, found.record.seq);
    tally.add(found, decision);
  }
}

/** Why the draft's word on it would be a guess: a policy that may match speaks of what the record does not tell. */
function unknownTo({ action, understanding, unknown }: PastAction, draft: Policy): string | undefined {
  if (unknown.size === 0) return undefined;
  const request = policyRequest(action, understanding, false);
  for (const policy of draft.policies()) {
    const { requirement, mentions, id } = policy;
    const told = mentions.find(({ attribute }) => unknown.has(attribute));
    if (!told) continue;
    const certain = requirement && !unknown.has(requirement.attribute) ? policy : { actions: policy.actions };
    if (!isRuledOut(certain, request)) return `The record does not tell context.${told.attribute}, which policy ${id} speaks of.`;
  }
  return undefined;
}

function createTally() {
  const would = createCount();
  const was = createCount();
  const policies = new Map<string, { id: string; effect: VerdictKind; actions: number }>();
  const observed = new Map<string, { id: string; effect: VerdictKind; actions: number }>();
  const shares = { agents: new Map<string, Share>(), users: new Map<string, Share>() };
  const changes: Change[] = [];
  const left = new Map<string, number[]>();
  let replayed = 0;

  return {
    left(why: string, seq: number): void {
      const records = left.get(why) ?? [];
      records.push(seq);
      left.set(why, records);
    },
    add(found: PastAction, decision: Awaited<ReturnType<Policy['decide']>>): void {
      const { record, action } = found;
      const agent = action.origin.agent.name;
      const user = userOf(action.origin.agent) ?? '';
      replayed += 1;
      for (const counts of [{ would, was }, shareOf(shares.agents, agent), shareOf(shares.users, user)]) {
        (counts.would as Counts)[decision.verdict] += 1;
        (counts.was as Counts)[found.was] += 1;
      }
      if (decision.verdict !== 'allow') for (const { id, effect } of decision.policies) count(policies, id, effect);
      for (const { id, effect } of decision.observed ?? []) count(observed, id, effect);
      if (decision.verdict === found.was) return;
      changes.push({
        record: record.seq,
        at: record.at,
        agent,
        user,
        summary: record.summary,
        was: found.was,
        would: decision.verdict,
        policies: decision.policies.map(({ id }) => id),
        reason: decision.reason,
        ...(found.ended !== undefined && { ended: found.ended }),
      });
    },
    result: (): Replay => ({
      replayed,
      would,
      was,
      policies: mostFirst(policies),
      observed: mostFirst(observed),
      agents: [...shares.agents.values()],
      users: [...shares.users.values()],
      changes: changes.sort((one, other) => one.record - other.record),
      notReplayed: [...left].map(([why, records]) => ({ why, records: records.sort((one, other) => one - other) })),
    }),
  };
}

type Counts = Record<VerdictKind, number>;

function createCount(): Counts {
  return { allow: 0, redact: 0, ask: 0, deny: 0 };
}

function shareOf(shares: Map<string, Share>, name: string): Share {
  const share = shares.get(name) ?? { name, would: createCount(), was: createCount() };
  shares.set(name, share);
  return share;
}

function count(into: Map<string, { id: string; effect: VerdictKind; actions: number }>, id: string, effect: VerdictKind): void {
  const entry = into.get(id) ?? { id, effect, actions: 0 };
  entry.actions += 1;
  into.set(id, entry);
}

function mostFirst<T extends { readonly actions: number }>(counted: ReadonlyMap<string, T>): T[] {
  return [...counted.values()].sort((one, other) => other.actions - one.actions);
}
