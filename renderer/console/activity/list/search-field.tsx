/** The field that everything is searched by. */

import { type ReactNode, useEffect, useRef } from 'react';
import { Search } from '../../../design/field.tsx';
import { STRINGS } from '../../../strings.ts';
import { MOST_TEXT } from './filters.ts';

const s = STRINGS.activity;

interface SearchFieldProps {
  readonly text: string;
  onText(text: string): void;
  /** Down into what was found. */
  onDown(): void;
}

export function SearchField({ text, onText, onDown }: SearchFieldProps): ReactNode {
  const field = useRef<HTMLInputElement>(null);
  const isMac = navigator.platform.startsWith('Mac');

  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(isMac ? event.metaKey : event.ctrlKey) || event.shiftKey || event.altKey) return;
      event.preventDefault();
      field.current?.focus();
      field.current?.select();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [isMac]);

  return (
    <div className="list-search">
      <Search
        ref={field}
        label={s.search}
        value={text}
        maxLength={MOST_TEXT}
        chord={isMac ? s.searchKey.mac : s.searchKey.other}
        aria-keyshortcuts={isMac ? 'Meta+K' : 'Control+K'}
        onType={onText}
        onDown={onDown}
      />
    </div>
  );
}
