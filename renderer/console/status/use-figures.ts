/** The figures of a stretch of time, and again every while: they are as good as new, never live. */

import { useEffect, useState } from 'react';
import type { Reply } from '../../../main/app/channels.ts';
import type { Figures } from '../../../main/contract/activity.ts';
import { ask } from '../../ask.ts';
import { type Range, stretchOf } from './figures-range.ts';

const AGAIN_MS = 30_000;

export interface RangeFigures {
  /** What these are the figures of: while another range is asked for, those of the last one stay. */
  readonly range: Range;
  readonly reply: Reply<Figures>;
}

/** Undefined until the first answer, and while no engine is connected. */
export function useFigures(range: Range, connected: boolean): RangeFigures | undefined {
  const [figures, setFigures] = useState<RangeFigures>();
  useEffect(() => {
    if (!connected) return setFigures(undefined);
    let left = false;
    const load = async () => {
      const reply = await ask('figures', stretchOf(range, new Date()));
      if (!left) setFigures({ range, reply });
    };
    void load();
    const timer = setInterval(() => void load(), AGAIN_MS);
    return () => {
      left = true;
      clearInterval(timer);
    };
  }, [range, connected]);
  return figures;
}
