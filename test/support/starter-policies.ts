/** The starter policy, as an engine tells of it. */

import type { Policies } from '../../main/contract/policy-desk.ts';
import { loadBundle } from '../../main/engine/policy/bundle.ts';
import { listedPolicies } from '../../main/engine/policy-desk/listed.ts';

export async function starterPolicies(): Promise<Policies> {
  const { policies, name, source, dir, hash } = await loadBundle();
  return listedPolicies({ summary: { name, source, dir, hash, count: policies.length }, policies: () => policies }, null);
}
