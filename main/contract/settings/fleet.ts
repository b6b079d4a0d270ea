/** Settings of the fleet: where policy comes from, and where the log goes. */

import { z } from 'zod';

/** Everywhere, or on this machine alone without TLS. */
const serverUrl = z
  .string()
  .max(2000)
  .regex(
    /^(https:\/\/[^\s/?#@]+|http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?)(\/[^\s#]*)?$/i,
    'expected https://HOST/PATH; http:// only for this machine itself',
  );

/** Name of a ring: part of file names and of URLs. */
export const ringName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'expected lower-case letters, digits and "-"');

export const fleetSchema = z
  .strictObject({
    url: serverUrl.describe('Where the policy repository is published.'),
    rootFile: z.string().min(1).optional().describe('File of the root of trust (root.json) that the repository was made with.'),
    root: z.string().min(1).max(100_000).optional().describe('The root of trust itself, for where no file can be placed.'),
    enrolmentToken: z
      .string()
      .regex(/^[\x21-\x7e]{8,1000}$/, 'expected 8 to 1,000 visible ASCII characters')
      .optional()
      .describe('Told to the policy server, and proved to whoever keeps the log, so that a device can be told from a stranger.'),
    ring: ringName.default('stable').describe('Which of the published policies this device follows.'),
    intervalSeconds: z.int().min(10).max(86_400).default(300).describe('Time between two looks for a new policy.'),
    maxAgeHours: z
      .number()
      .positive()
      .max(8760)
      .default(336)
      .describe('How long the last policy counts while the server cannot be reached or says nothing new that holds.'),
    whenStale: z
      .enum(['keep', 'ask', 'block'])
      .default('keep')
      .describe(
        'What happens to a policy that is older: keep it in force, ask a person about every tool call that it would allow, or refuse every one.',
      ),
  })
  .refine(({ root, rootFile }) => (root === undefined) !== (rootFile === undefined), 'expected root or rootFile, one of them');

export const uploadSchema = z.strictObject({
  url: serverUrl.describe('OTLP/HTTP endpoint for logs, such as https://collector.example.com/v1/logs.'),
  headers: z
    .record(z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/, 'expected a header name'), z.string().max(8000))
    .default({})
    .describe('Headers to send along, such as the collector’s key.'),
  encoding: z.enum(['protobuf', 'json']).default('protobuf').describe('How records are written on the wire.'),
  content: z
    .enum(['metadata', 'redacted', 'full'])
    .default('metadata')
    .describe('How much message content leaves: none, what audit.capture kept up to 64 KB a text, or all that it kept.'),
  batchSeconds: z.number().min(0.05).max(3600).default(10).describe('How long a record may wait for company.'),
  maxBacklogRecords: z
    .int()
    .min(1000)
    .default(5_000_000)
    .describe(
      'Records beyond this many that could not be uploaded yet are passed over, oldest first, and told as a gap. They stay in the log.',
    ),
  statusMinutes: z.number().min(0.05).max(10_080).default(60).describe('Time between two reports of this device’s state.'),
});
