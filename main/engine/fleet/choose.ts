/** Which of a ring's bundles a device takes. */

import { type BundleNote, isInRollout } from './bundle.ts';

export type Choice<Listed> =
  | { readonly kind: 'take'; readonly listed: Listed }
  /** None is for this device yet. */
  | { readonly kind: 'wait' }
  | { readonly kind: 'nothing' }
  /** All are older than what was accepted; `newest` is the highest of them. */
  | { readonly kind: 'rollback'; readonly newest: number };

/** `floor` is the highest revision that this device has accepted: nothing below it, and that one whatever its rollout is now. */
export function chooseBundle<Listed extends { readonly note: BundleNote }>(
  listed: readonly Listed[],
  { device, ring, floor }: { readonly device: string; readonly ring: string; readonly floor: number },
): Choice<Listed> {
  const falling = listed.toSorted((one, other) => other.note.revision - one.note.revision);
  const [newest] = falling;
  if (newest === undefined) return { kind: 'nothing' };
  if (newest.note.revision < floor) return { kind: 'rollback', newest: newest.note.revision };
  const taken = falling.find(({ note }) => note.revision === floor || (note.revision > floor && isInRollout(device, ring, note)));
  return taken === undefined ? { kind: 'wait' } : { kind: 'take', listed: taken };
}
