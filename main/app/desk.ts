/** What lies before the person: which questions are shown, in which order, and whether an answer may count yet. */

import type { Answered, Question } from '../contract/approval.ts';
import type { Acceptance, Card, PopupView } from './channels.ts';

/** Nothing is accepted for this long after a question came into sight: those keystrokes were meant for another program. */
export const ARMS_AFTER_MS = 700;
/** So many questions of one agent within a minute are one card. */
const FLOOD = 4;
const FLOOD_MS = 60_000;

export interface Desk {
  /** The open questions, all of them, whenever they change. True where one is there that was not before. */
  update(questions: readonly Question[]): boolean;
  /** The page has drawn these questions in a window that can be seen. */
  displayed(ids: readonly string[]): void;
  /** The window can't be seen any more. */
  outOfSight(): void;
  /** Esc: what is open stays open, and waits in the tray. */
  setAside(): void;
  /** From the tray: all that is open is shown again, and first the card of the question that was asked for. */
  bringBack(id?: string): void;
  /** Whether this answer is one of a question that the person has had before their eyes for long enough. */
  check(answered: Answered): Acceptance;
  view(platform: string): PopupView;
  /** All that is open, in the order of asking. */
  readonly open: readonly Question[];
  /** What should be in sight is drawn in a window that can be seen. */
  readonly isSeen: boolean;
}

/** `now` is a clock that only goes forward, in milliseconds. */
export function createDesk(now: () => number): Desk {
  const seenAt = new Map<string, number>();
  const aside = new Set<string>();
  /** Cards of this run: since there was last nothing to show. */
  const run = new Set<string>();
  let open: readonly Question[] = [];
  /** The questions of the first card. */
  let shown = '';
  const answered = new Set<string>();
  /** A person wants to see this one first. */
  let wanted: string | undefined;
  let ended: PopupView['ended'] = null;

  return {
    update(questions) {
      const before = new Set(open.map((question) => question.id));
      const inSight = open.filter(({ id }) => seenAt.has(id) && !answered.has(id));
      open = [...questions].sort((a, b) => Date.parse(a.askedAt) - Date.parse(b.askedAt));
      const ids = new Set(open.map((question) => question.id));
      for (const gone of [...aside].filter((id) => !ids.has(id))) aside.delete(gone);
      for (const id of answered) if (!ids.has(id)) answered.delete(id);
      const gone = inSight.filter(({ id }) => !ids.has(id));
      ended = cards().length === 0 && gone[0] ? { title: gone[0].title } : null;
      forgetOther();
      return open.some((question) => !before.has(question.id));
    },
    displayed(ids) {
      const inCard = new Set(cards()[0]?.questions.map((question) => question.id));
      for (const id of ids) if (inCard.has(id) && !seenAt.has(id)) seenAt.set(id, now());
    },
    outOfSight() {
      seenAt.clear();
      ended = null;
    },
    setAside() {
      for (const question of open) aside.add(question.id);
      ended = null;
      forgetOther();
    },
    bringBack(id) {
      aside.clear();
      wanted = id;
      forgetOther();
    },
    check({ id, nonce, shown }) {
      const question = open.find((one) => one.id === id);
      if (!question) return { accepted: false, why: 'gone' };
      if (question.nonce !== nonce || question.shown !== shown) return { accepted: false, why: 'changed' };
      const seen = seenAt.get(id);
      if (seen === undefined || now() - seen < ARMS_AFTER_MS) return { accepted: false, why: 'arming' };
      answered.add(id);
      return { accepted: true };
    },
    get open() {
      return open;
    },
    get isSeen() {
      return (cards()[0]?.questions ?? []).some(({ id }) => seenAt.has(id));
    },
    view(platform) {
      const all = cards();
      if (all.length === 0) run.clear();
      for (const card of all) run.add(card.key);
      return {
        card: all[0] ?? null,
        ended,
        position: { index: run.size - all.length + 1, of: run.size },
        armsAfterMs: ARMS_AFTER_MS,
        platform,
      };
    },
  };

  function cards(): Card[] {
    const all = cardsOf(open.filter((question) => !aside.has(question.id)));
    const first = all.find((card) => card.questions.some(({ id }) => id === wanted));
    return first ? [first, ...all.filter((card) => card !== first)] : all;
  }

  /** When one of a card goes, the others move to where it was: what was meant for it must not hit them. */
  function forgetOther(): void {
    const next = (cards()[0]?.questions ?? []).map((question) => question.id).join(' ');
    if (next !== shown) seenAt.clear();
    shown = next;
  }
}

/** Oldest first. Questions of one answer are one card; so are those of an agent that floods the person. */
export function cardsOf(questions: readonly Question[]): Card[] {
  const cards = new Map<string, Question[]>();
  for (const question of questions) {
    const key = isFlooded(question, questions) ? `flood ${question.details.session}` : `group ${question.group}`;
    cards.set(key, [...(cards.get(key) ?? []), question]);
  }
  return [...cards].map(([key, together]) => ({ key, questions: together }));
}

function isFlooded(question: Question, all: readonly Question[]): boolean {
  const times = all.filter((one) => one.details.session === question.details.session).map((one) => Date.parse(one.askedAt));
  const at = Date.parse(question.askedAt);
  return times.some(
    (start) => start <= at && at < start + FLOOD_MS && times.filter((time) => time >= start && time < start + FLOOD_MS).length >= FLOOD,
  );
}
