import { describe, expect, it } from 'vitest';
import { describeRoutes, routeSettings, type WantedRoutes } from '../../../../../main/engine/interception/routes/route-settings.ts';

describe('the way to providers', () => {
  it.each<[string, WantedRoutes, NodeJS.ProcessEnv, string]>([
    ['nothing at all', {}, {}, 'direct'],
    ['a setting', { parentProxy: 'http://p.corp:8080' }, {}, 'proxy p.corp:8080 (upstream.parentProxy)'],
    ['a setting with credentials', { parentProxy: 'http://me:hunter2@p.corp:8080' }, {}, 'proxy p.corp:8080 (upstream.parentProxy)'],
    ['a setting without a port', { parentProxy: 'http://p.corp' }, {}, 'proxy p.corp:80 (upstream.parentProxy)'],
    ['a setting with TLS', { parentProxy: 'https://P.corp/' }, {}, 'proxy p.corp:443 (upstream.parentProxy)'],
    ['a setting with an address', { parentProxy: 'http://[fd00::1]:3128' }, {}, 'proxy [fd00::1]:3128 (upstream.parentProxy)'],
    ['a script', { pac: 'http://user:hunter2@wpad.corp/proxy.pac?key=hunter2' }, {}, 'PAC http://wpad.corp/proxy.pac'],
    ['a script in a file', { pac: '/etc/proxy.pac' }, {}, 'PAC /etc/proxy.pac'],
    ['a script and a proxy', { pac: '/p.pac', parentProxy: 'http://p:1' }, {}, 'PAC /p.pac, else proxy p:1 (upstream.parentProxy)'],
    ['the environment', {}, { HTTPS_PROXY: 'http://me:hunter2@env.corp:3128' }, 'proxy env.corp:3128 (HTTPS_PROXY)'],
    ['the environment without a scheme', {}, { https_proxy: 'env.corp:3128' }, 'proxy env.corp:3128 (https_proxy)'],
    ['an empty variable before one that is set', {}, { https_proxy: '', HTTPS_PROXY: 'http://a:1' }, 'proxy a:1 (HTTPS_PROXY)'],
    ['the variable for everything', {}, { ALL_PROXY: 'http://a:1' }, 'proxy a:1 (ALL_PROXY)'],
    ['the variable for plain HTTP only', {}, { HTTP_PROXY: 'http://a:1' }, 'direct'],
    ['a variable of another kind', {}, { HTTPS_PROXY: 'socks5://a:1' }, 'direct'],
    ['both', { parentProxy: 'http://p:1' }, { HTTPS_PROXY: 'http://a:1' }, 'proxy p:1 (upstream.parentProxy)'],
    ['a script and the environment', { pac: '/p.pac' }, { HTTPS_PROXY: 'http://a:1' }, 'PAC /p.pac'],
  ])('told by %s is said without credentials', (_what, wanted, env, told) => {
    expect(describeRoutes(routeSettings(wanted, env))).toBe(told);
  });

  it('names a variable that is not used', () => {
    expect(routeSettings({}, { HTTPS_PROXY: 'socks5://me:hunter2@a:1' }).ignored).toBe(
      'HTTPS_PROXY names no proxy of http or https, and is not used.',
    );
  });

  it('has the exceptions of who named the proxy, unless the settings have their own', () => {
    const env = { HTTPS_PROXY: 'http://a:1', NO_PROXY: '.corp, 10.0.0.0/8' };
    expect(routeSettings({}, env).noProxy).toEqual(['.corp', '10.0.0.0/8']);
    expect(routeSettings({ noProxy: ['x.test'] }, env).noProxy).toEqual(['x.test']);
    expect(routeSettings({ parentProxy: 'http://p:1' }, env).noProxy).toEqual([]);
  });

  it.each([
    ['http://dev:p%40ss%3A@p:1', 'dev:p@ss:'],
    ['http://dev@p:1', 'dev:'],
    ['http://50%:100%@p:1', '50%:100%'],
    ['http://d%C3%A9v:x@p:1', 'dév:x'],
  ])('gives %s its credentials as they are meant', (parentProxy, credentials) => {
    expect(routeSettings({ parentProxy }, {}).parentProxy?.credentials).toBe(credentials);
  });
});
