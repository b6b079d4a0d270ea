/** What the log is asked for by whoever shows it: sessions, the story of one, what matches a search, figures, proofs. */

import { z } from 'zod';
import { recordFilterSchema } from './activity-filter.ts';
import { auditRecordSchema } from './record.ts';

/** A conversation of an agent (its id); or, of what belongs to none, the guard's own doings and the connections. */
export const sessionKeySchema = z.string().min(1).max(200);
export const GUARD_SESSION = 'guard';
export const CONNECTIONS_SESSION = 'connections';

/** What a session comes to. Counts are of the whole session, whatever the filter. */
export const sessionSummarySchema = z.strictObject({
  key: sessionKeySchema,
  agent: z.string().nullable(),
  workspace: z.string().nullable(),
  /** The last that answered. */
  model: z.string().nullable(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  /** Its newest record; the newest that matches, where there is a filter. */
  last: z.int(),
  records: z.int(),
  calls: z.int(),
  refused: z.int(),
  /** Held, and then released by a person. */
  releasedByPerson: z.int(),
  uninspected: z.int(),
  findings: z.int(),
  /** US dollars, at list prices; null where no exchange has a price. */
  usd: z.number().nullable(),
  /** Records of it that match the filter; equal to `records` without one. */
  matches: z.int(),
  /** Beginning of the first thing that the person asked, where the log kept it. */
  opening: z.string().nullable(),
});
export type SessionSummary = z.infer<typeof sessionSummarySchema>;

/** A text that a record was the first to say. */
export const saidSchema = z.strictObject({
  role: z.string(),
  hash: z.string(),
  /** Null where the log kept only the hash, or retention has purged it. */
  text: z.string().nullable(),
  /** UTF-16 units that were left out of `text`. */
  omitted: z.int(),
});
export type Said = z.infer<typeof saidSchema>;

/** UTF-16 units of a text that goes along with a session; the rest is asked for with `recordProof`. */
export const SAID_LENGTH = 4_000;

export const storyRecordSchema = z.strictObject({ record: auditRecordSchema, said: z.array(saidSchema) });
export type StoryRecord = z.infer<typeof storyRecordSchema>;

/** Why a record can be believed. */
export const recordProofSchema = z.strictObject({
  record: auditRecordSchema,
  /** `purged` by retention; `missing` where nothing explains that it is gone. */
  body: z.enum(['kept', 'purged', 'missing']),
  /** Whole, up to 256 KB each. */
  said: z.array(saidSchema),
  /** Link of the record before, hex. */
  previous: z.string(),
  /** What is hashed together with it: JSON. */
  metadata: z.string(),
  /** `signed`: the chain from here to the checkpoint holds, and so does the signature. `unsigned`: no checkpoint comes after it yet. */
  state: z.enum(['signed', 'unsigned', 'broken']),
  /** The signed note, as text. */
  checkpoint: z.strictObject({ seq: z.int(), note: z.string() }).nullable(),
});
export type RecordProof = z.infer<typeof recordProofSchema>;

export const FIGURE_STEPS = ['hour', 'day'] as const;

/** For charts. Every step of the range is there, also those in which nothing happened. Steps begin at UTC plus `offsetMinutes`. */
export const figuresSchema = z.strictObject({
  steps: z.array(
    z.strictObject({
      at: z.iso.datetime(),
      /** Of tool calls: each is counted once. */
      allowed: z.int(),
      released: z.int(),
      refused: z.int(),
      uninspected: z.int(),
      /** Questions that were put to a person, and how long the middle one waited, in ms. */
      asked: z.int(),
      waitMs: z.number().nullable(),
    }),
  ),
  /** The most expensive first. */
  models: z.array(
    z.strictObject({
      model: z.string(),
      exchanges: z.int(),
      inputTokens: z.int(),
      outputTokens: z.int(),
      usd: z.number().nullable(),
    }),
  ),
  /** How long questions waited until they ended, in ms; null where none was asked. */
  waits: z.strictObject({ asked: z.int(), median: z.number().nullable(), longest: z.number().nullable(), missed: z.int() }),
});
export type Figures = z.infer<typeof figuresSchema>;

const filter = recordFilterSchema.optional();
/** Only what is older than this record. */
const before = z.int().min(1).optional();

export const ACTIVITY_METHODS = {
  /** The last active first. `next` is the `before` of the next page; null where there is none. */
  sessions: {
    params: z.strictObject({ filter, before, limit: z.int().min(1).max(100) }),
    result: z.strictObject({ sessions: z.array(sessionSummarySchema), next: z.int().nullable() }),
  },
  /** A session's newest records, oldest first; with a filter still all of them, because a story has no holes. */
  session: {
    params: z.strictObject({ key: sessionKeySchema, before, limit: z.int().min(1).max(500) }),
    result: z.strictObject({ summary: sessionSummarySchema.nullable(), records: z.array(storyRecordSchema), next: z.int().nullable() }),
  },
  /** Records that match, newest first, with the words around what was found. */
  search: {
    params: z.strictObject({ filter: recordFilterSchema, before, limit: z.int().min(1).max(200) }),
    result: z.strictObject({
      /** `found`: the words around it; null where the filter has no text. */
      matches: z.array(z.strictObject({ record: auditRecordSchema, found: z.string().nullable() })),
      next: z.int().nullable(),
    }),
  },
  /** What a filter can choose from: the most frequent of the newest records. */
  filterChoices: {
    params: z.strictObject({}),
    result: z.strictObject({ agents: z.array(z.string()), hosts: z.array(z.string()), labels: z.array(z.string()) }),
  },
  /** `not-found` where there is no such record. */
  recordProof: { params: z.strictObject({ seq: z.int().min(1) }), result: recordProofSchema },
  figures: {
    params: z.strictObject({
      from: z.iso.datetime(),
      to: z.iso.datetime(),
      step: z.enum(FIGURE_STEPS),
      offsetMinutes: z.int().min(-900).max(900),
    }),
    result: figuresSchema,
  },
} as const satisfies Record<string, { params: z.ZodType; result: z.ZodType }>;
