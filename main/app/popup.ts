/** The window that asks: made once, kept hidden, shown without taking the keyboard from anybody. */

import { BrowserWindow, type Session, screen } from 'electron';
import type { Answered, Question } from '../contract/approval.ts';
import { PAGES } from './assets.ts';
import type { Acceptance, PopupView } from './channels.ts';
import type { Desk } from './desk.ts';
import { pagePreferences } from './hardening.ts';
import { heightWithin, holds, placed, settled } from './placement.ts';
import { createUnseen } from './unseen.ts';

export const POPUP_WIDTH = 560;
/** A page that has not drawn in this time is shown as it is: nothing in it counts before it has. */
const DRAWN_WITHIN_MS = 120;
/** What a question's end is told for, where somebody was about to answer. */
const ENDED_FOR_MS = 2_500;
const CRASHES_MS = 60_000;
const AGAIN_AFTER_MS = 500;

export interface Popup {
  readonly window: BrowserWindow;
  view(): PopupView;
  questionsAre(questions: readonly Question[]): void;
  /** The page has drawn these questions, and needs this height. */
  displayed(ids: readonly string[], height: number): void;
  check(answered: Answered): Acceptance;
  setAside(): void;
  /** A person has come back to the screen: what they did to get there was not meant for this. */
  armAnew(): void;
  /** From the tray or the console: a person asks for it, so it may have the keyboard. `id`: for this question. */
  bringUp(id?: string): void;
}

export interface PopupOptions {
  readonly desk: Desk;
  readonly pages: Session;
  readonly background: string;
  /** The person hears the screen: a window that comes up without the keyboard tells them nothing. */
  isReadAloud(): boolean;
  /** Tells of a question that the window can't show, or that waits put aside, with how many others. */
  tellUnseen(question: Question, others: number): void;
}

export function createPopup({ desk, pages, background, isReadAloud, tellUnseen }: PopupOptions): Popup {
  const window = new BrowserWindow({
    width: POPUP_WIDTH,
    height: 320,
    show: false,
    frame: false,
    resizable: false,
    minimizable: false,
    maximizable: false,
    fullscreenable: false,
    skipTaskbar: true,
    alwaysOnTop: true,
    title: 'Holdpoint asks',
    backgroundColor: background,
    webPreferences: pagePreferences(pages),
  });
  window.setVisibleOnAllWorkspaces(true, { visibleOnFullScreen: true, skipTransformProcessType: true });
  let late: NodeJS.Timeout | undefined;
  let wanted = false;
  let crashes: readonly number[] = [];
  const unseen = createUnseen({ isSeen, tell: tellUnseen });

  window.on('close', (event) => {
    // Closing it answers nothing.
    event.preventDefault();
    putAside();
  });
  window.webContents.on('render-process-gone', () => {
    desk.outOfSight();
    window.hide();
    // A page that dies whenever it is made must not keep the computer busy.
    const now = performance.now();
    crashes = [...crashes.filter((at) => at > now - CRASHES_MS), now];
    setTimeout(() => window.isDestroyed() || window.webContents.reload(), AGAIN_AFTER_MS * (crashes.length - 1));
    unseen.update(desk.open, wanted);
  });
  screen.on('display-added', settle);
  screen.on('display-removed', settle);
  screen.on('display-metrics-changed', settle);
  void window.loadURL(PAGES.popup);

  return {
    window,
    view: () => desk.view(process.platform),
    questionsAre(questions) {
      const fresh = desk.update(questions);
      refresh(fresh);
    },
    displayed(ids, height) {
      if (!wanted) return;
      fit(height * zoom());
      appear();
      desk.displayed(ids);
    },
    check: (answered) => (window.isVisible() ? desk.check(answered) : { accepted: false, why: 'arming' }),
    setAside: putAside,
    armAnew() {
      desk.outOfSight();
      // To the page it is a question that it has not had yet.
      window.webContents.send('popup:view', { ...desk.view(process.platform), card: null });
      refresh(false);
    },
    bringUp(id) {
      desk.bringBack(id);
      refresh(true);
      if (!wanted) return;
      window.show();
      window.focus();
    },
  };

  function isSeen(): boolean {
    return window.isVisible() && desk.isSeen && (window.isFocused() || !isReadAloud());
  }

  function putAside(): void {
    desk.setAside();
    refresh(false);
  }

  function refresh(fresh: boolean): void {
    const view = desk.view(process.platform);
    clearTimeout(late);
    wanted = view.card !== null;
    if (view.ended && isAttended()) late = setTimeout(disappear, ENDED_FOR_MS);
    else if (!wanted) disappear();
    else if (fresh || !window.isVisible()) late = setTimeout(appear, DRAWN_WITHIN_MS);
    unseen.update(desk.open, wanted);
    window.webContents.send('popup:view', view);
  }

  /** Somebody is about to answer, by key or by click. */
  function isAttended(): boolean {
    return window.isVisible() && (window.isFocused() || holds(window.getBounds(), screen.getCursorScreenPoint()));
  }

  function appear(): void {
    clearTimeout(late);
    if (!wanted || window.isVisible()) return;
    const { workArea } = screen.getDisplayNearestPoint(screen.getCursorScreenPoint());
    window.setBounds(placed(workArea, { width: POPUP_WIDTH * zoom(), height: window.getBounds().height }));
    window.showInactive();
    // X11 forgets it of a window that is not mapped.
    window.setAlwaysOnTop(true, 'screen-saver');
    window.moveTop();
  }

  /** A screen has come, gone or changed: what is asked stays where it can be seen. */
  function settle(): void {
    if (!window.isVisible()) return;
    const areas = screen.getAllDisplays().map(({ workArea }) => workArea);
    window.setBounds(settled(window.getBounds(), areas, screen.getCursorScreenPoint()));
  }

  function disappear(): void {
    if (window.isVisible()) window.hide();
    desk.outOfSight();
  }

  /** How much larger a person wants text to be: the window grows with it. */
  function zoom(): number {
    return window.webContents.getZoomFactor();
  }

  /** Grows and shrinks downwards: what is read does not move. */
  function fit(height: number): void {
    const bounds = window.getBounds();
    const { workArea } = window.isVisible()
      ? screen.getDisplayMatching(bounds)
      : screen.getDisplayNearestPoint(screen.getCursorScreenPoint());
    const wished = heightWithin(workArea, Math.ceil(height));
    if (wished !== bounds.height) window.setBounds({ ...bounds, height: wished });
  }
}
