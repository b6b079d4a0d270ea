/** What the log says of settings: who changed them, and what is wrong with those that management sets. Keys, never values. */

import type { AuditEntry } from '../../contract/record.ts';
import type { ManagedAlarm, SettingsStack } from './stack.ts';

/** Records what is wrong now, and every change from now on. Gives a function that ends it. */
export function recordSettings(stack: SettingsStack, record: (entry: AuditEntry) => void): () => void {
  let told = tell(undefined, stack.alarm());
  return stack.onChange(({ changed, alarm }) => {
    told = tell(told, alarm);
    if (changed.length > 0) record(changeEntry(stack, changed));
  });

  function tell(before: ManagedAlarm | undefined, now: ManagedAlarm | undefined): ManagedAlarm | undefined {
    if (now !== undefined && now.says !== before?.says) record(alarmEntry(now));
    if (now === undefined && before !== undefined) record(restoredEntry(before));
    return now;
  }
}

function alarmEntry({ verdict, source, says }: ManagedAlarm): AuditEntry {
  const summary = `The managed settings in ${source} ${verdict === 'managed-vanished' ? 'are gone' : 'cannot be used'}`;
  return { kind: 'tamper', verdict, summary, data: { source, says } };
}

function restoredEntry({ source }: ManagedAlarm): AuditEntry {
  return { kind: 'tamper', verdict: 'managed-restored', summary: `The managed settings in ${source} hold again`, data: { source } };
}

function changeEntry(stack: SettingsStack, changed: readonly string[]): AuditEntry {
  const settings = changed.map((key) => stack.explain(key));
  return {
    kind: 'policy',
    verdict: 'settings-changed',
    summary: `Settings changed: ${changed.slice(0, 5).join(', ')}${changed.length > 5 ? ` and ${changed.length - 5} more` : ''}`,
    data: { keys: settings.map(({ key, source, where, live }) => ({ key, source, where, live })) },
  };
}
