/** Amounts of named things, the greatest first: a bar for the eye and a number for everybody. */

import { scaleLinear } from 'd3-scale';
import type { ReactNode } from 'react';
import { Visible } from '../parts.tsx';

export interface Bar {
  /** Shown as it came, with what it would hide made visible. */
  readonly name: string;
  readonly value: number;
  /** The value, as it is shown. */
  readonly shown: string;
  /** Beside the name, quieter. */
  readonly more: string;
}

/** `label`: what is compared, in a sentence. */
export function Bars({ label, bars }: { readonly label: string; readonly bars: readonly Bar[] }): ReactNode {
  const most = Math.max(...bars.map(({ value }) => value), Number.MIN_VALUE);
  const scale = scaleLinear().domain([0, most]).range([0, 100]);
  return (
    <ul className="bars" aria-label={label}>
      {bars.map(({ name, value, shown, more }) => (
        <li key={name}>
          <span className="bar-name">
            <Visible text={name} />
          </span>
          <span className="bar-more">{more}</span>
          <span className="bar-value">{shown}</span>
          <svg className="bar" height="6" width="100%" aria-hidden="true">
            <rect className="bar-track" width="100%" height="6" rx="3" />
            {value > 0 && <rect className="bar-fill" width={`${Math.max(0.8, scale(value))}%`} height="6" rx="3" />}
          </svg>
        </li>
      ))}
    </ul>
  );
}
