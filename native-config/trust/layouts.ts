/** Where Linux distributions keep the certificates that a machine trusts, and the tool that makes their bundles anew. */

import { existsSync } from 'node:fs';
import type { System } from '../system.ts';

export interface Layout {
  /** "Debian and Ubuntu" */
  readonly name: string;
  /** Where administrators put certificates of their own. */
  readonly anchors: string;
  /** The file of all trusted certificates that the tool makes, in PEM. */
  readonly bundle: string;
  readonly update: Tool;
  /** A folder in which OpenSSL finds certificates by their names' hashes, beside the bundle. */
  readonly hashed?: string;
  /** Where the plain update leaves something behind of a certificate that has gone. */
  readonly afterRemoval?: Tool;
}

export type Tool = readonly [program: string, ...args: string[]];

/**
 * Told apart by the folder of anchors and the tool together: openSUSE's tool has Debian's name.
 * - Fedora, RHEL: update-ca-trust(8). `tls-ca-bundle.pem`, not its links in /etc/pki/tls, which Fedora gives up
 *   (https://fedoraproject.org/wiki/Changes/dropingOfCertPemFile).
 * - Arch: https://wiki.archlinux.org/title/User:Grawity/Adding_a_trusted_CA_certificate, trust(1) of p11-kit.
 * - openSUSE: update-ca-certificates(8) of https://github.com/openSUSE/ca-certificates; /usr/share/pki is for packages.
 * - Debian, Ubuntu: update-ca-certificates(8). A plain update leaves links to a certificate that has gone in /etc/ssl/certs.
 */
const LAYOUTS: readonly (Omit<Layout, 'update' | 'afterRemoval'> & { tool: string; args: readonly string[]; fresh?: readonly string[] })[] =
  [
    {
      name: 'Fedora and RHEL',
      anchors: '/etc/pki/ca-trust/source/anchors',
      bundle: '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
      tool: 'update-ca-trust',
      args: ['extract'],
    },
    {
      name: 'Arch Linux',
      anchors: '/etc/ca-certificates/trust-source/anchors',
      bundle: '/etc/ca-certificates/extracted/tls-ca-bundle.pem',
      tool: 'trust',
      args: ['extract-compat'],
    },
    {
      name: 'openSUSE',
      anchors: '/etc/pki/trust/anchors',
      bundle: '/var/lib/ca-certificates/ca-bundle.pem',
      tool: 'update-ca-certificates',
      args: [],
    },
    {
      name: 'openSUSE',
      anchors: '/usr/share/pki/trust/anchors',
      bundle: '/var/lib/ca-certificates/ca-bundle.pem',
      tool: 'update-ca-certificates',
      args: [],
    },
    {
      name: 'Debian and Ubuntu',
      anchors: '/usr/local/share/ca-certificates',
      bundle: '/etc/ssl/certs/ca-certificates.crt',
      hashed: '/etc/ssl/certs',
      tool: 'update-ca-certificates',
      args: [],
      fresh: ['--fresh'],
    },
  ];

/** Undefined where the system is none of these, or its package of certificates is not installed. */
export function layoutOf(system: System): Layout | undefined {
  for (const { tool, args, fresh, ...layout } of LAYOUTS) {
    const program = toolAt(system, tool);
    // Debian's tool makes the folder's content count; the folder itself an administrator may have removed.
    const isHere = existsSync(system.root + layout.anchors) || fresh !== undefined;
    if (!program || !isHere) continue;
    return { ...layout, update: [program, ...args], ...(fresh && { afterRemoval: [program, ...args, ...fresh] }) };
  }
  return undefined;
}

/** A program of the system's own, by its whole path: what stands first on somebody's PATH is not asked. */
export function toolAt({ root }: System, name: string): string | undefined {
  return ['/usr/sbin', '/usr/bin', '/sbin', '/bin'].map((folder) => `${folder}/${name}`).find((file) => existsSync(root + file));
}
