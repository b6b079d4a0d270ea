/** Answers what whoever shows policy asks. It reads what is in force, and changes nothing. */

import { homedir } from 'node:os';
import type { ControlParams, ControlResult } from '../../contract/control.ts';
import type { POLICY_DESK_METHODS } from '../../contract/policy-desk.ts';
import type { Caller } from '../control/caller.ts';
import type { StaleMode } from '../fleet/stale.ts';
import type { Where } from '../guard/facts/paths.ts';
import type { InForce } from '../in-force.ts';
import { listedPolicies } from './listed.ts';
import { createReplays } from './replays.ts';
import { whatIf } from './what-if.ts';

type Method = keyof typeof POLICY_DESK_METHODS;

export type PolicyDeskHandlers = {
  readonly [M in Method]: (params: ControlParams<M>, caller: Caller, gone: AbortSignal) => Promise<ControlResult<M>>;
};

export interface PolicyDesk {
  readonly handlers: PolicyDeskHandlers;
  close(): Promise<void>;
}

export interface PolicyDeskOptions {
  readonly inForce: Pick<InForce, 'use' | 'scan'>;
  /** Of the fleet, where there is one. */
  readonly fleet: () => { readonly revision: number | null; readonly staleMode: StaleMode | undefined } | undefined;
  readonly logFile: string;
  /** Where `~` is for who asks; this process's user's where absent. */
  readonly homeOf?: (user: string | undefined) => Promise<string | undefined>;
  /** Where paths lead for who asks; this process's own view where absent. */
  readonly lookUp?: (user: string | undefined) => Promise<Where['realpath']>;
}

export function createPolicyDesk({ inForce, fleet, logFile, homeOf = async () => undefined, lookUp }: PolicyDeskOptions): PolicyDesk {
  const replays = createReplays({ logFile });
  return {
    handlers: {
      policies: () => inForce.use(async (policy) => listedPolicies(policy, fleet()?.revision ?? null)),
      whatIf: async (given, { name }) => {
        const home = (await homeOf(name)) ?? homedir();
        const realpath = await lookUp?.(name);
        return inForce.use((policy) => whatIf(given, { policy, scan: inForce.scan, staleMode: fleet()?.staleMode, home, realpath }));
      },
      replayDraft: (asked, _caller, gone) => replays.replay(asked, gone),
    },
    close: replays.close,
  };
}
