/** Codex's code mode: JavaScript that calls the agent's tools. Its literals are read; all else cannot be told. */

import type { Range } from '../gathering.ts';
import { readable } from '../holes.ts';
import { judgePatch } from '../patch.ts';
import { type Machine, NOTHING, type ShellState } from './machine.ts';
import { isNode, type Node, nameOf, readScript, type Script } from './script.ts';

/** Tools that run a command, with the member that holds it. Codex types into a running shell with the last. */
const SHELLS: Readonly<Record<string, string>> = { exec_command: 'cmd', shell_command: 'command', write_stdin: 'chars' };
/** Tools that touch nothing outside the agent. */
const HARMLESS = /^(update_plan|view_image|list_mcp_resources|list_mcp_resource_templates|request_user_input)$/;
/** Ways to what a script does not spell out: code made as it runs, and everything that is there under another name. */
const REACHES = new Set(
  'eval Function globalThis self window global Reflect Proxy require process fetch XMLHttpRequest WebAssembly Worker Deno Bun'.split(' '),
);
const REACHED_BY = new Set(['constructor', '__proto__', 'getPrototypeOf']);

export function judgeCode(text: string, state: ShellState, machine: Machine): void {
  const { gathering } = machine;
  gathering.effect('runs-code', 'plain', 'runs JavaScript in the agent');
  const script = readScript(text);
  const calls = script?.nodes.filter(([node]) => toolOf(node) !== undefined) ?? [];
  for (const [call] of calls) {
    if (judgeCall(call, script!, text, state, machine)) continue;
    const says = `calls a tool with what can’t be told before it runs: ${readable(text.slice(call.start, call.end), 40)}`;
    gathering.effect('unresolved', 'watch', says, { start: call.start, end: call.end });
  }
  if (!script || calls.length === 0) {
    gathering.effect('unresolved', 'watch', 'runs JavaScript whose calls can’t be told before it runs');
    return;
  }
  const named = new Set(calls.map(([call]) => (call.callee as Node).object));
  for (const [node, parent] of script.nodes) {
    if (named.has(node) || !isHidden(node, parent)) continue;
    const says = `runs JavaScript whose calls can’t be told before it runs: ${readable(text.slice((parent ?? node).start, (parent ?? node).end), 40)}`;
    gathering.effect('unresolved', 'watch', says, { start: node.start, end: node.end });
  }
}

/** `exec_command` of `tools.exec_command(…)`; undefined for any other node. */
function toolOf({ type, callee }: Node): string | undefined {
  if (type !== 'CallExpression' || !isNode(callee) || callee.type !== 'MemberExpression' || callee.computed) return undefined;
  return nameOf(callee.object) === 'tools' ? nameOf(callee.property) : undefined;
}

/** The tools by another name, and whatever may lead to them or to code that nobody has written down. */
function isHidden(node: Node, parent: Node | undefined): boolean {
  if (/^Import/.test(node.type)) return true;
  const name = nameOf(node);
  if (name === undefined) return node.type === 'Literal' && typeof node.value === 'string' && REACHED_BY.has(node.value);
  if (REACHED_BY.has(name)) return true;
  return (name === 'tools' || REACHES.has(name)) && !isOnlyAName(node, parent);
}

/** The name of a member, which is no variable. */
function isOnlyAName(node: Node, parent: Node | undefined): boolean {
  if (parent?.type === 'MemberExpression') return parent.property === node && !parent.computed;
  return parent?.type === 'Property' && parent.key === node && !parent.computed && !parent.shorthand;
}

/** Whether all that the call does can be told. */
function judgeCall(call: Node, script: Script, source: string, state: ShellState, machine: Machine): boolean {
  const tool = toolOf(call) ?? '';
  if (HARMLESS.test(tool)) return true;
  const given = Array.isArray(call.arguments) ? call.arguments : [];
  if (given.length !== 1) return false;
  const members = membersOf(given[0]);
  if (tool === 'apply_patch') {
    const patch = script.textOf(members ? (members.get('input') ?? members.get('patch')) : given[0]);
    if (patch) judgePatch(patch.text, state.cwd, machine.gathering, within(patch, source));
    return patch !== undefined;
  }
  const command = Object.hasOwn(SHELLS, tool) ? script.textOf(members?.get(SHELLS[tool]!)) : undefined;
  const [folder, shell] = [members?.get('workdir'), members?.get('shell')];
  const cwd = script.textOf(folder)?.text;
  if (!command || (folder && cwd === undefined) || (shell && !isBourne(script.textOf(shell)?.text))) return false;
  const at = cwd ? machine.gathering.paths.absolute(cwd, state.cwd) : state.cwd;
  machine.runText(command.text, { ...state, cwd: at }, NOTHING, within(command, source));
  return true;
}

/** Of an object that is written out; undefined where any of it is made as it runs, or stands there twice. */
function membersOf(node: unknown): Map<string, unknown> | undefined {
  if (!isNode(node) || node.type !== 'ObjectExpression' || !Array.isArray(node.properties)) return undefined;
  const members = new Map<string, unknown>();
  for (const property of node.properties) {
    if (property.type !== 'Property' || property.computed || property.kind !== 'init') return undefined;
    const name = nameOf(property.key) ?? String(property.key.value);
    if (members.has(name)) return undefined;
    members.set(name, property.value);
  }
  return members;
}

function isBourne(shell: string | undefined): boolean {
  return shell !== undefined && /^(\/(usr\/)?(local\/)?bin\/)?(ba|z|da)?sh$/.test(shell);
}

/** Where a part of a literal's text lies in the script; the whole literal where that is written with escapes. */
function within({ text, at }: { text: string; at: Node }, source: string): (start: number, end: number) => Range {
  const exact = source.slice(at.start + 1, at.end - 1) === text;
  return (start, end) => (exact ? { start: at.start + 1 + start, end: at.start + 1 + end } : { start: at.start, end: at.end });
}
