/**
 * macOS: the environment of all users' programs. Terminals open login shells: zsh reads /etc/zshenv, bash /etc/profile. What the Dock starts
 * has its environment from launchd, which an agent tells at each login (launchd.plist(5), launchctl(1) setenv).
 */

import { type MachinePlace, machineVariables } from '../agents/environment.ts';
import { machinePlace } from '../machine-place.ts';
import type { PartState } from '../part.ts';
import { plist } from '../plist.ts';
import { pending } from '../steps/perform.ts';
import type { EditStep, RunStep, WriteStep } from '../steps/step.ts';
import type { System } from '../system.ts';
import { stateOfEnvironment } from './environment-state.ts';
import type { ProxyWay } from './proxy.ts';
import { shScript } from './shell-scripts.ts';

const SCRIPT = '/Library/Application Support/Holdpoint/environment.sh';
const LABEL = 'com.holdpoint.guard.environment';
const AGENT = `/Library/LaunchAgents/${LABEL}.plist`;

export function createMacosEnvironment(system: System): ProxyWay {
  return {
    async plan(guard) {
      const place = machinePlace(system, guard);
      const files = pending(system, filesFor(place));
      return files.length === 0 ? [] : [...files, ...(await sessionSteps(place))];
    },
    async status(guard) {
      const place = machinePlace(system, guard);
      return [
        await ask('zsh', ['/bin/zsh', '-c', 'env']),
        await ask('login shells with bash', ['/bin/bash', '-l', '-c', 'env']),
        await askLaunchd(place),
      ];

      async function ask(what: string, command: readonly string[]): Promise<PartState> {
        const { code, out } = await system.run('/usr/bin/env', ['-i', 'HOME=/var/empty', 'PATH=/usr/bin:/bin', ...command]);
        return stateOfEnvironment(what, code === 0 ? out : undefined, place);
      }
    },
  };

  async function askLaunchd({ proxyUrl }: MachinePlace): Promise<PartState> {
    const what = 'programs that the Dock starts';
    const { out } = await system.run('/bin/launchctl', ['getenv', 'HTTPS_PROXY']);
    return out.trim() === proxyUrl
      ? { what, state: 'yes', says: 'launchd gives them the guard’s address.' }
      : { what, state: 'no', says: 'launchd does not know the guard in this session. Log in anew, or run: holdpoint install --yes' };
  }

  /** For whoever is logged in now: agents are started at login. */
  async function sessionSteps(place: MachinePlace): Promise<readonly RunStep[]> {
    const uid = (await system.run('/usr/bin/stat', ['-f', '%u', '/dev/console'])).out.trim();
    if (!/^[1-9]\d*$/.test(uid)) return [];
    const domain = `gui/${uid}`;
    const names = machineVariables(place).map(([name]) => name);
    return [
      {
        kind: 'run',
        says: 'The session of whoever is logged in forgets the guard',
        undo: ['/bin/sh', '-c', `for name in ${names.join(' ')}; do /bin/launchctl asuser ${uid} /bin/launchctl unsetenv "$name"; done`],
        undoMayFail: true,
      },
      {
        kind: 'run',
        says: 'Programs that whoever is logged in starts from now on are led to the guard',
        // One that was told of another port is taken out first.
        command: ['/bin/sh', '-c', `/bin/launchctl bootout ${domain}/${LABEL} 2>/dev/null; /bin/launchctl bootstrap ${domain} ${AGENT}`],
        undo: ['/bin/launchctl', 'bootout', `${domain}/${LABEL}`],
        undoMayFail: true,
      },
    ];
  }
}

function filesFor(place: MachinePlace): readonly (WriteStep | EditStep)[] {
  const source = [`if [ -r '${SCRIPT}' ]; then`, `  . '${SCRIPT}'`, 'fi'];
  const block = (file: string, says: string): EditStep => ({
    kind: 'edit',
    says,
    file,
    mode: 0o644,
    edit: { kind: 'block', mark: 'proxy', lines: source },
  });
  return [
    { kind: 'write', says: 'Says where the guard is, for shells', file: SCRIPT, text: shScript(place), mode: 0o644 },
    block('/etc/zshenv', 'zsh leads programs to the guard'),
    block('/etc/profile', 'Login shells with bash lead programs to the guard'),
    {
      kind: 'write',
      says: 'Programs that the Dock starts are led to the guard, from the next login on',
      file: AGENT,
      text: agent(place),
      mode: 0o644,
    },
  ];
}

/** Only what the script has set, so that no file is named that is not there. */
function agent(place: MachinePlace): string {
  const names = machineVariables(place).map(([name]) => name);
  const command = `. '${SCRIPT}'; for name in ${names.join(' ')}; do value=$(/usr/bin/printenv "$name") && /bin/launchctl setenv "$name" "$value"; done`;
  return plist({ Label: LABEL, ProgramArguments: ['/bin/sh', '-c', command], RunAtLoad: true });
}
