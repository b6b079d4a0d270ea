/** The service on Linux: systemd's, as a user of its own. */

import { existsSync, readFileSync } from 'node:fs';
import { HoldpointError } from '../../main/contract/errors.ts';
import { servicePlaces } from '../../main/contract/service-places.ts';
import type { Part, PartState } from '../part.ts';
import { isAsWanted } from '../steps/perform.ts';
import type { Step, WriteStep } from '../steps/step.ts';
import type { System } from '../system.ts';
import { appAutostart } from './autostart.ts';
import { configurationStep } from './configuration.ts';
import { engineUnit, FAILSAFE_UNIT, failsafeUnit, RETRY_UNIT, retryTimer, UNIT } from './linux-units.ts';
import type { Program } from './program.ts';

const UNITS = '/etc/systemd/system';
const SYSUSERS = '/etc/sysusers.d/holdpoint.conf';
const { dataDir, runDir, user } = servicePlaces('linux');

export function createLinuxService(system: System, program: Program): Part {
  const { root, run } = system;
  const units: readonly WriteStep[] = [
    unit(UNIT, 'Makes the service known', engineUnit(program)),
    unit(FAILSAFE_UNIT, 'Makes its failsafe known, for when it cannot run', failsafeUnit(program)),
    unit(RETRY_UNIT, 'Has it tried again then', retryTimer()),
  ];

  return {
    name: 'service',
    async plan() {
      if (!existsSync(`${root}/run/systemd/system`)) throw noSystemd();
      const writes = units.filter((step) => !isAsWanted(system, step));
      const before = [...(await userSteps()), ...((await configured()) ?? [])];
      const autostart = appAutostart(system, program);
      const now = await shown(UNIT);
      const stands = writes.length === 0 && before.length === 0 && now.UnitFileState === 'enabled';
      if (stands) return [...(now.ActiveState === 'active' ? [] : [startStep('start')]), ...autostart];
      // As a whole and in this order whenever anything of it is new: what is taken back is taken back in the reverse.
      return [
        ...before,
        { kind: 'run', says: 'Removes what the service had published', undo: ['rm', '-rf', runDir], undoMayFail: true },
        { kind: 'run', says: 'Has systemd forget the units', undo: ['systemctl', 'daemon-reload'], undoMayFail: true },
        ...units,
        { kind: 'run', says: 'Has systemd read its units', command: ['systemctl', 'daemon-reload'] },
        {
          kind: 'run',
          says: 'Has it started with the machine',
          command: ['systemctl', 'enable', UNIT],
          undo: ['systemctl', 'disable', UNIT],
        },
        startStep(now.ActiveState === 'active' ? 'restart' : 'start'),
        ...autostart,
      ];
    },
    async status() {
      return [stateOf(await shown(UNIT), await shown(FAILSAFE_UNIT)), await unitsState(), await userState()];
    },
  };

  function unit(name: string, says: string, text: string): WriteStep {
    return { kind: 'write', says, file: `${UNITS}/${name}`, text, mode: 0o644 };
  }

  /** A user that the package has made, or another administrator, stays when ours goes. */
  async function userSteps(): Promise<readonly Step[]> {
    if (await userExists()) return [];
    return [
      {
        kind: 'write',
        says: 'Names the user that the service runs as',
        file: SYSUSERS,
        text: `u ${user} - "Holdpoint" - -\n`,
        mode: 0o644,
      },
      { kind: 'run', says: 'Makes that user', command: ['systemd-sysusers', SYSUSERS], undo: ['userdel', user] },
      // The next user that gets its number must not get the log as well.
      { kind: 'run', says: 'Gives the log to root', undo: ['chown', '-R', 'root:root', dataDir], undoMayFail: true },
    ];
  }

  async function configured(): Promise<readonly Step[] | undefined> {
    const step = await configurationStep(system);
    return step && [step];
  }

  async function userExists(): Promise<boolean> {
    return (await run('getent', ['passwd', user])).code === 0;
  }

  /** Properties of a unit, as systemd has it; empty where it does not answer. */
  async function shown(name: string): Promise<Readonly<Record<string, string>>> {
    const wanted = 'LoadState,ActiveState,SubState,UnitFileState,NRestarts,Result';
    const { out } = await run('systemctl', ['show', '--property', wanted, name]);
    return Object.fromEntries([...out.matchAll(/^(\w+)=(.*)$/gm)].map(([, key = '', value = '']) => [key, value]));
  }

  async function unitsState(): Promise<PartState> {
    const odd = units.filter((step) => !isAsWanted(system, step)).map(({ file }) => file);
    const none = odd.length === units.length && !units.some(({ file }) => readable(root + file));
    const what = 'its units';
    if (none) return { what, state: 'no', says: 'They are not there. Put them there with: holdpoint service install' };
    if (odd.length === 0) return { what, state: 'yes', says: '' };
    return {
      what,
      state: 'partly',
      says: `Not as this version writes them: ${odd.join(', ')}. Write them anew with: holdpoint service install`,
    };
  }

  async function userState(): Promise<PartState> {
    const what = `its user, ${user}`;
    if (await userExists()) return { what, state: 'yes', says: '' };
    return { what, state: 'no', says: 'There is no such user. Make it with: holdpoint service install' };
  }
}

/** The engine stops with the unit, and so does what stands in for it. */
function startStep(verb: 'start' | 'restart'): Step {
  return {
    kind: 'run',
    says: verb === 'start' ? 'Starts the service' : 'Starts the service anew',
    command: ['systemctl', verb, UNIT],
    undo: ['systemctl', 'stop', UNIT, FAILSAFE_UNIT, RETRY_UNIT],
    undoMayFail: true,
  };
}

function stateOf(engine: Readonly<Record<string, string>>, failsafe: Readonly<Record<string, string>>): PartState {
  const what = 'the service';
  if (failsafe.ActiveState === 'active')
    return {
      what,
      state: 'no',
      says: 'The engine cannot run, and the failsafe stands in for it. It is tried again every minute. See: journalctl -u holdpoint',
    };
  if (engine.LoadState !== 'loaded') return { what, state: 'no', says: 'It is not installed. Install it with: holdpoint service install' };
  if (engine.ActiveState !== 'active')
    return {
      what,
      state: 'no',
      says: `It does not run (${engine.ActiveState ?? 'unknown'}, ${engine.Result ?? 'unknown'}). See: systemctl status holdpoint`,
    };
  if (engine.UnitFileState !== 'enabled')
    return { what, state: 'partly', says: 'It runs, and does not start with the machine. See to that with: systemctl enable holdpoint' };
  return { what, state: 'yes', says: '' };
}

function noSystemd(): HoldpointError {
  return new HoldpointError(
    'settings-unusable',
    'No systemd runs on this machine, and so nothing could keep a service running. In a container, guard each agent: holdpoint run -- COMMAND',
  );
}

function readable(file: string): boolean {
  try {
    readFileSync(file);
    return true;
  } catch {
    return false;
  }
}
