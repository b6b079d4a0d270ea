/** One file of all certificates that a tool should trust, for tools whose setting replaces their store instead of adding to it. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getCACertificates } from 'node:tls';
import { HoldpointError, messageOf } from '../../contract/errors.ts';
import { writeOwnFile } from './files.ts';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+?-----END CERTIFICATE-----/g;

/**
 * Writes `dir/bundle.pem`: our authority, the platform's roots, and the certificates of `extraFile`, which the user already had.
 * Certificates only: whatever else is in that file, a private key say, stays there. Returns the bundle's path.
 */
export async function writeTrustBundle(options: { dir: string; certificatePem: string; extraFile?: string }): Promise<string> {
  const { dir, certificatePem, extraFile } = options;
  const extra = extraFile === undefined ? [] : certificatesIn(await readExtra(extraFile));
  const path = join(dir, 'bundle.pem');
  const all = distinct([...certificatesIn(certificatePem), ...extra, ...platformRoots()]);
  await writeOwnFile(path, `${all.join('\n')}\n`, 'public');
  return path;
}

/** Those of the operating system, what its owner added included; those that Node brings; and those of NODE_EXTRA_CA_CERTS. In PEM. */
export function platformRoots(): string[] {
  return distinct((['system', 'bundled', 'extra'] as const).flatMap((kind) => getCACertificates(kind)).flatMap(certificatesIn));
}

/**
 * What a provider may be signed by: the platform's roots and the certificates of `extraCaPem`, never our own authority, wherever it was
 * added. Trusted upstream, it would let anybody who has its key read what we send on.
 */
export function upstreamRoots(extraCaPem: string, ownCaPem: string): string[] {
  const own = certificatesIn(ownCaPem);
  return [...platformRoots(), ...certificatesIn(extraCaPem)].filter((root) => !own.some((ours) => sameCertificate(root, ours)));
}

/** The certificates in a PEM text, each in PEM; all else is left out. */
export function certificatesIn(text: string): string[] {
  return text.match(CERTIFICATE) ?? [];
}

/** Whether two PEM certificates are the same one, however their lines are broken. */
export function sameCertificate(a: string, b: string): boolean {
  return a.replace(/\s/g, '') === b.replace(/\s/g, '');
}

function distinct(certificates: readonly string[]): string[] {
  return [...new Map(certificates.map((pem) => [pem.replace(/\s/g, ''), pem])).values()];
}

async function readExtra(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new HoldpointError(
      'config-invalid',
      `${path}, the file of extra certificates, cannot be read: ${messageOf(error)}. Correct its path or remove the setting.`,
      error,
    );
  }
}
