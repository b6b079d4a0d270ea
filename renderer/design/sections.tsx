/** What a page is made of: sections under hairlines, things that unfold, and words for nothing and for trouble. */

import type { ReactNode, Ref } from 'react';
import { Icon } from './icons.tsx';
import { Visible } from './parts.tsx';

interface SectionProps {
  readonly title: string;
  /** What it says, in a sentence. */
  readonly lead?: ReactNode;
  /** At the right of the title. */
  readonly aside?: ReactNode;
  /** Of its heading, to go there: a keyboard goes on from it. */
  readonly headingRef?: Ref<HTMLHeadingElement>;
  readonly children?: ReactNode;
}

export function Section({ title, lead, aside, headingRef, children }: SectionProps): ReactNode {
  return (
    <section className="section" aria-label={title}>
      <header>
        <h2 ref={headingRef} tabIndex={headingRef ? -1 : undefined}>
          {title}
        </h2>
        {aside}
      </header>
      {lead !== undefined && <p className="lead">{lead}</p>}
      {children}
    </section>
  );
}

/** Sentences, one below the other. */
export function Lines({ lines }: { readonly lines: readonly string[] }): ReactNode {
  return (
    <ul className="lines">
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}

/** Folded until somebody wants to know. */
export function Disclosure({ summary, children }: { readonly summary: ReactNode; readonly children: ReactNode }): ReactNode {
  return (
    <details className="disclosure">
      <summary>
        <Icon name="right" size={10} />
        {summary}
      </summary>
      <div className="disclosed">{children}</div>
    </details>
  );
}

/** Nothing to show, and why, and what would change that. */
export function Empty({ title, children }: { readonly title: string; readonly children?: ReactNode }): ReactNode {
  return (
    <div className="nothing">
      <b>{title}</b>
      {children}
    </div>
  );
}

interface ProblemProps {
  /** What happened and what to do: a reply's own sentence, wherever it came from. */
  readonly says: string;
  /** `alarm` where something is not as it should be; `mild` where it only needs a look. */
  readonly look?: 'alarm' | 'mild';
  /** A way out, as a button. */
  readonly action?: ReactNode;
}

export function Problem({ says, look = 'alarm', action }: ProblemProps): ReactNode {
  return (
    <div className={look === 'mild' ? 'alarm mild' : 'alarm'} role="alert">
      <Visible text={says} />
      {action}
    </div>
  );
}
