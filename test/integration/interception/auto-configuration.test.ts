/** The script that leads this machine's programs to the proxy, as the proxy serves it and an engine for such scripts reads it. */

import { request } from 'node:http';
import { runInNewContext } from 'node:vm';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createCatalogue } from '../../../main/engine/exchange/catalogue.ts';
import { isMcpHost, MCP_HOST_PATTERNS } from '../../../main/engine/exchange/mcp-hosts.ts';
import { hostMatches } from '../../../main/engine/exchange/patterns.ts';
import { PROVIDERS } from '../../../main/engine/exchange/providers.ts';
import { pacScript } from '../../../main/engine/interception/auto-configuration.ts';
import { createPac } from '../../../main/engine/interception/routes/pac.ts';
import { routeSettings } from '../../../main/engine/interception/routes/route-settings.ts';
import { startProxy } from './support.ts';

const hosts = ['api.anthropic.com', '*.api.openai.com', '*-cloudcode-pa.googleapis.com', 'copilot-api.*.ghe.com', 'fd00::1'];

async function served(routes?: Parameters<typeof routeSettings>[0]) {
  const { interception } = await startProxy({ broughtHere: () => hosts, ...(routes && { routes: routeSettings(routes, {}) }) });
  const pac = createPac({ source: `${interception.proxyUrl}/holdpoint.pac`, roots: () => [] });
  onTestFinished(() => pac.close());
  return {
    us: `PROXY 127.0.0.1:${interception.port}`,
    port: interception.port,
    find: (host: string) => pac.findProxy(`https://${host}/`, host),
  };
}

/** Status, content type and body, with headers that `fetch` would not send. */
function get(port: number, headers: Record<string, string>): Promise<{ status: number; type: string; body: string }> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path: '/holdpoint.pac', headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          type: response.headers['content-type'] ?? '',
          body: Buffer.concat(chunks).toString('utf8'),
        }),
      );
    })
      .once('error', reject)
      .end();
  });
}

/** The script without its server, for many questions at once. */
function reader(script: string): (host: string) => string {
  const context: { host?: string } = {};
  runInNewContext(script, context);
  return (host) => runInNewContext('FindProxyForURL("", host)', Object.assign(context, { host })) as string;
}

describe('the proxy auto-configuration script', () => {
  it('leads what is decrypted here, and nothing else', async () => {
    const { us, find } = await served();
    for (const host of [
      'api.anthropic.com',
      'API.Anthropic.com',
      'api.anthropic.com.',
      'eu.api.openai.com',
      'x-cloudcode-pa.googleapis.com',
      'copilot-api.acme.ghe.com',
      '[fd00::1]',
    ])
      expect([host, await find(host)]).toEqual([host, us]);
    for (const host of [
      'example.com',
      'anthropic.com',
      'xapi.anthropic.com',
      'api.anthropic.com.evil.test',
      'api.openai.com',
      'localhost',
      '10.0.0.1',
    ])
      expect([host, await find(host)]).toEqual([host, 'DIRECT']);
  });

  it('leads the rest through the proxy that the company has, but for its exceptions', async () => {
    const { us, find } = await served({
      parentProxy: 'http://me:hunter2@proxy.corp:3128',
      noProxy: ['.corp', 'intra.test', '10.0.0.0/8', '*.only.test', 'api.anthropic.com'],
    });
    for (const [host, route] of [
      ['api.anthropic.com', us],
      ['example.com', 'PROXY proxy.corp:3128'],
      ['git.corp', 'DIRECT'],
      ['intra.test', 'DIRECT'],
      ['x.intra.test', 'DIRECT'],
      ['xintra.test', 'PROXY proxy.corp:3128'],
      ['only.test', 'PROXY proxy.corp:3128'],
      ['a.only.test', 'DIRECT'],
      ['10.200.3.4', 'DIRECT'],
      ['11.0.0.1', 'PROXY proxy.corp:3128'],
      ['localhost', 'DIRECT'],
      ['127.0.0.1', 'DIRECT'],
    ] as const)
      expect([host, await find(host)]).toEqual([host, route]);
  });

  it('leads everything here where the company has a script of its own, which the engine runs', async () => {
    const { us, find } = await served({ pac: 'http://wpad.corp/proxy.pac' });
    expect(await find('example.com')).toBe(us);
    expect(await find('localhost')).toBe('DIRECT');
  });

  it('holds no credentials', async () => {
    const { port } = await served({ parentProxy: 'http://me:hunter2@proxy.corp:3128' });
    const { status, type, body } = await get(port, { Host: `localhost:${port}` });
    expect([status, type]).toEqual([200, 'application/x-ns-proxy-autoconfig']);
    expect(body).not.toContain('hunter2');
  });

  it.each([
    ['another name that leads here', { Host: 'rebound.evil.test' }],
    ['a page of the web', { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Dest': 'script' }],
    ['a script of another origin', { Origin: 'https://evil.test' }],
  ])('is not told to %s', async (_name, headers) => {
    const { port } = await served();
    const { status, body } = await get(port, { Host: `127.0.0.1:${port}`, ...headers });
    expect([status, body.includes('anthropic')]).toEqual([403, false]);
  });

  it('is there only where somebody says what is brought here', async () => {
    const { interception } = await startProxy();
    expect((await fetch(`${interception.proxyUrl}/holdpoint.pac`)).status).toBe(400);
  });

  it.each(['"];throw 1;//', "'+alert(1)+'", '\u2028x', '</script>', '\\', '$&', 'US', 'GUARDED'])(
    'takes %j for a name and nothing else',
    (hostile) => {
      const find = reader(pacScript({ port: 1, hosts: [hostile, 'api.anthropic.com'], routes: { noProxy: [hostile] } }));
      expect(find('api.anthropic.com')).toBe('PROXY 127.0.0.1:1');
      expect(find('example.com')).toBe('DIRECT');
    },
  );

  it('leads here all that the engine decrypts', () => {
    const catalogue = createCatalogue({ hosts: ['*.gateway.test', 'llm.test'] });
    const patterns = [...catalogue.interceptedHosts(), ...MCP_HOST_PATTERNS];
    const find = reader(pacScript({ port: 1, hosts: patterns, routes: { noProxy: [] } }));
    const known = [...PROVIDERS.flatMap((provider) => provider.hosts), ...MCP_HOST_PATTERNS, '*.gateway.test', 'llm.test'];
    const names = known.flatMap((pattern) =>
      ['x', 'a.b', ''].flatMap((part) => [pattern.replaceAll('*', part), `sub.${pattern.replaceAll('*', part)}`]),
    );
    for (const name of names.filter((name) => !/(^|\.)(\.|$)/.test(name))) {
      const wanted = catalogue.intercepts(name) || isMcpHost(name) || patterns.some((pattern) => hostMatches(pattern, name));
      expect([name, find(name)]).toEqual([name, wanted ? 'PROXY 127.0.0.1:1' : 'DIRECT']);
    }
  });
});
