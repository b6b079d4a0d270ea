/** Builds actions, understandings and policies for the policy tests. */

import { readFileSync } from 'node:fs';
import type {
  CallToolAction,
  Effect,
  EffectFact,
  Facts,
  Finding,
  Origin,
  PathFact,
  Risk,
  SendPromptAction,
  ToolCall,
  Understanding,
} from '../../../../main/contract/action.ts';
import { compilePolicies } from '../../../../main/engine/policy/compile.ts';

export const SCHEMA = readFileSync(new URL('../../../../main/engine/policy/schema.cedarschema', import.meta.url), 'utf8');

export const ORIGIN: Origin = {
  exchange: 'x1',
  session: 's1',
  agent: {
    name: 'Claude Code',
    process: { pid: 1, executable: '/usr/bin/claude', commandLine: [], user: 'dev', cwd: '/home/dev/proj', parents: [] },
  },
  protocol: 'anthropic-messages',
  provider: 'Anthropic',
  host: 'api.anthropic.com',
  model: 'claude-opus-4-1',
  workspace: { state: 'known', root: '/home/dev/proj', cwd: '/home/dev/proj', source: 'process' },
  home: '/home/dev',
};

export function call(tool = 'Bash', more: { origin?: Partial<Origin>; call?: Partial<ToolCall> } = {}): CallToolAction {
  return {
    kind: 'call_tool',
    id: 'a1',
    origin: { ...ORIGIN, ...more.origin },
    call: { id: 'c1', tool, input: {}, ...more.call },
    place: '0',
  };
}

export function prompt(more: Partial<SendPromptAction> = {}): SendPromptAction {
  return { kind: 'send_prompt', id: 'a2', origin: ORIGIN, ...more };
}

export function effect(name: Effect, risk: Risk = 'plain', says = `does ${name}`): EffectFact {
  return { effect: name, risk, says };
}

export function path(place: string, use: PathFact['use'], where: PathFact['where'] = 'workspace'): PathFact {
  return { path: place, use, where };
}

export function understood(facts: Partial<Facts> = {}, findings: readonly Finding[] = []): Understanding {
  return { facts: { tool: 'Bash', toolKind: 'shell', text: 'ls', effects: [], programs: [], paths: [], hosts: [], ...facts }, findings };
}

export function finding(label: string, start = 0, end = 1): Finding {
  return { detector: 'test', label, severity: 'high', start, end };
}

/** Compiles text that is expected to be sound, in this thread. */
export function compiled(text: string) {
  const { policies, problems } = compilePolicies([{ name: 'test.cedar', text }], SCHEMA, () => {});
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return policies;
}

/** A forbid of tool calls. */
export function forbid(id: string, when: string, annotations = ''): string {
  return `@id("${id}") @reason("Because of ${id}.") ${annotations} forbid (principal, action == Action::"call_tool", resource) when { ${when} };\n`;
}

export const PERMIT_ALL = '@id("all") permit (principal, action, resource);\n';
