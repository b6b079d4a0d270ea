/** Allow once, with what policy lets a person grant beyond it behind an arrow. */

import * as Menu from '@radix-ui/react-dropdown-menu';
import type { KeyboardEvent, ReactNode } from 'react';
import type { Question } from '../../main/contract/approval.ts';
import { STRINGS } from '../strings.ts';

interface AllowButtonProps {
  readonly grants: Question['grants'];
  readonly armed: boolean;
  /** Shown beside the words. */
  readonly chord?: string;
  readonly small?: boolean;
  onAllow(how: 'once' | 'session' | 'workspace', byKey: boolean): void;
}

export function AllowButton({ grants, armed, chord, small = false, onAllow }: AllowButtonProps): ReactNode {
  const s = STRINGS.popup;
  const look = small ? 'button small' : 'button';

  // Enter with its modifier is the card's; without, it was meant for something else.
  const noBareEnter = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) event.preventDefault();
  };

  return (
    <span className={grants.length > 0 ? 'split' : undefined}>
      <button
        type="button"
        className={look}
        aria-disabled={!armed}
        aria-keyshortcuts="Control+Enter Meta+Enter"
        onKeyDown={noBareEnter}
        onClick={({ detail }) => onAllow('once', detail === 0)}
      >
        {s.allowOnce}
        {chord && (
          <span className="chord" aria-hidden="true">
            {chord}
          </span>
        )}
      </button>
      {grants.length > 0 && (
        // A modal menu would lock scrolling with a style element, which the page's policy forbids.
        <Menu.Root modal={false}>
          <Menu.Trigger asChild>
            <button type="button" className={`${look} arrow`} aria-label={s.allowLonger}>
              <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">
                <path d="M1.5 3.2 5 6.8l3.5-3.6" />
              </svg>
            </button>
          </Menu.Trigger>
          <Menu.Portal>
            <Menu.Content className="menu" side="top" align="end" sideOffset={6} collisionPadding={8}>
              {grants.map((grant) => (
                <Menu.Item key={grant} className="menu-item" onSelect={() => onAllow(grant, false)}>
                  {s.allowFor[grant]}
                  <span>{s.allowForHint[grant]}</span>
                </Menu.Item>
              ))}
            </Menu.Content>
          </Menu.Portal>
        </Menu.Root>
      )}
    </span>
  );
}
