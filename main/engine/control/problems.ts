/** What is wrong with a message, without what stands in it. */

import type { z } from 'zod';

/** Where and what, without the values. */
export function pathsOf(error: z.ZodError): string {
  return error.issues
    .slice(0, 10)
    .map((issue) => `${issue.path.join('.') || 'the whole'}: ${issue.message}`)
    .join('; ');
}
