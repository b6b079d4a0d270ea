/** A machine put behind the guard and taken back, with parts that stand for those of real systems. */

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installParts, removeParts } from '../../../main/cli/install.ts';
import type { Io } from '../../../main/cli/io.ts';
import type { Machine } from '../../../main/cli/machine-setup.ts';
import { partCommand } from '../../../main/cli/part-command.ts';
import type { GuardOfMachine, Part, PartName } from '../../../native-config/part.ts';
import { PART_NAMES } from '../../../native-config/parts.ts';
import { pending } from '../../../native-config/steps/perform.ts';
import type { Step } from '../../../native-config/steps/step.ts';
import type { System } from '../../../native-config/system.ts';

const GUARD: GuardOfMachine = { proxyUrl: 'http://127.0.0.1:18377', caPem: 'CERTIFICATE' };

let root: string;
let ran: string[];
let fails: string | undefined;
let serves: boolean;
let system: System;
let machine: Machine;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'holdpoint-install-'));
  mkdirSync(join(root, 'etc'));
  [ran, fails, serves] = [[], undefined, false];
  const run: System['run'] = async (program, args) => {
    const line = [program, ...args].join(' ');
    ran.push(line);
    if (line === 'start service') serves = true;
    return line === fails ? { code: 1, out: '', err: 'no' } : { code: 0, out: '', err: '' };
  };
  system = { platform: 'linux', root, home: '/root', env: {}, uid: 0, run };
  machine = {
    system,
    parts: [part('service'), part('trust'), part('proxy')],
    published: () => (serves ? GUARD : undefined),
    serving: async () => (serves ? GUARD : undefined),
    whenServing: async () => GUARD,
  };
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Writes a file, and starts something by a tool. */
function part(name: PartName): Part {
  const file = `/etc/${name}.conf`;
  return {
    name,
    async plan({ proxyUrl }) {
      const text = name === 'service' ? 'unit' : proxyUrl;
      const steps: Step[] = [
        { kind: 'write', says: `Writes ${name}`, file, text, mode: 0o644 },
        { kind: 'run', says: `Starts ${name}`, command: ['start', name], undo: ['stop', name] },
      ];
      return pending(system, steps).some(({ kind }) => kind === 'write') ? steps : [];
    },
    status: async () => [{ what: name, state: 'yes', says: '' }],
  };
}

function talk(): { io: Io; said: () => string } {
  const output = new PassThrough();
  const chunks: string[] = [];
  output.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  return { io: { input: new PassThrough(), output, errors: new PassThrough(), env: {} }, said: () => chunks.join('') };
}

const YES = { yes: true, json: false };
const picture = () => execFileSync('find', ['.', '-printf', '%P %m %y %s\n'], { cwd: root, encoding: 'utf8' }).split('\n').sort();

describe('holdpoint install', () => {
  it('tells each step and makes it, and uninstall takes all of it back in the reverse', async () => {
    const before = picture();
    const { io, said } = talk();
    expect(await installParts(machine, PART_NAMES, YES, io)).toBe(0);
    expect(said()).toContain('service:\n  Writes service: /etc/service.conf\n  Starts service: start service\n');
    expect(said()).toContain('Writes proxy: /etc/proxy.conf');
    expect(ran).toEqual(['start service', 'start trust', 'start proxy']);
    const again = talk();
    expect(await installParts(machine, PART_NAMES, YES, again.io)).toBe(0);
    expect(again.said()).toContain('Nothing to do');
    ran = [];
    expect(await removeParts(machine, PART_NAMES, YES, talk().io)).toBe(0);
    expect(ran).toEqual(['stop proxy', 'stop trust', 'stop service']);
    expect(picture()).toEqual(before);
  });

  it('leaves a machine as it was where a later part fails', async () => {
    const before = picture();
    fails = 'start proxy';
    const { io } = talk();
    await expect(installParts(machine, PART_NAMES, YES, io)).rejects.toThrow(
      /Starts proxy: this failed.*All that was done here has been taken back/,
    );
    expect(picture()).toEqual(before);
    expect(ran).toContain('stop service');
  });

  it('leaves a machine as it was where the service does not come up', async () => {
    const before = picture();
    machine = {
      ...machine,
      whenServing: async () => {
        throw new Error('It does not serve.');
      },
    };
    await expect(installParts(machine, PART_NAMES, YES, talk().io)).rejects.toThrow(/does not serve.*taken back/);
    expect(picture()).toEqual(before);
  });

  it('keeps what an earlier installation made where a new part fails', async () => {
    expect(await installParts(machine, ['service'], YES, talk().io)).toBe(0);
    const before = picture();
    fails = 'start trust';
    await expect(installParts(machine, PART_NAMES, YES, talk().io)).rejects.toThrow(/Starts trust/);
    expect(picture()).toEqual(before);
  });

  it('changes nothing where nobody can be asked', async () => {
    const before = picture();
    const { io, said } = talk();
    await expect(installParts(machine, PART_NAMES, { yes: false, json: false }, io)).rejects.toThrow(/add --yes/);
    expect(said()).toContain('Writes service');
    expect(picture()).toEqual(before);
  });

  it('is for root', async () => {
    machine = { ...machine, system: { ...system, uid: 1000 } };
    await expect(installParts(machine, PART_NAMES, YES, talk().io)).rejects.toThrow(/only root may do/);
    await expect(removeParts(machine, PART_NAMES, YES, talk().io)).rejects.toThrow(/only root may do/);
  });

  it('puts nothing behind a guard that does not serve', async () => {
    await expect(installParts(machine, ['proxy'], YES, talk().io)).rejects.toThrow(/No service guards this machine yet/);
  });

  it('tells programs what it did', async () => {
    const { io, said } = talk();
    expect(await installParts(machine, PART_NAMES, { yes: true, json: true }, io)).toBe(0);
    expect(JSON.parse(said())).toMatchObject({ done: true, planned: [{ part: 'service' }, { part: 'trust' }, { part: 'proxy' }] });
  });
});

describe('holdpoint uninstall', () => {
  it('does not take the service away from under what leads to it', async () => {
    await installParts(machine, PART_NAMES, YES, talk().io);
    await expect(removeParts(machine, ['service'], YES, talk().io)).rejects.toThrow(/still led to the guard: trust, proxy/);
  });

  it('says what others have changed, and leaves that', async () => {
    await installParts(machine, PART_NAMES, YES, talk().io);
    writeFileSync(join(root, 'etc/trust.conf'), 'theirs');
    const { io, said } = talk();
    expect(await removeParts(machine, PART_NAMES, YES, io)).toBe(0);
    expect(said()).toContain('! /etc/trust.conf was changed by somebody else and stays as it is.');
  });

  it('has nothing to do where nothing was made', async () => {
    const { io, said } = talk();
    expect(await removeParts(machine, PART_NAMES, YES, io)).toBe(0);
    expect(said()).toContain('Nothing to do');
  });
});

describe('a part by itself', () => {
  it('tells how it is, and fails where it is not so', async () => {
    const { io, said } = talk();
    expect(await partCommand('trust', () => machine)(['status'], io)).toBe(1);
    expect(said()).toContain('There is no service on this machine');
    await partCommand('service', () => machine)(['install', '--yes'], talk().io);
    const later = talk();
    expect(await partCommand('trust', () => machine)(['status', '--json'], later.io)).toBe(0);
    expect(JSON.parse(later.said())).toEqual({ part: 'trust', states: [{ what: 'trust', state: 'yes', says: '' }] });
  });

  it('refuses what it does not know', async () => {
    await expect(partCommand('trust', () => machine)(['mend'], talk().io)).rejects.toThrow(/There is no trust "mend"/);
  });
});
