/** Preparsed policies in this thread's WebAssembly instance, sliced so that a decision meets few of them. */

import { preparsePolicySet, statefulIsAuthorized } from '@cedar-policy/cedar-wasm/nodejs';
import type { ActionKind } from '../../contract/action.ts';
import { HoldpointError } from '../../contract/errors.ts';
import type { CompiledPolicy } from './compile.ts';
import type { PolicyRequest } from './request.ts';

/** What Cedar says of one request. Where `failure` is set, nothing else counts. */
export interface Matches {
  readonly failure?: string;
  readonly permits: readonly string[];
  readonly forbids: readonly string[];
  /** Policies that Cedar has skipped because they err. */
  readonly errors: readonly PolicyError[];
}

export interface PolicyError {
  readonly id: string;
  readonly message: string;
}

/** Name of the preparsed schema. */
export const SCHEMA = 'holdpoint';

/** Small sets are not worth slicing: a call into Cedar costs as much as a hundred policies. */
const SLICE_ABOVE = 100;

/** Asks one set of policies, named `tier`. Throws where the WebAssembly traps. */
export function createTier(tier: string, policies: readonly CompiledPolicy[]): (request: PolicyRequest, validate: boolean) => Matches {
  const slices = new Map<string, Record<string, string>>();
  const put = (key: string, { id, text }: CompiledPolicy) => {
    const slice = slices.get(key) ?? {};
    slice[id] = text;
    slices.set(key, slice);
  };
  const sliced = policies.length > SLICE_ABOVE;
  const attributes = new Set<string>();
  for (const policy of policies) {
    for (const action of policy.actions) {
      const { requirement } = policy;
      if (!sliced || !requirement) put(action, policy);
      else {
        attributes.add(requirement.attribute);
        for (const value of requirement.values) put(sliceKey(action, requirement.attribute, value), policy);
      }
    }
  }
  const names = new Map([...slices.keys()].map((key, index) => [key, `${tier} ${index}`]));
  for (const [key, name] of names) must(preparsePolicySet(name, { staticPolicies: slices.get(key) ?? {} }));
  const nothing = `${tier} nothing`;
  must(preparsePolicySet(nothing, { staticPolicies: {} }));

  return (request, validate) => {
    const permits = new Set<string>();
    const forbids = new Set<string>();
    const errors: PolicyError[] = [];
    // Where the request is to be validated against the schema, a set is asked even if it is empty.
    const base = names.get(request.action.id) ?? (validate ? nothing : undefined);
    let unchecked = validate;
    for (const set of [...(base === undefined ? [] : [base]), ...matchingSlices(request, attributes, names)]) {
      const { failure, allowed, reasons, skipped } = ask(request, set, unchecked);
      if (failure !== undefined) return { failure, permits: [], forbids: [], errors: [] };
      for (const id of reasons) (allowed ? permits : forbids).add(id);
      errors.push(...skipped);
      unchecked = false;
    }
    return { permits: [...permits], forbids: [...forbids], errors };
  };
}

export function must(answer: { readonly type: string; readonly errors?: readonly { readonly message: string }[] }): void {
  if (answer.type === 'success') return;
  throw new HoldpointError(
    'policy-invalid',
    `The policies cannot be installed: ${answer.errors?.map(({ message }) => message).join('; ')}. Run "holdpoint policy check" on the folder.`,
  );
}

function* matchingSlices(
  { action, context }: PolicyRequest,
  attributes: ReadonlySet<string>,
  names: ReadonlyMap<string, string>,
): Generator<string> {
  for (const attribute of attributes) {
    const present = context[attribute];
    for (const value of Array.isArray(present) ? present : [present]) {
      const name = names.get(sliceKey(action.id, attribute, String(value)));
      if (name !== undefined) yield name;
    }
  }
}

function sliceKey(action: ActionKind, attribute: string, value: string): string {
  return JSON.stringify([action, attribute, value]);
}

interface Answer {
  readonly failure?: string;
  readonly allowed: boolean;
  readonly reasons: readonly string[];
  readonly skipped: readonly PolicyError[];
}

function ask(request: PolicyRequest, set: string, validate: boolean): Answer {
  const answer = statefulIsAuthorized({
    principal: request.principal,
    action: request.action,
    resource: request.resource,
    context: request.context as Parameters<typeof statefulIsAuthorized>[0]['context'],
    entities: request.entities.map(({ uid, parents }) => ({ uid, attrs: {}, parents: [...parents] })),
    preparsedPolicySetId: set,
    validateRequest: validate,
    ...(validate && { preparsedSchemaName: SCHEMA }),
  });
  if (answer.type === 'failure')
    return { failure: answer.errors.map(({ message }) => message).join('; '), allowed: false, reasons: [], skipped: [] };
  const { decision, diagnostics } = answer.response;
  const skipped = diagnostics.errors.map(({ policyId, error }) => ({ id: policyId, message: error.message }));
  return { allowed: decision === 'allow', reasons: diagnostics.reason, skipped };
}
