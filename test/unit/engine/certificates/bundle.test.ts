import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates } from 'node:tls';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { certificatesIn, sameCertificate, upstreamRoots, writeTrustBundle } from '../../../../main/engine/certificates/bundle.ts';
import { authorityCertificate, pem } from '../../../../main/engine/certificates/x509.ts';

const run = promisify(execFile);

const [ours, theirs] = getCACertificates('bundled') as [string, string];

describe('the trust bundle', () => {
  it('holds our authority first, what the user already trusted, and the platform’s roots, each once, and nothing but certificates', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'holdpoint-bundle-'));
    onTestFinished(() => rm(dir, { recursive: true, force: true }));
    const extraFile = join(dir, 'extra.pem');
    await writeFile(
      extraFile,
      `# mine\n${theirs.replaceAll('\n', '\r\n')}\n-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n`,
    );
    const path = await writeTrustBundle({ dir, certificatePem: ours, extraFile });
    const text = await readFile(path, 'utf8');
    const certificates = certificatesIn(text);
    expect(sameCertificate(certificates[0]!, ours)).toBe(true);
    expect(certificates.filter((one) => sameCertificate(one, theirs))).toHaveLength(1);
    expect(certificates.length).toBeGreaterThanOrEqual(getCACertificates('bundled').length);
    expect(text.replaceAll(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g, '').trim()).toBe('');
  });

  it('is refused where the user’s own file cannot be read, and says which', async () => {
    const missing = join(tmpdir(), 'holdpoint-not-there.pem');
    await expect(writeTrustBundle({ dir: tmpdir(), certificatePem: ours, extraFile: missing })).rejects.toMatchObject({
      code: 'config-invalid',
      message: expect.stringContaining(missing),
    });
  });
});

describe('what a provider may be signed by', () => {
  const authority = (commonName: string) => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    return pem('CERTIFICATE', authorityCertificate({ commonName, publicKey, privateKey, days: 30, now: new Date() }));
  };

  it.each(['SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS'])(
    'includes what the machine’s owner added to its roots (%s), never our own authority',
    async (variable) => {
      const dir = await mkdtemp(join(tmpdir(), 'holdpoint-roots-'));
      onTestFinished(() => rm(dir, { recursive: true, force: true }));
      const [company, own, extra] = [authority('Company'), authority('Holdpoint'), authority('Extra')];
      const store = join(dir, 'store.pem');
      await writeFile(store, `${company}\n${own}\n`);
      const bundle = new URL('../../../../main/engine/certificates/bundle.ts', import.meta.url);
      const program = `const { upstreamRoots } = await import(${JSON.stringify(bundle)});
      console.log(JSON.stringify(upstreamRoots(${JSON.stringify(extra + own)}, ${JSON.stringify(own)})))`;
      const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program], {
        env: { PATH: process.env.PATH, [variable]: store },
        maxBuffer: 16 * 1024 * 1024,
      });
      const roots: string[] = JSON.parse(stdout);
      const holds = (one: string) => roots.some((root) => sameCertificate(root, one));
      expect([company, extra, own, theirs].map(holds)).toEqual([true, true, false, true]);
    },
  );

  it('includes every root of the operating system', () => {
    const roots = new Set(upstreamRoots('', '').map((root) => root.replace(/\s/g, '')));
    expect(getCACertificates('system').filter((root) => !roots.has(root.replace(/\s/g, '')))).toEqual([]);
  });
});
