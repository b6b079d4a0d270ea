/** New records as they come, together for each frame: what is drawn once is told once. */

import type { AuditRecord } from '../../../main/contract/record.ts';
import { bridge } from '../../bridge.ts';

export interface Batch {
  readonly records: readonly AuditRecord[];
  /** More came than were kept: what was before these has to be asked for. */
  readonly lost: boolean;
}

/** A window that nobody sees draws no frames, and must not gather for hours. */
const MOST_WAITING = 5_000;
const WITHOUT_FRAMES_MS = 250;

/** Gives what takes the listener off. */
export function listenToRecords(onBatch: (batch: Batch) => void): () => void {
  const gathered = createGathering({ most: MOST_WAITING, soon: nextFrame, onBatch });
  const off = bridge().on('console:record', gathered.add);
  return () => {
    off();
    gathered.stop();
  };
}

/** `soon` calls back once, later, and gives what prevents it. */
export function createGathering(options: {
  readonly most: number;
  readonly soon: (then: () => void) => () => void;
  readonly onBatch: (batch: Batch) => void;
}): { add(record: AuditRecord): void; stop(): void } {
  const { most, soon, onBatch } = options;
  let waiting: AuditRecord[] = [];
  let lost = false;
  let cancel: (() => void) | undefined;

  return {
    add(record) {
      if (waiting.length >= most) {
        waiting = [];
        lost = true;
      }
      waiting.push(record);
      cancel ??= soon(tell);
    },
    stop: () => cancel?.(),
  };

  function tell(): void {
    cancel = undefined;
    const batch = { records: waiting, lost };
    waiting = [];
    lost = false;
    onBatch(batch);
  }
}

function nextFrame(then: () => void): () => void {
  const done = () => {
    cancel();
    then();
  };
  const frame = requestAnimationFrame(done);
  const timer = setTimeout(done, WITHOUT_FRAMES_MS);
  const cancel = () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
  return cancel;
}
