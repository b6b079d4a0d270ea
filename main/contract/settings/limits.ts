/** Settings that limit use: what may be used at all, how much of it in a day, and the switches that turn the guard's work off or all work off. */

import { z } from 'zod';

/** A name in which * stands for anything, in any case of letters. */
const namePattern = z.string().min(1).max(200);
const patterns = z.array(namePattern).max(1000);

/** What may be used at all. What is absent is not limited; what cannot be told (no model could be read) is refused where it is limited. */
export const allowedSchema = z.strictObject({
  providers: patterns.optional().describe('Providers, by name or host: Anthropic, *.openai.azure.com.'),
  models: patterns.optional().describe('Models, as requests name them: claude-*, gpt-5*.'),
});

export const budgetSchema = z
  .strictObject({
    name: z.string().trim().min(1).max(80).describe('What a refusal and the log call it.'),
    per: z
      .enum(['device', 'user', 'agent', 'model'])
      .default('device')
      .describe('For whom it is counted: one for the whole device, or one for each user, agent or model that it fits.'),
    agent: namePattern.optional().describe('Only what these agents use.'),
    model: namePattern.optional().describe('Only what is used of these models.'),
    user: namePattern.optional().describe('Only what these users use.'),
    requests: z.int().min(1).optional().describe('Model calls a day.'),
    tokens: z.int().min(1).optional().describe('Tokens a day, in and out.'),
    costUsd: z.number().positive().optional().describe('US dollars a day, by the prices in force. A model without a price costs nothing.'),
    warnAt: z.number().min(0.1).max(1).default(0.8).describe('Part of it after which the person is warned.'),
  })
  .refine(({ requests, tokens, costUsd }) => (requests ?? tokens ?? costUsd) !== undefined, 'expected requests, tokens or costUsd');

/** US dollars for a million tokens. */
export const priceSchema = z.strictObject({
  input: z.number().min(0),
  output: z.number().min(0),
  cacheRead: z.number().min(0).optional().describe('Input that the provider had already; the input’s price where absent.'),
  cacheWrite: z.number().min(0).optional().describe('Input that the provider keeps; the input’s price where absent.'),
});
export const pricesSchema = z.record(namePattern, priceSchema);

/** The off switch: what it names may do nothing more. */
export const offSchema = z.strictObject({
  all: z.boolean().default(false).describe('No model call and no tool call at all.'),
  agents: patterns.default([]).describe('None by these agents.'),
  providers: patterns.default([]).describe('None to these providers, by name or host.'),
  reason: z.string().trim().min(1).max(300).optional().describe('Told to the person and to the agent.'),
});

/** Whether a person may suspend enforcement for a while. What happens meanwhile is recorded as ever. */
export const bypassSchema = z.strictObject({
  allowed: z.boolean().default(false).describe('Whether a person may let everything pass for a while, with a reason.'),
  maxMinutes: z.int().min(1).max(480).default(30).describe('For how long at most. It ends by itself.'),
});
