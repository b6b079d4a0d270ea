/** The policy in force: loads a bundle and decides on actions with it. */

import type { Action, ActionKind, Understanding } from '../../contract/action.ts';
import { HoldpointError, messageOf } from '../../contract/errors.ts';
import type { Decision } from '../../contract/verdict.ts';
import { type Bundle, type BundleChoice, loadBundle } from './bundle.ts';
import type { CompiledPolicy } from './compile.ts';
import { decisionOf, failedDecision } from './decision.ts';
import { createEvaluator } from './evaluator.ts';
import { remembering } from './memo.ts';
import { type PolicyProblem, problemLine } from './problems.ts';
import { policyRequest } from './request.ts';
import { onDevice } from './rollout.ts';
import { failingTests, failureProblem, type Judge } from './tests.ts';

export interface Policy {
  /** Never rejects: what cannot be decided is `deny` with `failure`. `approved`: a person has said yes to this call. */
  decide(action: Action, understanding: Understanding, approved: boolean): Promise<Decision>;
  /** Whether any policy is about this kind of action. Connections and results are decided on only where one is. */
  speaksOf(kind: ActionKind): boolean;
  readonly summary: PolicySummary;
  /** A policy of the bundle by its `@id`, for explanations. */
  find(id: string): CompiledPolicy | undefined;
  /** All of them, in the mode that they have here. */
  policies(): Iterable<CompiledPolicy>;
  /** From then on everything is denied. May be called more than once. */
  close(): Promise<void>;
}

export interface PolicySummary {
  readonly name: string;
  readonly source: Bundle['source'];
  readonly dir: string;
  /** Number of policies. */
  readonly count: number;
  /** SHA-256 (hex) of the files' names and content. */
  readonly hash: string;
}

export interface PolicyOptions extends BundleChoice {
  /** What this device is told from others by, for `@rollout`; without it every rollout counts as complete. */
  readonly device?: string;
  /** Runs the bundle's own tests: one that fails keeps it from being put in force. Without it they are not run. */
  readonly judge?: Judge;
  /** Called with a sentence for the engine's log. */
  readonly log?: (message: string) => void;
}

/** Resolves when the policies are in force. Rejects with `policy-invalid` and every mistake, each with its place. */
export async function createPolicy({ device, judge, log = () => {}, ...choice }: PolicyOptions): Promise<Policy> {
  const bundle = await loadBundle(choice);
  refuse(bundle, bundle.problems);
  for (const warning of bundle.problems) log(`${placeOf(bundle)}: ${problemLine(warning)}`);
  const here = onDevice(bundle.policies, device);
  if (!judge || bundle.tests.length === 0) return await policyOf(bundle, here, log);
  // Tests speak of the bundle as it will be, and not of this device's share of it.
  const whole = await policyOf(bundle, bundle.policies, log);
  const failures = await failingTests(bundle.tests, whole.decide, judge);
  if (failures.length === 0 && here.every(({ mode }, index) => mode === bundle.policies[index]?.mode)) return whole;
  await whole.close();
  refuse(bundle, failures.map(failureProblem));
  return await policyOf(bundle, here, log);
}

/** Puts a sound bundle's policies in force, each in the mode that it has. */
export async function policyOf(bundle: Bundle, inForce: readonly CompiledPolicy[], log: (message: string) => void): Promise<Policy> {
  const policies = new Map(inForce.map((policy) => [policy.id, policy]));
  const evaluator = await createEvaluator({ schema: bundle.schema, policies: inForce, log });
  let evaluate = remembering(evaluator.evaluate);
  let closed = false;
  const spoken = new Set(inForce.flatMap(({ actions }) => actions));
  // A policy that is only observed must not make others need a permit.
  const decidedOn = new Set(inForce.filter(({ mode }) => mode === 'enforce').flatMap(({ actions }) => actions));

  return {
    async decide(action, understanding, approved) {
      try {
        const open = OPEN.has(action.kind) && !decidedOn.has(action.kind);
        if (!closed && open && !spoken.has(action.kind)) return UNSPOKEN;
        const decision = decisionOf(await evaluate(policyRequest(action, understanding, approved)), policies, approved);
        return open && !closed ? { ...UNSPOKEN, ...(decision.observed && { observed: decision.observed }) } : decision;
      } catch (thrown) {
        return failedDecision(messageOf(thrown));
      }
    },
    speaksOf: (kind) => spoken.has(kind),
    summary: { name: bundle.name, source: bundle.source, dir: bundle.dir, count: bundle.policies.length, hash: bundle.hash },
    find: (id) => policies.get(id),
    policies: () => policies.values(),
    close() {
      closed = true;
      evaluate = evaluator.evaluate;
      return evaluator.close();
    },
  };
}

function placeOf({ source, dir, name }: Bundle): string {
  return source === 'fleet' ? name : `Policy folder ${dir}`;
}

function refuse(bundle: Bundle, problems: readonly PolicyProblem[]): void {
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return;
  throw new HoldpointError(
    'policy-invalid',
    bundle.source === 'fleet'
      ? `${bundle.name} cannot be used:\n${errors.map(problemLine).join('\n')}`
      : `The policy folder ${bundle.dir} cannot be used. Correct this and start again:\n${errors.map(problemLine).join('\n')}`,
  );
}

/** Folders that were written before these could be decided on, or by people who do not care, are not to cut every connection. */
const OPEN: ReadonlySet<ActionKind> = new Set<ActionKind>(['connect', 'receive_result']);
const UNSPOKEN: Decision = { verdict: 'allow', policies: [], reason: 'No policy speaks of this.' };
