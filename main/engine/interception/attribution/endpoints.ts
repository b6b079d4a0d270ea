/** A connection as the proxy sees it. */

import type { Process } from '../../../contract/action.ts';

export interface Endpoints {
  readonly clientPort: number;
  readonly clientAddress: string;
  readonly proxyPort: number;
  readonly proxyAddress: string;
}

/** Who has the client's end of a connection. */
export interface Holder {
  readonly process: Process | undefined;
  /** Login name: also where the system tells whose the connection is, and not which process has it. */
  readonly user: string | undefined;
}
