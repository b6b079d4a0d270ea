/** The one family of errors that Holdpoint raises: a code for programs, a sentence for a person. */

export type ErrorCode =
  | 'config-invalid'
  | 'policy-invalid'
  | 'data-dir-unusable'
  | 'data-dir-busy'
  | 'port-busy'
  | 'ca-invalid'
  | 'upstream-unreachable'
  | 'upstream-refused'
  | 'control-unreachable'
  | 'control-refused'
  | 'control-denied'
  | 'control-busy'
  | 'not-permitted'
  | 'audit-unwritable'
  | 'export-failed'
  | 'settings-unusable'
  | 'bundle-invalid'
  | 'not-found'
  | 'internal';

export class HoldpointError extends Error {
  readonly code: ErrorCode;

  /** `message` says what happened, where, and what to do about it. */
  constructor(code: ErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'HoldpointError';
    this.code = code;
  }
}

/** For the `default` of a switch that must know every case: the type checker refuses a missing one. */
export function missingCase(value: never): never {
  throw new HoldpointError('internal', `No case for ${JSON.stringify(value)}. This is a fault in Holdpoint.`);
}

/** What to say of a thrown value, whatever it is. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
