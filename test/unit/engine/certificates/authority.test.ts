import { execFile } from 'node:child_process';
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer } from 'node:tls';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type CertificateAuthority, openCertificateAuthority } from '../../../../main/engine/certificates/authority.ts';
import { type Keystore, openKeystore } from '../../../../main/engine/certificates/keystore.ts';
import { authorityCertificate, pem } from '../../../../main/engine/certificates/x509.ts';

const run = promisify(execFile);
const DAY_MS = 86400_000;
const CRL_URL = 'http://127.0.0.1:7777/holdpoint.crl';

async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'holdpoint-ca-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

function open(dir: string, options: { keystore?: Keystore; now?: () => Date } = {}): Promise<CertificateAuthority> {
  return openCertificateAuthority({ dir, keystore: openKeystore({ dir, system: undefined }), crlUrl: () => CRL_URL, ...options });
}

/** The certificate that a client is shown for a host. */
async function shown(authority: CertificateAuthority, host: string): Promise<X509Certificate> {
  const server = createServer({ SNICallback: (_name, done) => done(null, authority.contextFor(host)) });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const socket = connect({
    port: (server.address() as AddressInfo).port,
    host: '127.0.0.1',
    servername: 'any.test',
    rejectUnauthorized: false,
  });
  await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
  const certificate = socket.getPeerX509Certificate()!;
  socket.destroy();
  server.close();
  return certificate;
}

describe('the certificate authority', () => {
  it('is made at first start and is the same at the next', async () => {
    const dir = await folder();
    const first = await open(dir);
    const second = await open(dir);
    expect(second.certificatePem).toBe(first.certificatePem);
    expect(first.caFile).toBe(join(dir, 'ca.pem'));
    expect(first.keys).toBe('unprotected');
    const certificate = new X509Certificate(first.certificatePem);
    expect(certificate.ca).toBe(true);
    expect(certificate.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
    if (process.platform !== 'win32') expect((await stat(join(dir, 'ca.key'))).mode & 0o777).toBe(0o600);
    expect((await readdir(dir)).sort()).toEqual(['ca.key', 'ca.pem']);
  });

  it('tells its end and its fingerprint as other programs read them from its file', async () => {
    const authority = await open(await folder());
    const { stdout } = await run('openssl', ['x509', '-in', authority.caFile, '-noout', '-fingerprint', '-sha256', '-enddate']);
    expect(stdout).toContain(`Fingerprint=${authority.fingerprint}`);
    expect(new Date(/notAfter=(.*)/.exec(stdout)![1]!)).toEqual(authority.notAfter);
  });

  it('differs from folder to folder', async () => {
    expect((await open(await folder())).certificatePem).not.toBe((await open(await folder())).certificatePem);
  });

  it('leaves no key on disk where there is a keystore', async () => {
    const dir = await folder();
    const kept = new Map<string, string>();
    const system = {
      get: async (account: string) => kept.get(account),
      set: async (account: string, value: string) => void kept.set(account, value),
    };
    const authority = await open(dir, { keystore: openKeystore({ dir, system }) });
    expect(authority.keys).toBe('keystore');
    expect(await readdir(dir)).toEqual(['ca.pem']);
    expect((await open(dir, { keystore: openKeystore({ dir, system }) })).certificatePem).toBe(authority.certificatePem);
  });

  const otherKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const selfMade = (days: number) => {
    const { publicKey, privateKey } = otherKey();
    return {
      certificate: pem('CERTIFICATE', authorityCertificate({ commonName: 'x', publicKey, privateKey, days, now: new Date() })),
      key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    };
  };

  it.each<[string, (dir: string) => Promise<void>, RegExp]>([
    ['garbage', (dir) => writeFile(join(dir, 'ca.pem'), 'garbage'), /ca\.pem is not a certificate\. Restore .* trust install/],
    ['an empty file', (dir) => writeFile(join(dir, 'ca.pem'), ''), /ca\.pem is not a certificate/],
    [
      'a key of another certificate',
      (dir) => writeFile(join(dir, 'ca.key'), selfMade(1).key),
      /ca\.pem does not belong to the private key in .*ca\.key/,
    ],
    ['a key that is garbage', (dir) => writeFile(join(dir, 'ca.key'), 'garbage'), /private key that cannot be read, in .*ca\.key/],
    ['no key', (dir) => rm(join(dir, 'ca.key')), /has no private key.*unlock/],
    ['a key that others can read', (dir) => chmod(join(dir, 'ca.key'), 0o640), /ca\.key can be read by other users\. .*chmod 600/],
    ['a certificate that others can change', (dir) => chmod(join(dir, 'ca.pem'), 0o666), /ca\.pem can be changed by other users/],
    [
      'a symbolic link',
      async (dir) => {
        await rename(join(dir, 'ca.key'), join(dir, 'elsewhere'));
        await symlink(join(dir, 'elsewhere'), join(dir, 'ca.key'));
      },
      /ca\.key is a symbolic link/,
    ],
    [
      'an expired certificate',
      async (dir) => {
        const { certificate, key } = selfMade(-0.5);
        await writeFile(join(dir, 'ca.pem'), certificate);
        await writeFile(join(dir, 'ca.key'), key);
      },
      /ca\.pem expired on/,
    ],
    ['a file that is far too long', (dir) => writeFile(join(dir, 'ca.pem'), 'x'.repeat(2_000_000)), /ca\.pem is too long/],
  ])('that is %s is refused with the file and what to do, and stays as it is', async (_name, spoil, message) => {
    const dir = await folder();
    await open(dir);
    await spoil(dir);
    const before = await readFile(join(dir, 'ca.pem'));
    await expect(open(dir)).rejects.toMatchObject({ code: 'ca-invalid', message: expect.stringMatching(message) });
    expect((await readFile(join(dir, 'ca.pem'))).equals(before)).toBe(true);
  });

  it('that is somebody’s server certificate is refused', async () => {
    const dir = await folder();
    const authority = await open(dir);
    await writeFile(join(dir, 'ca.pem'), pem('CERTIFICATE', (await shown(authority, 'a.test')).raw));
    await expect(open(dir)).rejects.toMatchObject({
      code: 'ca-invalid',
      message: expect.stringMatching(/not the certificate of an authority/),
    });
  });
});

describe('certificates for hosts', () => {
  it.each([
    ['api.anthropic.com', 'DNS:api.anthropic.com'],
    ['a_b.example.com', 'DNS:a_b.example.com'],
    ['xn--bcher-kva.example', 'DNS:xn--bcher-kva.example'],
    [`${'long-label.'.repeat(10)}example`, `DNS:${'long-label.'.repeat(10)}example`],
    ['192.0.2.7', 'IP Address:192.0.2.7'],
    ['2001:db8::1', 'IP Address:2001:DB8:0:0:0:0:0:1'],
    ['::1', 'IP Address:0:0:0:0:0:0:0:1'],
  ])('for %s are right for openssl’s strict check, with the revocation list too', async (host, name) => {
    const dir = await folder();
    const authority = await open(dir);
    const certificate = await shown(authority, host);
    expect(certificate.subjectAltName).toBe(name);
    expect(certificate.checkIssued(new X509Certificate(authority.certificatePem))).toBe(true);
    const crl = pem('X509 CRL', authority.revocationList());
    await writeFile(join(dir, 'leaf.pem'), certificate.toString());
    await writeFile(join(dir, 'list.pem'), crl);
    const checks = ['-x509_strict', '-crl_check', '-CRLfile', join(dir, 'list.pem'), '-purpose', 'sslserver', '-CAfile', authority.caFile];
    const named = /^[\d.]+$|:/.test(host) ? ['-verify_ip', host] : ['-verify_hostname', host];
    const { stdout } = await run('openssl', ['verify', ...checks, ...named, join(dir, 'leaf.pem')]);
    expect(stdout).toMatch(/leaf\.pem: OK/);
  });

  it('have the fields that strict clients ask for', async () => {
    const dir = await folder();
    const authority = await open(dir);
    const leaf = await shown(authority, 'api.anthropic.com');
    await writeFile(join(dir, 'leaf.pem'), leaf.toString());
    const text = async (file: string) => (await run('openssl', ['x509', '-in', file, '-noout', '-text'])).stdout;
    const [ca, server] = await Promise.all([text(authority.caFile), text(join(dir, 'leaf.pem'))]);
    const keyId = (of: string, label: string) => new RegExp(`${label} Key Identifier: *\\n\\s+(\\S+)`).exec(of)?.[1];
    expect(keyId(server, 'Authority')).toBe(keyId(ca, 'Subject'));
    expect(keyId(server, 'Subject')).not.toBe(keyId(ca, 'Subject'));
    expect(keyId(ca, 'Authority')).toBe(keyId(ca, 'Subject'));
    expect(ca).toMatch(/Basic Constraints: critical\s+CA:TRUE, pathlen:0/);
    expect(ca).toMatch(/Key Usage: critical\s+Certificate Sign, CRL Sign\n/);
    expect(server).toMatch(/Extended Key Usage: *\n\s+TLS Web Server Authentication\n/);
    expect(server).toContain(`URI:${CRL_URL}`);
    expect(leaf.serialNumber).toMatch(/^[4-7][0-9A-F]{31}$/);
    const days = (leaf.validToDate.getTime() - leaf.validFromDate.getTime()) / DAY_MS;
    expect(days).toBeLessThanOrEqual(45);
    expect(leaf.validFromDate.getTime()).toBeLessThan(Date.now() - 0.9 * DAY_MS);
  });

  it('are minted once and kept, and anew before they expire', async () => {
    let now = new Date();
    const authority = await open(await folder(), { now: () => now });
    const first = authority.contextFor('a.test');
    expect(authority.contextFor('a.test')).toBe(first);
    now = new Date(now.getTime() + 42 * DAY_MS);
    expect(authority.contextFor('a.test')).toBe(first);
    now = new Date(now.getTime() + 2 * DAY_MS);
    expect(authority.contextFor('a.test')).not.toBe(first);
  });

  it('are kept for 256 hosts, the latest used', async () => {
    const authority = await open(await folder());
    const kept = authority.contextFor('kept.test');
    const lost = authority.contextFor('lost.test');
    for (let i = 0; i < 255; i++) {
      authority.contextFor(`h${i}.test`);
      authority.contextFor('kept.test');
    }
    expect(authority.contextFor('kept.test')).toBe(kept);
    expect(authority.contextFor('lost.test')).not.toBe(lost);
  });

  it('never outlive their authority', async () => {
    const dir = await folder();
    const { notAfter } = await open(dir);
    const late = new Date(notAfter.getTime() - 5 * DAY_MS);
    const authority = await open(dir, { now: () => late });
    expect((await shown(authority, 'a.test')).validToDate.getTime()).toBe(notAfter.getTime());
  });
});
