/** A policy in one sentence, worked out from its conditions: "Asks when a tool call deletes files." */

import type { PolicyJson } from '@cedar-policy/cedar-wasm/nodejs';
import type { ActionKind } from '../../../contract/action.ts';
import type { VerdictKind } from '../../../contract/verdict.ts';
import { ACTION_KINDS } from '../vocabulary.ts';
import { type Clause, joined, listed, ONLY_TEXT, saidOf } from './clause.ts';
import { clauseOf, scopeClauses } from './conditions.ts';
import { labelNoun } from './phrases.ts';

const SUBJECTS: Record<ActionKind, string> = {
  call_tool: 'a tool call',
  call_mcp_tool: 'a call of an MCP server’s tool',
  send_prompt: 'a request to a model',
  receive_result: 'a result of an MCP server’s tool',
  connect: 'an unread connection',
};

const MOST = 1_000;

/** Whether it is in force or only observed is not in it. Where some of its conditions have no words, it says so. */
export function saysOf(policy: PolicyJson, effect: VerdictKind, actions: readonly ActionKind[]): string {
  const [when, unless] = [clausesOf(policy, 'when'), clausesOf(policy, 'unless')];
  const conditions = [...scopeClauses(policy), ...when];
  const subject = subjectOf(actions);
  const exception = unless.length === 0 ? '' : `, unless it ${saidOf(joined('or', unless))}`;
  const sentence = `${mainOf(effect, subject, conditions, policy)}${exception}.`;
  return sentence.length <= MOST ? sentence : `${bare(effect, subject)} under ${ONLY_TEXT}.`;
}

function mainOf(effect: VerdictKind, subject: string, conditions: readonly Clause[], policy: PolicyJson): string {
  if (conditions.length === 0) return bare(effect, everyOf(subject));
  const taken = effect === 'redact' ? labelsIn(policy) : undefined;
  if (taken) return `Takes ${listed(taken.map(labelNoun), 'and')} out of ${everyOf(subject)}`;
  const condition = joined('and', conditions);
  if (condition.kind === 'unknown') return `${bare(effect, subject)} under ${ONLY_TEXT}`;
  return effect === 'ask' ? `Asks when ${subject} ${saidOf(condition)}` : `${bare(effect, subject)} that ${saidOf(condition)}`;
}

function bare(effect: VerdictKind, subject: string): string {
  switch (effect) {
    case 'allow':
      return `Allows ${subject}`;
    case 'ask':
      return `Asks about ${subject}`;
    case 'deny':
      return `Refuses ${subject}`;
    case 'redact':
      return `Takes what was found out of ${subject}`;
  }
}

function everyOf(subject: string): string {
  return subject.replace(/(^| or )an? /g, '$1every ');
}

function subjectOf(actions: readonly ActionKind[]): string {
  if (actions.length === ACTION_KINDS.length) return 'anything that an agent does';
  // A model's call and the client's call that comes of it are one thing to a person.
  const told = actions.filter((action) => action !== 'call_mcp_tool' || !actions.includes('call_tool'));
  return told.length === 0
    ? 'nothing'
    : listed(
        told.map((action) => SUBJECTS[action]),
        'or',
      );
}

function clausesOf({ conditions }: PolicyJson, wanted: 'when' | 'unless'): Clause[] {
  return conditions.filter(({ kind }) => kind === wanted).map(({ body }) => clauseOf(body));
}

/** Of a policy with this one condition: which labels. */
function labelsIn({ conditions }: PolicyJson): string[] | undefined {
  const [only] = conditions;
  if (conditions.length !== 1 || only?.kind !== 'when') return undefined;
  const text = JSON.stringify(only.body);
  const shape = /^\{"contains(?:Any)?":\{"left":\{"\.":\{"left":\{"Var":"context"\},"attr":"labels"\}\},"right":/.exec(text);
  if (!shape) return undefined;
  const { right } = Object.values(only.body as Record<string, { right?: unknown }>)[0] ?? {};
  const set = (right as { Set?: unknown }).Set;
  const values = (Array.isArray(set) ? set : [right]).map((part: unknown) => (part as { Value?: unknown } | null)?.Value);
  return values.every((value) => typeof value === 'string') ? values : undefined;
}
