/** What the log is told of an action: what it is, what policy said, how its question ended. */

import type { Action, Finding, HeldAction, Understanding } from '../../contract/action.ts';
import type { Ending } from '../../contract/approval.ts';
import { agentData } from '../../contract/process-data.ts';
import type { AuditEntry, Json } from '../../contract/record.ts';
import type { Decision, Outcome, Sensitive } from '../../contract/verdict.ts';

type Told = Pick<AuditEntry, 'session' | 'exchange' | 'action' | 'agent' | 'host' | 'user'>;

export function about(action: Action): Told {
  const { session, exchange, agent, host } = action.origin;
  const user = agent.process?.user;
  return { session, exchange, action: action.id, agent: agent.name, ...(host !== '' && { host }), ...(user !== undefined && { user }) };
}

/** Holds what policy was asked with, so that a draft of another policy can be asked the same later. */
export function actionEntry(action: HeldAction, { facts, findings, session }: Understanding, content: string): AuditEntry {
  const server = action.kind === 'call_mcp_tool' ? action.server : undefined;
  return {
    ...about(action),
    kind: 'action',
    summary: `${action.origin.agent.name}: ${server ? `${server.name} › ` : ''}${action.call.tool}: ${firstLine(facts.text)}`,
    data: {
      action: action.kind,
      tool: action.call.tool,
      toolKind: facts.toolKind,
      callId: action.call.id,
      content,
      place: action.place,
      uninspected: action.call.uninspected ?? null,
      effects: facts.effects.map(({ effect, risk, says }) => ({ effect, risk, says })),
      programs: facts.programs,
      paths: facts.paths.map((path) => ({ ...path })),
      hosts: facts.hosts,
      findings: counted(findings),
      session: session ? { ...session } : null,
      model: action.origin.model ?? null,
      provider: action.origin.provider,
      protocol: action.origin.protocol,
      workspace: action.origin.workspace.state === 'known' ? action.origin.workspace.root : null,
      home: action.origin.home ?? null,
      meter: session ? { ...session } : null,
      ...agentData(action.origin.agent),
      ...(action.kind === 'call_mcp_tool' && {
        server: { ...action.server },
        definition: action.definition ?? null,
        changed: action.changed,
      }),
    },
    blocks: [{ role: 'tool_call', text: facts.text }],
  };
}

export function verdictEntry(action: Action, decision: Decision): AuditEntry {
  return {
    ...about(action),
    kind: 'verdict',
    verdict: decision.verdict,
    summary: `${verb(decision)}: ${decision.reason}${wouldHave(decision)}`,
    data: {
      action: action.kind,
      ...decisionData(decision),
      ...(action.kind === 'connect' && { port: action.port, to: action.host, ...agentData(action.origin.agent) }),
    },
  };
}

/** That something was taken out: how often each label, never a value. */
export function redactionEntry(action: Action, decision: Decision, redact: readonly Sensitive[]): AuditEntry {
  const labels: { readonly [label: string]: number } = Object.fromEntries(
    [...Map.groupBy(redact, ({ label }) => label)].map(([label, values]) => [label, values.length]),
  );
  const words = Object.entries(labels).map(([label, count]) => (count === 1 ? label : `${count} × ${label}`));
  return {
    ...about(action),
    kind: 'verdict',
    verdict: 'redact',
    summary: `Taken out before it left: ${words.join(', ')}`,
    data: { action: action.kind, ...decisionData(decision), redacted: labels },
  };
}

/** What detectors saw in what is no call: its labels, never its text. */
export function findingEntry(action: Action, { findings }: Understanding): AuditEntry {
  const what = action.kind === 'receive_result' ? `Result of ${action.tool}` : 'Request';
  const labels = [...new Set(findings.map(({ label }) => label))];
  return {
    ...about(action),
    kind: 'finding',
    verdict: labels[0] ?? '',
    summary: `${what}: ${labels.join(', ')}`,
    data: { action: action.kind, findings: counted(findings) },
  };
}

/** Detectors did not get through what is no call. */
export function unscannedEntry(action: Action, why: NonNullable<Understanding['unscanned']>): AuditEntry {
  return {
    ...about(action),
    kind: 'uninspected',
    verdict: 'unscanned',
    summary: `${action.origin.agent.name}: ${action.kind === 'send_prompt' ? 'a request' : 'a result'} could not be searched for secrets (${why})`,
    data: { action: action.kind, why },
  };
}

/** A table of ten thousand addresses is one line of the log. */
function counted(findings: readonly Finding[]): Json[] {
  const kinds = Map.groupBy(findings, ({ detector, label, severity }) => [detector, label, severity].join(' '));
  return [...kinds.values()].map((same) => {
    const { detector, label, severity } = same[0]!;
    return { detector, label, severity, count: same.length };
  });
}

export function endingEntries(action: HeldAction, title: string, ending: Ending, change: string, outcome: Outcome): readonly AuditEntry[] {
  return [
    {
      ...about(action),
      kind: 'approval',
      verdict: ending.kind,
      summary: `${APPROVAL_WORDS[ending.kind]}: ${title}`,
      data: endingData(ending),
    },
    {
      ...about(action),
      kind: 'outcome',
      verdict: change,
      summary: outcome.kind === 'release' ? `Released: ${title}` : `Refused: ${outcome.why.reason}`,
      data: outcome.kind === 'refuse' ? { policy: outcome.why.policy, reason: outcome.why.reason } : {},
    },
  ];
}

export function decisionData(decision: Decision): { [key: string]: Json } {
  return {
    verdict: decision.verdict,
    reason: decision.reason,
    policies: decision.policies.map((policy) => policy.id),
    failure: decision.failure ?? null,
    ...(decision.observed && { observed: decision.observed.map((policy) => ({ ...policy })) }),
  };
}

/** " Would have: ask (team.new)." */
function wouldHave({ observed }: Decision): string {
  return observed ? ` Would have: ${observed.map(({ id, effect }) => `${effect} (${id})`).join(', ')}.` : '';
}

const APPROVAL_WORDS: Record<Ending['kind'], string> = {
  answered: 'Answered',
  remembered: 'Answered earlier',
  missed: 'Nobody answered',
  unattended: 'Nobody was there',
  withdrawn: 'Withdrawn',
};

function endingData(ending: Ending): { [key: string]: Json } {
  if (ending.kind === 'remembered') return { ending: ending.kind, grant: ending.grant };
  if (ending.kind !== 'answered') return { ending: ending.kind };
  const { answer, by } = ending;
  const given = answer.choice === 'allow' ? { for: answer.for } : { said: answer.reason ?? null };
  return { ending: ending.kind, choice: answer.choice, by, ...given };
}

function verb(decision: Decision): string {
  if (decision.failure) return 'Denied, policy failed';
  return { allow: 'Allowed', ask: 'A person is asked', deny: 'Denied', redact: 'To be redacted' }[decision.verdict];
}

function firstLine(text: string): string {
  const line = text.split('\n', 1)[0] ?? '';
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}
