/** The device's own certificate authority: made at first start, never replaced behind its user's back. */

import { createPrivateKey, generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { SecureContext } from 'node:tls';
import { HoldpointError } from '../../contract/errors.ts';
import { readOwnFile, writeOwnFile } from './files.ts';
import { type Keystore, type KeystoreState, openKeystore, systemKeystore } from './keystore.ts';
import { createLeaves } from './leaves.ts';
import { authorityCertificate, emptyRevocationList, type Issuer, issuerOf, pem } from './x509.ts';

/** Longer than a laptop lives: a change of authority means that every trust store on it must be changed. */
const AUTHORITY_DAYS = 3650;
const REVOCATION_LIST_DAYS = 7;
const KEY_NAME = 'ca';

export interface CertificateAuthority {
  /** The public certificate, in PEM. */
  readonly certificatePem: string;
  /** Where it is: what clients are told to trust. */
  readonly caFile: string;
  readonly notAfter: Date;
  /** SHA-256 of the certificate, as viewers write it: "AB:CD:…". */
  readonly fingerprint: string;
  /** How its private key is kept. */
  readonly keys: KeystoreState;
  /** The TLS context that shows clients a certificate for this host, as `hostName` spells it. */
  contextFor(host: string): SecureContext;
  /** A freshly signed, empty revocation list, in DER. */
  revocationList(): Buffer;
}

/**
 * Opens the authority that is in `dir`, or makes one where there is none. Nothing is ever repaired or renewed: a new authority is one
 * that nobody trusts yet, so it is a person's decision, made by removing `ca.pem`.
 *
 * `HoldpointError` `ca-invalid` where what is there cannot be used; it names the file and what to do.
 */
export async function openCertificateAuthority(options: {
  dir: string;
  /** The operating system's, or files in `dir` where it has none. */
  keystore?: Keystore;
  /** Where the revocation list is served; asked at each minting. */
  crlUrl(): string;
  now?: () => Date;
}): Promise<CertificateAuthority> {
  const { dir, crlUrl, now = () => new Date() } = options;
  const keystore = options.keystore ?? openKeystore({ dir, system: await systemKeystore(process.env) });
  const caFile = join(dir, 'ca.pem');
  const stored = await readOwnFile(caFile, 'public');
  const certificatePem = stored ?? (await create());
  const issuer = await verified(certificatePem);
  const leaves = createLeaves({ issuer, crlUrl, now });

  return {
    certificatePem,
    caFile,
    notAfter: issuer.notAfter,
    fingerprint: new X509Certificate(certificatePem).fingerprint256,
    keys: keystore.state(),
    contextFor: leaves.contextFor,
    revocationList: () => emptyRevocationList(issuer, REVOCATION_LIST_DAYS, now()),
  };

  /** The key first: a certificate without its key would be refused at the next start, a key without its certificate is replaced. */
  async function create(): Promise<string> {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    // The name tells this machine's authority from others in a trust store; a host name may be too long for it.
    const commonName = `Holdpoint on ${hostname()}`.slice(0, 63);
    const der = authorityCertificate({ commonName, publicKey, privateKey, days: AUTHORITY_DAYS, now: now() });
    const text = pem('CERTIFICATE', der);
    await keystore.set(KEY_NAME, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
    await writeOwnFile(caFile, text, 'public');
    return text;
  }

  async function verified(text: string): Promise<Issuer> {
    const certificate = parsed(text);
    if (!certificate.ca || !certificate.verify(certificate.publicKey))
      throw unusable('is not the certificate of an authority that signed itself');
    if (now() >= certificate.validToDate) throw unusable(`expired on ${certificate.validTo}`);
    const key = await privateKeyOf(certificate);
    const issuer = issuerOf(certificate.raw, key, certificate.validToDate);
    if (!issuer) throw unusable('has no subject key identifier');
    return issuer;
  }

  function parsed(text: string): X509Certificate {
    try {
      return new X509Certificate(text);
    } catch (error) {
      throw unusable('is not a certificate', error);
    }
  }

  async function privateKeyOf(certificate: X509Certificate): Promise<KeyObject> {
    const text = await keystore.get(KEY_NAME);
    if (text === undefined) {
      throw unusable(
        'has no private key: neither the keystore nor ca.key beside it has one. If the keystore is locked, unlock it and start again',
      );
    }
    try {
      const key = createPrivateKey(text);
      if (certificate.checkPrivateKey(key)) return key;
    } catch (error) {
      throw unusable(`has a private key that cannot be read, in ${kept()}`, error);
    }
    throw unusable(`does not belong to the private key in ${kept()}`);
  }

  function kept(): string {
    return keystore.state() === 'keystore' ? 'the keystore' : join(dir, `${KEY_NAME}.key`);
  }

  function unusable(what: string, cause?: unknown): HoldpointError {
    const remedy = 'Restore it from a backup; or remove ca.pem, start again, and install the new authority with: holdpoint trust install';
    return new HoldpointError('ca-invalid', `${caFile} ${what}. ${remedy}`, cause);
  }
}
