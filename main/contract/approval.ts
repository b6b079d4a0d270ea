/** Approvals: the question that a person sees, and the answers that can be given. */

import { z } from 'zod';
import type { Refusal } from './verdict.ts';

export const riskSchema = z.enum(['plain', 'watch', 'risk']);

/** A question as it is displayed. `shown` is the hash of what was displayed: an answer must carry it. */
export const questionSchema = z.strictObject({
  id: z.string(),
  /** Given back with the answer; a new one for each question. */
  nonce: z.string(),
  /** SHA-256 (hex) of the canonical JSON of all that a person decides on: agent, title, action, reason. */
  shown: z.string(),
  /** Questions of one answer of the model share this, and are shown together. */
  group: z.string(),
  askedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  agent: z.strictObject({
    name: z.string(),
    version: z.string().nullable(),
    /** Outermost first: ["gnome-terminal", "zsh"]. */
    parents: z.array(z.string()),
    pid: z.number().int().nullable(),
  }),
  /** The project folder; null where it is not known. */
  workspace: z.string().nullable(),
  /** "Claude Code wants to delete files outside this project". */
  title: z.string(),
  action: z.strictObject({
    kind: z.enum(['call_tool', 'call_mcp_tool']),
    tool: z.string(),
    toolKind: z.string(),
    /** Control and bidirectional characters are already made visible. */
    text: z.string(),
    /** Length in UTF-16 units of the text that was cut off, 0 where it is whole. */
    omitted: z.number().int(),
    /** UTF-16 offsets into `text`; sorted, not overlapping. */
    marks: z.array(z.strictObject({ start: z.number().int(), end: z.number().int(), risk: riskSchema, says: z.string() })),
  }),
  effects: z.array(z.strictObject({ risk: riskSchema, says: z.string() })),
  reason: z.string(),
  policies: z.array(z.strictObject({ id: z.string(), reason: z.string().nullable(), contact: z.string().nullable() })),
  /** Where the idea came from. */
  idea: z.strictObject({ model: z.string().nullable(), provider: z.string(), after: z.string().nullable() }),
  /** Which grants policy permits beyond this once. */
  grants: z.array(z.enum(['session', 'workspace'])),
  details: z.strictObject({ session: z.string(), exchange: z.string(), host: z.string(), protocol: z.string(), arguments: z.string() }),
});
export type Question = z.infer<typeof questionSchema>;

export const answerSchema = z.discriminatedUnion('choice', [
  /** `reason` goes to the model, so that it can try something else. */
  z.strictObject({ choice: z.literal('deny'), reason: z.string().max(2000).optional() }),
  z.strictObject({ choice: z.literal('allow'), for: z.enum(['once', 'session', 'workspace']) }),
]);
export type Answer = z.infer<typeof answerSchema>;

/** An answer of one question, with the proof that it was this question that was displayed. */
export const answeredSchema = z.strictObject({
  id: z.string(),
  nonce: z.string(),
  shown: z.string(),
  answer: answerSchema,
});
export type Answered = z.infer<typeof answeredSchema>;

/** How a question ended. */
export type Ending =
  | { readonly kind: 'answered'; readonly answer: Answer; readonly by: string }
  | { readonly kind: 'remembered'; readonly grant: string }
  | { readonly kind: 'missed' }
  | { readonly kind: 'unattended' }
  /** `why`: what is in force has changed meanwhile, and refuses it. Without it the agent has gone, or the engine stops. */
  | { readonly kind: 'withdrawn'; readonly why?: Refusal };

/** A question that nobody answered in time. `allowNext` releases the same action when it comes again. */
export const missedSchema = z.strictObject({ question: questionSchema, missedAt: z.iso.datetime(), allowNext: z.boolean() });
export type Missed = z.infer<typeof missedSchema>;

/** A remembered answer: a rule with an end. */
export const grantSchema = z.strictObject({
  id: z.string(),
  scope: z.enum(['session', 'workspace', 'next']),
  /** Session id or workspace root that it counts in. */
  within: z.string(),
  /** What it releases, as the person saw it. */
  title: z.string(),
  text: z.string(),
  /** SHA-256 (hex) of tool and canonical arguments. */
  content: z.string(),
  grantedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
});
export type Grant = z.infer<typeof grantSchema>;
