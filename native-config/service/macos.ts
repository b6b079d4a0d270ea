/**
 * The service on macOS: a launchd daemon of the system, and an agent that starts the app in each person's session.
 * launchd.plist(5): https://keith.github.io/xcode-man-pages/launchd.plist.5.html, launchctl(1): https://ss64.com/mac/launchctl.html,
 * dscl(1): https://ss64.com/mac/dscl.html
 */

import { existsSync } from 'node:fs';
import { join } from 'node:path/posix';
import { HoldpointError } from '../../main/contract/errors.ts';
import { servicePlaces } from '../../main/contract/service-places.ts';
import type { Part, PartState } from '../part.ts';
import { plist } from '../plist.ts';
import { isAsWanted } from '../steps/perform.ts';
import type { Step, ToolCall, WriteStep } from '../steps/step.ts';
import type { System } from '../system.ts';
import { configurationStep } from './configuration.ts';
import type { Program } from './program.ts';

const LABEL = 'com.holdpoint.engine';
const DAEMON = `/Library/LaunchDaemons/${LABEL}.plist`;
const AGENT = '/Library/LaunchAgents/com.holdpoint.app.plist';
const LAUNCHCTL = '/bin/launchctl';
const DSCL = '/usr/bin/dscl';
const { dataDir, runDir, user } = servicePlaces('darwin');
/** Apple gives role accounts of others ids from here on, and shows none of these at the log-in window. */
const IDS = { from: 300, to: 400 };

export function createMacosService(system: System, program: Program): Part {
  const daemon: WriteStep = { kind: 'write', says: 'Makes the service known', file: DAEMON, text: daemonPlist(program), mode: 0o644 };

  return {
    name: 'service',
    async plan() {
      const configuration = await configurationStep(system);
      const before = [...(await userSteps()), ...(configuration ? [configuration] : [])];
      const now = await printed();
      if (before.length === 0 && isAsWanted(system, daemon) && now.state !== 'absent')
        return [...(now.state === 'running' ? [] : [kickstart()]), ...agent()];
      return [
        ...before,
        ...folder(dataDir, '0700', ['/usr/sbin/chown', '-R', 'root:wheel', dataDir]),
        ...folder(runDir, '0755', ['/bin/rm', '-rf', runDir]),
        daemon,
        // launchd keeps what it once read.
        ...(now.state === 'absent' ? [] : [bootout()]),
        { kind: 'run', says: 'Has it started with the Mac', command: [LAUNCHCTL, 'enable', `system/${LABEL}`] },
        {
          kind: 'run',
          says: 'Starts the service',
          command: [LAUNCHCTL, 'bootstrap', 'system', DAEMON],
          undo: [LAUNCHCTL, 'bootout', `system/${LABEL}`],
          undoMayFail: true,
        },
        ...agent(),
      ];
    },
    async status() {
      return [stateOf(await printed()), fileState(), await userState()];
    },
  };

  /** The app, for each person who logs in on a screen. */
  function agent(): readonly Step[] {
    // The engine lies in APP/Contents/Resources/engine/main/cli/.
    const app = join(program.script, '../../../../..', 'MacOS/Holdpoint');
    if (!existsSync(system.root + app)) return [];
    const step: WriteStep = { kind: 'write', says: 'Starts the app with each log-in', file: AGENT, text: agentPlist(app), mode: 0o644 };
    return isAsWanted(system, step) ? [] : [step];
  }

  async function userSteps(): Promise<readonly Step[]> {
    if (await userExists()) return [];
    const id = String(await freeId());
    const create = (...rest: readonly string[]): ToolCall => [DSCL, '.', '-create', ...rest];
    const steps: readonly (readonly [string, ToolCall, ToolCall?])[] = [
      ['Makes the group that the service runs as', create(`/Groups/${user}`), [DSCL, '.', '-delete', `/Groups/${user}`]],
      ['Gives it a number', create(`/Groups/${user}`, 'PrimaryGroupID', id)],
      ['Gives it a password that fits nothing', create(`/Groups/${user}`, 'Password', '*')],
      ['Makes the user that the service runs as', create(`/Users/${user}`), [DSCL, '.', '-delete', `/Users/${user}`]],
      ['Gives them a number', create(`/Users/${user}`, 'UniqueID', id)],
      ['Gives them their group', create(`/Users/${user}`, 'PrimaryGroupID', id)],
      ['Gives them a name', create(`/Users/${user}`, 'RealName', 'Holdpoint')],
      ['Gives them no home', create(`/Users/${user}`, 'NFSHomeDirectory', '/var/empty')],
      ['Gives them no shell', create(`/Users/${user}`, 'UserShell', '/usr/bin/false')],
      ['Gives them a password that fits nothing', create(`/Users/${user}`, 'Password', '*')],
      ['Hides them from the log-in window', create(`/Users/${user}`, 'IsHidden', '1')],
    ];
    return steps.map(([says, command, undo]) => ({ kind: 'run', says, command, ...(undo && { undo }) }));
  }

  async function userExists(): Promise<boolean> {
    return (await system.run(DSCL, ['.', '-read', `/Users/${user}`, 'UniqueID'])).code === 0;
  }

  /** Neither a user's nor a group's. */
  async function freeId(): Promise<number> {
    const [users, groups] = await Promise.all([
      system.run(DSCL, ['.', '-list', '/Users', 'UniqueID']),
      system.run(DSCL, ['.', '-list', '/Groups', 'PrimaryGroupID']),
    ]);
    const taken = new Set([...`${users.out}\n${groups.out}`.matchAll(/\s(-?\d+)$/gm)].map(([, id]) => Number(id)));
    for (let id = IDS.from; id < IDS.to; id++) if (!taken.has(id)) return id;
    throw new HoldpointError(
      'settings-unusable',
      `No number from ${IDS.from} to ${IDS.to - 1} is free for the service’s user. Remove users that nobody needs.`,
    );
  }

  async function printed(): Promise<Printed> {
    const { code, out } = await system.run(LAUNCHCTL, ['print', `system/${LABEL}`]);
    if (code !== 0) return { state: 'absent' };
    const running = /^\s*state = running$/m.test(out);
    const lastExit = /^\s*last exit code = (.+)$/m.exec(out)?.[1];
    return { state: running ? 'running' : 'down', ...(lastExit !== undefined && { lastExit }) };
  }

  function fileState(): PartState {
    const what = 'its property list';
    if (isAsWanted(system, daemon)) return { what, state: 'yes', says: '' };
    if (!existsSync(system.root + DAEMON))
      return { what, state: 'no', says: 'It is not there. Put it there with: holdpoint service install' };
    return { what, state: 'partly', says: `${DAEMON} is not as this version writes it. Write it anew with: holdpoint service install` };
  }

  async function userState(): Promise<PartState> {
    const what = `its user, ${user}`;
    if (await userExists()) return { what, state: 'yes', says: '' };
    return { what, state: 'no', says: 'There is no such user. Make it with: holdpoint service install' };
  }
}

interface Printed {
  readonly state: 'absent' | 'down' | 'running';
  readonly lastExit?: string;
}

function stateOf({ state, lastExit }: Printed): PartState {
  const what = 'the service';
  if (state === 'running') return { what, state: 'yes', says: '' };
  if (state === 'absent') return { what, state: 'no', says: 'It is not installed. Install it with: holdpoint service install' };
  return { what, state: 'no', says: `It does not run (last exit code ${lastExit ?? 'unknown'}). See: launchctl print system/${LABEL}` };
}

function bootout(): Step {
  return { kind: 'run', says: 'Stops the service as it was', command: [LAUNCHCTL, 'bootout', `system/${LABEL}`] };
}

function kickstart(): Step {
  return { kind: 'run', says: 'Starts the service', command: [LAUNCHCTL, 'kickstart', `system/${LABEL}`] };
}

/** install(1) makes it, or gives one that is there to its owner. */
function folder(path: string, mode: string, undo: ToolCall): readonly Step[] {
  const command: ToolCall = ['/usr/bin/install', '-d', '-o', user, '-g', user, '-m', mode, path];
  return [{ kind: 'run', says: `Makes ${path}`, command, undo, undoMayFail: true }];
}

export function daemonPlist({ node, script }: Program): string {
  return plist({
    Label: LABEL,
    ProgramArguments: [node, script, 'engine', '--service'],
    UserName: user,
    GroupName: user,
    InitGroups: false,
    RunAtLoad: true,
    KeepAlive: true,
    // As soon as it has ended; launchd itself waits longer where it ends at once.
    ThrottleInterval: 1,
    ExitTimeOut: 15,
    // Agents wait for it: it is not background work that may be slowed down.
    ProcessType: 'Interactive',
    // 0077: property lists know no octal numbers.
    Umask: 63,
    SoftResourceLimits: { NumberOfFiles: 65_536, Core: 0 },
    HardResourceLimits: { NumberOfFiles: 65_536, Core: 0 },
    StandardErrorPath: `${dataDir}/service.log`,
  });
}

export function agentPlist(app: string): string {
  return plist({
    Label: 'com.holdpoint.app',
    ProgramArguments: [app],
    RunAtLoad: true,
    LimitLoadToSessionType: 'Aqua',
    // Whoever quits it has quit it; one that broke comes back.
    KeepAlive: { SuccessfulExit: false },
    ProcessType: 'Interactive',
  });
}
