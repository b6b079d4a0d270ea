/** Putting agents behind the guard and back, by way of the app: planned, shown, and done as shown. */

import type { AttachPlan, AttachWanted, Said } from '../../../main/contract/agents-here.ts';
import { bridge } from '../../bridge.ts';
import { STRINGS } from '../../strings.ts';

/** Never rejects. */
export async function planAttach(wanted: AttachWanted): Promise<Said<AttachPlan>> {
  return answered(bridge().call('console:attachPlan', wanted));
}

/** Never rejects. `plan` as it was shown. */
export async function applyAttach(wanted: AttachWanted, { plan }: AttachPlan): Promise<Said<null>> {
  return answered(bridge().call('console:attachApply', { ...wanted, plan }));
}

async function answered<T>(call: Promise<Said<T>>): Promise<Said<T>> {
  try {
    return await call;
  } catch {
    return { ok: false, says: STRINGS.agents.noAnswer };
  }
}
