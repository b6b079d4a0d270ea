/** Where a person types. */

import { type InputHTMLAttributes, type ReactNode, type Ref, useId } from 'react';
import { Icon } from './icons.tsx';

interface FieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange' | 'id' | 'className'> {
  readonly label: string;
  /** Said under it; with `problem` it is an error. */
  readonly hint?: string;
  readonly problem?: boolean;
  onType(value: string): void;
}

export function Field({ label, hint, problem = false, onType, ...rest }: FieldProps): ReactNode {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        {...rest}
        id={id}
        className="input"
        aria-invalid={problem || undefined}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={(event) => onType(event.target.value)}
      />
      {hint !== undefined && (
        <p id={`${id}-hint`} className={problem ? 'hint problem' : 'hint'}>
          {hint}
        </p>
      )}
    </div>
  );
}

interface SearchProps {
  /** Said to those who don't see it, and shown while it is empty. */
  readonly label: string;
  readonly value: string;
  /** Keys that lead here, as they are shown. */
  readonly chord?: string;
  readonly ref?: Ref<HTMLInputElement>;
  onType(value: string): void;
}

/** Escape empties it. */
export function Search({ label, value, chord, ref, onType }: SearchProps): ReactNode {
  return (
    <div className="search">
      <Icon name="search" size={14} />
      <input
        ref={ref}
        className="input"
        type="search"
        aria-label={label}
        placeholder={label}
        value={value}
        onChange={(event) => onType(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || value === '') return;
          event.preventDefault();
          onType('');
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
