/** A name that only the engine answers: whoever fetches it goes through this machine's guard, and trusts it. */

import { z } from 'zod';

/** `.internal` is nobody's on the network (ICANN, 2024: reserved for private use). */
export const PROBE_HOST = 'probe.holdpoint.internal';
export const PROBE_URL = `https://${PROBE_HOST}/`;

/** What it answers at `/`. `nonce` is one engine's, from its start to its end: another one's answer is known by another. */
export const probeAnswerSchema = z.strictObject({ holdpoint: z.literal('probe'), nonce: z.string().regex(/^[0-9a-f]{32}$/) });
export type ProbeAnswer = z.infer<typeof probeAnswerSchema>;
