/** Budgets: how much of each is used by whom, and what to say of it. */

import type { Settings } from '../../contract/settings.ts';
import type { Refusal } from '../../contract/verdict.ts';
import { NOTHING, plus, type Row, type Sum, type User } from './ledger.ts';
import { nameMatches, shown } from './names.ts';

export type Budget = Settings['budgets'][number];

/** A budget's state for one of those that it is counted for. */
export interface Account {
  readonly budget: Budget;
  /** The user, agent or model; undefined of a budget for the whole device. */
  readonly subject: string | undefined;
  readonly used: Sum;
  /** Of that one of its limits that is nearest. 1 is all of it. */
  readonly part: number;
  /** "2,000,000 tokens". */
  readonly limit: string;
}

/** Accounts of the budgets that fit: whoever would use it now. */
export function accountsOf(who: User, rows: readonly Row[], budgets: readonly Budget[]): Account[] {
  return budgets
    .filter((budget) => fits(budget, who))
    .map((budget) => {
      const subject = subjectOf(budget, who);
      const theirs = rows.filter((row) => fits(budget, row) && subjectOf(budget, row) === subject);
      return account(budget, subject, theirs);
    });
}

/** One for each budget and each of those that have used some of it. */
export function allAccounts(rows: readonly Row[], budgets: readonly Budget[]): Account[] {
  return budgets.flatMap((budget) => {
    const fitting = rows.filter((row) => fits(budget, row));
    return [...Map.groupBy(fitting, (row) => subjectOf(budget, row))].map(([subject, theirs]) => account(budget, subject, theirs));
  });
}

export function usedUp(account: Account, contact: string | undefined): Refusal {
  return {
    policy: 'limits.budget',
    reason: `${sentenceStart(account)} of ${account.limit} is used up. It starts anew at midnight.`,
    ...(contact !== undefined && { contact }),
  };
}

/** Whether it is this user's to know: not what another has used. */
export function isOf(user: string, { budget, subject }: Account): boolean {
  return (budget.per !== 'user' || subject === user) && (budget.user === undefined || nameMatches(budget.user, user));
}

/** "Today's budget “Interns” of 2,000,000 tokens for ana is 83 % used." */
export function usedSentence(account: Account): string {
  const { part, limit } = account;
  if (part >= 1) return `${sentenceStart(account)} of ${limit} is used up. It starts anew at midnight.`;
  return `${sentenceStart(account)} of ${limit} is ${Math.floor(part * 100)} % used.`;
}

function sentenceStart({ budget, subject }: Account): string {
  return `Today’s budget “${shown(budget.name)}”${subject === undefined ? '' : ` for ${shown(subject)}`}`;
}

function fits({ agent, model, user }: Budget, who: User): boolean {
  return (
    (agent === undefined || nameMatches(agent, who.agent)) &&
    (model === undefined || nameMatches(model, who.model)) &&
    (user === undefined || nameMatches(user, who.user))
  );
}

function subjectOf({ per }: Budget, who: User): string | undefined {
  return per === 'device' ? undefined : who[per];
}

function account(budget: Budget, subject: string | undefined, rows: readonly Row[]): Account {
  const used = rows.reduce<Sum>(plus, NOTHING);
  const limits = [
    ...(budget.requests === undefined ? [] : [{ part: used.requests / budget.requests, limit: counted(budget.requests, 'model call') }]),
    ...(budget.tokens === undefined ? [] : [{ part: used.tokens / budget.tokens, limit: counted(budget.tokens, 'token') }]),
    ...(budget.costUsd === undefined
      ? []
      : [{ part: used.cost / Math.max(1, Math.round(budget.costUsd * 1e6)), limit: `US$ ${budget.costUsd}` }]),
  ];
  const [nearest = { part: 0, limit: 'nothing' }] = limits.sort((a, b) => b.part - a.part);
  return { budget, subject, used, ...nearest };
}

function counted(count: number, what: string): string {
  return `${count.toLocaleString('en-US')} ${what}${count === 1 ? '' : 's'}`;
}
