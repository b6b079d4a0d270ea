/** Takes a question of the console's to the engine, and says why where there is no answer. */

import { CONTROL_METHODS } from '../contract/control.ts';
import { HoldpointError, messageOf } from '../contract/errors.ts';
import type { ControlClient } from '../engine/control/client.ts';
import type { AskedByConsole, Reply } from './channels.ts';

export async function ask(client: ControlClient | undefined, method: AskedByConsole, params: unknown): Promise<Reply<unknown>> {
  if (!client) return { ok: false, why: 'unreachable', says: 'The guard is not running.' };
  const asked = CONTROL_METHODS[method].params.safeParse(params);
  if (!asked.success)
    return { ok: false, why: 'refused', says: 'This window asked for something that there is not. Close and open it again.' };
  try {
    // The table pairs each method's parameters with its result; the type checker cannot follow it through an index.
    return { ok: true, result: await client.call(method, asked.data as never) };
  } catch (thrown) {
    return { ok: false, why: whyOf(thrown), says: messageOf(thrown) };
  }
}

function whyOf(thrown: unknown): 'unreachable' | 'other-version' | 'refused' {
  if (!(thrown instanceof HoldpointError)) return 'other-version';
  if (thrown.code === 'control-unreachable') return 'unreachable';
  return thrown.code === 'control-refused' ? 'other-version' : 'refused';
}
