/**
 * KDE's proxy settings for all users: /etc/xdg/kioslaverc, which a person's own ~/.config/kioslaverc is read over
 * (https://userbase.kde.org/KDE_System_Administration/Configuration_Files). Its programs, and Chromium and Electron in a KDE session, go by them.
 */

import { existsSync } from 'node:fs';
import type { GuardOfMachine } from '../part.ts';
import { isAsWanted, pending } from '../steps/perform.ts';
import type { EditStep } from '../steps/step.ts';
import type { System } from '../system.ts';
import type { ProxyWay } from './proxy.ts';
import { pacUrl } from './proxy-urls.ts';

const WHAT = 'KDE’s proxy settings';
const READERS = ['/usr/bin/kreadconfig6', '/usr/bin/kreadconfig5'];

export function createKde(system: System): ProxyWay {
  const isHere = (file: string) => existsSync(system.root + file);
  const reader = READERS.find(isHere);
  const hasKde = reader !== undefined || isHere('/usr/bin/plasmashell');

  return {
    plan: async (guard) => (hasKde ? pending(system, [stepFor(guard)]) : []),
    async status(guard) {
      if (!hasKde) return [{ what: WHAT, state: 'absent', says: 'There is no KDE here.' }];
      return (await holds(guard))
        ? [{ what: WHAT, state: 'yes', says: 'The script of the guard is what its programs go by.' }]
        : [{ what: WHAT, state: 'no', says: 'Its programs are not led to the guard. Run: holdpoint install --yes' }];
    },
  };

  /** Asked of KDE itself, where its tool is here: of whoever asks, whose own file may say something else. */
  async function holds(guard: GuardOfMachine): Promise<boolean> {
    if (!reader) return isAsWanted(system, stepFor(guard));
    const value = async (key: string) =>
      (await system.run(reader, ['--file', 'kioslaverc', '--group', 'Proxy Settings', '--key', key])).out.trim();
    return (await value('ProxyType')) === '2' && (await value('Proxy Config Script')) === pacUrl(guard);
  }
}

/** A group that is there twice is one to KConfig, and the later value wins. Type 2 is a script (kioslaverc, KProtocolManager::PACProxy). */
function stepFor(guard: GuardOfMachine): EditStep {
  return {
    kind: 'edit',
    says: 'KDE’s proxy settings of all users lead AI providers to the guard, and nothing else',
    file: '/etc/xdg/kioslaverc',
    mode: 0o644,
    edit: { kind: 'block', mark: 'proxy', lines: ['[Proxy Settings]', 'ProxyType=2', `Proxy Config Script=${pacUrl(guard)}`] },
  };
}
