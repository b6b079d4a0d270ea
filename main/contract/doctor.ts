/** What is wrong with the guard on this machine: checks, what each says, and what repairs it. */

import { z } from 'zod';

/** In the order in which a person looks for a fault: is it there, is it trusted, is it used, is it gone past. */
export const CHECK_GROUPS = ['engine', 'agents', 'bypass', 'trust', 'machine'] as const;
export type CheckGroup = (typeof CHECK_GROUPS)[number];

/**
 * - `ok`: as it should be
 * - `warning`: it guards, and somebody should look
 * - `problem`: it does not guard as it should
 * - `unknown`: nobody can tell here
 * - `absent`: there is no such thing on this machine
 */
export const CHECK_STATES = ['problem', 'warning', 'unknown', 'ok', 'absent'] as const;
export type CheckState = (typeof CHECK_STATES)[number];

export const MOST_CHECKS = 200;
const sentence = z.string().max(2_000);
const checkId = z.string().min(1).max(120);

export const checkFixSchema = z.strictObject({
  /** What it takes, and what that would change. */
  says: sentence,
  /** To be typed in a terminal. */
  command: z.string().max(1_000).optional(),
  /** `holdpoint doctor --fix` does it, as whoever runs it. */
  repairs: z.boolean(),
  /** Only an administrator can. */
  root: z.boolean(),
});
export type CheckFix = z.infer<typeof checkFixSchema>;

export const checkResultSchema = z.strictObject({
  id: checkId,
  group: z.enum(CHECK_GROUPS),
  title: z.string().max(200),
  state: z.enum(CHECK_STATES),
  /** What is so, and where. Foreign words in it are shown as such. */
  says: sentence,
  fix: checkFixSchema.optional(),
});
export type CheckResult = z.infer<typeof checkResultSchema>;

/** What `holdpoint doctor --json` tells, a line each, as it comes to be known. */
export const doctorEventSchema = z.discriminatedUnion('event', [
  z.strictObject({ event: z.literal('begun'), checks: z.int().min(0).max(MOST_CHECKS) }),
  z.strictObject({ event: z.literal('checked'), result: checkResultSchema }),
  /** With `--fix`: what was done for a check. `ok` is false where it could not be. */
  z.strictObject({ event: z.literal('repaired'), id: checkId, ok: z.boolean(), says: sentence }),
  z.strictObject({ event: z.literal('ended'), engine: z.boolean(), problems: z.int().min(0) }),
]);
export type DoctorEvent = z.infer<typeof doctorEventSchema>;

/** Problems first, and of those that are as bad in the order of their groups; else as they came. */
export function worstFirst(results: readonly CheckResult[]): readonly CheckResult[] {
  return CHECK_STATES.flatMap((state) =>
    CHECK_GROUPS.flatMap((group) => results.filter((result) => result.state === state && result.group === group)),
  );
}

export function isWrong({ state }: Pick<CheckResult, 'state'>): boolean {
  return state === 'problem' || state === 'warning';
}

/** How the checks go, between the app and its page. */
export interface DoctorView {
  readonly state: 'idle' | 'running' | 'ended' | 'failed';
  /** How many there are; 0 until that is known. */
  readonly of: number;
  readonly results: readonly CheckResult[];
  /** When they ended last (ISO 8601); null where they never have. */
  readonly at: string | null;
  /** The check that is being repaired; null where none is. */
  readonly repairing: string | null;
  /** What became of the last repair, or why the checks failed; null where there is nothing to say. */
  readonly told: { readonly ok: boolean; readonly says: string } | null;
}
