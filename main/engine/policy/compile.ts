/** Compiles policy text: splits, names, validates against the schema, and says of every mistake where it is. */

import { type DetailedError, policySetTextToParts, policyToJson, type ValidationError, validate } from '@cedar-policy/cedar-wasm/nodejs';
import type { ActionKind } from '../../contract/action.ts';
import { type Annotations, readAnnotations } from './annotations.ts';
import { type Mention, mentionsOf, type Requirement, requirementOf } from './conditions.ts';
import type { PolicyFile } from './files.ts';
import { normalise } from './normalise.ts';
import { type PolicyProblem, problemOf } from './problems.ts';
import { offsetOfByte, positionAt, type Statement, statementsOf } from './statements.ts';
import { ACTION_KINDS, CLOSED_WORDS, LOWER_CASE } from './vocabulary.ts';
import { saysOf } from './words/says.ts';

/** One policy, ready to be evaluated and explained. Plain data: it crosses to the worker. */
export interface CompiledPolicy extends Annotations {
  readonly text: string;
  readonly file: string;
  readonly line: number;
  readonly actions: readonly ActionKind[];
  readonly requirement?: Requirement;
  readonly mentions: readonly Mention[];
  /** In one sentence for a person, worked out from its conditions. */
  readonly says: string;
}

export interface Compiled {
  readonly policies: readonly CompiledPolicy[];
  readonly problems: readonly PolicyProblem[];
}

/** Where the compiler is, told before each step that could crash the WebAssembly instance. */
export type Progress = (at: { readonly file: string; readonly line: number }) => void;

const MAX_POLICIES = 5_000;

/** May crash on hostile text, and the instance with it: run it in a worker that can be thrown away. */
export function compilePolicies(files: readonly PolicyFile[], schema: string, progress: Progress): Compiled {
  const policies: CompiledPolicy[] = [];
  const problems: PolicyProblem[] = [];
  const sources = new Map<string, Source>();
  for (const file of files) {
    const statements = statementsOf(file.text);
    if (statements.length + policies.length > MAX_POLICIES) {
      problems.push(
        problemOf(
          file.name,
          `is beyond the ${MAX_POLICIES} policies that are taken.`,
          'put values into sets instead of writing a policy for each',
        ),
      );
      break;
    }
    const before = problems.length;
    for (const statement of statements) {
      const source = sourceOf(file, statement);
      progress({ file: file.name, line: source.position.line });
      const { policy, problems: found } = compileStatement(source);
      problems.push(...found);
      if (!policy) continue;
      const twin = sources.get(policy.id);
      if (twin) {
        problems.push({
          ...source.at(statement.annotations.get('id') ?? 0),
          severity: 'error',
          message: `@id("${policy.id}") is already taken in ${twin.file.name}, line ${twin.position.line}.`,
          hint: 'give each policy a name of its own',
          policy: policy.id,
        });
        continue;
      }
      sources.set(policy.id, source);
      policies.push(policy);
    }
    // Cedar's own reading of the whole file has the last word on how many policies it holds.
    // Where that crashes, the longest policy is the likeliest cause.
    const longest = statements.reduce((one, other) => (other.text.length > one.text.length ? other : one), { text: '', start: 0 });
    progress({ file: file.name, line: positionAt(file.text, longest.start).line });
    if (problems.length === before) problems.push(...disagreement(file, statements.length));
  }
  problems.push(...validationProblems(policies, sources, schema));
  return { policies, problems: problems.sort(byPlace(files)) };
}

interface Source {
  readonly file: PolicyFile;
  readonly statement: Statement;
  readonly position: { readonly line: number; readonly column: number };
  /** File, line and column of an offset in the file; of the statement where it is 0. */
  at(offset: number): { readonly file: string; readonly line: number; readonly column: number };
}

function sourceOf(file: PolicyFile, statement: Statement): Source {
  return {
    file,
    statement,
    position: positionAt(file.text, statement.start),
    at: (offset) => ({ file: file.name, ...positionAt(file.text, offset || statement.start) }),
  };
}

function compileStatement(source: Source): { readonly policy?: CompiledPolicy; readonly problems: readonly PolicyProblem[] } {
  const { statement, file, position } = source;
  const answer = policyToJson(statement.text);
  if (answer.type === 'failure') return { problems: answer.errors.map((error) => cedarProblem(error, source, 'error')) };
  const { json } = answer;
  const { annotations, problems } = readAnnotations(json.effect, json.annotations ?? {});
  const id = annotations && { policy: annotations.id };
  const mentions = mentionsOf(json);
  const found: PolicyProblem[] = [
    ...problems.map(
      ({ annotation, message, hint }): PolicyProblem => ({
        ...source.at(annotation === undefined ? 0 : (statement.annotations.get(annotation) ?? 0)),
        severity: 'error',
        message,
        hint,
        ...id,
      }),
    ),
    ...mentions.flatMap(wordProblems).map(({ value, message, hint }): PolicyProblem => {
      const within = statement.text.indexOf(JSON.stringify(value));
      return { ...source.at(within < 0 ? 0 : statement.start + within), severity: 'error', message, hint, ...id };
    }),
  ];
  if (!annotations) return { problems: found };
  const requirement = requirementOf(json);
  const actions = ACTION_KINDS.filter((action) => namesAction(json.action, action));
  return {
    problems: found,
    policy: {
      ...annotations,
      text: statement.text,
      file: file.name,
      line: position.line,
      actions,
      ...(requirement && { requirement }),
      mentions,
      says: saysOf(json, annotations.effect, actions),
    },
  };
}

/** Cedar takes any string; a policy for a word that no fact can ever have would never match, and nobody would notice. */
function wordProblems({ attribute, values }: Mention): { value: string; message: string; hint: string }[] {
  const words = CLOSED_WORDS.get(attribute);
  return values.flatMap((value) => {
    const quoted = JSON.stringify(value);
    if (words && !words.includes(value))
      return {
        value,
        message: `context.${attribute} can never be ${quoted}.`,
        hint: `known are ${words.map((word) => `"${word}"`).join(', ')}`,
      };
    const normal = LOWER_CASE.has(attribute) ? normalise(value).toLowerCase() : normalise(value);
    if (normal !== value)
      return {
        value,
        message: `context.${attribute} can never be ${quoted}, since facts are normalised.`,
        hint: `write ${JSON.stringify(normal)}`,
      };
    return [];
  });
}

function namesAction(scope: { readonly op: string; readonly entity?: unknown; readonly entities?: unknown }, action: ActionKind): boolean {
  if (scope.op === 'All') return true;
  const named = JSON.stringify([scope.entity, scope.entities]);
  return named.includes(`"id":${JSON.stringify(action)}`);
}

function disagreement(file: PolicyFile, count: number): PolicyProblem[] {
  const answer = policySetTextToParts(file.text);
  if (answer.type === 'failure') {
    const whole = sourceOf(file, { text: file.text, start: 0, annotations: new Map() });
    return answer.errors.map((error) => cedarProblem(error, whole, 'error'));
  }
  if (answer.policies.length === count) return [];
  return [
    problemOf(
      file.name,
      `could not be split into its policies: Cedar counts ${answer.policies.length}, Holdpoint ${count}.`,
      'put each policy into a file of its own and report this',
    ),
  ];
}

function validationProblems(policies: readonly CompiledPolicy[], sources: ReadonlyMap<string, Source>, schema: string): PolicyProblem[] {
  const staticPolicies = Object.fromEntries(policies.map(({ id, text }) => [id, text]));
  const answer = validate({ schema, policies: { staticPolicies }, validationSettings: { mode: 'strict' } });
  if (answer.type === 'failure') return answer.errors.map(({ message }) => problemOf(policies[0]?.file ?? '', message));
  const faulty = new Set(answer.validationErrors.map(({ policyId }) => policyId));
  const place =
    (severity: PolicyProblem['severity']) =>
    ({ policyId, error }: ValidationError): PolicyProblem[] => {
      const source = sources.get(policyId);
      return source ? [{ ...cedarProblem(error, source, severity), policy: policyId }] : [problemOf(policyId, error.message)];
    };
  return [
    ...oncePerPlace(answer.validationErrors.flatMap(place('error'))),
    // What Cedar warns of in a policy that does not validate only repeats the error.
    ...answer.validationWarnings.filter(({ policyId }) => !faulty.has(policyId)).flatMap(place('warning')),
  ];
}

/** Cedar validates a policy once for every action that it may be about, and tells of the same words each time. */
function oncePerPlace(problems: readonly PolicyProblem[]): PolicyProblem[] {
  const first = new Map<string, PolicyProblem>();
  for (const problem of problems) {
    const key = JSON.stringify([problem.file, problem.line, problem.column, problem.policy]);
    const earlier = first.get(key);
    const hint = 'say which action the policy is about, as in action == Action::"call_tool"';
    first.set(key, earlier ? { ...earlier, ...(earlier.message !== problem.message && { hint }) } : problem);
  }
  return [...first.values()];
}

function cedarProblem(
  { message, help, sourceLocations }: DetailedError,
  source: Source,
  severity: PolicyProblem['severity'],
): PolicyProblem {
  const location = sourceLocations?.[0];
  const offset = location ? source.statement.start + offsetOfByte(source.statement.text, location.start) : 0;
  const hint = help ?? location?.label ?? undefined;
  const told = message.replace(/^for policy `[^`]*`, /, '').replace(/^failed to parse policy from string: /, '');
  return { ...source.at(offset), severity, message: /[.!?]$/.test(told) ? told : `${told}.`, ...(hint && { hint }) };
}

function byPlace(files: readonly PolicyFile[]): (one: PolicyProblem, other: PolicyProblem) => number {
  const order = new Map(files.map(({ name }, index) => [name, index]));
  return (one, other) => (order.get(one.file) ?? -1) - (order.get(other.file) ?? -1) || one.line - other.line || one.column - other.column;
}
