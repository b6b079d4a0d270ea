/** The guard: from an action to release or refusal. It knows the world only through four functions. */

import { createHash, randomUUID } from 'node:crypto';
import type {
  CallMcpToolAction,
  HeldAction,
  McpServer,
  Origin,
  ReceiveResultAction,
  SendPromptAction,
  ToolCall,
  Understanding,
} from '../../contract/action.ts';
import type { Ending } from '../../contract/approval.ts';
import { canonicalJson } from '../../contract/canonical.ts';
import { missingCase } from '../../contract/errors.ts';
import type { Json } from '../../contract/record.ts';
import type { Decision, Outcome, Remember } from '../../contract/verdict.ts';
import { createAloneJudge } from './alone.ts';
import { type ApprovedCalls, createApprovedCalls } from './approved-calls.ts';
import { createReconsidering } from './reconsidering.ts';
import { cannotJudge, refusalOf, sentence } from './refusals.ts';
import { createSessionSense } from './session/sense.ts';
import { about, actionEntry, decisionData, endingEntries, verdictEntry } from './story.ts';
import { mcpTitleOf, titleOf } from './title.ts';
import type { World } from './world.ts';

export interface Guard {
  /** May this request leave for the model? Never rejects: what goes wrong refuses. */
  judgeRequest(origin: Origin, request: RequestInquiry): Promise<Outcome>;
  /** May the agent see this call? Resolves when policy or a person has decided. Never rejects: what goes wrong refuses. */
  judgeCall(inquiry: CallInquiry): Promise<Outcome>;
  /** May what a tool gave go back to the agent? Never rejects: what goes wrong refuses. */
  judgeResult(inquiry: ResultInquiry): Promise<Outcome>;
  /** May this connection be opened? What is allowed has no record of its own: the connection has one. Never rejects. */
  judgeConnect(origin: Origin, host: string, port: number): Promise<Outcome>;
  /** Policy or settings have changed: what is held and would be refused now is refused. */
  reconsider(): Promise<void>;
}

/** What is known of a call of an MCP server's tool besides the call. */
export type McpCall = Pick<CallMcpToolAction, 'server' | 'definition' | 'changed'> & {
  /** The id that the model's own call had, where the client tells it. */
  readonly toolUseId?: string;
};

/** What a request says, or why that could not be read. */
export type RequestInquiry = Pick<SendPromptAction, 'contents' | 'uninspected'>;

export type ResultInquiry = Omit<ReceiveResultAction, 'kind' | 'id'>;

export interface CallInquiry {
  readonly origin: Origin;
  readonly call: ToolCall;
  /** Of a `call_mcp_tool`; without it, it is a `call_tool`. */
  readonly mcp?: McpCall;
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

/** As the reason of an inquiry's signal: the agent has taken the call back, and will not send it again. */
export const CANCELLED = Symbol('cancelled');

/** A person's answer counts for a resent call this long. */
const RETRY_MEMORY_MS = 15 * 60_000;
const RETRY_MEMORY_ENTRIES = 1_000;

export function createGuard(options: GuardOptions): Guard {
  const { world, retryGraceMs = 10_000, onHold = () => {}, now = Date.now } = options;
  const open = new Map<string, OpenCase>();
  const approvedCalls: ApprovedCalls = createApprovedCalls(now);
  const sense = createSessionSense();
  const decideAlone = createAloneJudge({ world, sense });
  const reconsidering = createReconsidering();
  const answered = new Map<string, { readonly outcome: Outcome; readonly until: number }>();

  return {
    judgeRequest: (origin, request) => decideAlone({ kind: 'send_prompt', id: randomUUID(), origin, ...request }, 'Request refused'),

    judgeResult: (inquiry) => decideAlone({ kind: 'receive_result', id: randomUUID(), ...inquiry }, `Result of ${inquiry.tool}`),

    judgeConnect: (origin, host, port) =>
      decideAlone({ kind: 'connect', id: randomUUID(), origin, host, port }, `Connection to ${host}:${port} refused`),

    async judgeCall(inquiry) {
      // The agent's own id of a call changes when it resends; its content and place do not.
      let content: string;
      try {
        content = contentOf(inquiry.call, inquiry.mcp);
      } catch (thrown) {
        return cannotJudge(thrown);
      }
      const key = `${inquiry.origin.session}\n${inquiry.place}\n${content}`;
      const earlier = answered.get(key);
      if (earlier && earlier.until > now()) return earlier.outcome.kind === 'release' ? released(inquiry) : earlier.outcome;
      let current = open.get(key);
      if (!current) {
        const withdrawal = new AbortController();
        current = { waiting: 0, withdrawal, outcome: settle(inquiry, content, key, withdrawal.signal) };
        open.set(key, current);
        void current.outcome.finally(() => open.delete(key));
      }
      return await joined(current, inquiry.signal);
    },

    reconsider: reconsidering.all,
  };

  /** Waits with all others for the outcome; when the last one has gone away for good, the question goes too. */
  async function joined(current: OpenCase, signal: AbortSignal): Promise<Outcome> {
    current.waiting += 1;
    clearTimeout(current.leaving);
    const left = () => {
      current.waiting -= 1;
      if (current.waiting > 0) return;
      current.leaving = setTimeout(() => current.withdrawal.abort(), signal.reason === CANCELLED ? 0 : retryGraceMs);
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

  /** What a person has released is released again, unless what is in force refuses it by now. */
  async function released(inquiry: CallInquiry): Promise<Outcome> {
    const action = actionOf(inquiry);
    try {
      const decision = await world.decide(action, sense.of(action.origin.session, await world.understand(action)), true);
      if (decision.verdict === 'allow') return { kind: 'release' };
      await world.record(verdictEntry(action, decision));
      return { kind: 'refuse', why: refusalOf(decision) };
    } catch (thrown) {
      return cannotJudge(thrown);
    }
  }

  async function settle(inquiry: CallInquiry, content: string, key: string, withdrawn: AbortSignal): Promise<Outcome> {
    const action = actionOf(inquiry);
    try {
      const understanding = sense.of(action.origin.session, await world.understand(action));
      // The model's own call was held, and a person has said yes to it: that is this call.
      const approved = inquiry.mcp?.toolUseId !== undefined && !inquiry.mcp.changed && approvedCalls.take(inquiry.mcp.toolUseId, action);
      const decision = await world.decide(action, understanding, approved);
      const noted = Promise.all([world.record(actionEntry(action, understanding, content)), world.record(verdictEntry(action, decision))]);
      switch (decision.verdict) {
        case 'allow':
          await noted;
          return { kind: 'release' };
        case 'deny':
        case 'redact':
          await noted;
          sense.refused(action.origin.session, understanding.facts);
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
    action: HeldAction,
    understanding: Understanding,
    decision: Decision,
    after: string | undefined,
    content: string,
    key: string,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const { agent } = action.origin;
    const title =
      action.kind === 'call_mcp_tool'
        ? mcpTitleOf(agent.name, action.server.name, action.call.tool)
        : titleOf(agent.name, understanding.facts);
    await world.record({ ...about(action), kind: 'hold', verdict: 'opened', summary: title, data: decisionData(decision) });
    onHold('held');
    let change: 'released' | 'refused' | 'abandoned' = 'refused';
    try {
      const inquiry = {
        action,
        understanding,
        decision,
        title,
        remember: leastOf(decision),
        content,
        ...(after !== undefined && { after }),
      };
      const { ending, overruled } = await reconsidering.whileOpen(
        { decide: () => world.decide(action, understanding, true), signal },
        (until) => world.ask({ ...inquiry, signal: until }),
      );
      const outcome = await (overruled ? refusedBy(overruled) : afterAnswer(action, understanding, decision, ending));
      const leftAlone = ending.kind === 'withdrawn' && !overruled;
      if (outcome.kind === 'refuse' && !leftAlone) sense.refused(action.origin.session, understanding.facts);
      change = outcome.kind === 'release' ? 'released' : leftAlone ? 'abandoned' : 'refused';
      // Approval and outcome are durable, together, before the outcome takes effect.
      await Promise.all(endingEntries(action, title, ending, change, outcome).map((entry) => world.record(entry)));
      if (outcome.kind === 'release') approvedCalls.note(action);
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
  async function afterAnswer(action: HeldAction, understanding: Understanding, decision: Decision, ending: Ending): Promise<Outcome> {
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
    return again.verdict === 'allow' ? { kind: 'release' } : refusedBy(again);
  }

  function remember(key: string, outcome: Outcome): void {
    answered.set(key, { outcome, until: now() + RETRY_MEMORY_MS });
    for (const [oldest] of answered) {
      if (answered.size <= RETRY_MEMORY_ENTRIES) break;
      answered.delete(oldest);
    }
  }
}

interface OpenCase {
  waiting: number;
  readonly withdrawal: AbortController;
  readonly outcome: Promise<Outcome>;
  leaving?: NodeJS.Timeout;
}

function refusedBy(decision: Decision): Outcome {
  return { kind: 'refuse', why: refusalOf(decision) };
}

/** Of a tool call: what it is told where policy wants only a part of it taken out. */
export const CANNOT_REDACT = 'Policy wants it redacted, which a tool call cannot be without doing something else, so it is refused.';

function actionOf({ origin, call, mcp, place }: CallInquiry): HeldAction {
  const id = randomUUID();
  if (!mcp) return { kind: 'call_tool', id, origin, call, place };
  const { server, definition, changed } = mcp;
  return { kind: 'call_mcp_tool', id, origin, server, call, changed, place, ...(definition !== undefined && { definition }) };
}

/**
 * What "the same action" means: SHA-256 (hex) of the tool and its canonical arguments. A call that could not be read is the same as
 * no other: a yes to one must not release the next. An MCP call is the same only on the same server, and while the tool is what it was.
 */
export function contentOf(
  { tool, uninspected, input = null }: ToolCall,
  mcp?: { readonly server: Pick<McpServer, 'name' | 'address'>; readonly definition?: string },
): string {
  const alone = uninspected === undefined ? null : randomUUID();
  return createHash('sha256')
    .update(canonicalJson([tool, input as Json, alone, ...(mcp ? [mcp.server.name, mcp.server.address, mcp.definition ?? null] : [])]))
    .digest('hex');
}

/** The most that every asking policy permits. */
function leastOf(decision: Decision): Remember {
  const order: readonly Remember[] = ['never', 'session', 'workspace', '8h'];
  const ranks = decision.policies.map((policy) => order.indexOf(policy.remember));
  return order[Math.min(...ranks, order.length - 1)] ?? 'never';
}
