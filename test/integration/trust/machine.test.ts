/** On a copy of this very machine: what really trusts a server of ours once it is installed, and what is left when it is removed. */

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CertificateAuthority, openCertificateAuthority } from '../../../main/engine/certificates/authority.ts';
import { openKeystore } from '../../../main/engine/certificates/keystore.ts';
import type { PartState } from '../../../native-config/part.ts';
import { CLI } from '../../support/guard-process.ts';
import { FEW_ROOTS, type MachineCopy, openMachineCopy } from '../../support/machine-copy.ts';

const ANCHOR = '/usr/local/share/ca-certificates/holdpoint.crt';
const BUNDLE = '/etc/ssl/certs/ca-certificates.crt';
/** What an install may touch: names, rights, links, and bytes. */
const PICTURE = `find /etc /usr/local/share/ca-certificates \
     -type f -printf '%p %m ' -exec sha256sum {} + -o -type l -printf '%p -> %l\\n' -o -type d -printf '%p %m\\n' 2>/dev/null | sort`;

let folder: string;
let authority: CertificateAuthority;
let older: CertificateAuthority;
let server: Server;
let url: string;
let copy: MachineCopy;
let before: { picture: string; nss: string };

const isRoot = process.getuid?.() === 0;
const cli = (...args: string[]) => copy.run(process.execPath, [CLI, ...args]);
const trust = (...args: string[]) => cli('trust', ...args, '--data-dir', join(folder, 'engine'));
const statusOf = async () => (JSON.parse((await trust('status', '--json')).stdout) as { trust: PartState[] }).trust;
const picture = async () => ({
  picture: await copy.shell(PICTURE),
  nss: await copy.shell('setpriv --reuid=dev --regid=dev --clear-groups certutil -L -d sql:/home/dev/.pki/nssdb'),
});
async function authorityIn(dir: string): Promise<CertificateAuthority> {
  return openCertificateAuthority({ dir, keystore: openKeystore({ dir, system: undefined }), crlUrl: () => 'http://127.0.0.1/crl' });
}

/** Clients that read the system's store, and whether they get an answer from our server. */
const CLIENTS: Record<string, () => Promise<{ code: number }>> = {
  curl: () => copy.run('curl', ['-sS', url]),
  openssl: () =>
    copy.run('openssl', ['s_client', '-connect', new URL(url).host, '-servername', 'localhost', '-verify_return_error', '-brief']),
  'openssl with the folder alone': () =>
    copy.run('openssl', ['verify', '-no-CAfile', '-CApath', '/etc/ssl/certs', join(folder, 'engine/ca.pem')]),
  python: () => copy.run('python3', ['-c', `import urllib.request; urllib.request.urlopen('${url}')`]),
  // An empty answer is an empty repository, to git.
  git: () => copy.run('git', ['ls-remote', url]),
  'Node with --use-openssl-ca': () => node(['--use-openssl-ca'], {}),
  'Node with --use-system-ca': () => node(['--use-system-ca'], {}),
  'Node with NODE_EXTRA_CA_CERTS': () => node([], { NODE_EXTRA_CA_CERTS: ANCHOR }),
};

function node(flags: readonly string[], env: Record<string, string>) {
  const script = `require('https').get('${url}', (answer) => process.exit(0)).on('error', () => process.exit(1))`;
  return copy.run(process.execPath, [...flags, '-e', script], { env });
}

async function trusting(): Promise<string[]> {
  const answers = await Promise.all(Object.entries(CLIENTS).map(async ([name, ask]) => ((await ask()).code === 0 ? [name] : [])));
  return answers.flat();
}

describe.skipIf(!isRoot)('trust on this machine', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'holdpoint-trust-'));
    authority = await authorityIn(join(folder, 'engine'));
    older = await authorityIn(join(folder, 'older'));
    const SNICallback: NonNullable<Parameters<typeof createServer>[0]>['SNICallback'] = (_name, done) =>
      done(null, authority.contextFor('localhost'));
    server = createServer({ SNICallback }, (_request, response) => response.writeHead(200).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `https://localhost:${(server.address() as AddressInfo).port}/`;
    copy = await openMachineCopy();
    // A person with an NSS database, two browsers by their signs, links as the system makes them, and no Java.
    await copy.shell(`
      useradd --create-home dev
      mkdir -p /home/dev/.pki/nssdb /opt/google/chrome
      certutil -N -d sql:/home/dev/.pki/nssdb --empty-password && chown -R dev: /home/dev/.pki
      touch /usr/bin/firefox-esr
      rm -rf /usr/lib/jvm /etc/ca-certificates/update.d/jks-keystore
      ${FEW_ROOTS}`);
    before = await picture();
  }, 120_000);
  afterAll(async () => {
    await copy?.[Symbol.asyncDispose]();
    server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is refused by every client at first, and status says where', async () => {
    expect(await trusting()).toEqual([]);
    const states = await statusOf();
    expect(states.map(({ state }) => state)).not.toContain('yes');
    expect(states.map(({ what }) => what)).toEqual(
      expect.arrayContaining(['the system’s certificate store', 'Chrome’s policies', 'Firefox’s policies']),
    );
  });

  it('says what it would do, and does nothing without a yes', async () => {
    const { code, stdout, stderr } = await trust('install');
    expect(stdout).toContain(`SHA-256 ${authority.fingerprint}): ${ANCHOR}`);
    expect(stdout).toContain('update-ca-certificates');
    expect([code, stderr]).toEqual([2, expect.stringContaining('--yes')]);
    expect(await picture()).toEqual(before);
  });

  it('is believed by every client once installed; and a second time there is nothing to do', async () => {
    const { code, stdout, stderr } = await trust('install', '--yes');
    expect([code, stderr], stdout).toEqual([0, '']);
    expect(await trusting()).toEqual(Object.keys(CLIENTS));
    expect((await statusOf()).filter(({ state }) => state !== 'yes')).toEqual([]);
    expect((await trust('install', '--yes')).stdout).toContain('Nothing to do');
    const policies = JSON.parse(await copy.shell('cat /etc/firefox/policies/policies.json')) as unknown;
    expect(policies).toEqual({ policies: { Certificates: { Install: ['/etc/firefox/policies/holdpoint.crt'] } } });
    expect(await copy.shell('stat -c %U:%a /home/dev/.pki/nssdb/cert9.db')).toBe('dev:600\n');
  }, 120_000);

  it('tells when somebody takes it away by hand', async () => {
    const store = async () => (await statusOf()).find(({ what }) => what === 'the system’s certificate store')?.state;
    await copy.shell(`cp ${BUNDLE} /root/bundle && : > ${BUNDLE}`);
    expect(await store()).toBe('partly');
    await copy.shell('rm /etc/ssl/certs/holdpoint.pem');
    expect(await store()).toBe('no');
    await copy.shell(`ln -s ${ANCHOR} /etc/ssl/certs/holdpoint.pem && cat /root/bundle > ${BUNDLE}`);
    expect(await store()).toBe('yes');
  }, 120_000);

  it('is refused again once removed, also in a browser’s profile that was made meanwhile, and all is as before', async () => {
    // What Firefox does with its policy in a new profile.
    await copy.shell(`setpriv --reuid=dev --regid=dev --clear-groups sh -ec '
      cd /home/dev; mkdir -p .mozilla/firefox/new.default; certutil -N -d sql:.mozilla/firefox/new.default --empty-password
      certutil -A -a -n "Holdpoint on elsewhere - Holdpoint" -t CT,CT, -d sql:.mozilla/firefox/new.default' < ${ANCHOR}`);
    const { code, stdout, stderr } = await trust('remove', '--yes');
    expect([code, stderr], stdout).toEqual([0, '']);
    expect(stdout).toContain('Taken back.');
    expect(await trusting()).toEqual([]);
    expect(await picture()).toEqual(before);
    expect(await copy.shell('certutil -L -d sql:/home/dev/.mozilla/firefox/new.default')).not.toContain('Holdpoint');
    expect((await trust('remove', '--yes')).stdout).toContain('nothing was changed here');
  }, 120_000);

  it('replaces an authority that an older install has left, everywhere, and does not bring it back', async () => {
    await copy.shell(`cp ${older.caFile} ${ANCHOR} && update-ca-certificates
      setpriv --reuid=dev --regid=dev --clear-groups certutil -A -a -n "Holdpoint on old" -t C,, -d sql:/home/dev/.pki/nssdb < ${older.caFile}`);
    const { stdout } = await trust('install', '--yes');
    expect(stdout).toMatch(/Removes an older authority of Holdpoint from the system’s certificate store, for good/);
    expect((await statusOf()).filter(({ state }) => state !== 'yes')).toEqual([]);
    expect((await copy.run('openssl', ['verify', '-CAfile', BUNDLE, older.caFile])).code).not.toBe(0);
    expect(await trusting()).toEqual(Object.keys(CLIENTS));
    await trust('remove', '--yes');
    expect(await picture()).toEqual(before);
  }, 120_000);

  it('leaves alone what an administrator has put there by hand', async () => {
    await copy.shell(`cp ${authority.caFile} /usr/local/share/ca-certificates/by-hand.crt && update-ca-certificates`);
    const { stdout } = await trust('install', '--yes');
    expect(stdout).not.toContain(ANCHOR);
    await trust('remove', '--yes');
    expect((await copy.run('curl', ['-sS', url])).code).toBe(0);
    await copy.shell('rm /usr/local/share/ca-certificates/by-hand.crt && update-ca-certificates --fresh');
  }, 120_000);
});
