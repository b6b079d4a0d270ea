/** What is in force, as it is shown to a person. */

import { MOST_POLICIES, POLICY_TEXT_LENGTH, type Policies, type ShownPolicy } from '../../contract/policy-desk.ts';
import type { CompiledPolicy } from '../policy/compile.ts';
import type { Policy } from '../policy/engine.ts';

export function listedPolicies({ summary, policies }: Pick<Policy, 'summary' | 'policies'>, revision: number | null): Policies {
  const { name, source, dir, hash, count } = summary;
  return {
    ...{ name, source, dir, hash, count },
    revision: source === 'fleet' ? revision : null,
    policies: [...policies()].slice(0, MOST_POLICIES).map(shown),
  };
}

function shown(policy: CompiledPolicy): ShownPolicy {
  const { id, effect, says, reason, contact, severity, mode, rollout, remember, lasting, file, line, text } = policy;
  return {
    ...{ id, effect, says, severity, mode, rollout, remember, file, line },
    reason: reason ?? null,
    contact: contact ?? null,
    lasting: lasting ?? false,
    text: text.length <= POLICY_TEXT_LENGTH ? text : `${text.slice(0, POLICY_TEXT_LENGTH - 1).toWellFormed()}…`,
  };
}
