/** All that the guard knows of the world: four functions. */

import type { Action, HeldAction, Understanding } from '../../contract/action.ts';
import type { Ending } from '../../contract/approval.ts';
import type { AuditEntry } from '../../contract/record.ts';
import type { Decision, Remember } from '../../contract/verdict.ts';

export interface World {
  /** Facts and findings. Never rejects: what cannot be understood is the effect `unresolved`. */
  understand(action: Action): Promise<Understanding>;
  /** Policy. Never rejects: what cannot be decided is `deny` with `failure`. `approved`: a person has said yes. */
  decide(action: Action, understanding: Understanding, approved: boolean): Promise<Decision>;
  /** Approvals. Resolves when the question has ended; `signal` withdraws it. */
  ask(inquiry: Inquiry): Promise<Ending>;
  /** Audit. Resolves when the entry is durable; rejects where it cannot be kept. */
  record(entry: AuditEntry): Promise<void>;
}

/** What approvals need to put a question to a person. */
export interface Inquiry {
  readonly action: HeldAction;
  readonly understanding: Understanding;
  readonly decision: Decision;
  /** "Claude Code wants to delete files outside this project". */
  readonly title: string;
  /** The most that every asking policy permits. */
  readonly remember: Remember;
  /** SHA-256 (hex) of tool and canonical arguments: what "the same action" means. */
  readonly content: string;
  /** What the model saw just before, where it can be told. */
  readonly after?: string;
  readonly signal: AbortSignal;
}
