/** Where things go in a chart. All lengths are CSS pixels. */

import { scaleBand, scaleLinear } from 'd3-scale';
import type { Strip, TimeStep } from './time-data.ts';

/** The least that something which isn't nothing is drawn with. */
const LEAST = 3;
const GAP = 1;

export interface Band {
  readonly x: number;
  readonly width: number;
  /** With what is between it and its neighbours. */
  readonly step: number;
}

export function bandsOf(count: number, width: number): readonly Band[] {
  const scale = scaleBand<number>()
    .domain(Array.from({ length: count }, (_, i) => i))
    .range([0, width])
    .paddingInner(count > 20 ? 0.34 : 0.44)
    .paddingOuter(0.1);
  return scale.domain().map((i) => ({ x: scale(i) ?? 0, width: scale.bandwidth(), step: scale.step() }));
}

export interface StripScale {
  /** Height of a value above the baseline. */
  height(value: number): number;
  /** Values at which a line is drawn, without nought. */
  readonly marks: readonly number[];
}

export function scaleOf(strip: Strip, steps: readonly TimeStep[]): StripScale {
  const tops = steps.map(({ values }) => {
    const own = strip.series.map(({ key }) => values[key] ?? 0);
    return strip.shape === 'stack' ? own.reduce((sum, value) => sum + value, 0) : Math.max(...own);
  });
  const most = Math.max(1, ...tops);
  const scale = scaleLinear().domain([0, most]).range([0, strip.height]).nice(4);
  const [, top = most] = scale.domain();
  // Of counts there are no halves.
  const marks = [top / 2, top].filter((mark) => strip.shape === 'dots' || Number.isInteger(mark));
  return { height: (value) => scale(value), marks };
}

export interface Block {
  readonly key: string;
  /** From the strip's top. */
  readonly y: number;
  readonly height: number;
}

/** A column's blocks from the bottom up. What isn't nothing is there to be seen, however little it is. */
export function blocksOf(strip: Strip, { values }: TimeStep, scale: StripScale): readonly Block[] {
  let floor = strip.height;
  return strip.series.flatMap(({ key }) => {
    const value = values[key] ?? 0;
    if (value <= 0) return [];
    const height = Math.max(LEAST, scale.height(value) - GAP);
    floor -= height + GAP;
    return [{ key, y: floor + GAP, height }];
  });
}
