/** Which of the tray's states it is: of several that are so, the one that a person should know first. */

import type { ConsoleView } from './channels.ts';
import type { TrayState } from './icons/tray-icon.ts';

export function trayStateOf(view: ConsoleView): TrayState {
  const { guard, status, questions } = view;
  if (guard.state === 'starting') return { kind: 'starting' };
  if (guard.state === 'at-odds' && guard.because === 'version') return { kind: 'outdated' };
  if (guard.state !== 'running') return { kind: 'stopped' };
  if (questions.length > 0) return { kind: 'asking', count: questions.length };
  if (status?.bypass) return { kind: 'paused' };
  if (guard.restarted || status?.audit.writable === false) return { kind: 'attention' };
  if (outdatedOf(view)) return { kind: 'outdated' };
  if (status && status.counts.uninspected > 0) return { kind: 'uninspected' };
  if (status?.state === 'attention') return { kind: 'attention' };
  return { kind: 'protecting' };
}

/** What is older than it should be: one of guard and app, or the policy. Being offline for a while is none of these. */
export function outdatedOf({ guard, status, versions }: ConsoleView): 'versions' | 'policy' | undefined {
  if (versions || (guard.state === 'at-odds' && guard.because === 'version')) return 'versions';
  return status?.fleet?.state === 'stale' || status?.fleet?.state === 'refused' ? 'policy' : undefined;
}
