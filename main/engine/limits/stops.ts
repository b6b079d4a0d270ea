/** What settings stop whatever policy says: the off switch, and the lists of what may be used at all. */

import type { Action, Origin } from '../../contract/action.ts';
import type { Settings } from '../../contract/settings.ts';
import type { Refusal } from '../../contract/verdict.ts';
import { agentOf, anyMatches, listed, shown } from './names.ts';

export const OFF_SWITCH = 'off-switch';

export type StopSettings = Pick<Settings, 'allowed' | 'off' | 'contact'>;

/** Why the action may not be, or undefined where it is not for these settings to say. */
export function stopped(action: Action, { allowed, off, contact }: StopSettings): Refusal | undefined {
  const why = switchedOff(action, off) ?? notAllowed(action, allowed);
  return why && { ...why, ...(contact !== undefined && { contact }) };
}

/** Whether connections that are only tunnelled are to be asked about: only then is each of them judged. */
export function stopsConnections({ off }: Pick<Settings, 'off'>): boolean {
  return off.all || off.agents.length > 0 || off.providers.length > 0;
}

function switchedOff(action: Action, { all, agents, providers, reason }: Settings['off']): Refusal | undefined {
  // What a tool gave already goes back: whatever is done with it needs a model.
  if (action.kind === 'receive_result') return undefined;
  const { origin } = action;
  const named = anyMatches(providers, origin.provider, origin.host);
  // A connection to anybody else is none of a model's: a person's bank, say.
  const isModels = action.kind !== 'connect' || isKnown(origin);
  const what =
    all && isModels
      ? 'every agent'
      : isModels && anyMatches(agents, origin.agent.name, origin.agent.startedBy)
        ? `the agent ${shown(agentOf(origin))}`
        : named
          ? `the provider ${shown(origin.provider)}`
          : undefined;
  if (what === undefined) return undefined;
  return { policy: OFF_SWITCH, reason: `The off switch is set for ${what}${reason === undefined ? '' : `: ${reason}`}` };
}

/** A host that nobody knows is its own provider. */
function isKnown({ provider, host }: Origin): boolean {
  return provider !== host;
}

/** Of model calls, and of what comes of them. An MCP server is no model, and a tunnel tells nothing of one. */
function notAllowed(action: Action, { providers, models }: Settings['allowed']): Refusal | undefined {
  if (action.kind !== 'send_prompt' && action.kind !== 'call_tool') return undefined;
  const { provider, host, model } = action.origin;
  if (providers && !anyMatches(providers, provider, host))
    return {
      policy: 'limits.allowed-providers',
      reason: `The provider ${shown(provider)} may not be used here. Allowed: ${listed(providers)}.`,
    };
  if (!models || (model !== undefined && anyMatches(models, model))) return undefined;
  return {
    policy: 'limits.allowed-models',
    reason:
      model === undefined
        ? `Which model this is for could not be told, and only some may be used here. Allowed: ${listed(models)}.`
        : `The model ${shown(model)} may not be used here. Allowed: ${listed(models)}.`,
  };
}
