/** The checks as the app has them. */

import { useEffect, useState } from 'react';
import { type DoctorView, isWrong } from '../../../main/contract/doctor.ts';
import { bridge } from '../../bridge.ts';

export interface Checks {
  readonly view: DoctorView;
  /** How many say that something is wrong. */
  readonly wrong: number;
  start(): void;
  stop(): void;
  repair(id: string): void;
}

const NONE: DoctorView = { state: 'idle', of: 0, results: [], at: null, repairing: null, told: null };

export function useDoctor(): Checks {
  const [view, setView] = useState(NONE);
  useEffect(() => {
    const off = bridge().on('console:doctor', setView);
    void bridge().call('console:doctor', { want: 'look' }).then(setView);
    return off;
  }, []);
  const want = (wanted: 'start' | 'stop') => void bridge().call('console:doctor', { want: wanted }).then(setView);
  return {
    view,
    wrong: view.results.filter(isWrong).length,
    start: () => want('start'),
    stop: () => want('stop'),
    repair: (id) => void bridge().call('console:doctor', { want: 'repair', id }).then(setView),
  };
}
