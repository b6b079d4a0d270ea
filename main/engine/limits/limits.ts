/** Limits: what settings permit whatever policy says, and the one way to suspend policy. They stand around policy's own answer. */

import type { Action, SendPromptAction } from '../../contract/action.ts';
import type { EndedExchange } from '../../contract/ended-exchange.ts';
import type { AuditEntry, Json } from '../../contract/record.ts';
import type { Settings } from '../../contract/settings.ts';
import type { Decision, Refusal } from '../../contract/verdict.ts';
import type { World } from '../guard/world.ts';
import { type Account, accountsOf, allAccounts, isOf, usedSentence, usedUp } from './budgets.ts';
import { type Bypass, createBypass } from './bypass.ts';
import { createLedger, dayOf, NOTHING, plus, type Sum, type User } from './ledger.ts';
import { agentOf, anyMatches, shown, UNKNOWN, userOf } from './names.ts';
import { stopped, stopsConnections } from './stops.ts';
import { countedData, countedIn, likely, type PastExchange, useOf } from './usage.ts';

export type LimitSettings = Pick<Settings, 'allowed' | 'budgets' | 'prices' | 'off' | 'bypass' | 'contact'>;

export interface LimitsOptions {
  /** Asked each time: they change while the engine runs. */
  readonly settings: () => LimitSettings;
  readonly record: (entry: AuditEntry) => void;
  /** Whether policy is about connections. Where it is not, those that nothing stops pass. */
  readonly judgesConnections?: () => boolean;
  /** Told when what `notes` gives, or the bypass, has changed. */
  readonly onChange?: () => void;
  readonly now?: () => number;
  /** Milliseconds that nobody can set back. */
  readonly monotonic?: () => number;
  readonly setTimer?: (ring: () => void, ms: number) => () => void;
}

export interface Limits {
  /** Policy's `decide` with the limits around it. */
  deciding(decide: World['decide']): World['decide'];
  /** Whether each connection is to be judged. */
  judgesConnections(): boolean;
  /** An exchange has ended: counts what it used. Gives what its record says of that. */
  ended(ended: EndedExchange): { readonly [key: string]: Json };
  /** A request that was let through did not leave. */
  unsent(exchange: string): void;
  /** Takes over what earlier records say: once, before the first exchange. */
  recall(records: Iterable<PastExchange>): void;
  readonly bypass: Bypass;
  /** Sentences for a person; for `user` without what others have used. */
  notes(user?: string): string[];
  /** Settings have changed. Open questions are for the caller to look through. */
  changed(): void;
}

export function createLimits(options: LimitsOptions): Limits {
  const { settings, record, onChange = () => {}, now = Date.now, monotonic = () => performance.now(), setTimer = timer } = options;
  const judgesConnections = options.judgesConnections ?? (() => true);
  const ledger = createLedger();
  const warned = createOnceADay();
  const told = createOnceADay();
  const bypass = createBypass({ settings, record, onChange, now, monotonic, setTimer });

  return {
    deciding: (decide) => async (action, understanding, approved) => {
      const refusal = stopped(action, settings()) ?? take(action);
      if (refusal) return denied(refusal);
      let released = false;
      try {
        const said = action.kind === 'connect' && !judgesConnections() ? PASSES : await decide(action, understanding, approved);
        // It may have come while policy was asked.
        const late = stopped(action, settings());
        if (late) return denied(late);
        const decision = bypass.applied(action, understanding, said);
        released = decision.verdict === 'allow' || decision.verdict === 'redact';
        return decision;
      } finally {
        if (!released && action.kind === 'send_prompt') ledger.free(action.origin.exchange);
      }
    },
    judgesConnections: () => judgesConnections() || stopsConnections(settings()),
    ended(ended) {
      ledger.free(ended.origin.exchange);
      noteForeignModel(ended);
      const use = useOf(ended, settings().prices);
      if (!use) return { counted: null };
      const who = userFor(ended.origin);
      ledger.add(today(), who, use);
      warn(who);
      return { counted: countedData(who, use) };
    },
    unsent: (exchange) => ledger.free(exchange),
    recall(records) {
      for (const past of records) {
        const found = countedIn(past);
        if (found) ledger.add(dayOf(Date.parse(past.at)), found.who, found.sum);
      }
      for (const account of allAccounts(ledger.rows(today()), settings().budgets))
        if (account.part >= account.budget.warnAt) warned.isFirst(today(), keyOf(account));
    },
    bypass,
    notes,
    changed() {
      bypass.changed();
      onChange();
    },
  };

  function today(): string {
    return dayOf(now());
  }

  /** Takes room in every budget that fits; what could not be read has no length, and is counted at its end. */
  function take(action: Action): Refusal | undefined {
    if (action.kind !== 'send_prompt') return undefined;
    const { budgets, contact, prices } = settings();
    const who = userFor(action.origin);
    if (budgets.length > 0) {
      const rows = [...ledger.rows(today()), ...ledger.reserved()];
      const full = accountsOf(who, rows, budgets).find(({ part }) => part >= 1);
      if (full) return usedUp(full, contact);
    }
    if (action.contents) ledger.reserve(action.origin.exchange, who, likely(lengthOf(action), action.origin.model, prices));
    return undefined;
  }

  function warn(who: User): void {
    for (const account of accountsOf(who, ledger.rows(today()), settings().budgets)) {
      if (account.part < account.budget.warnAt || !warned.isFirst(today(), keyOf(account))) continue;
      const { budget, subject, used } = account;
      const { requests, tokens, cost } = used;
      record({
        kind: 'policy',
        verdict: 'budget-warning',
        ...(budget.per === 'agent' && { agent: who.agent }),
        summary: usedSentence(account),
        data: { budget: budget.name, per: budget.per, subject: subject ?? null, day: today(), requests, tokens, costMicroUsd: cost },
      });
      onChange();
    }
  }

  /** The provider has answered with another model than those that may be used. It has worked already: that is worth a line, not a block. */
  function noteForeignModel({ origin, model, how }: EndedExchange): void {
    const { models } = settings().allowed;
    if (!models || model === undefined || how === 'refused' || anyMatches(models, model)) return;
    // "gpt-5" is answered by "gpt-5-2025-08-07".
    if (origin.model !== undefined && model.startsWith(`${origin.model}-`)) return;
    if (!told.isFirst(today(), JSON.stringify([origin.agent.name, origin.model, model]))) return;
    const { session, exchange, agent, host } = origin;
    record({
      ...{ session, exchange, agent: agent.name, host, user: agent.process?.user },
      kind: 'finding',
      verdict: 'model.not-allowed',
      summary: `${origin.provider} answered with the model ${shown(model)}, which may not be used here`,
      data: {
        findings: [{ detector: 'limits', label: 'model.not-allowed', severity: 'medium', count: 1 }],
        model: origin.model ?? null,
        responseModel: model,
      },
    });
  }

  function notes(user?: string): string[] {
    const { budgets, off } = settings();
    const sentences: string[] = [];
    const state = bypass.state();
    if (state)
      sentences.push(
        `Enforcement is suspended until ${clock(state.until)}: ${shown(state.reason)}. What policy would refuse passes, and is recorded.`,
      );
    if (off.all) sentences.push(`The off switch is set for every agent${off.reason === undefined ? '' : `: ${off.reason}`}.`);
    else if (off.agents.length + off.providers.length > 0)
      sentences.push(`The off switch is set for ${[...off.agents, ...off.providers].slice(0, 8).map(shown).join(', ')}.`);
    const rows = ledger.rows(today());
    const accounts = allAccounts(rows, budgets).filter((account) => user === undefined || isOf(user, account));
    const near = accounts.filter(({ part, budget }) => part >= budget.warnAt);
    sentences.push(...near.slice(0, MOST_NOTES).map(usedSentence));
    if (budgets.some(({ costUsd }) => costUsd !== undefined)) {
      const unpriced = rows.filter((row) => row.unpriced > 0);
      const { unpriced: count } = unpriced.reduce<Sum>(plus, NOTHING);
      const models = [...new Set(unpriced.map(({ model }) => shown(model)))].slice(0, 8).join(', ');
      if (count > 0)
        sentences.push(
          `${count === 1 ? 'One model call' : `${count} model calls`} of today cost nothing in budgets, for want of a price: ${models}. Set prices.`,
        );
    }
    return sentences;
  }
}

const MOST_NOTES = 5;
const PASSES: Decision = { verdict: 'allow', policies: [], reason: 'Nothing speaks of connections.' };

function denied({ policy, reason, contact }: Refusal): Decision {
  return {
    verdict: 'deny',
    policies: [{ id: policy, effect: 'deny', reason, remember: 'never', ...(contact !== undefined && { contact }) }],
    reason,
  };
}

function userFor(origin: SendPromptAction['origin']): User {
  return { user: userOf(origin), agent: agentOf(origin), model: origin.model ?? UNKNOWN };
}

function lengthOf({ contents = [] }: SendPromptAction): number {
  return contents.reduce((sum, { text }) => sum + text.length, 0);
}

function keyOf({ budget, subject }: Account): string {
  return JSON.stringify([budget.name, budget.per, subject ?? null]);
}

/** Things that are said once a day. */
function createOnceADay(): { isFirst(day: string, what: string): boolean } {
  const said = new Set<string>();
  return {
    isFirst(day, what) {
      const key = `${day} ${what}`;
      if (said.has(key)) return false;
      said.add(key);
      for (const oldest of said) {
        if (said.size <= MOST_SAID) break;
        said.delete(oldest);
      }
      return true;
    },
  };
}

const MOST_SAID = 10_000;

/** "14:32", by local time. */
function clock(iso: string): string {
  const at = new Date(iso);
  return `${String(at.getHours()).padStart(2, '0')}:${String(at.getMinutes()).padStart(2, '0')}`;
}

function timer(ring: () => void, ms: number): () => void {
  const handle = setTimeout(ring, ms);
  handle.unref();
  return () => clearTimeout(handle);
}
