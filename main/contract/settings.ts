/** Configuration of the engine: its keys, what they mean, and their defaults. Unknown keys are refused. */

import { z } from 'zod';
import { PROTOCOL_NAMES } from './action.ts';
import { CRASH_LOOP_MODES } from './failsafe.ts';
import { fleetSchema, uploadSchema } from './settings/fleet.ts';
import { allowedSchema, budgetSchema, bypassSchema, offSchema, pricesSchema } from './settings/limits.ts';
import { routeSchema, tenantsSchema } from './settings/routing.ts';

const hostPattern = z
  .string()
  .regex(
    /^((\*\.)?[a-z0-9_.-]+|\[?[0-9a-f:.]*:[0-9a-f:.]*\]?)$/i,
    'expected a host name such as api.example.com or *.example.com, or an address',
  );

const path = z
  .string()
  .regex(/^\/[^\s?#]*$/, 'expected a path such as /v1/chat, where * stands for what is between two slashes, or a part of it');

const providerSchema = z.strictObject({
  name: z.string().trim().min(1).max(80).describe('What the log, policy and questions call it.'),
  hosts: z
    .array(
      z
        .string()
        .max(253)
        .regex(
          /^([a-z0-9_*-]{1,63}\.)*[a-z0-9_-]{1,63}$/i,
          'expected a host name such as llm.example.com, *.example.com for all below it, or llm-*.example.com',
        ),
    )
    .min(1)
    .describe('Hosts to decrypt. * stands for what is between two dots, or a part of it; at the beginning for any number of names.'),
  protocols: z
    .record(path, z.enum(PROTOCOL_NAMES).exclude(['mcp', 'web-assistant']))
    .default({})
    .describe('Path of a model call to the protocol that is spoken there, where the path is none of the usual ones.'),
  beside: z.array(path).default([]).describe('Paths that carry no model call, each with all below it. They are not read.'),
});

/** Policies that ship with Holdpoint. */
export const SHIPPED_POLICIES = ['starter', 'strict', 'watch-only'] as const;
export type ShippedName = (typeof SHIPPED_POLICIES)[number];

const patternSchema = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/i, 'expected letters, digits, ".", "_" and "-"')
    .describe('What the log calls it.'),
  label: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,40}(\.[a-z0-9][a-z0-9-]{0,40}){1,4}$/, 'expected a dotted label such as data.project-name')
    .describe('What policies know it by; data.project-name is also data.'),
  severity: z.enum(['low', 'medium', 'high']),
  pattern: z
    .string()
    .min(1)
    .describe(
      'Regular expression of JavaScript in which every repetition has an end, such as {1,40}. No references back, no looking ahead or behind.',
    ),
  flags: z.string().default('').describe('i for any case, m, s and u as in JavaScript.'),
});

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
  providers: z
    .array(providerSchema)
    .max(1000)
    .default([])
    .describe('Model providers besides the known ones: a company’s own gateway, say. A host of a known provider may be named anew.'),
  upstream: z
    .strictObject({
      resolve: z
        .record(z.string(), z.string().regex(/^(\[[0-9a-f:.]+\]|[0-9.]+):\d+$/i, 'expected ADDRESS:PORT'))
        .default({})
        .describe('Host name to ADDRESS:PORT, instead of asking DNS.'),
      extraCaFile: z.string().optional().describe('PEM file of certificates to trust upstream besides the platform’s.'),
      parentProxy: z
        .string()
        .regex(/^https?:\/\/([^\s/?#@]*@)?(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(:\d{1,5})?\/?$/i, 'expected http://[USER:PASSWORD@]HOST:PORT')
        .optional()
        .describe('Proxy through which providers are reached; HTTPS_PROXY of the engine’s environment where neither this nor pac is set.'),
      pac: z
        .string()
        .min(1)
        .optional()
        .describe('URL (http, https) or file of a proxy auto-configuration script. parentProxy is used while the script cannot be.'),
      noProxy: z
        .array(
          z
            .string()
            .regex(
              /^(\*|(\*?\.)?[a-z0-9_.-]+(:\d{1,5})?|[0-9.]+\/\d{1,2}|[0-9a-f:.]+(\/\d{1,3})?|\[[0-9a-f:.]+\](:\d{1,5})?)$/i,
              'expected a host, a domain such as .example.com, an address, a network such as 10.0.0.0/8, or *',
            ),
        )
        .optional()
        .describe('Hosts, domains and networks that are reached directly; NO_PROXY where the proxy is the environment’s.'),
    })
    .prefault({}),
  policy: z
    .strictObject({
      use: z
        .enum(SHIPPED_POLICIES)
        .optional()
        .describe(
          'A policy that ships with Holdpoint; "starter" where neither this nor dir is set. strict asks more, watch-only only records.',
        ),
      dir: z.string().optional().describe('Folder of *.cedar files, instead of a policy that ships with Holdpoint.'),
    })
    .refine(({ use, dir }) => use === undefined || dir === undefined, 'expected use or dir, not both')
    .prefault({}),
  detection: z
    .strictObject({
      patterns: z
        .array(patternSchema)
        .max(200)
        .refine((patterns) => new Set(patterns.map(({ id }) => id)).size === patterns.length, 'expected each id once')
        .default([])
        .describe('What is confidential in your company, searched for in all that is sent to models and comes from tools.'),
    })
    .prefault({}),
  redaction: z
    .strictObject({
      restore: z
        .boolean()
        .default(true)
        .describe('Whether what policy took out of a request is put back where the model’s answer names its placeholder.'),
    })
    .prefault({}),
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
      upload: uploadSchema.optional().describe('Where the log is copied to; nowhere where absent.'),
    })
    .prefault({}),
  fleet: fleetSchema.optional().describe('The fleet that this device belongs to; none where absent.'),
  contact: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .optional()
    .describe('Whom a person may ask about what is set here: a name, an address, a page.'),
  allowed: allowedSchema.prefault({}).describe('What may be used at all.'),
  budgets: z
    .array(budgetSchema)
    .max(100)
    .default([])
    .describe('How much may be used in a day, by local time. Every one that fits must have room.'),
  prices: pricesSchema.default({}).describe('Prices of models besides the known ones, or instead of them.'),
  off: offSchema.prefault({}).describe('The off switch. It counts for what is held already, too.'),
  bypass: bypassSchema.prefault({}),
  supervision: z
    .strictObject({
      crashLoop: z
        .enum(CRASH_LOOP_MODES)
        .default('block')
        .describe(
          'What happens to connections to providers while the engine fails again and again: they are refused, or go through unguarded and are counted.',
        ),
    })
    .prefault({}),
  tenants: tenantsSchema.prefault({}).describe('The company’s own accounts; providers refuse all others.'),
  routes: z.array(routeSchema).max(100).default([]).describe('Where model calls go instead of to their provider.'),
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
