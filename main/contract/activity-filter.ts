/** Which records somebody wants to see. What is absent is anything; several are all at once. */

import { z } from 'zod';
import { recordKindSchema } from './record.ts';

/**
 * How a record ended, as a person sees it. `allowed`: by policy. `released`: by a person. `refused`: by whomever. `missed`: nobody answered.
 * `uninspected`: could not be read. `found`: detectors found something.
 */
export const RECORD_ENDS = ['allowed', 'released', 'refused', 'missed', 'uninspected', 'found'] as const;
export type RecordEnd = (typeof RECORD_ENDS)[number];

export const recordFilterSchema = z.strictObject({
  /** Every word of it stands in the record's line, or in what the record was the first to say. */
  text: z.string().trim().min(1).max(400).optional(),
  agent: z.string().max(200).optional(),
  host: z.string().max(300).optional(),
  /** A finding's label, or the beginning of labels up to a dot: "secret" finds "secret.github-token". */
  label: z.string().max(200).optional(),
  end: z.enum(RECORD_ENDS).optional(),
  kind: recordKindSchema.optional(),
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
});
export type RecordFilter = z.infer<typeof recordFilterSchema>;
