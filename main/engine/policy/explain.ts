/** `holdpoint policy explain`: why a decision is as it is, with the policies, the facts they met, and the words those came from. */

import type { Action, Understanding } from '../../contract/action.ts';
import type { DecidingPolicy, Decision, ObservedPolicy, VerdictKind } from '../../contract/verdict.ts';
import type { CompiledPolicy } from './compile.ts';
import type { Policy } from './engine.ts';
import { type ContextValue, policyRequest } from './request.ts';

export interface Explanation {
  readonly verdict: VerdictKind;
  /** All of it in one sentence. */
  readonly sentence: string;
  readonly policies: readonly ExplainedPolicy[];
  /** What is only observed, and met the action too: it has no part in the verdict. */
  readonly observed: readonly ExplainedPolicy[];
  /** The action's text, of the length that it has: credentials are covered, and what cannot be seen is a dot. */
  readonly text: string;
  /** Why policy could not be evaluated. */
  readonly failure?: string;
}

export interface ExplainedPolicy {
  readonly id: string;
  readonly effect: VerdictKind;
  readonly file: string;
  readonly line: number;
  readonly reason?: string;
  readonly contact?: string;
  /** Of an observed policy that could not be evaluated. */
  readonly failure?: string;
  /** Facts of the action that the policy names. Empty where it speaks of every action, or compares in another way. */
  readonly matched: readonly MatchedFact[];
}

export interface MatchedFact {
  /** The context's attribute: `effects`, `labels`, `deletesIn` … */
  readonly attribute: string;
  readonly value: string;
  /** What the fact says of this action: "deletes ~/Documents/thesis, not in this project". */
  readonly says?: string;
  /** The part of the action's text that it comes from. */
  readonly words?: string;
  /** Every part of `Explanation.text` that it comes from; UTF-16 offsets, half open. */
  readonly ranges?: readonly TextRange[];
}

export interface TextRange {
  readonly start: number;
  readonly end: number;
}

type Bundle = Pick<Policy, 'find'>;
type Told = Pick<DecidingPolicy, 'id' | 'effect' | 'reason' | 'contact'> & Pick<ObservedPolicy, 'failure'>;

const VERBS: Record<VerdictKind, string> = { allow: 'Allowed', redact: 'Redacted', ask: 'Asked', deny: 'Denied' };
const NOUNS: Readonly<Record<string, string>> = {
  effects: 'the effect',
  risky: 'the risky effect',
  labels: 'the finding',
  programs: 'the program',
  hosts: 'the host',
  toolName: 'the tool',
  toolKind: 'the kind of tool',
  server: 'the MCP server',
  serverAddress: 'the MCP server at',
  transport: 'the transport',
  host: 'the host',
  readsIn: 'reading in',
  reads: 'reading',
  writesIn: 'writing in',
  writes: 'writing',
  deletesIn: 'deleting in',
  deletes: 'deleting',
  outside: 'outside the project, a',
};
const MOST_FACTS = 3;
const MOST_WORDS = 80;

/** Credentials that were found are left out of it, and invisible characters are written as escapes. */
export function explain(action: Action, understanding: Understanding, decision: Decision, policy: Bundle): Explanation {
  const { context } = policyRequest(action, understanding, false);
  const clean = cleaner(understanding);
  const explained = ({ id, effect, reason, contact, failure }: Told): ExplainedPolicy => {
    const source = policy.find(id);
    return {
      id,
      effect,
      file: source?.file ?? '',
      line: source?.line ?? 0,
      ...(reason !== undefined && { reason }),
      ...(contact !== undefined && { contact }),
      ...(failure !== undefined && { failure }),
      matched: source ? matchedFacts(source, context, understanding, clean) : [],
    };
  };
  const policies = decision.policies.map(explained);
  const observed = (decision.observed ?? []).map(explained);
  const { verdict, failure } = decision;
  return {
    verdict,
    policies,
    observed,
    sentence: sentenceOf(decision, policies) + wouldHave(observed),
    text: covered(understanding),
    ...(failure !== undefined && { failure }),
  };
}

function matchedFacts(
  policy: CompiledPolicy,
  context: { readonly [attribute: string]: ContextValue },
  understanding: Understanding,
  clean: (text: string) => string,
): MatchedFact[] {
  const met = new Map<string, MatchedFact>();
  for (const { attribute, values, positive } of policy.mentions) {
    if (!positive) continue;
    const present = context[attribute];
    for (const value of values) {
      if (value === '' || !(present === value || (Array.isArray(present) && present.includes(value)))) continue;
      met.set(`${attribute} ${value}`, { attribute, value: clean(value), ...evidence(attribute, value, understanding, clean) });
    }
  }
  return [...met.values()];
}

/** The loudest effect speaks for all of its kind. */
function evidence(
  attribute: string,
  value: string,
  { facts, findings }: Understanding,
  clean: (text: string) => string,
): { says?: string; words?: string; ranges?: readonly TextRange[] } {
  if (attribute === 'labels') {
    const ranges = findings
      .filter(({ label, end }) => end <= facts.text.length && (label === value || label.startsWith(`${value}.`)))
      .map(({ start, end }) => ({ start, end }));
    return ranges.length > 0 ? { ranges } : {};
  }
  if (attribute !== 'effects' && attribute !== 'risky') return {};
  const found = facts.effects.filter(({ effect }) => effect === value);
  const fact = found.find(({ risk }) => risk === 'risk') ?? found.find(({ risk }) => risk === 'watch') ?? found[0];
  if (!fact) return {};
  const ranges = found.flatMap(({ risk, range }) => (range && risk === fact.risk ? [{ ...range }] : []));
  return {
    says: clean(fact.says),
    ...(fact.range && { words: shorten(clean(facts.text.slice(fact.range.start, fact.range.end))) }),
    ...(ranges.length > 0 && { ranges }),
  };
}

function sentenceOf({ verdict, failure }: Decision, policies: readonly ExplainedPolicy[]): string {
  if (failure !== undefined) return `Denied, because the policy could not be evaluated: ${failure.replace(/\.$/, '')}.`;
  if (policies.length === 0) return 'Denied, because no policy permits this.';
  return `${VERBS[verdict]}, because ${policies.map(clauseOf).join(', and ')}.`;
}

/** "deny (team.new, a.cedar:3)" of each, in a sentence of its own. */
function wouldHave(observed: readonly ExplainedPolicy[]): string {
  if (observed.length === 0) return '';
  return ` Observed only, and would have: ${observed.map(({ id, effect, file, line }) => `${effect} (${id}, ${file}:${line})`).join('; ')}.`;
}

function clauseOf({ id, file, line, effect, matched }: ExplainedPolicy): string {
  const name = `policy ${id} (${file}:${line})`;
  if (matched.length === 0) return effect === 'allow' ? `${name} permits it and no other policy limits it` : `${name} applies to it`;
  const facts = matched.slice(0, MOST_FACTS).map(({ attribute, value, says, words }) => {
    const fact = `${NOUNS[attribute] ?? attribute} ${value}`;
    return says === undefined ? fact : `${fact}: it ${says}${words === undefined ? '' : `, from the words “${words}”`}`;
  });
  const more = matched.length - facts.length;
  return `${name} met ${facts.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}

/** As long as the text itself, so that ranges still fit. */
function covered({ facts, findings }: Understanding): string {
  const characters = [...findings]
    .filter(({ label }) => label === 'secret' || label.startsWith('secret.'))
    .reduce((text, { start, end }) => text.slice(0, start) + '•'.repeat(Math.max(end - start, 0)) + text.slice(end), facts.text);
  return characters
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (hidden) => (hidden === '\n' ? hidden : '·'.repeat(hidden.length)));
}

/** Leaves out what detectors called a credential, and makes visible what would not be seen. */
function cleaner({ facts, findings }: Understanding): (text: string) => string {
  const secrets = findings
    .filter(({ label }) => label === 'secret' || label.startsWith('secret.'))
    .map(({ label, start, end }) => ({ label, value: facts.text.slice(start, end) }))
    .filter(({ value }) => value !== '')
    .sort((one, other) => other.value.length - one.value.length);
  return (text) => {
    const without = secrets.reduce((rest, { label, value }) => rest.replaceAll(value, `[${label}]`), text);
    return without.toWellFormed().replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (hidden) => `\\u{${hidden.codePointAt(0)?.toString(16)}}`);
  };
}

function shorten(text: string): string {
  return text.length <= MOST_WORDS ? text : `${text.slice(0, MOST_WORDS - 1).toWellFormed()}…`;
}
