/** A step of a session's story: something that was asked, said, done or got back. */

import type { Said, StoryRecord } from '../../../../main/contract/activity.ts';
import type { Language } from '../../../approval/highlight.ts';
import type { Look } from '../../../design/parts.tsx';

/**
 * `told`: what the agent tells its model about itself. `asked`: the person. `said`: the model. `got`: what tools gave.
 * `call`: what the model wants done. `reads`: several calls that only read. `note`: anything else.
 */
export type StepKind = 'told' | 'asked' | 'said' | 'got' | 'call' | 'reads' | 'note';

export interface Step {
  readonly key: string;
  readonly kind: StepKind;
  /** ISO 8601. */
  readonly at: string;
  readonly look: Look;
  /** The verdict in a few words; null for what needed none. */
  readonly chip: string | null;
  /** "Run a command". */
  readonly title: string;
  /** What it is done to, where it is known: a command, a path. */
  readonly text: string | null;
  readonly isCommand: boolean;
  /** Of the text; undefined for a path, and where it is not known. */
  readonly language: Language | undefined;
  /** Of an edit, as far as its text is known. */
  readonly lines: { readonly added: number; readonly removed: number } | null;
  readonly because: string | null;
  /** Labels of what detectors found. */
  readonly labels: readonly string[];
  /** The words themselves, of `told`, `asked`, `said` and `got`. */
  readonly words: readonly Said[];
  /** Of the exchange that this step is the first of. */
  readonly cost: Cost | null;
  /** Everything that the log has of it, oldest first. */
  readonly records: readonly StoryRecord[];
  /** Of `reads`: the steps that are told as one. */
  readonly parts: readonly Step[];
}

export interface Cost {
  /** US dollars; null where its price is not known. */
  readonly usd: number | null;
  readonly tokens: number | null;
}

/** A step with the essentials given, and nothing else to tell. */
export function aStep(given: Pick<Step, 'key' | 'kind' | 'at' | 'title' | 'records'> & Partial<Step>): Step {
  return {
    look: 'noted',
    chip: null,
    text: null,
    isCommand: false,
    language: undefined,
    lines: null,
    because: null,
    labels: [],
    words: [],
    cost: null,
    parts: [],
    ...given,
  };
}
