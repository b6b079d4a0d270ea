/** Questions to the engine, by way of the app: typed from the question to its answer. */

import type { AskedByConsole, AskParams, AskResult, Reply } from '../main/app/channels.ts';
import { bridge } from './bridge.ts';

/** Never rejects: what went wrong is in the reply, in words. */
export async function ask<M extends AskedByConsole>(method: M, params: AskParams<M>): Promise<Reply<AskResult<M>>> {
  try {
    // The main process has checked the answer against the method's schema.
    return (await bridge().call('console:ask', { method, params })) as Reply<AskResult<M>>;
  } catch {
    return { ok: false, why: 'unreachable', says: 'The app did not answer. Close this window and open it again.' };
  }
}
