/** What the tray and the notifications say, in words. */

import type { ConsoleView } from './channels.ts';
import type { TrayState } from './icons/tray-icon.ts';

export function trayStateOf({ guard, status, questions }: ConsoleView): TrayState {
  if (guard.state !== 'running') return { kind: 'stopped' };
  if (questions.length > 0) return { kind: 'asking', count: questions.length };
  if (status?.state === 'attention' || guard.restarted) return { kind: 'attention' };
  return { kind: 'protecting' };
}

/** One line that is true. */
export function stateLine({ guard, status, questions }: ConsoleView): string {
  switch (guard.state) {
    case 'starting':
      return 'Guard is starting';
    case 'restarting':
      return 'Guard not running, starting it again';
    case 'stopped':
      return 'Guard not running';
    case 'running':
      if (questions.length > 0)
        return questions.length === 1 ? '1 question is waiting for you' : `${questions.length} questions are waiting for you`;
      if (guard.restarted) return restartedSentence(guard.restarted);
      if (status?.state === 'attention') return withoutStop(status.notes[0] ?? 'Protecting, with something to look at');
      return 'Protecting';
  }
}

/** What the menu offers to look at; undefined where everything could be read. */
export function uninspectedLine({ status }: ConsoleView): string | undefined {
  const count = status?.counts.uninspected ?? 0;
  if (count === 0) return undefined;
  return count === 1 ? '1 thing could not be read…' : `${count} things could not be read…`;
}

export function restartedSentence({ at }: { readonly at: string }): string {
  return `The guard stopped and was restarted at ${clockTime(at)}`;
}

/** "14:32", in the person's own time zone. */
export function clockTime(iso: string): string {
  return new Date(iso).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', hour12: false });
}

/** A line of its own has none. */
function withoutStop(sentence: string): string {
  return sentence.replace(/\.$/, '');
}
