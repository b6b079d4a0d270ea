/** JavaScript as its parser gives it, and what can be told of a script without running it. */

import { parse } from 'acorn';

/** A node of the syntax tree (ESTree). Offsets are UTF-16 and half open. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [member: string]: unknown;
}

export interface Script {
  /** Every node with the one that it stands in, from the outside inwards. */
  readonly nodes: readonly (readonly [node: Node, parent: Node | undefined])[];
  /** The text that an expression always is: a literal, or a name that is a literal's once and for all. `at` is where it is written. */
  textOf(node: unknown): { readonly text: string; readonly at: Node } | undefined;
}

/** Longer than what an agent writes for one step. */
const MAX_LENGTH = 256 * 1024;

/** Undefined for what is no script, and for one that is too long. Never throws. */
export function readScript(text: string): Script | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  let nodes: Script['nodes'];
  try {
    const options = { ecmaVersion: 'latest', sourceType: 'module', allowReturnOutsideFunction: true } as const;
    nodes = nodesOf(parse(text, options) as unknown as Node);
  } catch {
    // A mistake in it, or nested deeper than the parser goes.
    return undefined;
  }
  const names = literalsOf(nodes);
  return { nodes, textOf: (node) => (isNode(node) ? (literal(node) ?? names.get(nameOf(node) ?? '')) : undefined) };
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

/** Of an identifier; undefined for any other node. */
export function nameOf(node: unknown): string | undefined {
  return isNode(node) && node.type === 'Identifier' && typeof node.name === 'string' ? node.name : undefined;
}

function nodesOf(root: Node): [Node, Node | undefined][] {
  const nodes: [Node, Node | undefined][] = [];
  const open: [Node, Node | undefined][] = [[root, undefined]];
  for (let next = open.pop(); next; next = open.pop()) {
    const [node] = next;
    nodes.push(next);
    const inner = Object.values(node).flatMap((member) => (Array.isArray(member) ? member : [member]));
    for (const child of inner.filter(isNode).reverse()) open.push([child, node]);
  }
  return nodes;
}

function literal(node: Node): { text: string; at: Node } | undefined {
  if (node.type === 'Literal' && typeof node.value === 'string') return { text: node.value, at: node };
  if (node.type !== 'TemplateLiteral' || !Array.isArray(node.quasis) || node.quasis.length !== 1) return undefined;
  const [{ value }] = node.quasis;
  return typeof value?.cooked === 'string' ? { text: value.cooked, at: node } : undefined;
}

/** Names that are given a literal where they are declared, and are neither declared nor given anything anywhere else. */
function literalsOf(nodes: Script['nodes']): Map<string, { text: string; at: Node }> {
  const given = new Map<string, number>();
  const literals = new Map<string, { text: string; at: Node }>();
  for (const [node] of nodes) {
    for (const place of GIVES[node.type] ?? []) {
      const targets = [node[place]].flat().filter(isNode).flatMap(nodesOf);
      for (const [target] of targets) {
        const name = nameOf(target);
        if (name !== undefined) given.set(name, (given.get(name) ?? 0) + 1);
      }
    }
    const name = node.type === 'VariableDeclarator' ? nameOf(node.id) : undefined;
    const text = name !== undefined && isNode(node.init) ? literal(node.init) : undefined;
    if (name !== undefined && text) literals.set(name, text);
  }
  for (const name of [...literals.keys()]) if (given.get(name) !== 1) literals.delete(name);
  return literals;
}

/** Where nodes give names a value; what stands in a pattern's defaults counts as well. */
const GIVES: Readonly<Record<string, readonly string[]>> = {
  VariableDeclarator: ['id'],
  FunctionDeclaration: ['id', 'params'],
  FunctionExpression: ['id', 'params'],
  ArrowFunctionExpression: ['params'],
  ClassDeclaration: ['id'],
  ClassExpression: ['id'],
  CatchClause: ['param'],
  AssignmentExpression: ['left'],
  UpdateExpression: ['argument'],
  ForInStatement: ['left'],
  ForOfStatement: ['left'],
  ImportDefaultSpecifier: ['local'],
  ImportNamespaceSpecifier: ['local'],
  ImportSpecifier: ['local'],
};
