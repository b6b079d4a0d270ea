/** Logs as an engine writes them, and what they answer: every answer is held against the contract. */

import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { ACTIVITY_METHODS } from '../../../main/contract/activity.ts';
import type { ControlParams, ControlResult } from '../../../main/contract/control.ts';
import type { AuditEntry } from '../../../main/contract/record.ts';
import { type Asker, type Browse, type BrowseHandlers, createBrowse } from '../../../main/engine/audit/browse/browse.ts';
import { type AuditOptions, openAudit } from '../../../main/engine/audit/log.ts';
import { optionsFor } from './support.ts';

export type Asking = <M extends keyof BrowseHandlers>(method: M, params: ControlParams<M>) => Promise<ControlResult<M>>;

/** `user`: who asks; an admin where that is absent. */
export function browsing(file: string, user?: string): Asking {
  const browse = createBrowse({ file });
  onTestFinished(() => browse.close());
  return askingOf(browse, user);
}

export function askingOf(browse: Browse, user?: string): Asking {
  return async (method, params) => {
    const ask = browse.handlers[method] as (given: typeof params, asker: Asker) => Promise<unknown>;
    return ACTIVITY_METHODS[method].result.parse(await ask(params, { user })) as never;
  };
}

export interface Timed {
  /** Minutes after the log's beginning; that of the one before where absent. */
  readonly minute?: number;
  readonly entry: AuditEntry;
}

export const BEGINNING = Date.UTC(2026, 10, 24, 10);

export const timeOf = (minute: number) => new Date(BEGINNING + minute * 60_000).toISOString();

/** A closed log with these records in this order, each at its own time. */
export async function logOf(dir: string, entries: readonly Timed[], changes: Partial<AuditOptions> = {}): Promise<string> {
  let now = BEGINNING;
  const log = await openAudit(optionsFor(dir, { now: () => new Date(now), ...changes }));
  const kept = entries.map(({ minute, entry }) => {
    if (minute !== undefined) now = BEGINNING + minute * 60_000;
    return log.append(entry);
  });
  await Promise.all(kept);
  await log.close();
  return join(dir, 'audit.db');
}

/** Entries of one conversation of an agent, as the engine has them. `user`: whose agent it is. */
export function conversation(
  session: string,
  {
    agent = 'Claude Code',
    host = 'api.anthropic.com',
    workspace = '/home/ann/shop',
    user,
  }: { agent?: string; host?: string; workspace?: string; user?: string } = {},
) {
  const about = (exchange: string) => ({ session, exchange: `${session}-${exchange}`, agent, host, ...(user !== undefined && { user }) });
  return {
    exchange(
      name: string,
      { said = [], data = {}, verdict = 'complete', summary = `${agent} → claude-sonnet-4-5: answered` }: Partial<Exchange> = {},
    ): AuditEntry {
      return {
        ...about(name),
        kind: 'exchange',
        verdict,
        summary,
        data: {
          ...{ protocol: 'anthropic-messages', model: 'claude-sonnet-4-5', responseModel: 'claude-sonnet-4-5-20250929', workspace },
          ...{
            inputTokens: 1000,
            outputTokens: 100,
            counted: { user: 'ann', agent, model: 'x', tokens: 1100, costMicroUsd: 4500, estimated: false },
          },
          ...data,
        },
        blocks: said.map(([role, text]) => ({ role, text })),
      };
    },
    /** What is recorded of a call: what it is, what policy said, and how its question ended. */
    call(
      name: string,
      verdict: 'allow' | 'deny' | 'ask',
      end?: { approval: string; outcome: string },
      data: AuditEntry['data'] = {},
    ): AuditEntry[] {
      const of = { ...about(name), action: `${session}-${name}` };
      const call = { action: 'call_tool', tool: 'Bash', workspace, findings: [], uninspected: null, ...data };
      return [
        {
          ...of,
          kind: 'action',
          summary: `${agent}: Bash: make ${name}`,
          data: call,
          blocks: [{ role: 'tool_call', text: `make ${name}` }],
        },
        { ...of, kind: 'verdict', verdict, summary: `${verdict}: because`, data: { action: 'call_tool', verdict, policies: ['test.one'] } },
        ...(verdict === 'ask'
          ? [{ ...of, kind: 'hold' as const, verdict: 'opened', summary: `${agent} wants to make ${name}`, data: {} }]
          : []),
        ...(end ? ending(of, name, end) : []),
      ];
    },
    ending: (name: string, end: { approval: string; outcome: string }) =>
      ending({ ...about(name), action: `${session}-${name}` }, name, end),
    finding(name: string, ...labels: string[]): AuditEntry {
      const findings = labels.map((label) => ({ detector: 'test', label, severity: 'high', count: 1 }));
      return {
        ...about(name),
        kind: 'finding',
        verdict: labels[0]!,
        summary: `Request: ${labels.join(', ')}`,
        data: { action: 'send_prompt', findings },
      };
    },
    unread(name: string): AuditEntry {
      const data = { what: 'request', why: 'malformed' };
      return { ...about(name), kind: 'uninspected', verdict: 'malformed', summary: `${agent}: a request could not be read`, data };
    },
  };
}

interface Exchange {
  readonly said: readonly (readonly [role: string, text: string])[];
  readonly data: AuditEntry['data'];
  readonly verdict: string;
  readonly summary: string;
}

function ending(of: Partial<AuditEntry>, name: string, { approval, outcome }: { approval: string; outcome: string }): AuditEntry[] {
  return [
    { ...of, kind: 'approval', verdict: approval, summary: `${approval}: make ${name}`, data: { ending: approval } },
    { ...of, kind: 'outcome', verdict: outcome, summary: `${outcome}: make ${name}`, data: {} },
  ];
}

export const tunnel = (host: string): AuditEntry => ({
  kind: 'connection',
  verdict: 'tunnelled',
  agent: 'git',
  host,
  summary: `${host}:443 tunnelled`,
  data: { port: 443 },
});

export const engineStarted: AuditEntry = { kind: 'engine', verdict: 'started', summary: 'Holdpoint started', data: {} };
