/** What is said on a WebSocket once it is open. */

import type { SocketMessage } from '../interception/inspection.ts';

export interface Talk {
  fromClient(message: SocketMessage): Promise<void>;
  fromProvider(message: SocketMessage): Promise<void>;
  /** The provider sends no more: resolves when what is held is settled and has left. */
  providerEnded(): Promise<void>;
  /** Once, last. True where it has said what there is to record. */
  ended(how: 'complete' | 'client-gone' | 'upstream-failed'): boolean;
}

/** RFC 6455 §7.4.1: what came violates a policy. */
export const POLICY_VIOLATION = 1008;
export const REFUSED_BINARY = 'Holdpoint cannot read binary messages on this WebSocket, and policy refuses them.';
export const REFUSED_REST = 'Holdpoint could not read what the provider sent, and policy refuses that.';
