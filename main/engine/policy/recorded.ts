/** Turns what the log has kept of an action back into what policy was asked with. */

import { z } from 'zod';
import { type Action, EFFECTS, type Finding, type Origin, PROTOCOL_NAMES, UNINSPECTED, type Understanding } from '../../contract/action.ts';
import type { AuditRecord } from '../../contract/record.ts';

/** An action of the past. */
export interface Recorded {
  readonly action: Action;
  readonly understanding: Understanding;
  /** Attributes of the context that the record does not tell: what policies say of them cannot be known. */
  readonly unknown: ReadonlySet<string>;
}

const SESSION = ['untrustedSeen', 'injectionSeen', 'sensitiveSeen', 'refusals'];
const PATHS = ['reads', 'writes', 'deletes', 'readsIn', 'writesIn', 'deletesIn'];

const who = {
  startedBy: z.string().nullish(),
  process: z.object({ user: z.string() }).nullish(),
  user: z.string().optional(),
};
const where = {
  protocol: z.enum([...PROTOCOL_NAMES, 'unknown']),
  provider: z.string(),
  model: z.string().nullable(),
  workspace: z.string().nullable(),
};
const uninspectedSchema = z.enum(UNINSPECTED);

const callSchema = z.object({
  ...who,
  ...where,
  action: z.enum(['call_tool', 'call_mcp_tool']),
  tool: z.string(),
  toolKind: z.enum(['shell', 'edit', 'read', 'search', 'fetch', 'mcp', 'other']),
  uninspected: uninspectedSchema.nullable(),
  effects: z.array(z.object({ effect: z.enum(EFFECTS), risk: z.enum(['plain', 'watch', 'risk']), says: z.string() })),
  programs: z.array(z.string()),
  paths: z.array(
    z.object({ path: z.string(), where: z.enum(['workspace', 'outside', 'unresolved']), use: z.enum(['read', 'write', 'delete']) }),
  ),
  hosts: z.array(z.string()),
  findings: z.array(z.object({ label: z.string() })),
  home: z.string().nullish(),
  meter: z.object({ untrusted: z.boolean(), injected: z.boolean(), sensitive: z.boolean(), refusals: z.number() }).nullish(),
  server: z
    .object({ name: z.string(), address: z.string(), transport: z.enum(['http', 'sse', 'stdio']), version: z.string().optional() })
    .optional(),
  changed: z.boolean().optional(),
});
const exchangeSchema = z.object({ ...who, ...where });
const connectionSchema = z.object({ ...who, port: z.number(), to: z.string().optional() });

/** A record of kind `action`. Undefined where it does not hold what this version reads. */
export function recordedCall(record: AuditRecord, text: string | null): Recorded | undefined {
  const parsed = callSchema.safeParse(record.data);
  if (!parsed.success || (parsed.data.action === 'call_mcp_tool' && !parsed.data.server)) return undefined;
  const { data } = parsed;
  const { uninspected, server, tool, toolKind, effects, programs, paths, hosts, meter } = data;
  const call = { id: '', tool, ...(uninspected !== null && { uninspected }) };
  const common = { id: record.action ?? '', origin: originOf(record, data, data), call, place: '' };
  return {
    action: server
      ? { kind: 'call_mcp_tool', ...common, server: serverOf(server), changed: data.changed ?? false }
      : { kind: 'call_tool', ...common },
    understanding: {
      facts: { tool, toolKind, text: text ?? '', effects, programs, paths, hosts },
      findings: findingsOf(data.findings.map(({ label }) => label)),
      ...(meter && { session: meter }),
    },
    unknown: new Set([
      ...(text === null ? ['text'] : []),
      // Older records do not have these.
      ...(meter === undefined ? SESSION : []),
      ...(data.home === undefined && paths.length > 0 ? PATHS : []),
    ]),
  };
}

/** A record of kind `exchange`, with what was found in its conversation, as the prompt that it was. */
export function recordedPrompt(record: AuditRecord, labels: Iterable<string>, uninspected: string | undefined): Recorded | undefined {
  const parsed = exchangeSchema.safeParse(record.data);
  const why = uninspectedSchema.optional().safeParse(uninspected);
  if (!parsed.success || !why.success) return undefined;
  return {
    action: {
      kind: 'send_prompt',
      id: record.exchange ?? '',
      origin: originOf(record, parsed.data, parsed.data),
      ...(why.data !== undefined && { uninspected: why.data }),
    },
    understanding: { facts: NOTHING, findings: findingsOf(labels) },
    unknown: new Set(),
  };
}

/** A connection that was only tunnelled, or that policy has refused. */
export function recordedConnection(record: AuditRecord): Recorded | undefined {
  const parsed = connectionSchema.safeParse(record.data);
  const host = parsed.data?.to ?? record.host;
  if (!parsed.success || host === null) return undefined;
  const unknown = { protocol: 'unknown', provider: '', model: null, workspace: null } as const;
  return {
    action: { kind: 'connect', id: record.action ?? '', origin: originOf(record, parsed.data, unknown), host, port: parsed.data.port },
    understanding: { facts: { ...NOTHING, hosts: [host] }, findings: [] },
    // A connection's record has neither of them, and policy was asked with what could be told then.
    unknown: new Set(['provider', 'providerHost', 'workspace']),
  };
}

const NOTHING: Understanding['facts'] = { tool: '', toolKind: 'other', text: '', effects: [], programs: [], paths: [], hosts: [] };

function originOf(
  record: AuditRecord,
  { startedBy, process, user }: z.infer<z.ZodObject<typeof who>>,
  { protocol, provider, model, workspace, home }: z.infer<z.ZodObject<typeof where>> & { readonly home?: string | null | undefined },
): Origin {
  return {
    exchange: record.exchange ?? '',
    session: record.session ?? '',
    agent: {
      name: record.agent ?? 'Unknown program',
      ...(startedBy && { startedBy }),
      ...(user !== undefined && { user }),
      ...(process && { process: { pid: 0, executable: '', commandLine: [], user: process.user, parents: [] } }),
    },
    protocol,
    provider,
    host: record.host ?? '',
    workspace: workspace === null ? { state: 'unresolved' } : { state: 'known', root: workspace, cwd: workspace, source: 'process' },
    ...(model !== null && { model }),
    ...(home && { home }),
  };
}

function serverOf({ name, address, transport, version }: NonNullable<z.infer<typeof callSchema>['server']>) {
  return { name, address, transport, ...(version !== undefined && { version }) };
}

function findingsOf(labels: Iterable<string>): Finding[] {
  return [...labels].map((label) => ({ detector: 'recorded', label, severity: 'medium', start: 0, end: 0 }));
}
