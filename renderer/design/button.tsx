/** Buttons. `strong` is the one thing that a person came for; `quiet` is beside the point. */

import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';

interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'type' | 'className'> {
  readonly look?: 'plain' | 'strong' | 'quiet';
  readonly small?: boolean;
  /** Keys that do the same, shown beside the words. */
  readonly chord?: string;
  readonly submits?: boolean;
  readonly ref?: Ref<HTMLButtonElement>;
}

export function Button({ look = 'plain', small = false, chord, submits = false, children, ...rest }: ButtonProps): ReactNode {
  return (
    <button
      {...rest}
      type={submits ? 'submit' : 'button'}
      className={['button', look === 'plain' ? '' : look, small ? 'small' : ''].filter(Boolean).join(' ')}
    >
      {children}
      {chord !== undefined && (
        <span className="chord" aria-hidden="true">
          {chord}
        </span>
      )}
    </button>
  );
}
