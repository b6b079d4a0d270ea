/** The tray's menu: what is so, what is open, what was refused, and the ways to everything else. */

import type { MenuItemConstructorOptions } from 'electron';
import type { ConsolePlace, ConsoleView } from './channels.ts';
import type { Refusal } from './refusals.ts';
import { type Sentences, WORDS } from './sentences.ts';

export interface TrayActions {
  showQuestion(id: string): void;
  showQuestions(): void;
  openConsole(): void;
  openConsoleAt(place: ConsolePlace): void;
  /** Ends a bypass. */
  resume(): void;
  retry(): void;
  quit(): void;
}

const MOST_QUESTIONS = 5;
/** For how long protection can be paused, in minutes, where settings permit as much. */
const PAUSES = [15, 60];

export function trayMenu(
  view: ConsoleView,
  refusals: readonly Refusal[],
  sentences: Sentences,
  actions: TrayActions,
): MenuItemConstructorOptions[] {
  const { questions, missed, guard, status } = view;
  const shown = questions.slice(0, MOST_QUESTIONS);
  const uninspected = sentences.uninspectedLine(view);
  const items: (MenuItemConstructorOptions | false)[] = [
    { label: sentences.menuLine(sentences.stateLine(view)), enabled: false },
    { type: 'separator' },
    (guard.state === 'stopped' || guard.state === 'at-odds') && { label: WORDS.startAgain, click: actions.retry },
    ...shown.map(({ id, title }) => ({ label: sentences.menuLine(title), click: () => actions.showQuestion(id) })),
    questions.length > shown.length && { label: WORDS.moreOpen(questions.length - shown.length), click: actions.showQuestions },
    shown.length > 0 && { type: 'separator' },
    missed.length > 0 && { label: WORDS.missed(missed.length), click: () => actions.openConsoleAt('missed') },
    uninspected !== undefined && { label: uninspected, click: () => actions.openConsoleAt('uninspected') },
    refusals.length > 0 && {
      label: WORDS.refusals,
      submenu: refusals.map((refusal) => ({
        label: sentences.refusalLine(refusal),
        click: () => actions.openConsoleAt(refusal.session === null ? 'activity' : { session: refusal.session, seq: refusal.seq }),
      })),
    },
    ...pauseItems(status, actions),
    { label: WORDS.openConsole, click: actions.openConsole },
    { type: 'separator' },
    { label: WORDS.quit, click: actions.quit },
  ];
  return items.filter((item) => item !== false);
}

function pauseItems(status: ConsoleView['status'], actions: TrayActions): MenuItemConstructorOptions[] {
  if (status?.bypass) return [{ label: WORDS.resume, click: actions.resume }];
  if (!status?.bypassAllowed) return [];
  return [
    {
      label: WORDS.pause,
      submenu: pausesWithin(status.bypassAllowed.minutes).map((minutes) => ({
        label: WORDS.pauseFor(minutes),
        click: () => actions.openConsoleAt({ bypass: { minutes } }),
      })),
    },
  ];
}

function pausesWithin(most: number): readonly number[] {
  const fitting = PAUSES.filter((minutes) => minutes <= most);
  return fitting.length > 0 ? fitting : [most];
}
