/** What of the machine is at odds with the guard, on folders that stand for it and with recorded outputs of its tools. */

import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Status } from '../../../main/contract/control.ts';
import { openCertificateAuthority } from '../../../main/engine/certificates/authority.ts';
import { openKeystore } from '../../../main/engine/certificates/keystore.ts';
import { clockCheck } from '../../../native-config/doctor/clock.ts';
import type { DoctorContext, GuardHere } from '../../../native-config/doctor/context.ts';
import { machineChecks } from '../../../native-config/doctor/machine.ts';
import { shellEnvironment } from '../../../native-config/doctor/shell-env.ts';
import type { Part, PartState } from '../../../native-config/part.ts';
import { thisSystem } from '../../../native-config/system.ts';
import { context, folder, resultOf } from './support.ts';

async function anAuthority(): Promise<string> {
  const dir = folder();
  const keystore = openKeystore({ dir, system: undefined });
  return (await openCertificateAuthority({ dir, keystore, crlUrl: () => 'http://127.0.0.1:9/none.crl' })).certificatePem;
}

const guardWith = (caPem: string): GuardHere => ({ proxyUrl: 'http://127.0.0.1:4711', caFile: '/none', dataDir: '/none', caPem });

function system(change: Partial<DoctorContext['system']> = {}) {
  return { ...thisSystem(), platform: 'linux' as const, ...change };
}

describe('the system’s store of certificates', () => {
  const found = (root: string, caPem: string) =>
    resultOf(
      machineChecks({ context: context({ guard: guardWith(caPem), system: system({ root }) }), parts: [], proc: '/none' }),
      'machine.store',
    );

  it('is well with this guard’s certificate, and without any', async () => {
    const [root, ours] = [folder(), await anAuthority()];
    expect(await found(root, ours)).toMatchObject({ state: 'absent' });
    mkdirSync(`${root}/usr/local/share/ca-certificates`, { recursive: true });
    writeFileSync(`${root}/usr/local/share/ca-certificates/holdpoint.crt`, ours);
    expect(await found(root, ours)).toMatchObject({ state: 'ok' });
  });

  it('tells of another guard’s certificate, wherever a distribution puts it, and of no company’s', async () => {
    const [root, ours, older] = [folder(), await anAuthority(), await anAuthority()];
    const anchors = `${root}/etc/pki/ca-trust/source/anchors`;
    mkdirSync(join(anchors, 'a-folder'), { recursive: true });
    writeFileSync(join(anchors, 'older.pem'), older);
    writeFileSync(join(anchors, 'rubbish.pem'), '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----');
    const { state, says, fix } = await found(root, ours);
    expect(state).toBe('warning');
    expect(says).toContain(join(anchors, 'older.pem'));
    expect(says).not.toContain('rubbish');
    expect(fix).toMatchObject({ root: true, repairs: false });
  });
});

describe('the desktop’s proxy', () => {
  /** As `gsettings list-recursively org.gnome.system.proxy` of GNOME 43 writes it. */
  const settings = (mode: string, url: string, host: string, port: number) =>
    [
      `org.gnome.system.proxy autoconfig-url '${url}'`,
      "org.gnome.system.proxy ignore-hosts ['localhost', '127.0.0.0/8', '::1']",
      `org.gnome.system.proxy mode '${mode}'`,
      'org.gnome.system.proxy use-same-proxy true',
      `org.gnome.system.proxy.https host '${host}'`,
      `org.gnome.system.proxy.https port ${port}`,
    ].join('\n');

  it.each([
    ['none', settings('none', '', '', 0), 'absent', /None is set/],
    ['the guard’s script', settings('auto', 'http://127.0.0.1:4711/holdpoint.pac', '', 0), 'ok', /leads providers/],
    [
      'another script',
      settings('auto', 'http://wpad.corp/wpad.dat', '', 0),
      'warning',
      /led to http:\/\/wpad\.corp\/wpad\.dat, past the guard/,
    ],
    ['the guard by hand', settings('manual', '', '127.0.0.1', 4711), 'ok', /leads to the guard/],
    ['another by hand', settings('manual', '', 'proxy.corp', 8080), 'warning', /proxy\.corp:8080/],
  ])('%s', async (_name, output, state, says) => {
    const bin = folder();
    writeFileSync(join(bin, 'settings'), output);
    writeFileSync(join(bin, 'gsettings'), `#!/bin/sh\n/bin/cat ${join(bin, 'settings')}\n`);
    chmodSync(join(bin, 'gsettings'), 0o755);
    const checks = machineChecks({
      context: context({ guard: guardWith(''), system: system({ env: { PATH: bin } }) }),
      parts: [],
      proc: '/none',
    });
    expect(await resultOf(checks, 'machine.desktop-proxy')).toMatchObject({ state, says });
  });

  it('is not there on a machine without GNOME’s settings', async () => {
    const checks = machineChecks({ context: context({ system: system({ env: { PATH: folder() } }) }), parts: [], proc: '/none' });
    expect(await resultOf(checks, 'machine.desktop-proxy')).toMatchObject({ state: 'absent' });
  });
});

describe('what is set up for all users', () => {
  const part = (...states: PartState[]): Part => ({ name: 'trust', plan: async () => [], status: async () => states });
  const found = (given: Part, mode: DoctorContext['mode']) =>
    resultOf(
      machineChecks({ context: context({ guard: guardWith(''), mode, system: system() }), parts: [given], proc: '/none' }),
      'machine.trust',
    );
  const missing = { what: 'the system’s store', state: 'no', says: 'It does not hold the certificate.' } as const;

  it('is as the part itself finds it', async () => {
    expect(await found(part({ what: 'the store', state: 'yes', says: '' }), 'service')).toMatchObject({ state: 'ok', says: 'the store.' });
    expect(await found(part(missing), 'service')).toMatchObject({
      state: 'problem',
      says: 'the system’s store: It does not hold the certificate.',
      fix: { root: true, command: 'sudo holdpoint install --yes' },
    });
    expect(await found(part({ ...missing, state: 'partly' }), 'own')).toMatchObject({ state: 'problem' });
  });

  it('is not missed on a person’s own machine that was never set up as a whole', async () => {
    expect(await found(part(missing), 'own')).toMatchObject({ state: 'absent' });
  });

  it('that cannot be asked is not known', async () => {
    const broken: Part = { ...part(), status: () => Promise.reject(new Error('The store is locked.')) };
    expect(await found(broken, 'service')).toMatchObject({ state: 'unknown', says: /The store is locked/ });
  });
});

it.each(['main/cli/holdpoint.ts', 'main/cli/holdpoint.js'])('a second engine is told with its process: %s', async (program) => {
  const proc = folder();
  const own = join(proc, '88');
  mkdirSync(join(own, 'task'), { recursive: true });
  writeFileSync(join(own, 'stat'), `88 (node) S 1 ${'0 '.repeat(17)}5 0\n`);
  writeFileSync(join(own, 'cmdline'), `/usr/bin/node\0/opt/x/${program}\0engine\0--data-dir\0/other\0`);
  symlinkSync('/usr/bin/node', join(own, 'exe'));
  symlinkSync('/', join(own, 'cwd'));
  const checks = (uid: number) => machineChecks({ context: context({ guard: guardWith(''), system: system({ uid }) }), parts: [], proc });
  expect(await resultOf(checks(1000), 'machine.second-engine')).toMatchObject({ state: 'warning', says: /process 88/ });
  // Root sees those of other users, which are theirs to have.
  expect(await resultOf(checks(0), 'machine.second-engine')).toMatchObject({ state: 'unknown', says: /process 88/ });
});

describe('the clock', () => {
  async function found(now: string, more: { happened?: string[]; serverSays?: string } = {}) {
    const server = createServer((_request, response) => {
      response.sendDate = false;
      response.writeHead(404, more.serverSays === undefined ? {} : { Date: new Date(more.serverSays).toUTCString() }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const status = { fleet: { url } } as Status;
    const check = clockCheck(context({ status, system: system({ env: { PATH: folder() } }) }), {
      now: () => new Date(now),
      happened: more.happened ?? [],
    });
    return resultOf([check], 'engine.clock');
  }

  it('is as the fleet’s server has it, or by how much it is not', async () => {
    expect(await found('2026-05-20T12:00:00Z', { serverSays: '2026-05-20T12:01:00Z' })).toMatchObject({ state: 'ok' });
    const behind = await found('2026-05-20T12:00:00Z', { serverSays: '2026-05-20T12:30:00Z' });
    expect(behind).toMatchObject({ state: 'problem', says: /30 min behind/, fix: { root: true } });
  });

  it('is wrong where it is before what has happened', async () => {
    const early = await found('2026-05-20T12:00:00Z', { happened: ['2026-05-21T09:00:00Z'] });
    expect(early).toMatchObject({ state: 'problem', says: /2026-05-21T09:00:00/ });
  });

  it('is not known where nobody tells the time', async () => {
    expect(await found('2026-05-20T12:00:00Z')).toMatchObject({ state: 'unknown' });
  });
});

describe('a shell that is opened now', () => {
  const asked = (shell: string, home: string) => shellEnvironment(system({ home, env: { SHELL: shell, USER: 'mara', SECRET: 'x' } }));

  it('says what its profile sets of proxies and certificates, whatever else it writes, and nothing else is kept', async () => {
    const home = folder();
    writeFileSync(
      join(home, '.bash_profile'),
      'echo welcome HTTPS_PROXY=no\nexport https_proxy=http://a:1 TOKEN=secret\nexport NO_PROXY=x\n',
    );
    const env = await asked('/bin/bash', home);
    expect(env).toMatchObject({ https_proxy: 'http://a:1', NO_PROXY: 'x' });
    expect(Object.keys(env ?? {}).sort()).toEqual(['NO_PROXY', 'PATH', 'https_proxy']);
  });

  it('is not asked where there is none, and not believed where it does not answer', async () => {
    expect(await asked('bash', folder())).toBeUndefined();
    expect(await asked('/nowhere/zsh', folder())).toBeUndefined();
    const [bin, home] = [folder(), folder()];
    writeFileSync(join(bin, 'sh'), '#!/bin/sh\nexit 0\n');
    chmodSync(join(bin, 'sh'), 0o755);
    expect(await asked(join(bin, 'sh'), home)).toBeUndefined();
  });
});
