/** A preparsed set of policies in this thread's WebAssembly instance, sliced so that a decision meets few of them. */

import { preparsePolicySet, preparseSchema, statefulIsAuthorized } from '@cedar-policy/cedar-wasm/nodejs';
import type { ActionKind } from '../../contract/action.ts';
import { HoldpointError } from '../../contract/errors.ts';
import type { CompiledPolicy } from './compile.ts';
import type { PolicyRequest } from './request.ts';

/** What Cedar says of one request: ids of the policies that match. Where `failure` is set, nothing else counts. */
export interface Evaluation {
  readonly failure?: string;
  readonly permits: readonly string[];
  /** Forbids with the effect `deny`. */
  readonly denies: readonly string[];
  /** Forbids with the effect `ask` or `redact`; left out where the call is denied anyway. */
  readonly softs: readonly string[];
}

export interface Installed {
  /** Throws where the WebAssembly traps: the instance is then unusable, and its thread should end. */
  evaluate(request: PolicyRequest): Evaluation;
}

/** Small sets are not worth slicing: a call into Cedar costs as much as a hundred policies. */
const SLICE_ABOVE = 100;
const SCHEMA = 'holdpoint';

/**
 * One per thread: installing again replaces the sets of the one before.
 *
 * All policies are asked first, in one call: what they allow, as they do with nearly every action, needs no more. Otherwise hard rules
 * (permits and denies) and soft ones (ask, redact) are asked apart, because of several matching policies Cedar names only
 * the forbids: from all in one set it could not be told whether an asked call is permitted at all.
 */
export function installPolicies(schema: string, policies: readonly CompiledPolicy[]): Installed {
  must(preparseSchema(SCHEMA, schema));
  const all = createTier('all', policies);
  const hard = createTier(
    'hard',
    policies.filter(({ effect }) => effect === 'allow' || effect === 'deny'),
  );
  const soft = createTier(
    'soft',
    policies.filter(({ effect }) => effect === 'ask' || effect === 'redact'),
  );
  return {
    evaluate(request) {
      const missing = missingEntity(request);
      if (missing !== undefined) return failed(`the entity ${missing} is missing from the request`);
      const ordinary = all(request);
      if (ordinary.failure !== undefined) return failed(ordinary.failure);
      if (ordinary.forbids.length === 0 && ordinary.permits.length > 0) return { permits: ordinary.permits, denies: [], softs: [] };
      const rules = hard(request);
      if (rules.failure !== undefined) return failed(rules.failure);
      if (rules.forbids.length > 0 || rules.permits.length === 0) return { permits: [], denies: rules.forbids, softs: [] };
      const limits = soft(request);
      if (limits.failure !== undefined) return failed(limits.failure);
      return { permits: rules.permits, denies: [], softs: limits.forbids };
    },
  };
}

interface Matches {
  readonly failure?: string;
  readonly permits: readonly string[];
  readonly forbids: readonly string[];
}

function createTier(tier: 'all' | 'hard' | 'soft', policies: readonly CompiledPolicy[]): (request: PolicyRequest) => Matches {
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

  return (request) => {
    const permits = new Set<string>();
    const forbids = new Set<string>();
    let validate = true;
    // The first set is asked even if it is empty: it validates the request against the schema, once for all.
    for (const set of [names.get(request.action.id) ?? nothing, ...matchingSlices(request, attributes, names)]) {
      const { failure, allowed, reasons } = ask(request, set, validate);
      if (failure !== undefined) return { failure, permits: [], forbids: [] };
      for (const id of reasons) (allowed ? permits : forbids).add(id);
      validate = false;
    }
    return { permits: [...permits], forbids: [...forbids] };
  };
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

function ask(request: PolicyRequest, set: string, validate: boolean): { failure?: string; allowed: boolean; reasons: readonly string[] } {
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
  if (answer.type === 'failure') return { failure: answer.errors.map(({ message }) => message).join('; '), allowed: false, reasons: [] };
  const { decision, diagnostics } = answer.response;
  // Cedar skips a policy that errs, and may then say allow.
  const [error] = diagnostics.errors;
  if (error) return { failure: `policy ${error.policyId} could not be evaluated: ${error.error.message}`, allowed: false, reasons: [] };
  return { allowed: decision === 'allow', reasons: diagnostics.reason };
}

/** Cedar takes an entity that is not there for one without parents, and rules on its user would silently not match. */
function missingEntity({ principal, resource, entities }: PolicyRequest): string | undefined {
  const wanted = [principal, resource, ...entities.flatMap(({ parents }) => parents)];
  const missing = wanted.find(({ type, id }) => !entities.some(({ uid }) => uid.type === type && uid.id === id));
  return missing && `${missing.type}::${JSON.stringify(missing.id)}`;
}

function failed(failure: string): Evaluation {
  return { failure, permits: [], denies: [], softs: [] };
}

function must(answer: { readonly type: string; readonly errors?: readonly { readonly message: string }[] }): void {
  if (answer.type === 'success') return;
  throw new HoldpointError(
    'policy-invalid',
    `The policies cannot be installed: ${answer.errors?.map(({ message }) => message).join('; ')}. Run "holdpoint policy check" on the folder.`,
  );
}
