/** How long a decision takes, from the question to the worker's answer, with few policies and with many; nothing is remembered. */

import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallToolAction, Origin } from '../../main/contract/action.ts';
import { understandCall } from '../../main/engine/guard/facts/understand-call.ts';
import { STARTER_DIR } from '../../main/engine/policy/bundle.ts';
import { createPolicy } from '../../main/engine/policy/engine.ts';
import { median } from './load.ts';

export interface PolicyMedians {
  readonly policies: number;
  /** Of ordinary commands, which pass. */
  readonly allowedMs: number;
  /** Of commands that are asked about or refused. */
  readonly stoppedMs: number;
}

/** The starter set, alone and filled up to 200 and to 1,000 policies with rules as a company would have them. */
export async function policyMedians(rounds: number): Promise<PolicyMedians[]> {
  const medians: PolicyMedians[] = [];
  for (const size of [0, 200, 1_000]) medians.push(await mediansOf(size, rounds));
  return medians;
}

const ORDINARY = ['git status --short && ls -la src', 'npm test -- --run src/a.test.ts 2>&1 | tail -50', 'rg -n "createServer" src test'];
const STOPPED = ['rm -rf ~/Documents/thesis', 'git push --force origin main', 'sudo apt-get install -y jq', 'cat ~/.ssh/id_rsa'];

async function mediansOf(size: number, rounds: number): Promise<PolicyMedians> {
  const dir = mkdtempSync(join(tmpdir(), 'holdpoint-bench-policy-'));
  try {
    cpSync(STARTER_DIR, dir, { recursive: true });
    const starter = await createPolicy({});
    await starter.close();
    const more = Math.max(size - starter.summary.count, 0);
    writeFileSync(join(dir, '90-company.cedar'), Array.from({ length: more }, (_, index) => rule(index)).join('\n'));
    const policy = await createPolicy({ dir });
    const time = async (command: string, round: number) => {
      const action = callOf(`${command} # ${round}`);
      const understanding = { facts: understandCall(action.call, action.origin), findings: [] };
      const start = performance.now();
      await policy.decide(action, understanding, false);
      return performance.now() - start;
    };
    const medianOf = async (commands: readonly string[]) => {
      const taken: number[] = [];
      for (let round = -20; round < rounds; round += 1) {
        for (const command of commands) {
          const ms = await time(command, round);
          if (round >= 0) taken.push(ms);
        }
      }
      return median(taken);
    };
    const result = { policies: policy.summary.count, allowedMs: await medianOf(ORDINARY), stoppedMs: await medianOf(STOPPED) };
    await policy.close();
    return result;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Tools, programs, hosts, folders, findings, MCP servers, people: one of each kind after the other. One in twenty cannot be sliced. */
function rule(index: number): string {
  const effect = index % 3 === 0 ? '' : index % 3 === 1 ? '@effect("ask")' : '@effect("redact")';
  const rule = (scope: string, when: string) =>
    `@id("company.${index}") @reason("Rule ${index} of the company.") ${effect} forbid (${scope}) when { ${when} };`;
  const call = 'principal, action == Action::"call_tool", resource';
  if (index % 20 === 19) return rule(call, `context.text like "*forbidden-${index}*"`);
  switch (index % 8) {
    case 0:
      return rule(call, `context.programs.contains("tool-${index}") && context.effects.contains("network")`);
    case 1:
      return rule(call, `context.hosts.containsAny(["host-${index}.example.com", "alt-${index}.example.com"])`);
    case 2:
      return rule(call, `context.writesIn.contains("/srv/team-${index}")`);
    case 3:
      return rule('principal, action == Action::"send_prompt", resource', `context.labels.contains("data.class-${index}")`);
    case 4:
      return rule(`principal, action == Action::"call_mcp_tool", resource in McpServer::"server-${index}"`, 'context.changed');
    case 5:
      return rule(call, `context.effects.contains("destructive") && context.deletes.contains("~/keep-${index}")`);
    case 6:
      return rule(`principal in User::"person-${index}", action == Action::"call_tool", resource`, 'context.risky.contains("network")');
    default:
      return rule(`principal, action == Action::"call_tool", resource == Tool::"Tool${index}"`, 'context.toolKind == "other"');
  }
}

const ORIGIN: Origin = {
  exchange: 'bench',
  session: 'bench',
  agent: { name: 'Claude Code' },
  protocol: 'anthropic-messages',
  provider: 'Anthropic',
  host: 'api.anthropic.com',
  model: 'claude-opus-4-1',
  workspace: { state: 'known', root: '/home/dev/proj', cwd: '/home/dev/proj', source: 'process' },
  home: '/home/dev',
};

function callOf(command: string): CallToolAction & { readonly origin: Origin } {
  return { kind: 'call_tool', id: 'bench', origin: ORIGIN, call: { id: 'bench', tool: 'Bash', input: { command } }, place: 'bench' };
}
