/** Fills of charts. Plain, striped upright, solid and hatched: told apart without colour. */

import type { ReactNode } from 'react';
import type { Fill } from './time-data.ts';

export function fillOf(fill: Fill, prefix: string): string {
  if (fill === 'released' || fill === 'uninspected') return `url(#${prefix}-${fill})`;
  return `var(--chart-${fill})`;
}

/** Of one svg: `prefix` keeps its names apart from those of others on the page. */
export function Patterns({ prefix }: { readonly prefix: string }): ReactNode {
  return (
    <defs>
      <pattern id={`${prefix}-released`} width="4" height="4" patternUnits="userSpaceOnUse">
        <rect className="pattern-ground" width="4" height="4" />
        <rect width="2.5" height="4" fill="var(--chart-released)" />
      </pattern>
      <pattern id={`${prefix}-uninspected`} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect className="pattern-ground" width="5" height="5" />
        <rect width="2.5" height="5" fill="var(--chart-uninspected)" />
      </pattern>
    </defs>
  );
}

/** A bit of a fill, beside its name. */
export function Swatch({ fill, prefix }: { readonly fill: Fill; readonly prefix: string }): ReactNode {
  return (
    <svg className="swatch" width="12" height="12" aria-hidden="true">
      <Patterns prefix={prefix} />
      {fill === 'wait' ? (
        <circle cx="6" cy="6" r="3.5" fill={fillOf(fill, prefix)} />
      ) : (
        <rect className={`mark-${fill}`} x="0.5" y="0.5" width="11" height="11" rx="2" fill={fillOf(fill, prefix)} />
      )}
    </svg>
  );
}
