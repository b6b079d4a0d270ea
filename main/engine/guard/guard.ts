/** The guard: from an action to release or refusal. It knows the world only through four functions. */

import { createHash, randomUUID } from 'node:crypto';
import type { CallToolAction, Origin, SendPromptAction, ToolCall, Understanding, Uninspected } from '../../contract/action.ts';
import type { Ending } from '../../contract/approval.ts';
import { canonicalJson } from '../../contract/canonical.ts';
import { messageOf, missingCase } from '../../contract/errors.ts';
import type { Json } from '../../contract/record.ts';
import type { Decision, Outcome, Refusal, Remember } from '../../contract/verdict.ts';
import { titleOf } from './title.ts';
import type { World } from './world.ts';

export interface Guard {
  /** May this request leave for the model? Never rejects: what goes wrong refuses. */
  judgeRequest(origin: Origin, uninspected?: Uninspected): Promise<Outcome>;
  /** May the agent see this call? Resolves when policy or a person has decided. Never rejects: what goes wrong refuses. */
  judgeCall(inquiry: CallInquiry): Promise<Outcome>;
}

export interface CallInquiry {
  readonly origin: Origin;
  readonly call: ToolCall;
  /** Where in the conversation. */
  readonly place: string;
  /** What the model saw just before, where it can be told. */
  readonly after?: string;
  /** Aborted when the agent goes away: its question is withdrawn, unless a retry joins it within the grace. */
  readonly signal: AbortSignal;
}

export interface GuardOptions {
  readonly world: World;
  /** How long a question outlives the agent that caused it; agents that gave up resend within seconds. */
  readonly retryGraceMs?: number;
  /** Counts for the status. */
  readonly onHold?: (change: 'held' | 'released' | 'refused' | 'abandoned') => void;
  readonly now?: () => number;
}

/** A person's answer counts for a resent call this long. */
const RETRY_MEMORY_MS = 15 * 60_000;
const RETRY_MEMORY_ENTRIES = 1_000;

export function createGuard(options: GuardOptions): Guard {
  const { world, retryGraceMs = 10_000, onHold = () => {}, now = Date.now } = options;
  const open = new Map<string, OpenCase>();
  const answered = new Map<string, { readonly outcome: Outcome; readonly until: number }>();

  return {
    async judgeRequest(origin, uninspected) {
      const action: SendPromptAction = { kind: 'send_prompt', id: randomUUID(), origin, ...(uninspected && { uninspected }) };
      try {
        const understanding = await world.understand(action);
        const decision = await world.decide(action, understanding, false);
        if (decision.verdict === 'allow') return { kind: 'release' };
        const outcome: Outcome = { kind: 'refuse', why: refusalOf(decision, REQUEST_CANNOT[decision.verdict]) };
        await world.record({
          ...about(action),
          kind: 'verdict',
          verdict: decision.verdict,
          summary: `Request refused: ${outcome.why.reason}`,
          data: decisionData(decision),
        });
        return outcome;
      } catch (thrown) {
        return cannotJudge(thrown);
      }
    },

    async judgeCall(inquiry) {
      // The agent's own id of a call changes when it resends; its content and place do not.
      let content: string;
      try {
        content = contentOf(inquiry.call);
      } catch (thrown) {
        return cannotJudge(thrown);
      }
      const key = `${inquiry.origin.session}\n${inquiry.place}\n${content}`;
      const earlier = answered.get(key);
      if (earlier && earlier.until > now()) return earlier.outcome;
      let current = open.get(key);
      if (!current) {
        const withdrawal = new AbortController();
        current = { waiting: 0, withdrawal, outcome: settle(inquiry, content, key, withdrawal.signal) };
        open.set(key, current);
        void current.outcome.finally(() => open.delete(key));
      }
      return await joined(current, inquiry.signal);
    },
  };

  /** Waits with all others for the outcome; when the last one has gone away for good, the question goes too. */
  async function joined(current: OpenCase, signal: AbortSignal): Promise<Outcome> {
    current.waiting += 1;
    clearTimeout(current.leaving);
    const left = () => {
      current.waiting -= 1;
      if (current.waiting > 0) return;
      current.leaving = setTimeout(() => current.withdrawal.abort(), retryGraceMs);
      current.leaving.unref();
    };
    if (signal.aborted) left();
    else signal.addEventListener('abort', left, { once: true });
    try {
      return await current.outcome;
    } finally {
      signal.removeEventListener('abort', left);
    }
  }

  async function settle(inquiry: CallInquiry, content: string, key: string, withdrawn: AbortSignal): Promise<Outcome> {
    const action: CallToolAction = {
      kind: 'call_tool',
      id: randomUUID(),
      origin: inquiry.origin,
      call: inquiry.call,
      place: inquiry.place,
    };
    try {
      const understanding = await world.understand(action);
      const decision = await world.decide(action, understanding, false);
      const noted = Promise.all([recordAction(action, understanding, content), recordVerdict(action, decision)]);
      switch (decision.verdict) {
        case 'allow':
          await noted;
          return { kind: 'release' };
        case 'deny':
        case 'redact':
          await noted;
          return { kind: 'refuse', why: refusalOf(decision, decision.verdict === 'redact' ? CANNOT_REDACT : undefined) };
        case 'ask':
          await noted;
          return await hold(action, understanding, decision, inquiry.after, content, key, withdrawn);
        default:
          return missingCase(decision.verdict);
      }
    } catch (thrown) {
      return cannotJudge(thrown);
    }
  }

  async function hold(
    action: CallToolAction,
    understanding: Understanding,
    decision: Decision,
    after: string | undefined,
    content: string,
    key: string,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const title = titleOf(action.origin.agent.name, understanding.facts);
    await world.record({ ...about(action), kind: 'hold', verdict: 'opened', summary: title, data: decisionData(decision) });
    onHold('held');
    let change: 'released' | 'refused' | 'abandoned' = 'refused';
    try {
      const ending = await world.ask({
        action,
        understanding,
        decision,
        title,
        remember: leastOf(decision),
        content,
        signal,
        ...(after !== undefined && { after }),
      });
      const outcome = await afterAnswer(action, understanding, decision, ending);
      change = outcome.kind === 'release' ? 'released' : ending.kind === 'withdrawn' ? 'abandoned' : 'refused';
      await recordEnding(action, title, ending, change, outcome);
      if (ending.kind === 'answered' || ending.kind === 'remembered') remember(key, outcome);
      return outcome;
    } catch (thrown) {
      change = 'refused';
      return cannotJudge(thrown);
    } finally {
      onHold(change);
    }
  }

  /** A person's yes is put to policy once more: a hard deny still holds. */
  async function afterAnswer(action: CallToolAction, understanding: Understanding, decision: Decision, ending: Ending): Promise<Outcome> {
    switch (ending.kind) {
      case 'answered':
        if (ending.answer.choice === 'deny')
          return {
            kind: 'refuse',
            why: refusalOf(
              decision,
              ending.answer.reason
                ? `The person at this computer said no: ${ending.answer.reason}`
                : 'The person at this computer said no.',
            ),
          };
        break;
      case 'remembered':
        break;
      case 'missed':
        return { kind: 'refuse', why: refusalOf(decision, `${sentence(decision.reason)} Nobody answered in time.`) };
      case 'unattended':
        return { kind: 'refuse', why: refusalOf(decision, `${sentence(decision.reason)} Nobody was there to be asked.`) };
      case 'withdrawn':
        return { kind: 'refuse', why: refusalOf(decision, `${sentence(decision.reason)} The question was withdrawn.`) };
      default:
        return missingCase(ending);
    }
    const again = await world.decide(action, understanding, true);
    return again.verdict === 'allow' ? { kind: 'release' } : { kind: 'refuse', why: refusalOf(again) };
  }

  function remember(key: string, outcome: Outcome): void {
    answered.set(key, { outcome, until: now() + RETRY_MEMORY_MS });
    for (const [oldest] of answered) {
      if (answered.size <= RETRY_MEMORY_ENTRIES) break;
      answered.delete(oldest);
    }
  }

  function recordAction(action: CallToolAction, { facts, findings }: Understanding, content: string): Promise<void> {
    return world.record({
      ...about(action),
      kind: 'action',
      summary: `${action.origin.agent.name}: ${action.call.tool}: ${firstLine(facts.text)}`,
      data: {
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
        findings: findings.map(({ detector, label, severity }) => ({ detector, label, severity })),
        model: action.origin.model ?? null,
        provider: action.origin.provider,
        protocol: action.origin.protocol,
        workspace: action.origin.workspace.state === 'known' ? action.origin.workspace.root : null,
        process: processData(action.origin),
      },
      blocks: [{ role: 'tool_call', text: facts.text }],
    });
  }

  function recordVerdict(action: CallToolAction, decision: Decision): Promise<void> {
    return world.record({
      ...about(action),
      kind: 'verdict',
      verdict: decision.verdict,
      summary: `${verb(decision)}: ${decision.reason}`,
      data: decisionData(decision),
    });
  }

  /** Approval and outcome are durable, together, before the outcome takes effect. */
  async function recordEnding(action: CallToolAction, title: string, ending: Ending, change: string, outcome: Outcome): Promise<void> {
    await Promise.all([
      world.record({
        ...about(action),
        kind: 'approval',
        verdict: ending.kind,
        summary: `${APPROVAL_WORDS[ending.kind]}: ${title}`,
        data: endingData(ending),
      }),
      world.record({
        ...about(action),
        kind: 'outcome',
        verdict: change,
        summary: outcome.kind === 'release' ? `Released: ${title}` : `Refused: ${outcome.why.reason}`,
        data: outcome.kind === 'refuse' ? { policy: outcome.why.policy, reason: outcome.why.reason } : {},
      }),
    ]);
  }
}

interface OpenCase {
  waiting: number;
  readonly withdrawal: AbortController;
  readonly outcome: Promise<Outcome>;
  leaving?: NodeJS.Timeout;
}

const APPROVAL_WORDS: Record<Ending['kind'], string> = {
  answered: 'Answered',
  remembered: 'Answered earlier',
  missed: 'Nobody answered',
  unattended: 'Nobody was there',
  withdrawn: 'Withdrawn',
};
const CANNOT_REDACT = 'Policy wants it redacted, which this version cannot do for a tool call, so it is refused.';
const REQUEST_CANNOT = {
  deny: undefined,
  ask: 'Policy wants a person to be asked before this request leaves, which this version cannot do, so it is refused.',
  redact: 'Policy wants this request redacted, which this version cannot do, so it is refused.',
} as const;

/**
 * What "the same action" means: SHA-256 (hex) of the tool and its canonical arguments. A call that could not be read is the same as
 * no other: a yes to one must not release the next.
 */
export function contentOf({ tool, uninspected, input = null }: ToolCall): string {
  const alone = uninspected === undefined ? null : randomUUID();
  return createHash('sha256')
    .update(canonicalJson([tool, input as Json, alone]))
    .digest('hex');
}

/** The most that every asking policy permits. */
function leastOf(decision: Decision): Remember {
  const order: readonly Remember[] = ['never', 'session', 'workspace', '8h'];
  const ranks = decision.policies.map((policy) => order.indexOf(policy.remember));
  return order[Math.min(...ranks, order.length - 1)] ?? 'never';
}

function refusalOf(decision: Decision, reason = decision.reason): Refusal {
  const contact = decision.policies.find((policy) => policy.contact)?.contact;
  return { policy: decision.policies[0]?.id ?? 'holdpoint', reason: sentence(reason), ...(contact !== undefined && { contact }) };
}

/** A call that could not be judged, or not be recorded, has not been released. */
function cannotJudge(thrown: unknown): Outcome {
  return { kind: 'refuse', why: { policy: 'holdpoint', reason: `It could not be judged: ${sentence(messageOf(thrown))}` } };
}

function about(action: CallToolAction | SendPromptAction) {
  const { session, exchange, agent, host } = action.origin;
  return { session, exchange, action: action.id, agent: agent.name, host };
}

function decisionData(decision: Decision): { [key: string]: Json } {
  return {
    verdict: decision.verdict,
    reason: decision.reason,
    policies: decision.policies.map((policy) => policy.id),
    failure: decision.failure ?? null,
  };
}

function endingData(ending: Ending): { [key: string]: Json } {
  if (ending.kind === 'remembered') return { ending: ending.kind, grant: ending.grant };
  if (ending.kind !== 'answered') return { ending: ending.kind };
  const { answer, by } = ending;
  const given = answer.choice === 'allow' ? { for: answer.for } : { said: answer.reason ?? null };
  return { ending: ending.kind, choice: answer.choice, by, ...given };
}

function processData({ agent }: Origin): Json {
  if (!agent.process) return null;
  const { pid, executable, commandLine, user, cwd, parents } = agent.process;
  return {
    pid,
    executable,
    commandLine: commandLine.slice(0, 32).map((word) => word.slice(0, 256)),
    user,
    cwd,
    parents: parents.map((parent) => ({ ...parent })),
  };
}

function verb(decision: Decision): string {
  if (decision.failure) return 'Denied, policy failed';
  return { allow: 'Allowed', ask: 'A person is asked', deny: 'Denied', redact: 'To be redacted' }[decision.verdict];
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function firstLine(text: string): string {
  const line = text.split('\n', 1)[0] ?? '';
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}
