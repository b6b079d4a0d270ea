/** What is wrong with the fleet now, each told once in the log until it is over. */

import type { AuditEntry } from '../../contract/record.ts';
import type { FleetProblem, ProblemKind } from './problem.ts';

/** Each has one problem at a time; the first that has one is what a person is told. */
const ABOUT = ['sync', 'kept', 'identity'] as const;
export type About = (typeof ABOUT)[number];

export interface Problems {
  set(about: About, problem: FleetProblem): void;
  clear(about: About): void;
  /** One sentence; null where all is well. */
  sentence(): string | null;
}

const VERDICTS: Partial<Record<ProblemKind, string>> = { 'identity-copied': 'identity-copied', 'not-kept': 'not-kept' };

/** `told` outlives restarts: what is in it is in the log already. */
export function createProblems(options: {
  readonly told: string[];
  readonly place: { readonly url: string; readonly ring: string };
  record(entry: AuditEntry): void;
  log(message: string): void;
}): Problems {
  const { told, place, record, log } = options;
  const current = new Map<About, FleetProblem>();

  return {
    set(about, problem) {
      const before = current.get(about);
      current.set(about, problem);
      if (before?.message !== problem.message) log(problem.message);
      const mark = `${about}:${problem.kind}`;
      if (told.includes(mark)) return;
      told.push(mark);
      const verdict = VERDICTS[problem.kind] ?? (problem.outage ? 'unreachable' : 'refused');
      record({ kind: 'fleet', verdict, summary: problem.message, data: { problem: problem.kind, ...place } });
    },
    clear(about) {
      current.delete(about);
      for (const mark of told.filter((found) => found.startsWith(`${about}:`))) told.splice(told.indexOf(mark), 1);
    },
    sentence: () => ABOUT.flatMap((about) => current.get(about)?.message ?? []).at(0) ?? null,
  };
}
