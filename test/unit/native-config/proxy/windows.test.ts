/** Windows, by recorded outputs of reg.exe and netsh; the golden file is every command that there would be. */

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createProxy } from '../../../../native-config/proxy/proxy.ts';
import type { Step } from '../../../../native-config/steps/step.ts';
import { foreignSystem, golden } from './foreign-system.ts';

const guard = { proxyUrl: 'http://127.0.0.1:18377', caPem: '' };
const INTERNET = 'SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Internet Settings';
const ENVIRONMENT = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Environment';
const PERSON = 'S-1-5-21-1004336348-1177238915-682003330-1001';

const value = (key: string, name: string, type: string, data: string) => ({
  [`reg.exe query ${key} /v ${name} /reg:64`]: `\r\n${key.replace('HKLM', 'HKEY_LOCAL_MACHINE')}\r\n    ${name}    ${type}    ${data}\r\n\r\n`,
});
const shown = (settings: object) => ({
  'netsh.exe winhttp show advproxy': `\r\nCurrent WinHTTP advanced proxy settings:\r\n\r\n${JSON.stringify(settings, null, 2)}\r\n`,
});
const NONE = { ProxyIsEnabled: false, AutoConfigIsEnabled: false, AutoDetect: true, PerUserProxySettings: true };

const tools = () => ({
  'reg.exe query HKU /reg:64': `\r\nHKEY_USERS\\.DEFAULT\r\nHKEY_USERS\\S-1-5-18\r\nHKEY_USERS\\${PERSON}\r\nHKEY_USERS\\${PERSON}_Classes\r\n`,
  ...value(`HKU\\${PERSON}\\${INTERNET}`, 'ProxyEnable', 'REG_DWORD', '0x1'),
  ...value(`HKU\\${PERSON}\\${INTERNET}`, 'ProxyServer', 'REG_SZ', 'http=proxy.corp:8080;https=proxy.corp:8443'),
  ...value(ENVIRONMENT, 'HTTPS_PROXY', 'REG_SZ', 'http://proxy.corp:8443'),
  ...value(ENVIRONMENT, 'all_proxy', 'REG_EXPAND_SZ', '%OLD%'),
  ...value(`HKLM\\${INTERNET}\\Connections`, 'DefaultConnectionSettings', 'REG_BINARY', '4600000002'),
  ...shown(NONE),
});

describe('the proxy settings of Windows', () => {
  it('are the machine’s from then on, and put back value by value', async () => {
    const { system } = foreignSystem('win32', tools());
    await expect(golden(await createProxy(system).plan(guard))).toMatchFileSnapshot(join(import.meta.dirname, 'golden', 'windows.txt'));
  });

  it('are not set again where they are so', async () => {
    const { system, says } = foreignSystem('win32', tools());
    const steps = await createProxy(system).plan(guard);
    for (const step of steps) Object.assign(says, outcome(step));
    const edits = (await createProxy(system).plan(guard)).filter(({ kind }) => kind === 'run');
    expect(edits).toEqual([]);
    expect((await createProxy(system).status(guard)).map(({ state }) => state)).toEqual(['yes', 'yes', 'yes']);
  });

  it('of WinHTTP are put back where the machine had its own, and left alone where Windows is too old for a script', async () => {
    const earlier = { Proxy: 'proxy.corp:8080', ProxyBypass: '*.corp', AutoconfigUrl: '', AutoDetect: false };
    const known = foreignSystem('win32', { ...tools(), ...shown({ ...earlier, ProxyIsEnabled: true, PerUserProxySettings: false }) });
    const ofNetsh = (steps: readonly Step[]) => steps.filter((step) => step.kind === 'run' && step.command?.[0].endsWith('netsh.exe'));
    expect(ofNetsh(await createProxy(known.system).plan(guard))).toMatchObject([
      { undo: expect.arrayContaining([`settings=${JSON.stringify(earlier)}`]) },
    ]);
    const { 'netsh.exe winhttp show advproxy': _, ...old } = tools();
    expect(ofNetsh(await createProxy(foreignSystem('win32', old).system).plan(guard))).toEqual([]);
  });

  it('that could not be put back stop the set-up before anything is done', async () => {
    const { system } = foreignSystem('win32', {
      ...tools(),
      ...value(ENVIRONMENT, 'PIP_CERT', 'REG_SZ', 'C:\\Zertifikate\\schl�ssel.pem'),
    });
    await expect(createProxy(system).plan(guard)).rejects.toThrow(/PIP_CERT .*cannot be put back/);
  });

  it('tell of a person’s own variable, which wins', async () => {
    const { system, says } = foreignSystem('win32', tools());
    for (const step of await createProxy(system).plan(guard)) Object.assign(says, outcome(step));
    Object.assign(says, value('HKCU\\Environment', 'NO_PROXY', 'REG_SZ', 'api.anthropic.com'));
    expect(await createProxy(system).status(guard)).toContainEqual(
      expect.objectContaining({ state: 'partly', says: expect.stringContaining('NO_PROXY') }),
    );
  });
});

/** What reg.exe and netsh say once a step has been made. */
function outcome(step: Step): Record<string, string | undefined> {
  if (step.kind !== 'run' || !step.command) return {};
  const [program, ...args] = step.command;
  if (program.endsWith('netsh.exe'))
    return shown({ ...NONE, PerUserProxySettings: false, ...(JSON.parse(args.at(-1)?.slice('settings='.length) ?? '') as object) });
  if (!program.endsWith('reg.exe')) return {};
  const [verb, key = '', , name = '', , type = '', , data = ''] = args;
  if (verb === 'delete') return { [`reg.exe query ${key} /v ${name} /reg:64`]: undefined };
  return value(key, name, type, type === 'REG_DWORD' ? `0x${Number(data).toString(16)}` : data);
}
