/** Real shells, pam_env and systemd's reader of environment.d, on an /etc of their own. */

import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { inOwnEtc } from '../../../support/own-etc.ts';

type Environment = Readonly<Record<string, string>>;
interface Seen {
  readonly unset: readonly [string, string][];
  readonly says: readonly string[];
  readonly set: readonly [string, string][];
  readonly again: readonly unknown[];
  readonly noCertificate: Environment;
  readonly found: Readonly<Record<'login' | 'strict' | 'noShell' | 'terminal' | 'systemd' | 'company', Environment>>;
  readonly left: readonly string[];
  readonly same: boolean;
}

const PROXY = 'http://127.0.0.1:8787';
const CA = '/usr/local/share/ca-certificates/holdpoint.crt';
const BUNDLE = '/etc/ssl/certs/ca-certificates.crt';

let seen: Seen;
beforeAll(async () => {
  seen = await inOwnEtc<Seen>(join(import.meta.dirname, 'environment-scenario.ts'), ['/usr/local/share/ca-certificates']);
}, 120_000);

describe('the environment of all users on Linux', () => {
  it.each(['login', 'strict', 'noShell', 'terminal', 'systemd'] as const)('leads %s to the guard', (kind) => {
    expect(seen.found[kind]).toMatchObject({
      HTTPS_PROXY: PROXY,
      https_proxy: PROXY,
      NODE_USE_ENV_PROXY: '1',
      NODE_EXTRA_CA_CERTS: CA,
      SSL_CERT_FILE: BUNDLE,
    });
  });

  it('has no exception and no other proxy that would lead past it', () => {
    expect(seen.found.login).toMatchObject({ NO_PROXY: 'localhost,127.0.0.1,::1', no_proxy: 'localhost,127.0.0.1,::1' });
    expect(seen.found.login).not.toHaveProperty('ALL_PROXY');
    expect(seen.found.noShell).toMatchObject({ no_proxy: 'localhost,127.0.0.1,::1', LANG: 'C.UTF-8' });
    expect([seen.found.noShell.ALL_PROXY, seen.found.systemd.ALL_PROXY]).toEqual(['', '']);
  });

  it('keeps a company’s authority trusted where its file was named', () => {
    expect(seen.found.company).toMatchObject({ NODE_EXTRA_CA_CERTS: BUNDLE, CODEX_CA_CERTIFICATE: CA });
  });

  it('names no certificate file that is not there', () => {
    expect(seen.noCertificate).toMatchObject({ HTTPS_PROXY: PROXY });
    expect(seen.noCertificate).not.toHaveProperty('NODE_EXTRA_CA_CERTS');
  });

  it('is asked of the shells themselves', () => {
    expect(seen.unset.map(([, state]) => state)).not.toContain('yes');
    expect(new Set(seen.set.map(([, state]) => state))).toEqual(new Set(['yes']));
    expect(seen.set.map(([what]) => what)).toEqual(expect.arrayContaining(['login shells', 'terminals with bash']));
  });

  it('is planned in sentences, once, and taken back to the byte', () => {
    expect(seen.says).toContain('Login shells lead programs to the guard');
    expect(seen.again).toEqual([]);
    expect(seen.left).toEqual([]);
    expect(seen.same).toBe(true);
  });
});
