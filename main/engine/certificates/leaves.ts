/** Server certificates for intercepted hosts: minted when first asked for, kept while they are used. */

import { generateKeyPairSync } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import { type Issuer, leafCertificate, pem } from './x509.ts';

/** Certificates that public authorities may issue live 47 days from 2029; clients will come to refuse longer ones. */
const LEAF_DAYS = 45;
const RENEW_BEFORE_MS = 24 * 3600_000;
const KEPT = 256;

export interface Leaves {
  /** The TLS context of a host, as `hostName` spells it. Minting takes well under a millisecond, so there is nothing to await. */
  contextFor(host: string): SecureContext;
}

/** One key pair serves all leaves of one engine start: making one for each host would cost more than the signature does. */
export function createLeaves(options: { issuer: Issuer; crlUrl(): string; now(): Date; kept?: number }): Leaves {
  const { issuer, crlUrl, now, kept = KEPT } = options;
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' });
  /** Least recently used first. */
  const contexts = new Map<string, { readonly context: SecureContext; readonly renewAt: number }>();

  return {
    contextFor(host) {
      const at = now();
      const known = contexts.get(host);
      contexts.delete(host);
      const leaf = known && at.getTime() < known.renewAt ? known : mint(host, at);
      contexts.set(host, leaf);
      if (contexts.size > kept) contexts.delete(contexts.keys().next().value!);
      return leaf.context;
    },
  };

  function mint(host: string, at: Date) {
    const { der, notAfter } = leafCertificate({ host, publicKey, issuer, crlUrl: crlUrl(), days: LEAF_DAYS, now: at });
    const context = createSecureContext({ key, cert: pem('CERTIFICATE', der), minVersion: 'TLSv1.2' });
    return { context, renewAt: notAfter.getTime() - RENEW_BEFORE_MS };
  }
}
