/** What a chart over time is drawn from. */

/** How a series is filled: each with a pattern of its own, so that no two are told apart by colour alone. */
export type Fill = 'allowed' | 'released' | 'refused' | 'uninspected' | 'held' | 'wait';

export interface Series {
  readonly key: string;
  readonly label: string;
  readonly fill: Fill;
  /** Of the whole range, as it is shown. */
  readonly total: string;
  /** One value, as it is shown. */
  show(value: number): string;
}

/** Series that share a scale: stacked upon each other, or each value a dot on a stem. */
export interface Strip {
  readonly shape: 'stack' | 'dots';
  /** CSS pixels. */
  readonly height: number;
  readonly series: readonly Series[];
  /** A mark on the scale, as short as can be. */
  mark(value: number): string;
}

export interface TimeStep {
  readonly key: string;
  /** When it was, in full. */
  readonly name: string;
  /** Written under it. */
  readonly tick: string | undefined;
  /** By series; null where there is nothing to measure. */
  readonly values: Readonly<Record<string, number | null>>;
}
