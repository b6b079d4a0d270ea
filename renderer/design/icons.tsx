/** Icons, drawn on a grid of 16 with one thin line. They stand beside words, or in what has a label, and say nothing of themselves. */

import type { ReactNode } from 'react';

const PATHS = {
  search: 'M7 2.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 0 1 0-9ZM10.3 10.3L13.5 13.5',
  down: 'M3.5 6L8 10.5L12.5 6',
  right: 'M6 3.5L10.5 8L6 12.5',
  cross: 'M4 4L12 12M12 4L4 12',
} as const;
export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }): ReactNode {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
