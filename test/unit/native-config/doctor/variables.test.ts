import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { variablesSaid } from '../../../../native-config/doctor/variables.ts';

const PEM = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----';
const GUARD = { proxyUrl: 'http://127.0.0.1:4711', caFile: '/data/ca.pem', dataDir: '/data', caPem: PEM };
const HOSTS = ['api.anthropic.com', 'api.openai.com', 'x.openai.azure.com'];
const said = (env: NodeJS.ProcessEnv) => variablesSaid(env, GUARD, HOSTS);

describe('what variables say of the way to the guard', () => {
  it.each<[string, NodeJS.ProcessEnv, string, RegExp[]]>([
    ['no proxy', {}, 'none', []],
    ['the guard', { HTTPS_PROXY: 'http://127.0.0.1:4711', NO_PROXY: 'localhost,127.0.0.1,::1' }, 'here', []],
    ['the guard by name, without a scheme', { https_proxy: 'localhost:4711' }, 'here', []],
    ['another port', { HTTPS_PROXY: 'http://127.0.0.1:4712' }, 'elsewhere', [/HTTPS_PROXY leads to 127\.0\.0\.1:4712, not to the guard/]],
    ['the guard’s port elsewhere', { HTTPS_PROXY: 'http://proxy.corp:4711' }, 'elsewhere', [/leads to proxy\.corp:4711/]],
    [
      'one spelling here, one elsewhere',
      { HTTPS_PROXY: 'http://127.0.0.1:4711', https_proxy: 'http://proxy.corp:8080' },
      'elsewhere',
      [/https_proxy leads to proxy\.corp:8080/],
    ],
    ['ALL_PROXY alone', { ALL_PROXY: 'http://127.0.0.1:4711' }, 'none', [/Only ALL_PROXY leads to the guard/]],
    [
      'ALL_PROXY elsewhere',
      { HTTPS_PROXY: 'http://127.0.0.1:4711', all_proxy: 'socks5://127.0.0.1:9050' },
      'here',
      [/all_proxy leads to 127\.0\.0\.1:9050/],
    ],
    ['a provider excepted', { NO_PROXY: 'corp.example, anthropic.com' }, 'none', [/NO_PROXY excepts api\.anthropic\.com:/]],
    ['everything excepted', { no_proxy: '*' }, 'none', [/no_proxy excepts api\.anthropic\.com, api\.openai\.com, x\.openai\.azure\.com:/]],
    ['a provider’s tenants excepted', { NO_PROXY: '.openai.azure.com' }, 'none', [/x\.openai\.azure\.com/]],
    ['what is no address', { HTTPS_PROXY: ':::' }, 'elsewhere', [/HTTPS_PROXY leads to what is no address/]],
  ])('%s', (_name, env, proxy, faults) => {
    const now = said(env);
    expect(now.proxy).toBe(proxy);
    expect(now.faults).toHaveLength(faults.length);
    for (const [at, fault] of faults.entries()) expect(now.faults[at]).toMatch(fault);
  });

  it('no password of a proxy is told', () => {
    const { faults } = said({ HTTPS_PROXY: 'http://mara:hunter2@proxy.corp:8080', ALL_PROXY: 'mara:hunter2@:::x' });
    expect(faults).toHaveLength(2);
    expect(faults.join()).not.toMatch(/hunter2/);
  });

  it('a file of certificates that is gone, or does not hold the guard’s, is told', () => {
    const folder = mkdtempSync(join(tmpdir(), 'holdpoint-test-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const [ours, others] = [join(folder, 'ours.pem'), join(folder, 'others.pem')];
    writeFileSync(ours, `x\n${PEM}\n`);
    writeFileSync(others, PEM.replace('AAAA', 'BBBB'));
    const { faults } = said({
      HTTPS_PROXY: 'http://127.0.0.1:4711',
      NODE_EXTRA_CA_CERTS: ours,
      SSL_CERT_FILE: others,
      CURL_CA_BUNDLE: join(folder, 'gone.pem'),
    });
    expect(faults).toEqual([
      `SSL_CERT_FILE names ${others}, which does not hold the guard’s certificate.`,
      `CURL_CA_BUNDLE names ${join(folder, 'gone.pem')}, which cannot be read.`,
    ]);
  });
});
