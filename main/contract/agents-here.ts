/** The agents of the person at this machine, and what it would take to put them behind the guard: between the app and its pages. */

import { z } from 'zod';

/** The most agents of one plan. */
export const MOST_PLANNED = 50;

export interface AgentHere {
  /** Its word on the command line. */
  readonly id: string;
  readonly name: string;
  /** Its program is on the path, or its settings are there. */
  readonly found: boolean;
  /** `settings`: by a file of its own, however it is started. `shell`: by a function of its name in the person's shell. */
  readonly attach: 'settings' | 'shell';
  /** Why so. */
  readonly because: string;
  /**
   * `machine`: this computer's own settings lead it to the guard; there is nothing to do. `partly`: some of it is not as it was set up, or the
   * guard has moved since. `unknown`: its settings cannot be read; `problem` says why.
   */
  readonly attached: 'yes' | 'machine' | 'no' | 'partly' | 'unknown';
  /** A sentence; null where there is none. */
  readonly problem: string | null;
}

/** What somebody wants of some agents. */
export const attachWantedSchema = z.strictObject({
  ids: z.array(z.string().min(1).max(50)).min(1).max(MOST_PLANNED),
  way: z.enum(['attach', 'detach']),
});
export type AttachWanted = z.infer<typeof attachWantedSchema>;

/** To be done exactly as it was shown: `plan` is that plan's own. */
export const attachAgreedSchema = z.strictObject({ ...attachWantedSchema.shape, plan: z.string().regex(/^[0-9a-f]{64}$/) });
export type AttachAgreed = z.infer<typeof attachAgreedSchema>;

export interface AttachPlan {
  /** SHA-256 (hex) of all that would be done, what is not shown of it included. */
  readonly plan: string;
  /** Nothing where all is so already. */
  readonly changes: readonly PlannedChange[];
}

export interface PlannedChange {
  readonly id: string;
  readonly agent: string;
  readonly file: string;
  readonly what: 'new' | 'changed' | 'removed';
  readonly lines: readonly ChangedLine[];
  /** Lines that are not shown: a file may be long. */
  readonly more: number;
}

export interface ChangedLine {
  readonly sign: '+' | '-';
  /** From 1: in the file as it will be, or, for one that goes, as it is. */
  readonly line: number;
  readonly text: string;
}

/** `ok` with what was asked for, or a sentence for a person. */
export type Said<T> = { readonly ok: true; readonly result: T } | { readonly ok: false; readonly says: string };
