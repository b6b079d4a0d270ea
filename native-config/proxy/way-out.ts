/** The guard's own way out on macOS and Windows, where the system had a proxy or a script of the company's. */

import { HoldpointError } from '../../main/contract/errors.ts';
import { servicePlaces } from '../../main/contract/service-places.ts';
import { membersIn } from '../agents/edit.ts';
import { readSettings } from '../agents/files.ts';
import { pending } from '../steps/perform.ts';
import type { EditStep, Step } from '../steps/step.ts';
import type { System } from '../system.ts';

export interface WayOut {
  readonly kind: 'pac' | 'parentProxy';
  readonly url: string;
  /** "the network service Wi-Fi" */
  readonly where: string;
}

/**
 * Names it in the service's configuration, unless an administrator has named one there. Throws HoldpointError `settings-unusable` where there
 * are several: which of them is right the guard cannot know.
 */
export function wayOutSteps(system: System, found: readonly WayOut[]): readonly Step[] {
  const { configFile } = servicePlaces(system.platform, system.env);
  const { parentProxy, pac } = membersIn(readSettings(system.root + configFile) ?? '', 'upstream');
  const [first, ...others] = found;
  if (!first || parentProxy !== undefined || pac !== undefined) return [];
  const other = others.find(({ kind, url }) => kind !== first.kind || url !== first.url);
  if (other || !/^https?:\/\/[^\s"'@]+$/i.test(first.url))
    throw new HoldpointError(
      'settings-unusable',
      `This machine goes out in a way that the guard cannot take over by itself (${[first, other].flatMap((one) => one?.where ?? []).join(', ')}). Set upstream.pac or upstream.parentProxy in ${configFile}, and install again.`,
    );
  const step: EditStep = {
    kind: 'edit',
    says: `The guard goes out as ${first.where} did: ${first.url}`,
    file: configFile,
    mode: 0o644,
    edit: { kind: 'members', at: 'upstream', members: { [first.kind]: first.url } },
  };
  return pending(system, [step]);
}
