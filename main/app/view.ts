/** What the engine says, kept as one picture that the tray and the windows are drawn from. */

import type { Missed, Question } from '../contract/approval.ts';
import type { AuditRecord } from '../contract/record.ts';
import type { ControlClient } from '../engine/control/client.ts';
import type { ConsoleView, GuardState } from './channels.ts';

export interface LiveView {
  readonly current: ConsoleView;
  /** The supervisor's news. A new client is followed from its first word; without one nothing is open. */
  follow(guard: GuardState, client: ControlClient | undefined): void;
  /** Asks again for what the engine does not tell unasked. */
  refresh(): Promise<void>;
  /** A person has seen that the guard was restarted. */
  noticed(): void;
  /** The connected engine, if there is one. */
  readonly client: ControlClient | undefined;
}

export interface LiveViewOptions {
  /** The app's own. */
  readonly version: string;
  onChange(view: ConsoleView): void;
  onQuestions(questions: readonly Question[]): void;
  onMissed(missed: readonly Missed[]): void;
  onRecord(record: AuditRecord): void;
}

export function createLiveView(options: LiveViewOptions): LiveView {
  const { version, onChange, onQuestions, onMissed, onRecord } = options;
  let client: ControlClient | undefined;
  let current: ConsoleView = { guard: { state: 'starting' }, status: null, questions: [], missed: [], grants: [] };

  return {
    get current() {
      return current;
    },
    get client() {
      return client;
    },
    follow(guard, next) {
      client = next;
      change({
        guard: notYetNoticed(guard),
        versions: differing(guard, next),
        ...(next ? {} : { status: null, questions: [], grants: [] }),
      });
      onQuestions(current.questions);
      if (next) listen(next);
    },
    async refresh() {
      if (client) await refreshGrants(client);
    },
    noticed() {
      const { guard } = current;
      if (guard.state === 'running' && guard.restarted) change({ guard: { ...guard, restarted: null } });
    },
  };

  /** That it was restarted stays so until a person has seen it, whatever becomes of the connection. */
  function notYetNoticed(guard: GuardState): GuardState {
    const before = current.guard;
    if (guard.state !== 'running' || before.state !== 'running') return guard;
    return { ...guard, restarted: guard.restarted ?? before.restarted };
  }

  function differing(guard: GuardState, from: ControlClient | undefined): ConsoleView['versions'] {
    const theirs = from?.version ?? (guard.state === 'at-odds' ? guard.version : null);
    return theirs === null || theirs === version ? undefined : { guard: theirs, app: version };
  }

  function listen(to: ControlClient): void {
    to.on('questions', (questions) => questionsAre(to, questions));
    to.on('missed', (missed) => missedAre(to, missed));
    to.on('status', (status) => {
      if (to !== client) return;
      change({ status });
      void refreshGrants(to);
    });
    to.on('record', (record) => {
      if (to === client) onRecord(record);
    });
    void catchUp(to);
  }

  /** What was so before we listened. A connection that breaks meanwhile is the supervisor's to tell. */
  async function catchUp(from: ControlClient): Promise<void> {
    try {
      questionsAre(from, await from.call('questions', {}));
      const [status, missed] = await Promise.all([from.call('status', {}), from.call('missed', {})]);
      if (from !== client) return;
      current = { ...current, missed };
      change({ status });
      await refreshGrants(from);
    } catch {
      return;
    }
  }

  async function refreshGrants(from: ControlClient): Promise<void> {
    const grants = await from.call('grants', {}).catch(() => undefined);
    if (grants && from === client) change({ grants });
  }

  function questionsAre(from: ControlClient, questions: readonly Question[]): void {
    if (from !== client) return;
    change({ questions });
    onQuestions(questions);
  }

  function missedAre(from: ControlClient, missed: readonly Missed[]): void {
    if (from !== client) return;
    const known = new Set(current.missed.map((one) => one.question.id));
    change({ missed });
    const fresh = missed.filter((one) => !known.has(one.question.id));
    if (fresh.length > 0) onMissed(fresh);
  }

  function change(part: Partial<ConsoleView>): void {
    current = { ...current, ...part };
    onChange(current);
  }
}
