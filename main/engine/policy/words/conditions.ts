/** Reads Cedar's conditions, as its JSON gives them, into clauses. What has no words is `unknown`, and never left out. */

import type { PolicyJson } from '@cedar-policy/cedar-wasm/nodejs';
import { type Clause, joined } from './clause.ts';
import { flagPhrase, type Phrase, valuePhrase } from './phrases.ts';

interface Sides {
  readonly left?: unknown;
  readonly right?: unknown;
  readonly arg?: unknown;
  readonly pattern?: unknown;
}

const UNKNOWN: Clause = { kind: 'unknown' };
const LOOPBACK = ['localhost', '127.0.0.1', '::1'];
const MOST_DEEP = 64;

/** Of whom and of what the policy is. */
export function scopeClauses({ principal, resource }: PolicyJson): Clause[] {
  return [...scopeClause(principal), ...scopeClause(resource)];
}

export function clauseOf(expression: unknown, not = false, depth = 0): Clause {
  if (depth > MOST_DEEP) return UNKNOWN;
  const only = onlyHosts(expression) ?? unread(expression);
  if (only) return phrase(only, not);
  const [operator, sides] = entryOf(expression);
  const { left, right, arg, pattern } = sides;
  const below = (part: unknown, flipped = not) => clauseOf(part, flipped, depth + 1);
  switch (operator) {
    case '&&':
      return joined(not ? 'or' : 'and', [below(left), below(right)]);
    case '||':
      return joined(not ? 'and' : 'or', [below(left), below(right)]);
    case '!':
      return below(arg, !not);
    case '==':
      return equals(left, right, not);
    case '!=':
      return equals(left, right, !not);
    case 'contains':
    case 'containsAny':
      return holds(left, right, not, 'or');
    case 'containsAll':
      return holds(left, right, not, 'and');
    case 'like':
      return values(attributeOf(left), [patternText(pattern)], not, 'or');
    case 'in':
      return entity(left, right, not);
    case 'isEmpty':
      return attributeOf(arg) === 'hosts' ? phrase({ yes: 'names no host', no: 'names a host' }, not) : UNKNOWN;
    case '>=':
      return refusals(left, right, not, 0);
    case '>':
      return refusals(left, right, not, 1);
    case '.': {
      const flag = flagPhrase(attributeOf(expression) ?? '');
      return flag ? phrase(flag, not) : UNKNOWN;
    }
    default:
      return UNKNOWN;
  }
}

function scopeClause(scope: PolicyJson['principal'] | PolicyJson['resource']): Clause[] {
  // A type by itself is said with the action.
  if (scope.op === 'All' || (scope.op === 'is' && !('in' in scope))) return [];
  if ((scope.op === '==' || scope.op === 'in') && 'entity' in scope) return [entityClause(scope.entity, false)];
  return [UNKNOWN];
}

const NAMED_BY: Readonly<Record<string, string>> = {
  Tool: 'toolName',
  McpTool: 'toolName',
  Model: 'model',
  Host: 'host',
  McpServer: 'server',
  Agent: 'agent',
  User: 'user',
};

function equals(left: unknown, right: unknown, not: boolean): Clause {
  const attribute = attributeOf(left) ?? attributeOf(right);
  const value = literalOf(right) ?? literalOf(left);
  if (attribute !== undefined && typeof value === 'boolean') {
    const flag = flagPhrase(attribute);
    return flag ? phrase(flag, not === value) : UNKNOWN;
  }
  if (attribute !== undefined && value !== undefined) return values(attribute, [String(value)], not, 'or');
  return entity(left, right, not);
}

/** One of the sides is `principal` or `resource`. */
function entity(left: unknown, right: unknown, not: boolean): Clause {
  const variable = (left as { Var?: unknown } | null)?.Var;
  const named = (right as { Value?: { __entity?: unknown } } | null)?.Value?.__entity;
  return (variable === 'principal' || variable === 'resource') && named ? entityClause({ __entity: named }, not) : UNKNOWN;
}

function entityClause(given: unknown, not: boolean): Clause {
  const plain = (given as { __entity?: unknown })?.__entity ?? given;
  const { type, id } = (plain ?? {}) as { type?: unknown; id?: unknown };
  const attribute = typeof type === 'string' && Object.hasOwn(NAMED_BY, type) ? NAMED_BY[type] : undefined;
  return typeof id === 'string' ? values(attribute, [id], not, 'or') : UNKNOWN;
}

/** An attribute that holds values, or values that hold an attribute. */
function holds(left: unknown, right: unknown, not: boolean, kind: 'and' | 'or'): Clause {
  const attribute = attributeOf(left);
  if (attribute !== undefined) return values(attribute, literalsOf(right), not, kind);
  // ["a", "b"].contains(context.x); what only bounds a set has other words, or none.
  return kind === 'or' ? values(attributeOf(right), literalsOf(left), not, 'or') : UNKNOWN;
}

function values(
  attribute: string | undefined,
  given: readonly (string | undefined)[] | undefined,
  not: boolean,
  kind: 'and' | 'or',
): Clause {
  if (attribute === undefined || !given || given.length === 0) return UNKNOWN;
  const phrases = given.map((value) => (value === undefined ? undefined : valuePhrase(attribute, value)));
  const parts = phrases.map((found) => (found ? phrase(found, not) : UNKNOWN));
  return joined(not === (kind === 'or') ? 'and' : 'or', parts);
}

/** `!context.hosts.isEmpty() && [...].containsAll(context.hosts)`: it reaches these and no other. */
function onlyHosts(expression: unknown): Phrase | undefined {
  const [operator, { left, right }] = entryOf(expression);
  if (operator !== '&&') return undefined;
  const [negation, { arg }] = entryOf(left);
  const [empty, { arg: of }] = entryOf(arg);
  const [all, { left: list, right: hosts }] = entryOf(right);
  if (negation !== '!' || empty !== 'isEmpty' || attributeOf(of) !== 'hosts') return undefined;
  const known = all === 'containsAll' && attributeOf(hosts) === 'hosts' ? literalsOf(list) : undefined;
  if (!known || known.length === 0) return undefined;
  if (known.every((host) => LOOPBACK.includes(host)))
    return { yes: 'talks only to this computer', no: 'does not only talk to this computer' };
  return { verbs: [['reaches', 'reach']], rest: ' no host but ', values: known };
}

/** `context.uninspected != "" && context.uninspected != "unscanned"`: the two together have a plain word. */
function unread(expression: unknown): Phrase | undefined {
  const [operator, { left, right }] = entryOf(expression);
  const not = [left, right].map((part) => {
    const [negation, sides] = entryOf(part);
    return negation === '!=' && attributeOf(sides.left) === 'uninspected' ? literalOf(sides.right) : undefined;
  });
  const both = operator === '&&' && not.includes('') && not.includes('unscanned');
  return both ? { yes: 'could not be read', no: 'could be read' } : undefined;
}

function refusals(left: unknown, right: unknown, not: boolean, more: 0 | 1): Clause {
  const count = (right as { Value?: unknown } | null)?.Value;
  if (attributeOf(left) !== 'refusals' || typeof count !== 'number') return UNKNOWN;
  const least = count + more;
  const times = least === 1 ? 'a refusal' : `${least} refusals`;
  return phrase({ yes: `comes after ${times} or more`, no: `comes before ${times}` }, not);
}

function phrase(found: Phrase, not: boolean): Clause {
  return { kind: 'phrase', phrase: found, not };
}

function entryOf(expression: unknown): [string, Sides] {
  const [operator = '', sides] = Object.entries(expression ?? {})[0] ?? [];
  return [operator, typeof sides === 'object' && sides !== null ? sides : {}];
}

function attributeOf(expression: unknown): string | undefined {
  const access = (expression as { '.'?: { left?: { Var?: unknown }; attr?: unknown } } | null | undefined)?.['.'];
  return access?.left?.Var === 'context' && typeof access.attr === 'string' ? access.attr : undefined;
}

function literalOf(expression: unknown): string | number | boolean | undefined {
  const value = (expression as { Value?: unknown } | null | undefined)?.Value;
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
}

function literalsOf(expression: unknown): string[] | undefined {
  const set = (expression as { Set?: unknown } | null | undefined)?.Set;
  const parts = Array.isArray(set) ? set.map(literalOf) : [literalOf(expression)];
  return parts.every((part) => typeof part === 'string') ? parts : undefined;
}

/** As Cedar's text has it: "*\/dev/*". */
function patternText(pattern: unknown): string | undefined {
  if (!Array.isArray(pattern)) return undefined;
  return pattern
    .map((part: unknown) => (part === 'Wildcard' ? '*' : String((part as { Literal?: unknown } | null)?.Literal ?? '?')))
    .join('');
}
