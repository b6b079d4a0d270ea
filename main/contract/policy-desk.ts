/** What whoever shows policy asks for: what is in force in words, what would happen if, and what a draft would have said. */

import { z } from 'zod';
import { questionSchema } from './approval.ts';

const verdictSchema = z.enum(['allow', 'redact', 'ask', 'deny']);
/** A sentence or a name, as somebody else wrote it. */
const line = z.string().max(2_000);

export const MOST_POLICIES = 1_000;
/** UTF-16 units of a policy's Cedar text; the rest is in its file. */
export const POLICY_TEXT_LENGTH = 8_000;

export const shownPolicySchema = z.strictObject({
  id: line,
  effect: verdictSchema,
  /** In one sentence, worked out from its conditions; where some have no words, it says so. */
  says: line,
  reason: line.nullable(),
  contact: line.nullable(),
  severity: z.enum(['low', 'medium', 'high']),
  /** On this device: outside of its rollout a policy is observed. */
  mode: z.enum(['enforce', 'observe']),
  /** Per cent of the devices that it is in force on. */
  rollout: z.number(),
  remember: z.enum(['never', 'session', 'workspace', '8h']),
  /** It counts also while enforcement is suspended. */
  lasting: z.boolean(),
  /** Name of the file in its folder, and line from 1. */
  file: line,
  line: z.int(),
  text: z.string(),
});
export type ShownPolicy = z.infer<typeof shownPolicySchema>;

export const policiesSchema = z.strictObject({
  name: line,
  /** `shipped`: comes with Holdpoint, and is not the starter. */
  source: z.enum(['starter', 'shipped', 'folder', 'fleet']),
  /** Empty for what is in no folder. */
  dir: z.string(),
  /** SHA-256 (hex) of the files' names and content. */
  hash: z.string(),
  /** Of the fleet's policy; null where none of it is in force. */
  revision: z.int().nullable(),
  /** All of them; `policies` has the first. */
  count: z.int(),
  policies: z.array(shownPolicySchema).max(MOST_POLICIES),
});
export type Policies = z.infer<typeof policiesSchema>;

/** UTF-16 units: as far as facts read a command. */
export const WHAT_IF_LENGTH = 65_536;

const decidingSchema = z.strictObject({
  id: line,
  effect: verdictSchema,
  /** Null where it is none of the policies' own, but a limit that stands around them. */
  says: line.nullable(),
  reason: line.nullable(),
  contact: line.nullable(),
  file: line,
  line: z.int(),
});

export const whatIfSchema = z.discriminatedUnion('state', [
  z.strictObject({
    state: z.literal('judged'),
    verdict: verdictSchema,
    /** Why in one sentence: the policies, the facts they met, and the words those came from. */
    because: z.string(),
    title: z.string(),
    workspace: z.string().nullable(),
    /** As a person would be shown it. */
    action: questionSchema.shape.action,
    effects: questionSchema.shape.effects,
    reason: z.string(),
    policies: z.array(decidingSchema),
    /** Policies that are only watched: what they would say. */
    observed: z.array(decidingSchema),
    /** What the agent reads where it is refused, by policy or by a person; null where nothing refuses. */
    told: z.string().nullable(),
    /** Policy could not be evaluated; the verdict is then `deny`. */
    failed: z.boolean(),
  }),
  /** It is no action; `says` tells what is missing, in a sentence. */
  z.strictObject({ state: z.literal('not-understood'), says: z.string() }),
]);
export type WhatIf = z.infer<typeof whatIfSchema>;

const verdictsSchema = z.strictObject({ allow: z.int(), redact: z.int(), ask: z.int(), deny: z.int() });
const countedSchema = z.strictObject({ id: line, effect: verdictSchema, actions: z.int() });
const shareSchema = z.strictObject({ name: line, would: verdictsSchema, was: verdictsSchema });

export const MOST_CHANGES = 200;

/** A verdict of the past that would have been another. */
export const draftChangeSchema = z.strictObject({
  /** Number of the action's record. */
  record: z.int(),
  at: z.iso.datetime(),
  agent: line,
  summary: line,
  was: verdictSchema,
  would: verdictSchema,
  policies: z.array(line).max(20),
  reason: line,
  /** What came of the question, where one was asked. */
  ended: line.nullable(),
});
export type DraftChange = z.infer<typeof draftChangeSchema>;

export const draftReplaySchema = z.discriminatedUnion('state', [
  z.strictObject({
    state: z.literal('replayed'),
    dir: z.string(),
    hash: z.string(),
    /** Number of its policies. */
    count: z.int(),
    /** A line each, `file:line:column: …`. */
    warnings: z.array(line).max(50),
    since: z.iso.datetime(),
    /** Actions that the draft was asked about. */
    replayed: z.int(),
    would: verdictsSchema,
    was: verdictsSchema,
    /** Those of the draft that would have asked, redacted or refused, the most frequent first; then those that it only watches. */
    policies: z.array(countedSchema).max(100),
    observed: z.array(countedSchema).max(100),
    agents: z.array(shareSchema).max(50),
    users: z.array(shareSchema).max(50),
    /** Newest first. */
    changes: z.array(draftChangeSchema).max(MOST_CHANGES),
    moreChanges: z.int(),
    /** Why, how many, and the numbers of the first records. */
    notReplayed: z.array(z.strictObject({ why: line, count: z.int(), records: z.array(z.int()).max(20) })).max(50),
  }),
  /** It cannot be put in force: a line each, `file:line:column: …`, as `policy check` tells them. */
  z.strictObject({ state: z.literal('problems'), dir: z.string(), problems: z.array(line).max(200), more: z.int() }),
  z.strictObject({ state: z.literal('too-long'), seconds: z.number() }),
  /** Another draft is being tried. */
  z.strictObject({ state: z.literal('busy') }),
]);
export type DraftReplay = z.infer<typeof draftReplaySchema>;

export const POLICY_DESK_METHODS = {
  /** What is in force on this device, and from whom. */
  policies: { params: z.strictObject({}), result: policiesSchema },
  /**
   * What would be said of an action, by the live path's own code. Nothing is recorded or counted, and nobody is asked. Limits that stand
   * around policy (the off switch, allow-lists, budgets, a bypass) are not in it. `tool` is JSON: `{"tool": …, "input": …}`.
   */
  whatIf: {
    params: z.strictObject({
      text: z.string().max(WHAT_IF_LENGTH),
      as: z.enum(['shell', 'powershell', 'cmd', 'tool']),
      agent: z.string().min(1).max(200).optional(),
      /** An absolute path; without it the action belongs to no known project. */
      workspace: z.string().min(1).max(4_096).optional(),
    }),
    result: whatIfSchema,
  },
  /** Runs the policies of a folder over the log's past. Ends when the client goes away. */
  replayDraft: { params: z.strictObject({ dir: z.string().min(1).max(4_096), since: z.iso.datetime() }), result: draftReplaySchema },
} as const satisfies Record<string, { params: z.ZodType; result: z.ZodType }>;
