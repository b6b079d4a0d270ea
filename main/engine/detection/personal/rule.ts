/** How a numbered identity is described: its shape, its check, and the words that go with it. */

import type { Finding } from '../../../contract/action.ts';

export interface IdRule {
  readonly label: string;
  readonly severity: Finding['severity'];
  /** Sticky, every quantifier bounded; matches from the candidate's start. */
  readonly shape: RegExp;
  /** Gets the candidate in upper case without separators. */
  readonly valid: (compact: string) => boolean;
  /** When it is told from any other number without a word beside it: `grouped` means only where written with its own separators. */
  readonly alone: 'never' | 'grouped' | 'always';
  /** Words beside it, folded: those of up to four Latin letters must stand alone, longer ones may be part of a name. */
  readonly words: readonly string[];
}
