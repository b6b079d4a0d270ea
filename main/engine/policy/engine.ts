/** The policy in force: loads a bundle and decides on actions with it. */

import type { Action, ActionKind, Understanding } from '../../contract/action.ts';
import { HoldpointError, messageOf } from '../../contract/errors.ts';
import type { Decision } from '../../contract/verdict.ts';
import { loadBundle } from './bundle.ts';
import type { CompiledPolicy } from './compile.ts';
import { decisionOf, failedDecision } from './decision.ts';
import { createEvaluator } from './evaluator.ts';
import { remembering } from './memo.ts';
import { problemLine } from './problems.ts';
import { policyRequest } from './request.ts';
import { onDevice } from './rollout.ts';

export interface Policy {
  /** Never rejects: what cannot be decided is `deny` with `failure`. `approved`: a person has said yes to this call. */
  decide(action: Action, understanding: Understanding, approved: boolean): Promise<Decision>;
  /** Whether any policy is about this kind of action. Connections and results are decided on only where one is. */
  speaksOf(kind: ActionKind): boolean;
  readonly summary: PolicySummary;
  /** A policy of the bundle by its `@id`, for explanations. */
  find(id: string): CompiledPolicy | undefined;
  /** From then on everything is denied. May be called more than once. */
  close(): Promise<void>;
}

export interface PolicySummary {
  readonly name: string;
  readonly source: 'starter' | 'folder';
  readonly dir: string;
  /** Number of policies. */
  readonly count: number;
  /** SHA-256 (hex) of the files' names and content. */
  readonly hash: string;
}

export interface PolicyOptions {
  /** Folder of *.cedar files; the starter policy where absent. */
  readonly dir?: string;
  /** What this device is told from others by, for `@rollout`; without it every rollout counts as complete. */
  readonly device?: string;
  /** Called with a sentence for the engine's log. */
  readonly log?: (message: string) => void;
}

/** Resolves when the policies are in force. Rejects with `policy-invalid` and every mistake, each with its place. */
export async function createPolicy({ dir, device, log = () => {} }: PolicyOptions): Promise<Policy> {
  const bundle = await loadBundle(dir);
  const errors = bundle.problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) {
    throw new HoldpointError(
      'policy-invalid',
      `The policy folder ${bundle.dir} cannot be used. Correct this and start again:\n${errors.map(problemLine).join('\n')}`,
    );
  }
  for (const warning of bundle.problems) log(`Policy folder ${bundle.dir}: ${problemLine(warning)}`);
  const here = onDevice(bundle.policies, device);
  const policies = new Map(here.map((policy) => [policy.id, policy]));
  const evaluator = await createEvaluator({ schema: bundle.schema, policies: here, log });
  let evaluate = remembering(evaluator.evaluate);
  let closed = false;
  const spoken = new Set(here.flatMap(({ actions }) => actions));
  // A policy that is only observed must not make others need a permit.
  const decidedOn = new Set(here.filter(({ mode }) => mode === 'enforce').flatMap(({ actions }) => actions));

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
    close() {
      closed = true;
      evaluate = evaluator.evaluate;
      return evaluator.close();
    },
  };
}

/** Folders that were written before these could be decided on, or by people who do not care, are not to cut every connection. */
const OPEN: ReadonlySet<ActionKind> = new Set<ActionKind>(['connect', 'receive_result']);
const UNSPOKEN: Decision = { verdict: 'allow', policies: [], reason: 'No policy speaks of this.' };
