/** macOS, by recorded outputs of networksetup; the golden file is every command and file that there would be. */

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createProxy } from '../../../../native-config/proxy/proxy.ts';
import { foreignSystem, golden } from './foreign-system.ts';

const guard = { proxyUrl: 'http://127.0.0.1:18377', caPem: '' };
const OURS = 'URL: http://127.0.0.1:18377/holdpoint.pac\nEnabled: Yes\n';
const OFF = 'Enabled: No\nServer: \nPort: 0\nAuthenticated Proxy Enabled: 0\n';

const tools = () => ({
  'networksetup -listallnetworkservices':
    'An asterisk (*) denotes that a network service is disabled.\nUSB 10/100/1000 LAN\nWi-Fi\n*Thunderbolt Bridge\n',
  'networksetup -getautoproxyurl USB 10/100/1000 LAN': 'URL: (null)\nEnabled: No\n',
  'networksetup -getautoproxyurl Wi-Fi': 'URL: http://wpad.corp/proxy.pac\nEnabled: Yes\n',
  'networksetup -getautoproxyurl Thunderbolt Bridge': 'URL: http://old.corp/proxy.pac\nEnabled: No\n',
  'networksetup -getsecurewebproxy USB 10/100/1000 LAN': OFF,
  'networksetup -getsecurewebproxy Thunderbolt Bridge': OFF,
  'stat -f %u /dev/console': '501\n',
});

describe('the proxy settings of macOS', () => {
  it('are set for each network service, shells and the Dock, and put back as each was', async () => {
    const { system } = foreignSystem('darwin', tools());
    await expect(golden(await createProxy(system).plan(guard))).toMatchFileSnapshot(join(import.meta.dirname, 'golden', 'macos.txt'));
  });

  it('are not set again where they are so', async () => {
    const { system } = foreignSystem('darwin', {
      ...tools(),
      'networksetup -getautoproxyurl USB 10/100/1000 LAN': OURS,
      'networksetup -getautoproxyurl Wi-Fi': OURS,
      'networksetup -getautoproxyurl Thunderbolt Bridge': OURS,
    });
    const steps = await createProxy(system).plan(guard);
    expect(steps.filter(({ says }) => says.includes('network service'))).toEqual([]);
  });

  it('name the company’s own proxy as the guard’s way out, unless it has a password that the system keeps to itself', async () => {
    const manual = (authenticated: number) => ({
      ...tools(),
      'networksetup -getautoproxyurl Wi-Fi': 'URL: (null)\nEnabled: No\n',
      'networksetup -getsecurewebproxy Wi-Fi': `Enabled: Yes\nServer: proxy.corp\nPort: 3128\nAuthenticated Proxy Enabled: ${authenticated}\n`,
    });
    const plain = await createProxy(foreignSystem('darwin', manual(0)).system).plan(guard);
    expect(plain[0]).toMatchObject({ kind: 'edit', edit: { at: 'upstream', members: { parentProxy: 'http://proxy.corp:3128' } } });
    await expect(createProxy(foreignSystem('darwin', manual(1)).system).plan(guard)).rejects.toThrow(
      /the network service Wi-Fi.*upstream\.parentProxy/,
    );
  });

  it('that differ between network services are for an administrator to decide', async () => {
    const { system } = foreignSystem('darwin', {
      ...tools(),
      'networksetup -getautoproxyurl Thunderbolt Bridge': 'URL: http://b.corp/\nEnabled: Yes\n',
    });
    await expect(createProxy(system).plan(guard)).rejects.toThrow(/Wi-Fi, the network service Thunderbolt Bridge\)\. Set upstream\.pac/);
  });

  it('are told as they are', async () => {
    const { system } = foreignSystem('darwin', {
      ...tools(),
      'networksetup -getautoproxyurl Wi-Fi': OURS,
      'launchctl getenv HTTPS_PROXY': 'http://127.0.0.1:18377\n',
    });
    expect(Object.fromEntries((await createProxy(system).status(guard)).map(({ what, state }) => [what, state]))).toEqual({
      'the proxy settings of USB 10/100/1000 LAN': 'no',
      'the proxy settings of Wi-Fi': 'yes',
      'the proxy settings of Thunderbolt Bridge': 'no',
      zsh: 'absent',
      'login shells with bash': 'absent',
      'programs that the Dock starts': 'yes',
    });
  });
});
