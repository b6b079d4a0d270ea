/** What a client of an engine that serves several users may not: take so much that others get nothing, or ask what is an administrator's. */

import type { AskedMethod } from '../../contract/control.ts';
import { HoldpointError } from '../../contract/errors.ts';
import type { Log } from '../log.ts';
import { createRates, type Rate } from './rates.ts';

export interface PublicLimits {
  /** Connections of all together: each costs the engine a fraction of a millisecond, in which it guards nobody. */
  readonly connections: Rate;
  /** Of one user. */
  readonly hellos: Rate;
  /** Of one user; a message of an MCP server is one. */
  readonly calls: Rate;
  readonly allCalls: Rate;
  /** Connections of one user at the same time. */
  readonly clientsEach: number;
  /** Connections that have not said hello yet. */
  readonly mostStrangers: number;
}

const USUAL: PublicLimits = {
  connections: { atOnce: 400, perSecond: 100 },
  hellos: { atOnce: 60, perSecond: 10 },
  calls: { atOnce: 2_000, perSecond: 400 },
  allCalls: { atOnce: 6_000, perSecond: 1_200 },
  clientsEach: 48,
  mostStrangers: 64,
};

export interface Limits {
  readonly mostStrangers: number;
  mayConnect(): boolean;
  /** Throws HoldpointError `control-busy`. `connected`: how many clients the user has already. */
  welcome(share: string, connected: number): void;
  mayCall(share: string): boolean;
  /** Whoever is turned away again and again must not fill the log. */
  mayLog(): boolean;
}

/** Undefined: one person's engine, whose socket nobody else can reach. */
export function createPublicLimits(limits: Partial<PublicLimits> | undefined, log: Log): Limits {
  if (!limits) return { mostStrangers: Number.POSITIVE_INFINITY, mayConnect: yes, welcome: () => {}, mayCall: yes, mayLog: yes };
  const { connections, hellos, calls, allCalls, clientsEach, mostStrangers } = { ...USUAL, ...limits };
  const told = (of: string) => (share: string) => log.warn('control.limited', { of, ...(share !== '' && { user: share }) });
  const connecting = createRates({ ...connections, tells: told('connections') });
  const greeting = createRates({ ...hellos, tells: told('connections of a user') });
  const calling = createRates({ ...calls, tells: told('requests of a user') });
  const callingAll = createRates({ ...allCalls, tells: told('requests') });
  const logging = createRates({ atOnce: 20, perSecond: 1 });

  return {
    mostStrangers,
    mayConnect: () => connecting.take(''),
    welcome(share, connected) {
      if (connected >= clientsEach)
        throw new HoldpointError(
          'control-busy',
          `You have ${connected} connections to the guard already, which is the most that one user may have. Close a program that uses it.`,
        );
      if (!greeting.take(share))
        throw new HoldpointError('control-busy', 'You have connected to the guard too often in a short time. Try again in a few seconds.');
    },
    mayCall: (share) => calling.take(share) && callingAll.take(''),
    mayLog: () => logging.take(''),
  };
}

export const BUSY = new HoldpointError(
  'control-busy',
  'The guard was asked too much in a short time, so this was not done. Try again in a few seconds.',
);

export function notPermitted(method: AskedMethod): HoldpointError {
  return new HoldpointError(
    'not-permitted',
    `The guard serves all users of this computer, and what was asked (${method}) is for its administrator. Use sudo, or ask your administrator.`,
  );
}

function yes(): boolean {
  return true;
}
