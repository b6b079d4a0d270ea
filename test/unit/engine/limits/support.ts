/** Limits with a clock of the test's own, and actions of an agent that asks a model. */

import type { Action, Facts, Finding, Origin, Understanding } from '../../../../main/contract/action.ts';
import type { EndedExchange } from '../../../../main/contract/ended-exchange.ts';
import type { AuditEntry, Json } from '../../../../main/contract/record.ts';
import { settingsSchema } from '../../../../main/contract/settings.ts';
import type { Decision, VerdictKind } from '../../../../main/contract/verdict.ts';
import { createLimits, type LimitSettings } from '../../../../main/engine/limits/limits.ts';

export const NOON = new Date(2026, 4, 1, 12).getTime();
export const HOUR = 3_600_000;

export const settingsOf = (given: object): LimitSettings => settingsSchema.parse({ contact: '#help', ...given });

export const facts = (effects: Facts['effects'] = []): Facts => ({
  ...{ tool: 'Bash', toolKind: 'shell', text: 'ls', effects, programs: ['ls'], paths: [], hosts: [] },
});
export const understanding = (more: Partial<Understanding> = {}): Understanding => ({ facts: facts(), findings: [], ...more });
export const finding = (label: string): Finding => ({ detector: 'secrets', label, severity: 'high', start: 0, end: 4, content: 0 });

let exchanges = 0;
export function originOf({ model = 'claude-sonnet-4-5', user = 'ana', ...more }: Partial<Origin> & { user?: string } = {}): Origin {
  exchanges += 1;
  return {
    exchange: `ex-${exchanges}`,
    session: 'session-1',
    agent: { name: 'Claude Code', process: { pid: 1, executable: '/x', commandLine: [], user, parents: [] } },
    protocol: 'anthropic-messages',
    provider: 'Anthropic',
    host: 'api.anthropic.com',
    ...(model !== '' && { model }),
    workspace: { state: 'unresolved' },
    ...more,
  };
}

export const prompt = (origin: Origin = originOf(), text = 'go'): Action => ({
  ...{ kind: 'send_prompt', id: 'a', origin, contents: [{ role: 'user', text }] },
});
export const toolCall = (origin: Origin = originOf()): Action => ({
  ...{ kind: 'call_tool', id: 'a', origin, call: { id: 'c', tool: 'Bash', input: { command: 'ls' } }, place: 'here' },
});
export const connection = (host: string, provider = host): Action => ({
  ...{ kind: 'connect', id: 'a', origin: originOf({ host, provider, model: '' }), host, port: 443 },
});

export const says = (verdict: VerdictKind, more: Partial<Decision> = {}): Decision => ({
  ...{ verdict, policies: [{ id: `test.${verdict}`, effect: verdict, remember: 'never' }], reason: `Policy says ${verdict}.` },
  ...more,
});

export function limitsWith(given: object) {
  const state = { settings: settingsOf(given), now: NOON, monotonic: 0, decision: says('allow'), speaksOfConnections: false };
  const entries: AuditEntry[] = [];
  const timers = new Set<{ readonly due: number; readonly ring: () => void }>();
  const start = () =>
    createLimits({
      settings: () => state.settings,
      record: (entry) => void entries.push(entry),
      judgesConnections: () => state.speaksOfConnections,
      now: () => state.now,
      monotonic: () => state.monotonic,
      setTimer: (ring, ms) => {
        const timer = { due: state.monotonic + ms, ring };
        timers.add(timer);
        return () => timers.delete(timer);
      },
    });
  const limits = start();
  const decide = (action: Action, known = understanding(), by = limits) => by.deciding(async () => state.decision)(action, known, false);

  /** A request that is let through, answered, and recorded; what its record says of it. */
  async function exchange(
    origin = originOf(),
    answer: Partial<EndedExchange> = {},
  ): Promise<{ verdict: string; reason: string; counted: Json }> {
    const { verdict, reason } = await decide(prompt(origin));
    const how = verdict === 'allow' ? 'complete' : 'refused';
    const usage = { inputTokens: 60, outputTokens: 40 };
    const { counted = null } = limits.ended({ origin, how, status: 200, asked: 100, written: 10, usage, ...answer });
    return { verdict, reason, counted };
  }

  return {
    limits,
    state,
    entries,
    /** Another engine. */
    start,
    decide,
    exchange,
    set: (changed: object) => {
      state.settings = settingsOf(changed);
      limits.changed();
    },
    pass(ms: number) {
      state.now += ms;
      state.monotonic += ms;
      for (const timer of timers) {
        if (timer.due > state.monotonic) continue;
        timers.delete(timer);
        timer.ring();
      }
    },
  };
}
