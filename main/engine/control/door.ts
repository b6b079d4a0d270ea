/** How a client shows who it is, and what it may do then. */

import { randomBytes, timingSafeEqual } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { CONTROL_TOKEN, type ControlParams } from '../../contract/control.ts';
import { HoldpointError } from '../../contract/errors.ts';
import { writeFileAtomically } from '../data-dir.ts';
import type { Caller } from './caller.ts';

/** Who a client has shown to be. `share`: whose part of what is limited it uses; the same for all of one user's clients. */
export interface Identity extends Pick<Caller, 'level' | 'user' | 'name'> {
  readonly share: string;
}

export interface Door {
  /** Before the socket is there: whoever finds it finds what is needed. Throws where it cannot be. */
  open(): void;
  /** A new nonce for one connection; undefined where nobody is let in by one. */
  challenge(): string | undefined;
  /** `nonce`: what this connection was given, if it was. Throws or rejects with HoldpointError `control-refused`. */
  admit(hello: ControlParams<'hello'>, nonce: string | undefined): Identity | Promise<Identity>;
  /** A connection has ended with its nonce unused. */
  forget(nonce: string): void;
  close(): void;
}

/** For one person's engine: a random token in a file that only that person can read. */
export function createTokenDoor(dataDir: string): Door {
  const file = join(dataDir, CONTROL_TOKEN);
  const token = randomBytes(32).toString('hex');
  return {
    open: () => writeFileAtomically(file, token),
    challenge: () => undefined,
    admit({ token: given }) {
      if (given === undefined || !equal(given, token))
        throw new HoldpointError(
          'control-refused',
          'The engine does not accept this client: the token is not its own. Read it anew and connect again.',
        );
      return { level: 'admin', user: undefined, share: '' };
    },
    forget: () => {},
    close: () => rmSync(file, { force: true }),
  };
}

function equal(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
