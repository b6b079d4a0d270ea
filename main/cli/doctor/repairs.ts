/** What `holdpoint doctor --fix` can do by itself: planned first, said, and only then done. */

import { createPerformer } from '../../../native-config/steps/perform.ts';
import type { CheckResult } from '../../contract/doctor.ts';
import { messageOf } from '../../contract/errors.ts';
import { servicePlaces } from '../../contract/service-places.ts';
import { linesOf } from '../agents.ts';
import type { Looked } from './look.ts';

export interface Repair {
  /** The check's. */
  readonly id: string;
  /** What would be done, in lines. */
  readonly says: readonly string[];
  /** Rejects where it cannot be done. */
  perform(): Promise<void>;
}

/** Of those that can be repaired here, by whoever runs this. */
export async function repairsFor(results: readonly CheckResult[], looked: Looked): Promise<readonly Repair[]> {
  const repairs = await Promise.all(results.filter(({ fix }) => fix?.repairs).map((result) => planned(result, looked)));
  return repairs.flatMap((repair) => repair ?? []);
}

/** One that cannot be planned says why when it is tried, and keeps no other from being done. */
async function planned(result: CheckResult, looked: Looked): Promise<Repair | undefined> {
  try {
    return await repairOf(result, looked);
  } catch (thrown) {
    return { id: result.id, says: [messageOf(thrown)], perform: () => Promise.reject(thrown) };
  }
}

async function repairOf({ id }: CheckResult, { client, setup, parts, context }: Looked): Promise<Repair | undefined> {
  const [group, name = ''] = id.split(/\.(.*)/s);
  if (id === 'engine.fleet' && client)
    return { id, says: ['The fleet’s newest policy is looked for.'], perform: async () => void (await client.call('sync', {})) };
  if (id === 'engine.enforcing' && client)
    return { id, says: ['The pause ends, and policy is enforced again.'], perform: async () => void (await client.call('endBypass', {})) };
  if (group === 'agents') {
    const changes = setup.plan([name]);
    return changes.length === 0 ? undefined : { id, says: changes.flatMap(linesOf), perform: async () => setup.apply(changes) };
  }
  const part = group === 'machine' ? parts.find((one) => one.name === name) : undefined;
  if (!part || !context.guard || context.system.uid !== 0) return undefined;
  const steps = await part.plan({ proxyUrl: context.guard.proxyUrl, caPem: context.guard.caPem });
  const performer = createPerformer(context.system, servicePlaces(context.system.platform).journalFile);
  return { id, says: steps.map(({ says }) => says), perform: () => performer.make(part.name, steps) };
}
