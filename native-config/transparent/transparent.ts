/** Transparent mode: the system leads chosen users' connections to the engine, whatever their programs' settings say. */

/** What is wanted of the system. */
export interface Redirection {
  /** Numeric ids of the users whose connections are led to the engine. */
  readonly users: readonly number[];
  /** The engine's, on this machine's loopback addresses. */
  readonly port: number;
}

export type TransparentState =
  | { readonly kind: 'absent' }
  | ({ readonly kind: 'installed' } & Redirection)
  /** Something of our name is there that is not as we make it. */
  | { readonly kind: 'changed' };

/** One for each operating system. All but `describe` need the system administrator's rights and reject with `HoldpointError`. */
export interface Transparent {
  /** Every change that `apply` makes, and what it means, a sentence each. */
  describe(wanted: Redirection): readonly string[];
  /** Makes it so, whatever was there of ours before, in one step. */
  apply(wanted: Redirection): Promise<void>;
  /** What is there now. */
  verify(): Promise<TransparentState>;
  /** Leaves nothing. Says whether anything was there. */
  remove(): Promise<boolean>;
}
