/** What may be trusted by a whole machine: the file was written by somebody else. */

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkedAuthority, readAuthorityFile } from '../../../../native-config/trust/authority.ts';
import { NOW, newAuthority } from './fixture.ts';

const CA = newAuthority();
const YEAR = 365 * 24 * 3600_000;

describe('an authority', () => {
  it('is known by its name and fingerprints, and comes out as nothing but its certificate', () => {
    expect(checkedAuthority(`\n${CA.replaceAll('\n', '\r\n')}`, NOW)).toMatchObject({
      name: 'Holdpoint on laptop',
      pem: CA,
      sha256: expect.stringMatching(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/),
      sha1: expect.stringMatching(/^([0-9A-F]{2}:){19}[0-9A-F]{2}$/),
    });
  });

  it.each<[string, string, RegExp]>([
    ['nothing', '', /holds 0 certificates/],
    ['two certificates', CA + newAuthority(), /holds 2 certificates/],
    ['a company’s root', rootCertificates[0] ?? '', /not named as Holdpoint names/],
    ['a name that only begins like ours', newAuthority({ commonName: 'Holdpoint' }), /not named/],
    ['a name with control characters', newAuthority({ commonName: 'Holdpoint on a\u001b[2Jb' }), /not named/],
    ['words beside the certificate', `trust me\n${CA}`, /something else beside/],
    ['a private key beside it', `${CA}-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n`, /something else beside/],
    ['no certificate between the marks', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n', /can be read/],
    ['very much', `${CA}${' '.repeat(20_000)}`, /too long/],
    ['an expired one', newAuthority({ now: new Date(NOW.getTime() - YEAR), days: 90 }), /expired on/],
    ['one of the future', newAuthority({ now: new Date(NOW.getTime() + YEAR) }), /valid from .* only/],
  ])('is not %s', (_what, text, why) => {
    expect(() => checkedAuthority(text, NOW)).toThrow(why);
  });

  it('is not one whose signature was touched', () => {
    const der = Buffer.from(CA.replace(/-----.*-----|\s/g, ''), 'base64');
    der.writeUInt8(der.readUInt8(der.length - 1) ^ 1, der.length - 1);
    const text = `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`;
    expect(() => checkedAuthority(text, NOW)).toThrow(/signed itself/);
  });
});

describe('its file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdpoint-ca-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is read as far as a certificate goes', () => {
    writeFileSync(join(folder, 'ca.pem'), CA);
    expect(readAuthorityFile(join(folder, 'ca.pem'))).toBe(CA);
    writeFileSync(join(folder, 'ca.pem'), 'x'.repeat(100_000));
    expect(() => checkedAuthority(readAuthorityFile(join(folder, 'ca.pem')), NOW)).toThrow(/too long/);
  });

  it.each<[string, (file: string) => void]>([
    ['is not there', () => {}],
    ['is a link', (file) => symlinkSync('/etc/shadow', file)],
    ['is a folder', (file) => mkdirSync(file)],
  ])('is refused where it %s', (_what, make) => {
    const file = join(folder, 'ca.pem');
    make(file);
    expect(() => readAuthorityFile(file)).toThrow(`${file}, the device’s authority, cannot be read`);
  });
});
