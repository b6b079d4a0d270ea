/** What a line of `holdpoint inspect` may say besides the action: who, where from, and what the session has seen before. */

import { z } from 'zod';
import { type Finding, type Origin, PROTOCOL_NAMES, type SessionMeter, UNINSPECTED } from '../../contract/action.ts';

const name = z.string().max(1_000);

/** Keys that every kind of line may have. The session's have the names that policies know them by. */
export const situationShape = {
  session: z
    .strictObject({
      untrustedSeen: z.boolean().default(false),
      injectionSeen: z.boolean().default(false),
      sensitiveSeen: z.boolean().default(false),
      refusals: z.int().min(0).default(0),
    })
    .optional(),
  /** Findings besides those that detectors have in the line's own text: what it shares with the conversation before, say. */
  labels: z.array(z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)*$/, 'expected a label such as taint.url')).optional(),
  uninspected: z.enum(UNINSPECTED).optional(),
  /** A person has said yes to it. */
  approved: z.boolean().optional(),
  agent: name.optional(),
  user: name.optional(),
  startedBy: name.optional(),
  provider: name.optional(),
  providerHost: name.optional(),
  model: name.optional(),
  protocol: z.enum(PROTOCOL_NAMES).optional(),
};

const situationSchema = z.object({ ...situationShape, cwd: z.string().optional(), home: z.string().optional() });
export type Situation = z.infer<typeof situationSchema>;

/** The workspace of an inspected action is its working folder. */
export function originOf({ agent, user, startedBy, provider, providerHost, model, protocol, cwd, home }: Situation): Origin {
  return {
    exchange: 'inspect',
    session: 'inspect',
    agent: {
      name: agent ?? 'Unknown program',
      ...(startedBy !== undefined && { startedBy }),
      ...(user !== undefined && { process: { pid: 0, executable: '', commandLine: [], user, parents: [] } }),
    },
    protocol: protocol ?? 'unknown',
    provider: provider ?? '',
    host: providerHost ?? '',
    workspace: cwd === undefined ? { state: 'unresolved' } : { state: 'known', root: cwd, cwd, source: 'protocol' },
    ...(model !== undefined && { model }),
    ...(home !== undefined && { home }),
  };
}

export function meterOf({ session }: Situation): SessionMeter | undefined {
  return (
    session && {
      untrusted: session.untrustedSeen,
      injected: session.injectionSeen,
      sensitive: session.sensitiveSeen,
      refusals: session.refusals,
    }
  );
}

export function givenFindings({ labels = [] }: Situation): Finding[] {
  return labels.map((label) => ({ detector: 'given', label, severity: 'medium', start: 0, end: 0 }));
}
