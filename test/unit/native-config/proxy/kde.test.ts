/** KDE's file for all users, and what its own tool says of it. */

import { describe, expect, it } from 'vitest';
import { createKde } from '../../../../native-config/proxy/kde.ts';
import { createPerformer } from '../../../../native-config/steps/perform.ts';
import { linuxRoot } from './linux-root.ts';

const guard = { proxyUrl: 'http://127.0.0.1:18377', caPem: '' };

describe('KDE’s proxy settings', () => {
  it('stand behind what a distribution has there, and go as they came', async () => {
    const { system, put, read, picture } = linuxRoot();
    put('/usr/bin/plasmashell', '');
    put('/etc/holdpoint/.keep', '');
    put('/etc/xdg/kioslaverc', '[Proxy Settings]\nProxyType=0\n');
    const before = picture();
    const kde = createKde(system);
    expect((await kde.status(guard))[0]).toMatchObject({ state: 'no' });
    const performer = createPerformer(system, '/etc/holdpoint/installed.json');
    await performer.make('proxy', await kde.plan(guard));
    expect(read('/etc/xdg/kioslaverc')).toContain(
      '[Proxy Settings]\nProxyType=2\nProxy Config Script=http://127.0.0.1:18377/holdpoint.pac\n',
    );
    expect(await kde.plan(guard)).toEqual([]);
    expect((await kde.status(guard))[0]).toMatchObject({ state: 'yes' });
    await performer.takeBack(['proxy']);
    expect(picture()).toBe(before);
  });

  it('are asked of KDE where its tool is here', async () => {
    const { system, put } = linuxRoot((program, args) =>
      program.endsWith('kreadconfig6')
        ? { out: args.at(-1) === 'ProxyType' ? '2\n' : 'http://127.0.0.1:18377/holdpoint.pac\n' }
        : undefined,
    );
    put('/usr/bin/kreadconfig6', '');
    expect((await createKde(system).status(guard))[0]).toMatchObject({ state: 'yes' });
  });

  it('are none where there is no KDE', async () => {
    const { system } = linuxRoot();
    expect(await createKde(system).plan(guard)).toEqual([]);
    expect((await createKde(system).status(guard))[0]).toMatchObject({ state: 'absent' });
  });
});
