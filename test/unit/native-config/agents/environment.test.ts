/** What an agent's environment becomes. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uninspectedEndpoints } from '../../../../native-config/agents/endpoints.ts';
import { agentEnvironment, REMOVED, VARIABLES } from '../../../../native-config/agents/environment.ts';

const PROXY = 'http://127.0.0.1:4141';
let dataDir: string;
beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'holdpoint-environment-'));
  writeFileSync(join(dataDir, 'bundle.pem'), '');
});
afterAll(() => rmSync(dataDir, { recursive: true }));

const guarded = (env: NodeJS.ProcessEnv) => agentEnvironment(env, { proxyUrl: PROXY, caFile: join(dataDir, 'ca.pem'), dataDir });

describe('an agent’s environment', () => {
  it('has no other way out than the proxy, whatever the user had set', () => {
    const env = guarded({
      ALL_PROXY: 'socks5://127.0.0.1:1080',
      all_proxy: 'socks5://127.0.0.1:1080',
      grpc_proxy: 'http://elsewhere:1',
      NPM_CONFIG_HTTPS_PROXY: 'http://elsewhere:1',
      npm_config_noproxy: '*',
      HTTPS_PROXY: 'http://elsewhere:1',
      http_proxy: 'http://elsewhere:1',
      NO_PROXY: 'api.anthropic.com',
      no_proxy: '*',
    });
    const proxies = Object.entries(env).filter(([name]) => /proxy/i.test(name) && name !== 'NODE_USE_ENV_PROXY');
    expect(new Set(proxies.map(([, value]) => value))).toEqual(new Set([PROXY, 'localhost,127.0.0.1,::1']));
    expect(Object.keys(env).filter((name) => /all_proxy|grpc|npm_config.*proxy/i.test(name))).toEqual(['GRPC_DEFAULT_SSL_ROOTS_FILE_PATH']);
  });

  it('keeps everything else', () => {
    expect(guarded({ PATH: '/bin', ANTHROPIC_BASE_URL: 'https://x.test' })).toMatchObject({
      PATH: '/bin',
      ANTHROPIC_BASE_URL: 'https://x.test',
    });
  });

  it('names no file that replaces a tool’s store where there is none yet', () => {
    const env = agentEnvironment({}, { proxyUrl: PROXY, caFile: '/ca.pem', dataDir: '/nowhere' });
    expect(env).not.toHaveProperty('SSL_CERT_FILE');
    expect(env).toMatchObject({ NODE_EXTRA_CA_CERTS: '/ca.pem' });
  });

  it('is told by a table that names each variable once, with its reason', () => {
    const names = VARIABLES.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.map((name) => name.toLowerCase()).filter((name) => REMOVED.some((removed) => removed.name === name))).toEqual([]);
    for (const { because } of [...VARIABLES, ...REMOVED]) expect(because).not.toBe('');
  });
});

describe('an address that an agent is sent to', () => {
  const inspects = (host: string) => host === 'api.anthropic.com' || host === 'llm.company.test';

  it.each<[string, NodeJS.ProcessEnv, RegExp | undefined]>([
    ['a provider', { ANTHROPIC_BASE_URL: 'https://api.anthropic.com' }, undefined],
    ['a gateway that is inspected', { OPENAI_BASE_URL: 'https://LLM.company.test/v1' }, undefined],
    ['a gateway that is not', { OPENAI_BASE_URL: 'https://other.test/v1' }, /^OPENAI_BASE_URL .* other\.test, .*intercept\.hosts/],
    ['this machine', { ANTHROPIC_BASE_URL: 'http://localhost:4000' }, /^ANTHROPIC_BASE_URL .*this machine/],
    ['this machine, by IPv6', { OPENAI_BASE_URL: 'http://[::1]:4000' }, /this machine/],
    ['this machine, without a scheme', { OLLAMA_HOST: '127.0.0.1:11434' }, /^OLLAMA_HOST/],
    ['nothing', { OPENAI_BASE_URL: '' }, undefined],
    ['no address', { OPENAI_BASE_URL: 'https://' }, undefined],
  ])('is told of where nothing is inspected: %s', (_what, env, message) => {
    const told = uninspectedEndpoints(env, inspects);
    expect(told).toHaveLength(message ? 1 : 0);
    if (message) expect(told[0]).toMatch(message);
  });
});
