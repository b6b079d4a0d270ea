/** Configuration of the engine: its keys, what they mean, and their defaults. Unknown keys are refused. */

import { z } from 'zod';

const hostPattern = z.string().regex(/^(\*\.)?[a-z0-9_.-]+$/i, 'expected a host name such as api.example.com or *.example.com');

export const settingsSchema = z.strictObject({
  dataDir: z.string().optional().describe('Folder for the log, the certificate authority and the control socket.'),
  proxy: z
    .strictObject({
      host: z
        .enum(['127.0.0.1', 'localhost'])
        .default('127.0.0.1')
        .describe('Address that the proxy listens on; ::1 is served as well where there is one.'),
      port: z.int().min(0).max(65535).default(0).describe('0 takes a free port and keeps it for the next start.'),
    })
    .prefault({}),
  intercept: z
    .strictObject({ hosts: z.array(hostPattern).default([]).describe('Hosts to decrypt besides the known providers.') })
    .prefault({}),
  upstream: z
    .strictObject({
      resolve: z
        .record(z.string(), z.string().regex(/^(\[[0-9a-f:.]+\]|[0-9.]+):\d+$/i, 'expected ADDRESS:PORT'))
        .default({})
        .describe('Host name to ADDRESS:PORT, instead of asking DNS.'),
      extraCaFile: z.string().optional().describe('PEM file of certificates to trust upstream besides the platform’s.'),
    })
    .prefault({}),
  policy: z.strictObject({ dir: z.string().optional().describe('Folder of *.cedar files; the starter policy where absent.') }).prefault({}),
  approvals: z
    .strictObject({
      timeoutSeconds: z
        .number()
        .min(0.05)
        .max(170)
        .default(120)
        .describe('How long a question waits. Claude Code gives up after 180 s of silence.'),
      unattended: z
        .enum(['deny', 'wait'])
        .default('deny')
        .describe('What happens when nobody is there to be asked: refuse at once, or wait for the time-out.'),
    })
    .prefault({}),
  audit: z
    .strictObject({
      capture: z
        .enum(['metadata', 'redacted', 'full'])
        .default('redacted')
        .describe('How much message content is kept. Credentials never are.'),
      retainDays: z.int().min(1).default(90).describe('Message content older than this is purged; the chain of records stays.'),
      maxBytes: z.int().min(1_000_000).default(2_000_000_000).describe('Oldest message content is purged when the log grows beyond this.'),
    })
    .prefault({}),
  limits: z
    .strictObject({
      requestBytes: z
        .int()
        .min(1024)
        .default(64 * 1024 * 1024)
        .describe('A longer request body is uninspected.'),
      callBytes: z
        .int()
        .min(1024)
        .default(4 * 1024 * 1024)
        .describe('A longer tool call is uninspected.'),
    })
    .prefault({}),
});

export type Settings = z.infer<typeof settingsSchema>;
