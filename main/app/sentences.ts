/** What the tray and the notifications say, in words. All of them are here, so that they can be said in another language. */

import { visibleLine } from '../engine/approvals/visible.ts';
import type { ConsoleView } from './channels.ts';
import type { Refusal } from './refusals.ts';
import { outdatedOf } from './tray-state.ts';

export const WORDS = {
  starting: 'Guard is starting',
  restarting: 'Guard not running, starting it again',
  stopped: 'Guard not running',
  notReachable: 'Guard not reachable',
  protecting: 'Protecting',
  attention: 'Protecting, with something to look at',
  open: (count: number) => (count === 1 ? '1 question is waiting for you' : `${count} questions are waiting for you`),
  moreOpen: (count: number) => `and ${count} more…`,
  missed: (count: number) => (count === 1 ? '1 missed question…' : `${count} missed questions…`),
  uninspected: (count: number) => (count === 1 ? '1 thing could not be read' : `${count} things could not be read`),
  restarted: (at: string) => `The guard stopped and was restarted at ${at}`,
  paused: (until: string) => `Protection is paused until ${until}`,
  versions: (guard: string, app: string) => `The guard is version ${guard}, this app is ${app}: restart Holdpoint`,
  otherVersion: 'The guard is of another version: restart Holdpoint',
  policyStale: 'The policy is older than your company permits',
  policyRefused: 'The newest policy does not hold, so the one before stays in force',
  refusals: 'Refused lately',
  pause: '&Pause protection',
  pauseFor: (minutes: number) =>
    minutes % 60 === 0 ? (minutes === 60 ? 'For 1 hour…' : `For ${minutes / 60} hours…`) : `For ${minutes} minutes…`,
  resume: '&Resume protection now',
  startAgain: '&Start the guard again',
  openConsole: '&Open Holdpoint',
  quit: '&Quit',
  notice: {
    restarted: 'Agents could not reach their models meanwhile.',
    stopped: 'The guard is not running',
    missed: 'A question was not answered, so it was refused',
    severalMissed: (count: number) => `${count} questions were not answered, so they were refused`,
    resumed: 'Protection is on again',
    resumedMore: 'Policy asks and refuses as before.',
    notResumed: 'Protection could not be resumed',
    outdated: 'Holdpoint is out of date',
    budget: 'A budget for today is nearly used up',
  },
} as const;

/** Characters of a line in a menu: what is longer makes the menu as wide as the screen. */
const MENU_LENGTH = 80;

export interface Sentences {
  /** One line that is true. */
  stateLine(view: ConsoleView): string;
  /** What the menu offers to look at; undefined where everything could be read. */
  uninspectedLine(view: ConsoleView): string | undefined;
  /** Undefined where nothing is out of date. */
  outdatedLine(view: ConsoleView): string | undefined;
  restartedLine(restarted: { readonly at: string }): string;
  pausedLine(bypass: { readonly until: string }): string;
  refusalLine(refusal: Refusal): string;
  /** Text from elsewhere, as a line of a menu: nothing of it is taken for a key. */
  menuLine(text: string): string;
}

/** `locale`: a BCP 47 tag, for times; undefined or one that is none is the system's own. */
export function createSentences({ locale, now = () => new Date() }: { readonly locale?: string; readonly now?: () => Date }): Sentences {
  const locales = known(locale);
  let formats: Formats | undefined;
  return { stateLine, uninspectedLine, outdatedLine, restartedLine, pausedLine, refusalLine, menuLine };

  function stateLine(view: ConsoleView): string {
    const { guard, status, questions } = view;
    switch (guard.state) {
      case 'starting':
        return WORDS.starting;
      case 'restarting':
        return WORDS.restarting;
      case 'stopped':
        return WORDS.stopped;
      case 'at-odds':
        return outdatedLine(view) ?? WORDS.notReachable;
      case 'running': {
        if (questions.length > 0) return WORDS.open(questions.length);
        if (status?.bypass) return pausedLine(status.bypass);
        if (guard.restarted) return restartedLine(guard.restarted);
        const line = status?.audit.writable === false ? status.notes[0] : (outdatedLine(view) ?? unread(view) ?? noted(view));
        return line === undefined ? WORDS.protecting : visibleLine(withoutStop(line), MENU_LENGTH * 2);
      }
    }
  }

  function uninspectedLine(view: ConsoleView): string | undefined {
    const line = unread(view);
    return line && `${line}…`;
  }

  function outdatedLine(view: ConsoleView): string | undefined {
    switch (outdatedOf(view)) {
      case 'versions':
        return view.versions ? WORDS.versions(visibleLine(view.versions.guard, 30), view.versions.app) : WORDS.otherVersion;
      case 'policy':
        return view.status?.fleet?.state === 'stale' ? WORDS.policyStale : WORDS.policyRefused;
      case undefined:
        return undefined;
    }
  }

  function restartedLine({ at }: { readonly at: string }): string {
    return WORDS.restarted(time(at));
  }

  function pausedLine({ until }: { readonly until: string }): string {
    return WORDS.paused(time(until));
  }

  function refusalLine({ at, says }: Refusal): string {
    return `${time(at)}  ${menuLine(says)}`;
  }

  /** "14:32" or "2:32 PM", in the person's own time zone; of another day with its date. */
  function time(iso: string): string {
    const date = new Date(iso);
    const offset = date.getTimezoneOffset();
    // They are slow to make, and keep the time zone that was there when they were made.
    if (formats?.offset !== offset)
      formats = {
        offset,
        clock: new Intl.DateTimeFormat(locales, { hour: '2-digit', minute: '2-digit' }),
        day: new Intl.DateTimeFormat(locales, { day: 'numeric', month: 'short' }),
      };
    const clock = formats.clock.format(date);
    return date.toDateString() === now().toDateString() ? clock : `${formats.day.format(date)}, ${clock}`;
  }
}

interface Formats {
  readonly offset: number;
  readonly clock: Intl.DateTimeFormat;
  readonly day: Intl.DateTimeFormat;
}

function unread({ status }: ConsoleView): string | undefined {
  const count = status?.counts.uninspected ?? 0;
  return count === 0 ? undefined : WORDS.uninspected(count);
}

function noted({ status }: ConsoleView): string | undefined {
  return status?.state === 'attention' ? (status.notes[0] ?? WORDS.attention) : undefined;
}

function menuLine(text: string): string {
  return visibleLine(withoutStop(text), MENU_LENGTH).replaceAll('&', '&&');
}

/** A line of its own has none. */
function withoutStop(sentence: string): string {
  return sentence.replace(/\.$/, '');
}

function known(locale: string | undefined): string[] {
  try {
    return locale ? Intl.getCanonicalLocales(locale) : [];
  } catch {
    return [];
  }
}
