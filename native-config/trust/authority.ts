/** The device's authority as a machine is told to trust it: read from a file that somebody else wrote, so believed in nothing. */

import { X509Certificate } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { HoldpointError, messageOf } from '../../main/contract/errors.ts';
import { certificatesIn } from '../../main/engine/certificates/bundle.ts';

export interface Authority {
  /** Made anew from the certificate: nothing else that stood in the text comes along. */
  readonly pem: string;
  /** DER in base64, on one line. */
  readonly base64: string;
  /** "AB:CD:…" */
  readonly sha256: string;
  readonly sha1: string;
  /** "Holdpoint on laptop" */
  readonly name: string;
}

/** Far more than one certificate of ours is long, in characters. */
const LONGEST = 16_384;
const ORGANISATION = 'O=Holdpoint';
/** With no backslash: that is how control characters are written in it. */
const NAME = /^CN=(Holdpoint on [^\p{C}\\]{1,63})$/u;

/**
 * What may be trusted by a whole machine: exactly one certificate, of an authority that signed itself, named as ours are, with a P-256
 * key, valid now. Throws HoldpointError `ca-invalid`.
 */
export function checkedAuthority(text: string, now: Date): Authority {
  const refuse = (why: string) =>
    new HoldpointError(
      'ca-invalid',
      `What is to be trusted as the device’s authority ${why}. Name the data folder of the engine that is to be trusted, or restore its ca.pem.`,
    );
  if (text.length > LONGEST) throw refuse('is too long for one certificate');
  const all = certificatesIn(text);
  const [pem] = all;
  if (pem === undefined || all.length !== 1) throw refuse(`holds ${all.length} certificates, and must hold one`);
  const left = text.replace(pem, '').trim();
  if (left !== '') throw refuse('holds something else beside the certificate');
  const certificate = parsed(pem);
  if (!certificate) throw refuse('is not a certificate that can be read');
  const name = nameOf(certificate);
  if (name === undefined) throw refuse('is not named as Holdpoint names its authorities');
  if (!certificate.ca || !certificate.checkIssued(certificate) || !certificate.verify(certificate.publicKey))
    throw refuse('is not an authority that signed itself');
  if (certificate.publicKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw refuse('has another key than P-256');
  if (now < certificate.validFromDate) throw refuse(`is valid from ${certificate.validFrom} only. Check the clock`);
  if (now >= certificate.validToDate) throw refuse(`expired on ${certificate.validTo}`);
  return authorityOf(certificate, name);
}

/** An authority of Holdpoint's making, of this device or another, now or once; undefined for all others. Never throws. */
export function holdpointAuthority(pem: string): Authority | undefined {
  const certificate = parsed(pem);
  const name = certificate && nameOf(certificate);
  return name !== undefined && certificate?.ca && certificate.checkIssued(certificate) ? authorityOf(certificate, name) : undefined;
}

/** The text of a certificate's file. Throws HoldpointError `ca-invalid` where there is none, or it is not a plain small file. */
export function readAuthorityFile(file: string): string {
  let descriptor: number | undefined;
  try {
    // Neither a link nor a pipe: whoever runs this may be root, and the folder another user's.
    descriptor = openSync(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    if (!fstatSync(descriptor).isFile()) throw new Error('it is not a plain file');
    const bytes = Buffer.alloc(LONGEST + 1);
    return bytes.toString('utf8', 0, readSync(descriptor, bytes, 0, bytes.length, 0));
  } catch (thrown) {
    throw new HoldpointError(
      'ca-invalid',
      `${file}, the device’s authority, cannot be read: ${messageOf(thrown)}. An engine makes it when it first starts: start one, or name its data folder.`,
      thrown,
    );
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Base64 of a PEM certificate, on one line: how two of them are compared. */
export function base64Of(pem: string): string {
  return pem.replace(/-----[A-Z ]+-----/g, '').replace(/\s/g, '');
}

function parsed(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

/** As the engine's authorities are named: an organisation and a common name, and nothing else. */
function nameOf(certificate: X509Certificate): string | undefined {
  const [organisation, common = '', ...more] = certificate.subject?.split('\n') ?? [];
  return organisation === ORGANISATION && more.length === 0 ? NAME.exec(common)?.[1] : undefined;
}

function authorityOf(certificate: X509Certificate, name: string): Authority {
  const base64 = certificate.raw.toString('base64');
  const lines = base64.match(/.{1,64}/g) ?? [];
  const pem = `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
  return { pem, base64, sha256: certificate.fingerprint256, sha1: certificate.fingerprint, name };
}
