/** The port that agents' environments point at is kept for the next start. */

import { HoldpointError } from '../contract/errors.ts';

/** `listen` at the port that is wanted, or where any will do (0) at the last one if it is free. Rejects as `listen` does. */
export async function listenAgain<T>(options: {
  readonly wanted: number;
  readonly last: number | undefined;
  readonly listen: (port: number) => Promise<T>;
  /** Called with a sentence where the last port was taken by another program. */
  readonly onTaken: (message: string) => void;
}): Promise<T> {
  const { wanted, last, listen, onTaken } = options;
  if (wanted !== 0 || last === undefined) return await listen(wanted);
  try {
    return await listen(last);
  } catch (thrown) {
    if (!(thrown instanceof HoldpointError && thrown.code === 'port-busy')) throw thrown;
    onTaken(`Port ${last}, which agents were given last time, is taken by another program. A new one is used: start agents anew.`);
    return await listen(0);
  }
}
