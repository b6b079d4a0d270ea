/** From what Cedar found to a decision: deny beats ask beats redact beats allow, and every doubt is a deny. */

import type { DecidingPolicy, Decision, ObservedPolicy, VerdictKind } from '../../contract/verdict.ts';
import type { CompiledPolicy } from './compile.ts';
import type { Evaluation, Observation } from './installed.ts';

const RANK = { high: 0, medium: 1, low: 2 } as const;

/** `policies` by id, in the bundle's order. Once a person has approved, policies that ask count no more; all others do. */
export function decisionOf(evaluation: Evaluation, policies: ReadonlyMap<string, CompiledPolicy>, approved: boolean): Decision {
  const decision = enforced(evaluation, policies, approved);
  const observed = evaluation.observed ? observedPolicies(evaluation.observed, decision, policies, approved) : [];
  return observed.length === 0 ? decision : { ...decision, observed };
}

/** Policy could not be evaluated. `failure` is for the log, the reason for a person. */
export function failedDecision(failure: string): Decision {
  return { verdict: 'deny', policies: [], reason: 'The policy could not be evaluated, so this is refused.', failure };
}

function enforced(evaluation: Evaluation, policies: ReadonlyMap<string, CompiledPolicy>, approved: boolean): Decision {
  if (evaluation.failure !== undefined) return failedDecision(evaluation.failure);
  const named = new Set([...evaluation.permits, ...evaluation.denies, ...evaluation.softs]);
  for (const id of named) {
    const policy = policies.get(id);
    if (!policy) return failedDecision(`an unknown policy decided: ${id}`);
    if (policy.mode === 'observe') return failedDecision(`a policy decided that is only observed: ${id}`);
  }
  const matching = (ids: readonly string[], effect: VerdictKind) =>
    ids.map((id) => policies.get(id)!).filter((policy) => policy.effect === effect);

  const denies = matching(evaluation.denies, 'deny');
  if (denies.length > 0) return decided('deny', denies);
  const permits = matching(evaluation.permits, 'allow');
  if (permits.length === 0) return { verdict: 'deny', policies: [], reason: 'No policy permits this.' };
  const asks = approved ? [] : matching(evaluation.softs, 'ask');
  if (asks.length > 0) return decided('ask', asks);
  const redacts = matching(evaluation.softs, 'redact');
  if (redacts.length > 0) return decided('redact', redacts);
  return decided('allow', permits);
}

function decided(verdict: VerdictKind, matched: readonly CompiledPolicy[]): Decision {
  const sorted = gravestFirst(matched);
  return { verdict, policies: sorted.map(decidingPolicy), reason: sorted[0] ? reasonOf(sorted[0]) : 'A policy decided this.' };
}

/** A watched permit would have changed something only where nothing else permits: otherwise it is not worth a word. */
function observedPolicies(
  { permits, forbids, failures }: Observation,
  { verdict, policies: deciding, failure }: Decision,
  policies: ReadonlyMap<string, CompiledPolicy>,
  approved: boolean,
): ObservedPolicy[] {
  const unpermitted = verdict === 'deny' && deciding.length === 0 && failure === undefined;
  const met = [...forbids, ...(unpermitted ? permits : [])].flatMap((id) => policies.get(id) ?? []);
  return [
    ...gravestFirst(met)
      .filter(({ effect }) => !(approved && effect === 'ask'))
      .map((policy) => ({ id: policy.id, effect: policy.effect, reason: reasonOf(policy) })),
    ...failures.map(({ id, failure }): ObservedPolicy => ({ id, effect: 'deny', reason: 'This policy could not be evaluated.', failure })),
  ];
}

function gravestFirst(policies: readonly CompiledPolicy[]): CompiledPolicy[] {
  return [...policies].sort((one, other) => RANK[one.severity] - RANK[other.severity]);
}

function reasonOf({ id, reason }: CompiledPolicy): string {
  return reason ?? `Policy ${id} decided this.`;
}

function decidingPolicy({ id, effect, reason, contact, remember, mentions, lasting }: CompiledPolicy): DecidingPolicy {
  const labels =
    effect === 'redact' ? mentions.flatMap(({ attribute, values, positive }) => (attribute === 'labels' && positive ? values : [])) : [];
  return {
    id,
    effect,
    remember,
    ...(reason !== undefined && { reason }),
    ...(contact !== undefined && { contact }),
    ...(labels.length > 0 && { labels }),
    ...(lasting && { lasting }),
  };
}
