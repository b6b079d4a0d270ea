/** Names and what they stand for, a line each. */

import type { ReactNode } from 'react';
import { Visible } from '../../design/parts.tsx';

export interface Fact {
  readonly name: string;
  readonly value: string;
  /** Quieter, behind it. */
  readonly more?: string | undefined;
  /** To be read letter by letter. */
  readonly code?: boolean;
}

export function Facts({ facts }: { readonly facts: readonly Fact[] }): ReactNode {
  return (
    <dl className="facts">
      {facts.map(({ name, value, more, code }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            {code ? (
              <code>
                <Visible text={value} />
              </code>
            ) : (
              <Visible text={value} />
            )}
            {more !== undefined && (
              <span>
                <Visible text={more} />
              </span>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
