/** Icons, drawn on a grid of 16 with one thin line. They stand beside words, or in what has a label, and say nothing of themselves. */

import type { ReactNode } from 'react';

const PATHS = {
  search: 'M7 2.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 0 1 0-9ZM10.3 10.3L13.5 13.5',
  down: 'M3.5 6L8 10.5L12.5 6',
  right: 'M6 3.5L10.5 8L6 12.5',
  left: 'M10 3.5L5.5 8L10 12.5',
  tick: 'M3 8.5L6.5 12L13 4.5',
  cross: 'M4 4L12 12M12 4L4 12',
  plus: 'M8 3V13M3 8H13',
  copy: 'M6 6h7.5v7.5H6ZM10 6V2.5H2.5V10H6',
  save: 'M8 2.5V10M4.5 7L8 10.5L11.5 7M3 13.5H13',
  warning: 'M8 2.5L14 13.5H2ZM8 6.5V9.5M8 11.5V11.6',
  clock: 'M8 2a6 6 0 1 1 0 12a6 6 0 0 1 0-12ZM8 5V8L10.2 9.5',
  again: 'M13 8a5 5 0 1 1-1.5-3.6M13 2.5V5H10.5',
  more: 'M3.5 8H3.6M8 8H8.1M12.5 8H12.6',
} as const;
export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }): ReactNode {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
