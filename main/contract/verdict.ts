/** Verdicts: what policy says of an action, and what comes of a hold. */

export type VerdictKind = 'allow' | 'redact' | 'ask' | 'deny';

/** How long a person's answer may count. `workspace` and `8h` both mean: in this workspace, for 8 hours. */
export type Remember = 'never' | 'session' | 'workspace' | '8h';

/** A policy that took part in a decision. */
export interface DecidingPolicy {
  readonly id: string;
  readonly effect: VerdictKind;
  readonly reason?: string;
  readonly contact?: string;
  readonly remember: Remember;
  /** Of one that redacts: the labels of what it wants taken out, families included. Absent where it means all that was found. */
  readonly labels?: readonly string[];
  /** It counts also while a person has suspended enforcement (`@bypass("never")`). */
  readonly lasting?: true;
}

/** A policy that is only watched (`@mode("observe")`, or outside of its `@rollout`), and that met the action: what it would have said. */
export interface ObservedPolicy {
  readonly id: string;
  readonly effect: VerdictKind;
  readonly reason: string;
  /** It could not be evaluated. In force it would have refused, whatever it says. */
  readonly failure?: string;
}

/** Policy's answer. Deny beats ask beats redact beats allow. */
export interface Decision {
  readonly verdict: VerdictKind;
  /** The policies that decided, all of them. Empty only where `failure` is set or nothing permits. */
  readonly policies: readonly DecidingPolicy[];
  /** What watched policies would have said. Has no part in the verdict. Absent where none met the action. */
  readonly observed?: readonly ObservedPolicy[];
  /** One sentence for a person and for the model. */
  readonly reason: string;
  /** Policy could not be evaluated. The verdict is then `deny`. */
  readonly failure?: string;
}

/** Why a call was refused, in words for the person and for the model. */
export interface Refusal {
  readonly policy: string;
  readonly reason: string;
  /** How to ask for it, where policy names somebody. */
  readonly contact?: string;
}

/** A value that must not leave as it is. */
export interface Sensitive {
  /** Of the finding: `secret.github-token`. */
  readonly label: string;
  readonly value: string;
}

/** What comes of an action. Of a request or a result that is released with `redact`, these values are taken out first. */
export type Outcome =
  | { readonly kind: 'release'; readonly redact?: readonly Sensitive[] }
  | { readonly kind: 'refuse'; readonly why: Refusal };
