/** The policies of a bundle in this thread's WebAssembly instance: those in force, and those that are only observed. */

import { preparseSchema } from '@cedar-policy/cedar-wasm/nodejs';
import type { CompiledPolicy } from './compile.ts';
import { isRuledOut } from './conditions.ts';
import type { PolicyRequest } from './request.ts';
import { createTier, type Matches, must, SCHEMA } from './slices.ts';

/** What Cedar says of one request: ids of the policies that match. Where `failure` is set, nothing else counts. */
export interface Evaluation {
  readonly failure?: string;
  readonly permits: readonly string[];
  /** Forbids with the effect `deny`. */
  readonly denies: readonly string[];
  /** Forbids with the effect `ask` or `redact`; left out where the call is denied anyway. */
  readonly softs: readonly string[];
  /** Absent where no observed policy could match. */
  readonly observed?: Observation;
}

/** What observed policies say of a request. */
export interface Observation {
  readonly permits: readonly string[];
  /** Forbids of every effect. */
  readonly forbids: readonly string[];
  /** Policies that could not be evaluated; `id` is "holdpoint" where none of them could. */
  readonly failures: readonly { readonly id: string; readonly failure: string }[];
}

export interface Installed {
  /** Of the policies in force. Throws where the WebAssembly traps: the instance is then unusable, and its thread should end. */
  evaluate(request: PolicyRequest): Evaluation;
  /** Of the observed policies, for a request that `evaluate` has not failed on; undefined where none can match. Throws likewise. */
  observe(request: PolicyRequest): Observation | undefined;
}

/**
 * One per thread: installing again replaces the sets of the one before.
 *
 * All policies in force are asked first, in one call: what they allow, as they do with nearly every action, needs no more. Otherwise
 * hard rules (permits and denies) and soft ones (ask, redact) are asked apart, because of several matching policies Cedar names only
 * the forbids: from all in one set it could not be told whether an asked call is permitted at all. Observed policies are in none of
 * these sets: whatever becomes of them, they cannot change what the others say.
 */
export function installPolicies(schema: string, policies: readonly CompiledPolicy[]): Installed {
  must(preparseSchema(SCHEMA, schema));
  const enforced = policies.filter(({ mode }) => mode === 'enforce');
  const observed = policies.filter(({ mode }) => mode === 'observe');
  const all = createTier('all', enforced);
  const hard = createTier(
    'hard',
    enforced.filter(({ effect }) => effect === 'allow' || effect === 'deny'),
  );
  const soft = createTier(
    'soft',
    enforced.filter(({ effect }) => effect === 'ask' || effect === 'redact'),
  );
  const watchedPermits = createWatch(
    'watched permits',
    observed.filter(({ effect }) => effect === 'allow'),
  );
  const watchedForbids = createWatch(
    'watched forbids',
    observed.filter(({ effect }) => effect !== 'allow'),
  );
  return {
    evaluate(request) {
      const missing = missingEntity(request);
      if (missing !== undefined) return failed(`the entity ${missing} is missing from the request`);
      const ordinary = sound(all(request, true));
      if (ordinary.failure !== undefined) return failed(ordinary.failure);
      if (ordinary.forbids.length === 0 && ordinary.permits.length > 0) return { permits: ordinary.permits, denies: [], softs: [] };
      const rules = sound(hard(request, false));
      if (rules.failure !== undefined) return failed(rules.failure);
      if (rules.forbids.length > 0 || rules.permits.length === 0) return { permits: [], denies: rules.forbids, softs: [] };
      const limits = sound(soft(request, false));
      if (limits.failure !== undefined) return failed(limits.failure);
      return { permits: rules.permits, denies: [], softs: limits.forbids };
    },
    observe(request) {
      const found = [watchedPermits(request), watchedForbids(request)].filter((matches) => matches !== undefined);
      if (found.length === 0) return undefined;
      return {
        permits: found.flatMap(({ permits }) => permits),
        forbids: found.flatMap(({ forbids }) => forbids),
        failures: found.flatMap(({ failure, errors }) => [
          ...(failure === undefined ? [] : [{ id: 'holdpoint', failure }]),
          ...errors.map(({ id, message }) => ({ id, failure: message })),
        ]),
      };
    },
  };
}

/** Asks Cedar only where one of the policies may match: the rest of the time, watching costs nothing. */
function createWatch(tier: string, policies: readonly CompiledPolicy[]): (request: PolicyRequest) => Matches | undefined {
  if (policies.length === 0) return () => undefined;
  const ask = createTier(tier, policies);
  return (request) => (policies.every((policy) => isRuledOut(policy, request)) ? undefined : ask(request, false));
}

/** Cedar skips a policy that errs, and may then say allow. */
function sound(matches: Matches): Matches {
  const [error] = matches.errors;
  return error ? { ...matches, failure: `policy ${error.id} could not be evaluated: ${error.message}` } : matches;
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
