/** Steps on a folder that stands for a machine's root: made all or none, taken back to the byte. */

import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPerformer, pending } from '../../../../native-config/steps/perform.ts';
import type { Step, WriteStep } from '../../../../native-config/steps/step.ts';
import type { System, ToolResult } from '../../../../native-config/system.ts';

let root: string;
let ran: string[];
let answers: Record<string, ToolResult>;
let system: System;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'holdpoint-steps-'));
  mkdirSync(join(root, 'etc'));
  [ran, answers] = [[], {}];
  const run: System['run'] = async (program, args) => {
    const line = [program, ...args].join(' ');
    ran.push(line);
    return answers[line] ?? { code: 0, out: '', err: '' };
  };
  system = { platform: 'linux', root, home: '/root', env: {}, uid: 0, run };
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const JOURNAL = '/etc/holdpoint/installed.json';
const performer = () => createPerformer(system, JOURNAL);
const write = (file: string, text: string): WriteStep => ({ kind: 'write', says: `Writes ${file}`, file, text, mode: 0o644 });
const read = (file: string) => readFileSync(join(root, file), 'utf8');
/** Every file and folder with its rights and bytes. */
const picture = () => execFileSync('find', ['.', '-printf', '%P %m %y %s\n'], { cwd: root, encoding: 'utf8' }).split('\n').sort();

describe('steps', () => {
  it('are taken back to what was there, folders included', async () => {
    writeFileSync(join(root, 'etc/environment'), 'LANG=C\n');
    chmodSync(join(root, 'etc/environment'), 0o640);
    writeFileSync(join(root, 'etc/theirs'), 'of old');
    const before = picture();
    const steps: Step[] = [
      { kind: 'run', says: 'Updates the store', undo: ['update', '--fresh'] },
      write('/usr/local/share/new/ca.crt', 'certificate'),
      write('/etc/theirs', 'ours'),
      {
        kind: 'edit',
        says: 'Adds variables',
        file: '/etc/environment',
        mode: 0o644,
        edit: { kind: 'block', mark: 'proxy', lines: ['A=1'] },
      },
      { kind: 'run', says: 'Updates the store', command: ['update'] },
    ];
    await performer().make('trust', steps);
    expect(read('etc/environment')).toContain('A=1');
    expect(read('etc/theirs')).toBe('ours');
    expect(statSync(join(root, 'usr/local/share/new/ca.crt')).mode & 0o777).toBe(0o644);
    expect(performer().made()).toEqual(['trust']);
    expect(await performer().takeBack(['trust'])).toEqual([]);
    expect(picture()).toEqual(before);
    expect(read('etc/theirs')).toBe('of old');
    expect(ran).toEqual(['update', 'update --fresh']);
  });

  it('leave nothing half done where one fails, and say what failed', async () => {
    const before = picture();
    answers['enable it'] = { code: 5, out: '', err: 'no such unit' };
    const failing = performer().make('service', [
      write('/etc/unit', 'x'),
      { kind: 'run', says: 'Enables the service', command: ['enable', 'it'] },
    ]);
    await expect(failing).rejects.toThrow(/Enables the service: this failed\. enable ended with code 5: no such unit\. .*taken back/);
    expect(picture()).toEqual(before);
  });

  it('that were interrupted are taken back as well', async () => {
    const before = picture();
    const stop = new Error('killed');
    await expect(
      createPerformer({ ...system, run: () => Promise.reject(stop) }, JOURNAL).make('trust', [
        write('/etc/one', '1'),
        { kind: 'run', says: 'Runs', command: ['never'], undo: ['never', 'back'] },
      ]),
    ).rejects.toThrow('Runs');
    await performer().takeBack(['trust']);
    expect(picture()).toEqual(before);
  });

  it('made anew with other content still bring back what was there first', async () => {
    writeFileSync(join(root, 'etc/a'), 'first');
    await performer().make('proxy', [write('/etc/a', 'port 1')]);
    await performer().make('proxy', [write('/etc/a', 'port 2')]);
    await performer().takeBack(['proxy']);
    expect(read('etc/a')).toBe('first');
  });

  it('leave alone what somebody has changed since, and say so', async () => {
    await performer().make('proxy', [write('/etc/a', 'ours')]);
    writeFileSync(join(root, 'etc/a'), 'edited by hand');
    expect(await performer().takeBack(['proxy'])).toEqual(['/etc/a was changed by somebody else and stays as it is.']);
    expect(read('etc/a')).toBe('edited by hand');
  });

  it('take only their own lines out of a file that has grown', async () => {
    writeFileSync(join(root, 'etc/environment'), 'LANG=C\n');
    const edit = { kind: 'block', mark: 'proxy', lines: ['A=1'] } as const;
    await performer().make('proxy', [{ kind: 'edit', says: 'Adds', file: '/etc/environment', mode: 0o644, edit }]);
    writeFileSync(join(root, 'etc/environment'), `${read('etc/environment')}MORE=1\n`);
    await performer().takeBack(['proxy']);
    expect(read('etc/environment')).toBe('LANG=C\nMORE=1\n');
  });

  it('of one part stay when another is taken back', async () => {
    await performer().make('trust', [write('/etc/a', '1')]);
    await performer().make('proxy', [write('/etc/b', '2')]);
    await performer().takeBack(['proxy']);
    expect(performer().made()).toEqual(['trust']);
    expect(read('etc/a')).toBe('1');
  });

  it('whose file is as wanted are not pending', async () => {
    await performer().make('trust', [write('/etc/a', '1')]);
    expect(pending(system, [write('/etc/a', '1'), write('/etc/b', '2')])).toEqual([write('/etc/b', '2')]);
  });
});
