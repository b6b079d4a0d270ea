/** What the failsafe needs to know, and what it tells: it stands in for an engine that cannot run, and shares nothing with it but these files. */

import { z } from 'zod';

/** In the data folder, written by the engine: what to do while there is none. Private, since a proxy's credentials may be in it. */
export const FAILSAFE_PLAN = 'failsafe.json';
/** In the data folder, written by the failsafe: what happened meanwhile. The next engine makes records of it. */
export const FAILSAFE_GAPS = 'failsafe-gaps.json';
/** Where clients look for the engine, while the failsafe runs. */
export const FAILSAFE_STATE = 'failsafe-state.json';

/** What happens to connections to providers while the engine cannot run. */
export const CRASH_LOOP_MODES = ['block', 'bypass'] as const;
export type CrashLoopMode = (typeof CRASH_LOOP_MODES)[number];

const port = z.int().min(1).max(65535);
const mode = z.enum(CRASH_LOOP_MODES);

export const failsafePlanSchema = z.object({
  version: z.literal(1),
  port,
  mode,
  /** Patterns of the hosts that the engine would have read. */
  hosts: z.array(z.string().min(1).max(253)).max(20_000),
  /** Whom to ask. */
  contact: z.string().max(200).optional(),
  /** How hosts are reached, as in the settings. */
  upstream: z.object({
    resolve: z.record(z.string(), z.string()),
    parentProxy: z.string().optional(),
    pac: z.string().optional(),
    noProxy: z.array(z.string()).optional(),
    extraCaFile: z.string().optional(),
  }),
});
export type FailsafePlan = z.infer<typeof failsafePlanSchema>;

const count = z.int().min(0);
export const failsafeGapSchema = z.object({
  mode,
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  /** Connections to providers, by host. */
  hosts: z.record(z.string().max(253), count),
});
export type FailsafeGap = z.infer<typeof failsafeGapSchema>;
export const failsafeGapsSchema = z.object({ version: z.literal(1), gaps: z.array(failsafeGapSchema).max(1000) });

export const failsafeStateSchema = z.object({
  version: z.literal(1),
  mode,
  since: z.iso.datetime(),
  /** Connections to providers that were refused, or went through unguarded. */
  connections: count,
});
export type FailsafeState = z.infer<typeof failsafeStateSchema>;

/** For a person who asks where the guard is. */
export function failsafeSentence({ mode, since, connections }: FailsafeState): string {
  const count = `${connections} ${connections === 1 ? 'connection' : 'connections'}`;
  const meanwhile =
    mode === 'block'
      ? `AI providers are out of reach meanwhile (${count} refused); all else goes on.`
      : `NOTHING IS GUARDED meanwhile: ${count} to AI providers went through unread.`;
  return `The guard cannot run since ${new Date(since).toLocaleString()}: it failed again and again. ${meanwhile} It is tried again every minute.`;
}
