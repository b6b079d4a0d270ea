/** A replay, as far as it is shown: its numbers whole, its lists by their beginnings, and each text of a bounded length. */

import { type DraftReplay, MOST_CHANGES } from '../../contract/policy-desk.ts';
import { visibleLine } from '../approvals/visible.ts';
import { type PolicyProblem, problemLine } from '../policy/problems.ts';
import type { Change, Replay, Share } from '../policy/replay.ts';

interface Draft {
  readonly dir: string;
  readonly hash: string;
  readonly count: number;
  readonly warnings: readonly PolicyProblem[];
}

const MAX_LINE = 500;
const MOST_PROBLEMS = 200;
const MOST_WARNINGS = 50;
const MOST_POLICIES = 100;
const MOST_SHARES = 50;
const MOST_REASONS = 50;
const MOST_NUMBERS = 20;
const MOST_DECIDING = 20;

export function boundedReplay({ dir, hash, count, warnings }: Draft, since: Date, replay: Replay): DraftReplay {
  const { replayed, would, was, policies, observed, agents, users, changes, notReplayed } = replay;
  const newest = changes.toSorted((one, other) => other.record - one.record);
  return {
    state: 'replayed',
    ...{ dir, hash, count, replayed, would, was },
    since: since.toISOString(),
    warnings: warnings.slice(0, MOST_WARNINGS).map(lineOf),
    policies: policies.slice(0, MOST_POLICIES).map((policy) => ({ ...policy })),
    observed: observed.slice(0, MOST_POLICIES).map((policy) => ({ ...policy })),
    agents: agents.slice(0, MOST_SHARES).map(shareOf),
    users: users.slice(0, MOST_SHARES).map(shareOf),
    changes: newest.slice(0, MOST_CHANGES).map(changeOf),
    moreChanges: Math.max(0, changes.length - MOST_CHANGES),
    notReplayed: notReplayed.slice(0, MOST_REASONS).map(({ why, records }) => ({
      why: short(why),
      count: records.length,
      records: records.slice(0, MOST_NUMBERS),
    })),
  };
}

export function boundedProblems(dir: string, problems: readonly PolicyProblem[]): DraftReplay {
  return {
    state: 'problems',
    dir,
    problems: problems.slice(0, MOST_PROBLEMS).map(lineOf),
    more: Math.max(0, problems.length - MOST_PROBLEMS),
  };
}

function changeOf({ record, at, agent, summary, was, would, policies, reason, ended }: Change) {
  return {
    ...{ record, at, was, would },
    agent: short(agent),
    summary: short(summary),
    policies: policies.slice(0, MOST_DECIDING).map(short),
    reason: short(reason),
    ended: ended === undefined ? null : short(ended),
  };
}

function shareOf({ name, would, was }: Share): Share {
  return { name: short(name), would, was };
}

function lineOf(problem: PolicyProblem): string {
  return short(problemLine(problem));
}

function short(text: string): string {
  return visibleLine(text, MAX_LINE);
}
