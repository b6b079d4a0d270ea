/**
 * The service on Windows. Node does not speak to the Service Control Manager, so WinSW does (https://github.com/winsw/winsw, MIT): the
 * package lays its program beside the engine, and we write its configuration, which it looks for under its own name
 * (https://github.com/winsw/winsw/blob/v2.12.0/doc/xmlConfigFile.md). A task of the Task Scheduler would need no such program, but can be
 * ended by nobody cleanly, comes back a minute later at the earliest, and has no account of its own. The service is made by sc.exe
 * (https://learn.microsoft.com/windows-server/administration/windows-commands/sc-create) rather than by WinSW itself, so that it has a
 * virtual account, which has no password and no rights but its own
 * (https://learn.microsoft.com/windows-server/identity/ad-ds/manage/understand-service-accounts#virtual-accounts).
 */

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path/win32';
import { HoldpointError } from '../../main/contract/errors.ts';
import { servicePlaces } from '../../main/contract/service-places.ts';
import { quoted } from '../agents/run-command.ts';
import type { Part, PartState } from '../part.ts';
import { isAsWanted } from '../steps/perform.ts';
import type { Step, ToolCall, WriteStep } from '../steps/step.ts';
import type { System } from '../system.ts';
import { configurationStep } from './configuration.ts';
import type { Program } from './program.ts';

const NAME = 'Holdpoint';
const WRAPPER = 'holdpoint-service';
/** Well-known accounts, whose names differ by the system's language: SYSTEM, Administrators, Users. */
const [SYSTEM, ADMINISTRATORS, USERS] = ['*S-1-5-18', '*S-1-5-32-544', '*S-1-5-32-545'];
const RUN_KEY = 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run';

export function createWindowsService(system: System, program: Program): Part {
  const { dataDir, runDir, configDir, user } = servicePlaces('win32', system.env);
  const tools = `${system.env.SystemRoot || 'C:\\Windows'}\\System32`;
  const [sc, icacls, reg, cmd] = ['sc.exe', 'icacls.exe', 'reg.exe', 'cmd.exe'].map((name) => `${tools}\\${name}`) as [
    string,
    string,
    string,
    string,
  ];
  const powershell = `${tools}\\WindowsPowerShell\\v1.0\\powershell.exe`;
  // The engine lies in APP\resources\engine\main\cli\.
  const engineDir = join(program.script, '..\\..\\..');
  const app = join(engineDir, '..\\..', 'Holdpoint.exe');
  const wrapper = join(engineDir, `${WRAPPER}.exe`);
  const configuration: WriteStep = {
    kind: 'write',
    says: 'Says what the service starts',
    file: join(dirname(wrapper), `${WRAPPER}.xml`),
    text: wrapperXml(program, configDir),
    mode: 0o644,
  };

  return {
    name: 'service',
    async plan() {
      if (!existsSync(system.root + wrapper))
        throw new HoldpointError('settings-unusable', `${wrapper} is missing: Holdpoint's package brings it. Install the package anew.`);
      const port = await configurationStep(system);
      const now = await queried();
      if (!port && isAsWanted(system, configuration) && now !== 'absent')
        return [...(now === 'running' ? [] : [start()]), ...(await autostart())];
      return [
        {
          kind: 'run',
          says: 'Removes what the service had published',
          undo: [cmd, '/d', '/c', 'rmdir', '/s', '/q', runDir],
          undoMayFail: true,
        },
        ...(port ? [port] : []),
        configuration,
        ...(now === 'absent' ? [create()] : [run('Stops the service as it was', [sc, 'stop', NAME])]),
        run('Says what it is', [sc, 'description', NAME, 'Holds risky actions of AI agents until policy or a person releases them.']),
        // Three times at once, and then every minute; after ten quiet minutes it counts anew.
        run('Has it started again whenever it ends', [
          sc,
          'failure',
          NAME,
          'reset=',
          '600',
          'actions=',
          'restart/250/restart/1000/restart/60000',
        ]),
        run('Also where it ends by a fault of its own', [sc, 'failureflag', NAME, '1']),
        ...folder(dataDir, [`${user}:(OI)(CI)M`]),
        ...folder(runDir, [`${user}:(OI)(CI)M`, `${USERS}:(OI)(CI)RX`]),
        run('Lets nobody but administrators change its configuration', [
          icacls,
          configDir,
          '/inheritance:r',
          '/grant:r',
          `${SYSTEM}:(OI)(CI)F`,
          `${ADMINISTRATORS}:(OI)(CI)F`,
          `${USERS}:(RX)`,
          `${user}:(OI)(CI)RX`,
        ]),
        start(),
        ...(await autostart()),
      ];
    },
    async status() {
      return [stateOf(await queried()), fileState()];
    },
  };

  function create(): Step {
    return {
      kind: 'run',
      says: 'Makes the service',
      command: [sc, 'create', NAME, 'binPath=', `"${wrapper}"`, 'start=', 'auto', 'obj=', user, 'DisplayName=', NAME],
      undo: [sc, 'delete', NAME],
    };
  }

  function start(): Step {
    return { kind: 'run', says: 'Starts the service', command: [sc, 'start', NAME], undo: [sc, 'stop', NAME], undoMayFail: true };
  }

  function folder(path: string, grants: readonly string[]): readonly Step[] {
    return [
      // Where it is there, nothing happens; and no quotes that one program would pass on to the next otherwise than it got them.
      run(`Makes ${path}`, [
        powershell,
        '-NoProfile',
        '-NonInteractive',
        '-Command',
        `New-Item -ItemType Directory -Force -Path ${quoted(path, 'win32')}`,
      ]),
      run(`Lets nobody else into ${path}`, [
        icacls,
        path,
        '/inheritance:r',
        '/grant:r',
        `${SYSTEM}:(OI)(CI)F`,
        `${ADMINISTRATORS}:(OI)(CI)F`,
        ...grants,
      ]),
    ];
  }

  /** https://learn.microsoft.com/windows/win32/setupapi/run-and-runonce-registry-keys */
  async function autostart(): Promise<readonly Step[]> {
    if (!existsSync(system.root + app)) return [];
    const { code, out } = await system.run(reg, ['query', RUN_KEY, '/v', NAME]);
    if (code === 0 && out.includes(`"${app}"`)) return [];
    return [
      {
        kind: 'run',
        says: 'Starts the app with each log-on',
        command: [reg, 'add', RUN_KEY, '/v', NAME, '/t', 'REG_SZ', '/d', `"${app}"`, '/f'],
        undo: [reg, 'delete', RUN_KEY, '/v', NAME, '/f'],
        undoMayFail: true,
      },
    ];
  }

  /** Numbers are the same in all languages: https://learn.microsoft.com/windows/win32/api/winsvc/ns-winsvc-service_status */
  async function queried(): Promise<'absent' | 'running' | 'down'> {
    const { code, out } = await system.run(sc, ['query', NAME]);
    if (code !== 0) return 'absent';
    return /:\s*4\s+\S/.test(out) ? 'running' : 'down';
  }

  function fileState(): PartState {
    const what = 'what it starts';
    if (isAsWanted(system, configuration)) return { what, state: 'yes', says: '' };
    return {
      what,
      state: 'partly',
      says: `${configuration.file} is not as this version writes it. Write it with: holdpoint service install`,
    };
  }
}

function run(says: string, command: ToolCall): Step {
  return { kind: 'run', says, command };
}

function stateOf(now: 'absent' | 'running' | 'down'): PartState {
  const what = 'the service';
  if (now === 'running') return { what, state: 'yes', says: '' };
  if (now === 'absent') return { what, state: 'no', says: 'It is not installed. Install it with: holdpoint service install' };
  return { what, state: 'no', says: 'It does not run. See: sc.exe query Holdpoint, and the log in C:\\ProgramData\\Holdpoint' };
}

/** Restarts are the Service Control Manager's: WinSW ends with the engine. */
export function wrapperXml({ node, script }: Program, configDir: string): string {
  const text = (value: string) => value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<service>
  <id>${NAME}</id>
  <name>${NAME}</name>
  <description>Holds risky actions of AI agents until policy or a person releases them.</description>
  <executable>${text(node)}</executable>
  <arguments>"${text(script)}" engine --service</arguments>
  <stoptimeout>15 sec</stoptimeout>
  <stopparentprocessfirst>false</stopparentprocessfirst>
  <logpath>${text(`${configDir}\\engine`)}</logpath>
  <log mode="roll-by-size">
    <sizeThreshold>5120</sizeThreshold>
    <keepFiles>2</keepFiles>
  </log>
</service>
`;
}
