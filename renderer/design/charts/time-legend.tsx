/** What the fills mean, and how much of each there is. */

import { type ReactNode, useId } from 'react';
import { Swatch } from './patterns.tsx';
import type { Series, TimeStep } from './time-data.ts';

interface TimeLegendProps {
  readonly when: string;
  readonly series: readonly Series[];
  /** Whose values are told; the sums, without one. */
  readonly step: TimeStep | undefined;
}

export function TimeLegend({ when, series, step }: TimeLegendProps): ReactNode {
  const prefix = useId();
  return (
    <figcaption className="legend" aria-hidden="true">
      <b>{when}</b>
      {series.map(({ key, label, fill, total, show }) => (
        <span key={key}>
          <Swatch fill={fill} prefix={`${prefix}-${key}`} />
          {label}
          <i>{step ? shownOf(step.values[key], show) : total}</i>
        </span>
      ))}
    </figcaption>
  );
}

function shownOf(value: number | null | undefined, show: (value: number) => string): string {
  return value === null || value === undefined ? '–' : show(value);
}
