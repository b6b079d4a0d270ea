/** Reads a policy's conditions, as Cedar's JSON gives them: which values it speaks of, and without which it cannot match. */

import type { Expr, PolicyJson } from '@cedar-policy/cedar-wasm/nodejs';
import type { CompiledPolicy } from './compile.ts';
import type { PolicyRequest } from './request.ts';

/** Values of one attribute of the context that a policy compares with. */
export interface Mention {
  readonly attribute: string;
  /** Empty where the attribute is used in another way, such as with `like`. */
  readonly values: readonly string[];
  /** The policy matches because of the value, not for want of it. */
  readonly positive: boolean;
}

/** The policy cannot match unless the context's attribute is, or contains, one of the values. */
export interface Requirement {
  readonly attribute: string;
  readonly values: readonly string[];
}

/** Every comparison of the policy, in the order of its text. */
export function mentionsOf(policy: PolicyJson): Mention[] {
  const scope = scopeMention(policy);
  return [...(scope ? [scope] : []), ...policy.conditions.flatMap(({ kind, body }) => mentionsIn(body, kind === 'when'))];
}

// Most selective first: with these a large bundle falls into many small slices.
const SELECTIVE = [
  'toolName',
  'server',
  'host',
  'model',
  'programs',
  'hosts',
  'writes',
  'deletes',
  'reads',
  'writesIn',
  'deletesIn',
  'readsIn',
  'labels',
  'providerHost',
  'risky',
  'effects',
];

/** The most selective requirement; none where the policy may match anything. Sound, not complete: only plain conjunctions are read. */
export function requirementOf(policy: PolicyJson): Requirement | undefined {
  const scope = scopeMention(policy);
  const conjuncts = policy.conditions.filter(({ kind }) => kind === 'when').flatMap(({ body }) => conjunctsOf(body));
  const found = [...(scope ? [scope] : []), ...conjuncts.map(comparisonIn)].filter(
    (mention) => mention !== undefined && mention.values.length > 0,
  );
  const rank = ({ attribute }: Mention) => (SELECTIVE.includes(attribute) ? SELECTIVE.indexOf(attribute) : SELECTIVE.length);
  const best = (found as Mention[]).sort((one, other) => rank(one) - rank(other))[0];
  return best && { attribute: best.attribute, values: best.values };
}

/** The policy cannot match this request: what it requires is not there. */
export function isRuledOut(
  { actions, requirement }: Pick<CompiledPolicy, 'actions' | 'requirement'>,
  { action, context }: PolicyRequest,
): boolean {
  if (!actions.includes(action.id)) return true;
  if (!requirement) return false;
  const present = context[requirement.attribute];
  return !requirement.values.some((value) => present === value || (Array.isArray(present) && present.includes(value)));
}

const NAMED_BY: Readonly<Record<string, string>> = { Tool: 'toolName', McpTool: 'toolName', Model: 'model', Host: 'host' };

/** The context names the resource too, so `resource == Tool::"Bash"` is `context.toolName == "Bash"`, and so it does with an MCP server. */
function scopeMention({ resource }: PolicyJson): Mention | undefined {
  if (!(resource.op === '==' || resource.op === 'in') || !('entity' in resource)) return undefined;
  const { type, id } = '__entity' in resource.entity ? resource.entity.__entity : resource.entity;
  const attribute = resource.op === '==' ? NAMED_BY[type] : type === 'McpServer' ? 'server' : undefined;
  return attribute === undefined ? undefined : { attribute, values: [id], positive: true };
}

function mentionsIn(expression: unknown, positive: boolean): Mention[] {
  if (typeof expression !== 'object' || expression === null) return [];
  if (Array.isArray(expression)) return expression.flatMap((part) => mentionsIn(part, positive));
  const comparison = comparisonIn(expression as Expr);
  if (comparison) return [{ ...comparison, positive }];
  const attribute = attributeIn(expression);
  if (attribute !== undefined) return [{ attribute, values: [], positive }];
  return Object.entries(expression).flatMap(([operator, part]) =>
    mentionsIn(part, operator === '!' || operator === '!=' ? !positive : positive),
  );
}

function conjunctsOf(expression: Expr): Expr[] {
  if (!('&&' in expression)) return [expression];
  const { left, right } = expression['&&'] as { left: Expr; right: Expr };
  return [...conjunctsOf(left), ...conjunctsOf(right)];
}

/** One comparison of a context attribute with literals: true only if the attribute is, or contains, one of them. */
function comparisonIn(expression: Expr): Mention | undefined {
  const [operator, sides] = Object.entries(expression)[0] ?? [];
  const { left, right } = (sides ?? {}) as { left?: unknown; right?: unknown };
  switch (operator) {
    case 'contains':
      return pair(attributeIn(left), literalsIn(right)) ?? pair(attributeIn(right), literalsIn(left));
    case 'containsAny':
      return pair(attributeIn(left), literalsIn(right)) ?? pair(attributeIn(right), literalsIn(left));
    case 'containsAll':
      return pair(attributeIn(left), literalsIn(right));
    case '==':
      return pair(attributeIn(left), literalIn(right)) ?? pair(attributeIn(right), literalIn(left));
    default:
      return undefined;
  }
}

function pair(attribute: string | undefined, values: readonly string[] | undefined): Mention | undefined {
  return attribute === undefined || values === undefined ? undefined : { attribute, values, positive: true };
}

function attributeIn(expression: unknown): string | undefined {
  const access = (expression as { '.'?: { left?: { Var?: unknown }; attr?: unknown } } | null | undefined)?.['.'];
  return access?.left?.Var === 'context' && typeof access.attr === 'string' ? access.attr : undefined;
}

function literalIn(expression: unknown): string[] | undefined {
  const value = (expression as { Value?: unknown } | null | undefined)?.Value;
  return typeof value === 'string' ? [value] : undefined;
}

function literalsIn(expression: unknown): string[] | undefined {
  const set = (expression as { Set?: unknown } | null | undefined)?.Set;
  if (!Array.isArray(set)) return literalIn(expression);
  const literals = set.flatMap((part) => literalIn(part) ?? []);
  return literals.length === set.length ? literals : undefined;
}
