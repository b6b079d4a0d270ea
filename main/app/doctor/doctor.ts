/** The checks as the console has them: begun when somebody asks, told as they end, kept until they are asked for again. */

import { type CheckResult, type DoctorEvent, type DoctorView, MOST_CHECKS } from '../../contract/doctor.ts';
import type { DoctorProcess } from './doctor-process.ts';

export interface Doctor {
  readonly view: DoctorView;
  /** Looks anew, unless that is under way. */
  start(): void;
  /** Of a check that says that it can be repaired. Looks at it again. */
  repair(id: string): void;
  stop(): void;
}

export interface DoctorOptions {
  start(args: readonly string[], onEvent: (event: DoctorEvent) => void): DoctorProcess;
  onView(view: DoctorView): void;
  now(): Date;
}

export function createDoctor({ start, onView, now }: DoctorOptions): Doctor {
  let view: DoctorView = { state: 'idle', of: 0, results: [], at: null, repairing: null, told: null };
  let running: DoctorProcess | undefined;

  return {
    get view() {
      return view;
    },
    start() {
      if (running) return;
      tell({ ...view, state: 'running', of: 0, results: [], repairing: null, told: null });
      follow([], (event) => {
        if (event.event === 'begun') tell({ ...view, of: event.checks });
        if (event.event === 'checked') tell({ ...view, results: [...view.results, event.result].slice(0, MOST_CHECKS) });
      });
    },
    repair(id) {
      const known = view.results.find((result) => result.id === id);
      if (running || !known?.fix?.repairs) return;
      tell({ ...view, repairing: id, told: null });
      follow(['--fix', '--yes', '--only', id], (event) => {
        if (event.event === 'checked') tell({ ...view, results: replaced(view.results, event.result) });
        if (event.event === 'repaired') tell({ ...view, told: { ok: event.ok, says: event.says } });
      });
    },
    stop() {
      const stopped = running;
      running = undefined;
      stopped?.stop();
      if (stopped) tell({ ...view, state: view.repairing === null ? 'idle' : view.state, repairing: null });
    },
  };

  function follow(args: readonly string[], hear: (event: DoctorEvent) => void): void {
    let isWhole = false;
    const begun = start(args, (event) => {
      if (running !== begun) return;
      isWhole ||= event.event === 'ended';
      hear(event);
    });
    running = begun;
    void begun.ended.then((words) => {
      if (running !== begun) return;
      running = undefined;
      const wasRepair = view.repairing !== null;
      if (isWhole) tell({ ...view, state: 'ended', at: wasRepair ? view.at : now().toISOString(), repairing: null });
      else tell({ ...view, state: wasRepair ? view.state : 'failed', repairing: null, told: { ok: false, says: words } });
    });
  }

  function tell(next: DoctorView): void {
    view = next;
    onView(next);
  }
}

function replaced(results: readonly CheckResult[], news: CheckResult): readonly CheckResult[] {
  return results.map((result) => (result.id === news.id ? news : result));
}
