/** An incident: what the log has of one session, as a signed folder that can be given to others. */

import { z } from 'zod';
import { sessionKeySchema } from './activity.ts';

export const exportedIncidentSchema = z.strictObject({
  /** Where it is. */
  folder: z.string(),
  /** Of the session. */
  records: z.int(),
  files: z.int(),
  bytes: z.int(),
  /** Fingerprint of the key that signed it, hex: to be told to whoever checks it, by another way. */
  key: z.string(),
});
export type ExportedIncident = z.infer<typeof exportedIncidentSchema>;

/** How far an export is: records of the log, other sessions' among them. */
export const exportProgressSchema = z.strictObject({ session: sessionKeySchema, done: z.int(), of: z.int() });
export type ExportProgress = z.infer<typeof exportProgressSchema>;

export const INCIDENT_METHODS = {
  /**
   * Makes a folder in `folder`, which is there, and tells its name; the log has a record of it. A long session takes minutes, and one that
   * nobody waits for any more is given up. `not-found`: the log has nothing of that session. `export-failed`: nothing was left behind.
   */
  exportIncident: {
    params: z.strictObject({ session: sessionKeySchema, folder: z.string().min(1).max(4096) }),
    result: exportedIncidentSchema,
  },
} as const satisfies Record<string, { params: z.ZodType; result: z.ZodType }>;
