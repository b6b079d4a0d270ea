/**
 * The way out of the guard itself: through the proxy that the company had set. Its address goes to the service as its environment, in a file
 * that only root reads, because it may hold a password; the engine takes its parent proxy from there. A script is named in its configuration.
 */

import { HoldpointError } from '../../main/contract/errors.ts';
import { servicePlaces } from '../../main/contract/service-places.ts';
import { membersIn } from '../agents/edit.ts';
import { readSettings } from '../agents/files.ts';
import type { PartState } from '../part.ts';
import { isAsWanted, pending } from '../steps/perform.ts';
import type { EditStep, RunStep, WriteStep } from '../steps/step.ts';
import type { System } from '../system.ts';
import { type CompanyProxy, findCompanyProxy, type OurFiles } from './company-proxy.ts';
import type { ProxyWay } from './proxy.ts';

const ENVIRONMENT = '/etc/holdpoint/parent-proxy.env';
const UNITS = ['holdpoint.service', 'holdpoint-failsafe.service'];
const WHAT = 'the way out, through the company’s own proxy';

const RELOAD = ['systemctl', 'daemon-reload'] as const;
const RESTART = ['systemctl', 'try-restart', 'holdpoint.service'] as const;
/** Before the others, so that they come when those have been taken back. */
const UNDOING: readonly RunStep[] = [
  { kind: 'run', says: 'The service goes out as before', undo: RESTART, undoMayFail: true },
  { kind: 'run', says: 'systemd reads its units anew', undo: RELOAD, undoMayFail: true },
];

export function createParent(system: System, ours: OurFiles): ProxyWay {
  const { configFile } = servicePlaces(system.platform, system.env);

  return {
    async plan() {
      const found = await wanted();
      const files = found ? pending(system, stepsFor(found)) : [];
      if (files.length === 0) return [];
      return [
        ...UNDOING,
        ...files,
        { kind: 'run', says: 'systemd reads its units anew', command: RELOAD },
        { kind: 'run', says: 'The service is started anew, if it runs, and goes out that way', command: RESTART },
      ];
    },
    async status(): Promise<readonly PartState[]> {
      if (isSet()) return [{ what: WHAT, state: 'yes', says: `${configFile} names it.` }];
      const found = await findCompanyProxy(system, ours);
      if (!found) return [{ what: WHAT, state: 'absent', says: 'No proxy was set on this machine: the guard goes out directly.' }];
      if (isKnown(found) && stepsFor(found).every((step) => isAsWanted(system, step)))
        return [{ what: WHAT, state: 'yes', says: `The guard goes through ${shown(found)}, which ${found.where} names.` }];
      return [
        {
          what: WHAT,
          state: 'no',
          says: `${found.where} names ${shown(found)}, which the guard does not use. Run: holdpoint install --yes`,
        },
      ];
    },
  };

  /** Nothing, where an administrator has said already how the guard goes out. */
  async function wanted(): Promise<CompanyProxy | undefined> {
    const found = isSet() ? undefined : await findCompanyProxy(system, ours);
    if (!found || isKnown(found)) return found;
    throw new HoldpointError(
      'settings-unusable',
      `${found.where} names ${shown(found)} as this machine's proxy, which the guard cannot go through as it is written there. Set upstream.parentProxy in ${configFile} to http://HOST:PORT, and install again.`,
    );
  }

  /** By an administrator, or by us for a script. */
  function isSet(): boolean {
    const { parentProxy, pac } = membersIn(readSettings(system.root + configFile) ?? '', 'upstream');
    return parentProxy !== undefined || pac !== undefined;
  }

  function stepsFor(found: CompanyProxy): readonly (WriteStep | EditStep)[] {
    if (found.kind === 'script')
      return [
        {
          kind: 'edit',
          says: `The guard goes out as the company’s own script says, ${shown(found)}, which ${found.where} names`,
          file: configFile,
          mode: 0o644,
          edit: { kind: 'members', at: 'upstream', members: { pac: found.url } },
        },
      ];
    const says = `The guard goes out through the company’s own proxy, ${shown(found)}, which ${found.where} names`;
    const lines = [`HTTPS_PROXY="${found.url}"`, ...(found.except === '' ? [] : [`NO_PROXY="${found.except}"`])];
    return [
      { kind: 'write', says, file: ENVIRONMENT, text: `${lines.join('\n')}\n`, mode: 0o600 },
      ...UNITS.map(
        (name): WriteStep => ({
          kind: 'write',
          says: `${name} is told of it`,
          file: `/etc/systemd/system/${name}.d/60-parent-proxy.conf`,
          text: `[Service]\nEnvironmentFile=-${ENVIRONMENT}\n`,
          mode: 0o644,
        }),
      ),
    ];
  }
}

/** What can stand in a file of systemd's between quotes (systemd.exec(5)), and what the engine can go through. */
function isKnown(found: CompanyProxy): boolean {
  const isPlain = (text: string) => /^[^\s"\\$`]*$/.test(text.replaceAll(' ', ''));
  return (
    /^https?:\/\//i.test(found.url) && URL.canParse(found.url) && isPlain(found.url) && (found.kind === 'script' || isPlain(found.except))
  );
}

/** Never with the password. */
function shown({ url }: CompanyProxy): string {
  return URL.canParse(url) ? new URL(url).host || 'a proxy' : 'a proxy';
}
