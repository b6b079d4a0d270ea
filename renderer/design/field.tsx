/** Where a person types what is looked for. */

import type { InputHTMLAttributes, ReactNode, Ref } from 'react';
import { Icon } from './icons.tsx';

interface SearchProps extends Pick<InputHTMLAttributes<HTMLInputElement>, 'maxLength' | 'aria-keyshortcuts'> {
  /** Said to those who don't see it, and shown while it is empty. */
  readonly label: string;
  readonly value: string;
  /** Keys that lead here, as they are shown. */
  readonly chord?: string;
  readonly ref?: Ref<HTMLInputElement>;
  onType(value: string): void;
  /** Down, into what was found. */
  onDown?(): void;
}

/** Escape empties it. */
export function Search({ label, value, chord, onType, onDown, ...rest }: SearchProps): ReactNode {
  return (
    <div className="search">
      <Icon name="search" size={14} />
      <input
        {...rest}
        className="input"
        type="search"
        aria-label={label}
        placeholder={label}
        value={value}
        onChange={(event) => onType(event.target.value)}
        onKeyDown={(event) => {
          const act = event.key === 'ArrowDown' ? onDown : event.key === 'Escape' && value !== '' ? () => onType('') : undefined;
          if (!act) return;
          event.preventDefault();
          act();
        }}
      />
      {chord !== undefined && value === '' && (
        <span className="chord" aria-hidden="true">
          {chord}
        </span>
      )}
    </div>
  );
}
