import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { certificatesIn, sameCertificate, writeTrustBundle } from '../../../../main/engine/certificates/bundle.ts';

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
