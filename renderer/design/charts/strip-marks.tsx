/** One column of a strip: blocks upon each other, or dots on stems. */

import type { ReactNode } from 'react';
import { type Band, blocksOf, type StripScale } from './layout.ts';
import { fillOf } from './patterns.tsx';
import type { Strip, TimeStep } from './time-data.ts';

/** Wider columns look like walls. */
const WIDEST = 28;

interface StripMarksProps {
  readonly strip: Strip;
  readonly step: TimeStep;
  readonly scale: StripScale;
  readonly band: Band;
  readonly patterns: string;
}

export function StripMarks({ strip, step, scale, band, patterns }: StripMarksProps): ReactNode {
  const middle = band.x + band.width / 2;
  const width = Math.min(band.width, WIDEST);
  if (strip.shape === 'stack')
    return blocksOf(strip, step, scale).map(({ key, y, height }) => {
      const fill = strip.series.find((series) => series.key === key)!.fill;
      return (
        <rect
          key={key}
          className={`mark-${fill}`}
          x={middle - width / 2}
          y={y}
          width={width}
          height={height}
          rx={1.5}
          fill={fillOf(fill, patterns)}
        />
      );
    });
  return strip.series.map(({ key, fill }) => {
    const value = step.values[key];
    if (value === null || value === undefined) return null;
    const y = strip.height - scale.height(value);
    return (
      <g key={key} className={`mark-${fill}`}>
        <line className="stem" x1={middle} x2={middle} y1={strip.height} y2={y} />
        <circle cx={middle} cy={y} r={3.5} fill={fillOf(fill, patterns)} />
      </g>
    );
  });
}
