/** Approvals: open questions, how they end, and what is remembered. Nothing passes while a question is open. */

import { randomBytes } from 'node:crypto';
import type { Answered, Ending, Grant, Missed, Question } from '../../contract/approval.ts';
import { HoldpointError } from '../../contract/errors.ts';
import type { AuditEntry } from '../../contract/record.ts';
import type { Inquiry } from '../guard/world.ts';
import { createGrants } from './grants.ts';
import { equal, newId } from './ids.ts';
import { countOf, isOf, isOfSame, isSame, ownerOf } from './owners.ts';
import { questionOf } from './question.ts';

/**
 * A question belongs to the user whose program asks, and so does what is missed or remembered of it. `user`, where it is given: the login
 * name of somebody who sees and answers only what is theirs; all else is `not-found`. What nobody can be told to own is nobody's.
 */
export interface Approvals {
  /** Resolves when the question has ended. Never rejects. */
  ask(inquiry: Inquiry): Promise<Ending>;
  /** Oldest first. */
  open(user?: string): Question[];
  /**
   * Ends a question. `by` says where the answer was given: "app", "terminal".
   * Throws HoldpointError `not-found`, or `control-refused` where it has ended, shows something else, or policy does not permit the grant.
   */
  answer(answered: Answered, by: string, user?: string): void;
  /** Newest first. */
  missed(user?: string): Missed[];
  /** Releases a missed question's action when it comes again: once, within 8 hours, in the same workspace or session. Throws `not-found`. */
  allowNext(id: string, user?: string): void;
  grants(user?: string): Grant[];
  /** Throws `not-found`, or `data-dir-unusable` where the grant could not be forgotten for good. */
  revoke(id: string, user?: string): void;
  /** Told after each change; gives back how to stop being told. */
  onChange(listener: (changed: ApprovalsChange) => void): () => void;
  /** Withdraws every open question, and every later one at once. */
  close(): void;
}

export type ApprovalsChange = 'questions' | 'missed' | 'grants';

/** `timeoutMs` and `unattended` are looked at for each question, because settings can change. */
export interface ApprovalsOptions {
  /** How long a question waits for its answer. */
  readonly timeoutMs: number;
  /** When nobody is there to be asked: `deny` ends the question at once, `wait` keeps it open until the time-out. */
  readonly unattended: 'deny' | 'wait';
  /** Whether somebody is shown this user's questions now; undefined: those that are nobody's. */
  readonly attended: (user: string | undefined) => boolean;
  /** File that workspace grants are kept in (0600). */
  readonly store: string;
  /** Takes credentials out of the text of a remembered answer, which is kept for hours and on disk. */
  readonly redact: (text: string) => string;
  /** What the guard cannot know: answers given ahead, revoked, or unreadable. */
  readonly record?: (entry: AuditEntry) => void;
  readonly now?: () => number;
  /** Calls `ring` once after `ms`; gives back how to cancel. */
  readonly setTimer?: (ring: () => void, ms: number) => () => void;
}

/** Of one user, more than a person can read: what comes beyond it is refused like a question that nobody answered. */
const MAX_OPEN = 64;
/** Of one user. */
const MAX_MISSED = 200;
/** Of all together: then not even what is new to a user is asked or kept. */
const MAX_USERS = 16;
const MAX_ENDED = 500;

interface OpenQuestion {
  readonly question: Question;
  readonly inquiry: Inquiry;
  readonly expiresAt: number;
  /** The same action asked again joins the first question. */
  readonly waiting: Set<(ending: Ending) => void>;
  readonly cancelTimer: () => void;
}

interface MissedQuestion {
  readonly question: Question;
  readonly inquiry: Inquiry;
  readonly missedAt: string;
  /** The grant that `allowNext` gave. */
  readonly next?: string;
}

export function createApprovals(options: ApprovalsOptions): Approvals {
  const { attended, store, redact, record = () => {}, now = Date.now, setTimer = timer } = options;
  const open = new Map<string, OpenQuestion>();
  /** Oldest first. */
  let missed: readonly MissedQuestion[] = [];
  /** With their owners, so that a late answer is told that it is late. */
  const ended = new Map<string, string | undefined>();
  const listeners = new Set<(changed: ApprovalsChange) => void>();
  let closed = false;
  const grants = createGrants({
    store,
    now,
    newId,
    report: (problem) => record({ kind: 'approval', verdict: 'grants-unreadable', summary: problem, data: {} }),
    onExpired: (grant) => {
      if (grant.scope === 'next') forgetNext(grant.id);
      // Not at once: whoever lists grants is about to see that it has gone.
      queueMicrotask(() => tell('grants'));
    },
  });

  return {
    ask(inquiry) {
      if (closed || inquiry.signal.aborted) return Promise.resolve({ kind: 'withdrawn' });
      const grant = grants.use(inquiry);
      if (grant) {
        if (grant.scope === 'next') usedNext(grant.id);
        return Promise.resolve({ kind: 'remembered', grant: grant.id });
      }
      const same = [...open.values()].find((candidate) => isSame(candidate.inquiry, inquiry));
      if (same) return joined(same, inquiry.signal);
      if (options.unattended === 'deny' && !attended(ownerOf(inquiry))) return Promise.resolve(miss(inquiry, 'unattended'));
      if (open.size >= MAX_OPEN * MAX_USERS || countOf(open.values(), inquiry) >= MAX_OPEN) return Promise.resolve(miss(inquiry, 'missed'));
      return joined(put(inquiry), inquiry.signal);
    },

    open: (user) => [...open.values()].filter(({ inquiry }) => isOf(user, inquiry)).map(({ question }) => question),

    answer(answered, by, user) {
      const asked = open.get(answered.id);
      if (!asked || !isOf(user, asked.inquiry)) {
        if (isEndedOf(user, answered.id))
          throw new HoldpointError('control-refused', `The question ${answered.id} has already ended; this answer changes nothing.`);
        throw new HoldpointError('not-found', `There is no question ${answered.id}.`);
      }
      const { question, inquiry } = asked;
      if (!equal(answered.nonce, question.nonce) || !equal(answered.shown, question.shown))
        throw new HoldpointError(
          'control-refused',
          `The answer to ${question.id} is for something else than was asked. Look at the question again.`,
        );
      // The deadline rules, not the timer: a laptop that slept rings late.
      if (now() >= asked.expiresAt) {
        end(asked, { kind: 'missed' });
        throw new HoldpointError('control-refused', `The question ${question.id} has already ended: its time was over.`);
      }
      const { answer } = answered;
      if (answer.choice === 'allow' && answer.for !== 'once') {
        if (!question.grants.includes(answer.for))
          throw new HoldpointError(
            'control-refused',
            `Policy does not permit to allow this for the ${answer.for}. Allow it once, or deny it.`,
          );
        give(answer.for, question, inquiry);
      }
      end(asked, { kind: 'answered', answer, by });
    },

    missed: (user) =>
      missed
        .filter(({ inquiry }) => isOf(user, inquiry))
        .map(({ question, missedAt, next }) => ({ question, missedAt, allowNext: next !== undefined }))
        .reverse(),

    allowNext(id, user) {
      const found = missed.find(({ question, inquiry }) => question.id === id && isOf(user, inquiry));
      if (!found) throw new HoldpointError('not-found', `There is no missed question ${id}.`);
      grants.list(); // A grant that has expired meanwhile can be given again.
      if (missed.find(({ question }) => question.id === id)?.next !== undefined) return;
      const next = give('next', found.question, found.inquiry);
      missed = missed.map((entry) => (entry.question.id === id ? { ...entry, next: next.id } : entry));
      record({
        ...about(found.inquiry),
        kind: 'approval',
        verdict: 'allowed-next',
        summary: `Allowed next time: ${found.question.title}`,
        data: { grant: next.id },
      });
      tell('missed');
    },

    grants: (user) => grants.list(user),

    revoke(id, user) {
      const grant = grants.list(user).find((candidate) => candidate.id === id);
      grants.revoke(id, user);
      if (grant?.scope === 'next') forgetNext(id);
      record({ kind: 'approval', verdict: 'revoked', summary: `Remembered answer revoked: ${grant?.title}`, data: { grant: id } });
      tell('grants');
    },

    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    close() {
      closed = true;
      for (const asked of open.values()) end(asked, { kind: 'withdrawn' });
    },
  };

  function put(inquiry: Inquiry): OpenQuestion {
    const question = newQuestion(inquiry);
    const expiresAt = Date.parse(question.expiresAt);
    const asked: OpenQuestion = {
      question,
      inquiry,
      expiresAt,
      waiting: new Set(),
      cancelTimer: setTimer(() => end(asked, { kind: 'missed' }), Math.max(0, expiresAt - now())),
    };
    open.set(question.id, asked);
    tell('questions');
    return asked;
  }

  function joined(asked: OpenQuestion, signal: AbortSignal): Promise<Ending> {
    return new Promise((resolve) => {
      const leave = () => {
        asked.waiting.delete(settle);
        resolve({ kind: 'withdrawn' });
        if (asked.waiting.size === 0) end(asked, { kind: 'withdrawn' });
      };
      const settle = (ending: Ending) => {
        signal.removeEventListener('abort', leave);
        resolve(ending);
      };
      asked.waiting.add(settle);
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  function end(asked: OpenQuestion, ending: Ending): void {
    if (!open.delete(asked.question.id)) return;
    asked.cancelTimer();
    noteEnded(asked.question.id, asked.inquiry);
    for (const settle of asked.waiting) settle(ending);
    if (ending.kind === 'missed') keepMissed(asked.question, asked.inquiry);
    tell('questions');
  }

  function miss(inquiry: Inquiry, kind: 'missed' | 'unattended'): Ending {
    const question = newQuestion(inquiry);
    noteEnded(question.id, inquiry);
    keepMissed(question, inquiry);
    return { kind };
  }

  /** An agent that tries the same again and again is listed once. */
  function keepMissed(question: Question, inquiry: Inquiry): void {
    const others = missed.filter((entry) => !isSame(entry.inquiry, inquiry));
    const tooMany = countOf(others, inquiry) >= MAX_MISSED ? others.find((entry) => isOfSame(entry.inquiry, inquiry)) : undefined;
    const kept = others.filter((entry) => entry !== tooMany);
    missed = [...kept, { question, inquiry, missedAt: new Date(now()).toISOString() }].slice(-MAX_MISSED * MAX_USERS);
    tell('missed');
  }

  function noteEnded(id: string, inquiry: Inquiry): void {
    ended.set(id, ownerOf(inquiry));
    if (ended.size > MAX_ENDED) ended.delete(ended.keys().next().value!);
  }

  function isEndedOf(user: string | undefined, id: string): boolean {
    return ended.has(id) && (user === undefined || ended.get(id) === user);
  }

  function give(scope: Grant['scope'], question: Question, inquiry: Inquiry): Grant {
    const grant = grants.add({ scope, inquiry, title: redact(question.title), text: redact(question.action.text) });
    tell('grants');
    return grant;
  }

  function usedNext(grant: string): void {
    missed = missed.filter(({ next }) => next !== grant);
    tell('missed');
    tell('grants');
  }

  function forgetNext(grant: string): void {
    missed = missed.map((entry) =>
      entry.next === grant ? { question: entry.question, inquiry: entry.inquiry, missedAt: entry.missedAt } : entry,
    );
    queueMicrotask(() => tell('missed'));
  }

  function newQuestion(inquiry: Inquiry): Question {
    const askedAt = now();
    return questionOf(inquiry, { id: newId(), nonce: randomBytes(16).toString('hex'), askedAt, expiresAt: askedAt + options.timeoutMs });
  }

  function tell(changed: ApprovalsChange): void {
    for (const listener of listeners) listener(changed);
  }
}

function about({ action }: Inquiry) {
  const { session, exchange, agent, host } = action.origin;
  return { session, exchange, action: action.id, agent: agent.name, host, user: agent.process?.user };
}

function timer(ring: () => void, ms: number): () => void {
  const handle = setTimeout(ring, ms);
  return () => clearTimeout(handle);
}
