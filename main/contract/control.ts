/** The control API: what the app and the CLI ask of a running engine, over the local socket (JSON-RPC 2.0). */

import { z } from 'zod';
import { ACTIVITY_METHODS } from './activity.ts';
import { answeredSchema, grantSchema, missedSchema, questionSchema } from './approval.ts';
import { exportProgressSchema, INCIDENT_METHODS } from './incident.ts';
import { MCP_SERVER_METHODS } from './mcp-servers.ts';
import { POLICY_DESK_METHODS } from './policy-desk.ts';
import { auditRecordSchema } from './record.ts';
import { MOST_SEEN, seenAgentSchema } from './seen-agents.ts';
import { settingSchema } from './settings/layers.ts';
import { MOST_UNINSPECTED, uninspectedSchema } from './uninspected.ts';

/** Names of the files in the data folder that a client needs. On Windows the socket is a named pipe, named in `control.json`. */
export const CONTROL_SOCKET = 'control.sock';
export const CONTROL_TOKEN = 'control.token';
/** Where an engine serves several users there is no token: beside the socket lies this folder, in which clients make theirs. */
export const CONTROL_CLAIMS = 'claims';

/** The fleet that this device belongs to. */
export const fleetStatusSchema = z.strictObject({
  url: z.string(),
  ring: z.string(),
  /** Hex, the same for as long as the device keeps its key. */
  device: z.string(),
  /** Of the policy in force; null where none of the fleet's is. */
  revision: z.int().nullable(),
  /** `current`: asked and up to date. `offline`: not reached lately. `refused`: what was got does not hold. `stale`: older than permitted. */
  state: z.enum(['starting', 'current', 'offline', 'refused', 'stale']),
  /** When the server last said that this is the newest. */
  confirmedAt: z.iso.datetime().nullable(),
  /** One sentence: what is wrong, and what to do. */
  problem: z.string().nullable(),
});
export type FleetStatus = z.infer<typeof fleetStatusSchema>;

/** The copy of the log that goes to a collector. */
export const uploadStatusSchema = z.strictObject({
  url: z.string(),
  /** How much message content goes along. */
  content: z.enum(['metadata', 'redacted', 'full']),
  /** Records that the collector has confirmed, and those that it has still to get. */
  uploaded: z.int(),
  pending: z.int(),
  confirmedAt: z.iso.datetime().nullable(),
  problem: z.string().nullable(),
});
export type UploadStatus = z.infer<typeof uploadStatusSchema>;

export const statusSchema = z.strictObject({
  engine: z.strictObject({
    pid: z.int(),
    version: z.string(),
    startedAt: z.iso.datetime(),
    dataDir: z.string(),
    /** It serves all users of the machine, and its log is read by who administers that. */
    service: z.literal(true).optional(),
    proxyUrl: z.string(),
    caFile: z.string(),
    caExpires: z.iso.datetime().optional(),
    /** SHA-256, as certificate viewers write it: "AB:CD:…". */
    caFingerprint: z.string().optional(),
  }),
  /** `attention` carries a sentence for a person in `notes`. */
  state: z.enum(['protecting', 'asking', 'attention']),
  notes: z.array(z.string()),
  policy: z.strictObject({
    name: z.string(),
    source: z.enum(['starter', 'shipped', 'folder', 'fleet']),
    dir: z.string(),
    count: z.int(),
    hash: z.string(),
  }),
  approvals: z.strictObject({ open: z.int(), missed: z.int(), grants: z.int(), attended: z.boolean() }),
  /** Since the engine started. */
  counts: z.strictObject({
    connections: z.int(),
    tunnels: z.int(),
    exchanges: z.int(),
    uninspected: z.int(),
    held: z.int(),
    released: z.int(),
    refused: z.int(),
    abandoned: z.int(),
  }),
  /** What could not be read since the engine started, newest first; `counts.uninspected` is all of it. */
  uninspected: z.array(uninspectedSchema).max(MOST_UNINSPECTED),
  audit: z.strictObject({ records: z.int(), head: z.string(), capture: z.string(), writable: z.boolean() }),
  /** How the keys of the certificate authority and of the log's checkpoints are kept. */
  keys: z.enum(['keystore', 'unprotected']),
  fleet: fleetStatusSchema.optional(),
  upload: uploadStatusSchema.optional(),
  /** Enforcement is suspended by a person until then. */
  bypass: z.strictObject({ until: z.iso.datetime(), reason: z.string() }).optional(),
  /** There where settings permit a person to suspend enforcement: for how long at most. */
  bypassAllowed: z.strictObject({ minutes: z.int().min(1) }).optional(),
});
export type Status = z.infer<typeof statusSchema>;

const none = z.strictObject({});

/** UTF-16 units of a message that is read; a longer one is `too-long`. */
export const MCP_MESSAGE_LENGTH = 4 * 1024 * 1024;

/** A message of MCP over stdio: one line, without its end, or why it could not be read. */
/** An engine keeps it for as long as the server runs. */
function isShortEnough(command: readonly string[]): boolean {
  return command.join(' ').length <= 65_536;
}

const mcpMessage = z.strictObject({
  session: z.string().max(64),
  message: z.union([
    z.strictObject({ text: z.string().max(MCP_MESSAGE_LENGTH) }),
    z.strictObject({ uninspected: z.enum(['too-long', 'undecodable']) }),
  ]),
});

/** Every method: what it takes and what it gives. `hello` must be the first, or `challenge` and then `hello`. */
export const CONTROL_METHODS = {
  /** Of an engine that serves several users: the name of the folder to make in `claims`, which proves who the client is. Once a connection. */
  challenge: { params: none, result: z.strictObject({ nonce: z.string().regex(/^[0-9a-f]{32}$/) }) },
  /**
   * `token` is one person's engine's, `claim` the nonce whose folder was made. `attends`: this client shows questions to a person while it is connected. `keeps`: it needs the engine while it is connected, so that
   * one whose starter has ended goes on until then.
   */
  hello: {
    params: z.strictObject({
      token: z.string().max(256).optional(),
      claim: z.string().max(64).optional(),
      client: z.string().max(64),
      attends: z.boolean(),
      keeps: z.boolean().optional(),
    }),
    result: z.strictObject({ version: z.string() }),
  },
  status: { params: none, result: statusSchema },
  /** Looks for the fleet’s newest policy now; what came of it is in the status. Refused with `not-found` where there is no fleet. */
  sync: { params: none, result: statusSchema },
  questions: { params: none, result: z.array(questionSchema) },
  answer: { params: answeredSchema, result: none },
  missed: { params: none, result: z.array(missedSchema) },
  /** Releases a missed question's action when it comes again, within 8 hours and once. */
  allowNext: { params: z.strictObject({ id: z.string() }), result: none },
  /** Suspends enforcement for a while, where the settings permit it; one that is on is replaced. Status tells of it. */
  bypass: {
    params: z.strictObject({ minutes: z.int().min(1).max(480), reason: z.string().trim().min(1).max(300) }),
    result: z.strictObject({ until: z.iso.datetime() }),
  },
  endBypass: { params: none, result: none },
  grants: { params: none, result: z.array(grantSchema) },
  revoke: { params: z.strictObject({ id: z.string() }), result: none },
  /** Which programs talk to which models; the last seen first. */
  seenAgents: { params: none, result: z.array(seenAgentSchema).max(MOST_SEEN) },
  /** Newest first; `before` is a `seq`. */
  records: { params: z.strictObject({ limit: z.int().min(1).max(500), before: z.int().optional() }), result: z.array(auditRecordSchema) },
  ...ACTIVITY_METHODS,
  ...POLICY_DESK_METHODS,
  ...MCP_SERVER_METHODS,
  ...INCIDENT_METHODS,
  /** Every setting with what is in force and who set it; secrets are not in it. `contact`: whom a person may ask about them. */
  settingsList: {
    params: none,
    result: z.strictObject({ settings: z.array(settingSchema), contact: z.string().nullable(), notes: z.array(z.string()) }),
  },
  /** A client of an MCP server's, `pid`, has started `command` through `holdpoint mcp`. The session lasts as long as this connection. */
  mcpOpen: {
    params: z.strictObject({
      command: z.array(z.string().max(4096)).min(1).max(256).refine(isShortEnough, 'too long'),
      name: z.string().min(1).max(64).optional(),
      pid: z.int(),
    }),
    result: z.strictObject({ session: z.string() }),
  },
  /** What becomes of a message on its way to the server. The answer comes when policy or a person has decided. */
  mcpFromClient: {
    params: mcpMessage,
    result: z.union([
      z.strictObject({ kind: z.enum(['send', 'drop']) }),
      /** To be given to the client, as one line. */
      z.strictObject({ kind: z.literal('answer'), text: z.string() }),
    ]),
  },
  /** What becomes of a message on its way to the client. */
  mcpFromServer: {
    params: mcpMessage,
    result: z.union([z.strictObject({ kind: z.enum(['pass', 'drop']) }), z.strictObject({ kind: z.literal('replace'), text: z.string() })]),
  },
} as const satisfies Record<string, { params: z.ZodType; result: z.ZodType }>;

export type ControlMethod = keyof typeof CONTROL_METHODS;
/** What is asked once a client is welcome. */
export type AskedMethod = Exclude<ControlMethod, 'challenge' | 'hello'>;
export type ControlParams<M extends ControlMethod> = z.infer<(typeof CONTROL_METHODS)[M]['params']>;
export type ControlResult<M extends ControlMethod> = z.infer<(typeof CONTROL_METHODS)[M]['result']>;

/** What the engine tells its clients unasked: the whole new state, so that a client that missed one is right after the next. */
export const CONTROL_EVENTS = {
  questions: z.array(questionSchema),
  missed: z.array(missedSchema),
  status: statusSchema,
  record: auditRecordSchema,
  exporting: exportProgressSchema,
} as const satisfies Record<string, z.ZodType>;

export type ControlEvent = keyof typeof CONTROL_EVENTS;
export type ControlEventData<E extends ControlEvent> = z.infer<(typeof CONTROL_EVENTS)[E]>;
