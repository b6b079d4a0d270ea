/** The proxy that a company had before: found wherever it was set, and the guard's own way out from then on. */

import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createProxy } from '../../../../native-config/proxy/proxy.ts';
import { createPerformer } from '../../../../native-config/steps/perform.ts';
import type { System } from '../../../../native-config/system.ts';
import { linuxRoot } from './linux-root.ts';

const guard = { proxyUrl: 'http://127.0.0.1:18377', caPem: '' };
const JOURNAL = '/etc/holdpoint/installed.json';
const ENV = '/etc/holdpoint/parent-proxy.env';
const CONFIG = '/etc/holdpoint/service.json';

/** What scripts of profile.d leave behind, as `env` prints it. */
function machine(profile = '') {
  const root = linuxRoot((program, args) =>
    program === '/usr/bin/env' && args.join(' ').includes('/etc/profile.d') ? { out: profile } : undefined,
  );
  root.put('/etc/holdpoint/.keep', '');
  root.put('/etc/environment', 'LANG=C\n');
  return root;
}

const ofParent = async (system: System) => (await createProxy(system).status(guard)).find(({ what }) => what.startsWith('the way out'));
async function install(system: System) {
  await createPerformer(system, JOURNAL).make('proxy', await createProxy(system).plan(guard));
}

describe('the proxy that a company had', () => {
  it('is where the guard goes out, with its exceptions, and nobody else reads its password', async () => {
    const { system, put, read, picture, ran } = machine();
    put('/etc/environment', 'LANG=C\nhttps_proxy="http://me:hunter2@proxy.corp:3128"\nno_proxy=.corp,10.0.0.0/8\n');
    const before = picture();
    const steps = await createProxy(system).plan(guard);
    expect(JSON.stringify(steps.map(({ says }) => says))).toContain(
      'through the company’s own proxy, proxy.corp:3128, which /etc/environment names',
    );
    expect(JSON.stringify(steps.map(({ says }) => says))).not.toContain('hunter2');
    await install(system);
    expect(read(ENV)).toBe('HTTPS_PROXY="http://me:hunter2@proxy.corp:3128"\nNO_PROXY=".corp,10.0.0.0/8"\n');
    expect(statSync(join(system.root, ENV)).mode & 0o777).toBe(0o600);
    expect(read('/etc/systemd/system/holdpoint.service.d/60-parent-proxy.conf')).toContain(`EnvironmentFile=-${ENV}`);
    expect(ran.filter((line) => line.startsWith('systemctl'))).toEqual([
      'systemctl daemon-reload',
      'systemctl try-restart holdpoint.service',
    ]);
    expect(await ofParent(system)).toMatchObject({ state: 'yes', says: expect.not.stringContaining('hunter2') });
    // Ours stands in the same files now, and is not taken for theirs.
    expect(await createProxy(system).plan(guard)).toEqual([]);
    expect(await createPerformer(system, JOURNAL).takeBack(['proxy'])).toEqual([]);
    expect(picture()).toBe(before);
    expect(ran.slice(-2)).toEqual(['systemctl daemon-reload', 'systemctl try-restart holdpoint.service']);
  });

  it.each<[string, string, string, string, string]>([
    ['a script of profile.d', 'HTTPS_PROXY=http://p.corp:1\nNO_PROXY=a\n', '/etc/x', '', 'HTTPS_PROXY="http://p.corp:1"\nNO_PROXY="a"\n'],
    ['environment.d', '', '/etc/environment.d/10-corp.conf', 'HTTPS_PROXY=p.corp:1\n', 'HTTPS_PROXY="http://p.corp:1"\n'],
    [
      'GNOME',
      '',
      '/etc/dconf/db/local.d/00-corp',
      "[system/proxy]\nmode='manual'\nignore-hosts=['localhost', '*.corp']\n[system/proxy/https]\nhost='p.corp'\nport=1\n",
      'HTTPS_PROXY="http://p.corp:1"\nNO_PROXY="localhost,*.corp"\n',
    ],
  ])('is found in %s', async (_name, profile, file, text, wanted) => {
    const { system, put, read } = machine(profile);
    put(file, text);
    await install(system);
    expect(read(ENV)).toBe(wanted);
  });

  it('may be a script, which the engine runs from then on', async () => {
    const { system, put, read, picture } = machine();
    put(CONFIG, '{ "proxy": { "port": 18377 } }\n');
    put('/etc/dconf/db/local.d/00-corp', "[system/proxy]\nmode='auto'\nautoconfig-url='http://wpad.corp/proxy.pac'\n");
    const before = picture();
    await install(system);
    expect(JSON.parse(read(CONFIG))).toMatchObject({ proxy: { port: 18377 }, upstream: { pac: 'http://wpad.corp/proxy.pac' } });
    expect(await createProxy(system).plan(guard)).toEqual([]);
    await createPerformer(system, JOURNAL).takeBack(['proxy']);
    expect(picture()).toBe(before);
  });

  it('is left to an administrator who has named the way out already', async () => {
    const { system, put } = machine('HTTPS_PROXY=http://p.corp:1\n');
    put(CONFIG, '{ "upstream": { "parentProxy": "http://other.corp:2" } }');
    const steps = await createProxy(system).plan(guard);
    expect(steps.some((step) => 'file' in step && step.file === ENV)).toBe(false);
    expect(await ofParent(system)).toMatchObject({ state: 'yes' });
  });

  it.each(['socks5://p.corp:1', 'http://p.corp:1"X=', 'http://$(id)', 'nonsense://'])(
    'that is %j stops the set-up before anything is done, and says what to set',
    async (url) => {
      const { system, picture } = machine(`HTTPS_PROXY=${url}\n`);
      const before = picture();

      await expect(install(system)).rejects.toThrow(/Set upstream\.parentProxy in .*service\.json/);
      expect(picture()).toBe(before);
    },
  );

  it('is nothing, where there was none', async () => {
    const { system } = machine();
    await install(system);
    expect(await ofParent(system)).toMatchObject({ state: 'absent' });
  });
});
