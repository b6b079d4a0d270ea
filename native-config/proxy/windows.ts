/**
 * Windows: the proxy script of all users.
 * - WinINET, which browsers and everything on Chromium go by: by machine instead of by user, with the policy ProxySettingsPerUser
 *   (https://learn.microsoft.com/windows-hardware/customize/desktop/unattend/microsoft-windows-ie-clientnetworkprotocolimplementation-hklmproxyserver).
 *   It is in `Connections` that the settings count; the value beside them is what tools show.
 * - WinHTTP, for services: `netsh winhttp set advproxy` (https://learn.microsoft.com/windows/win32/winhttp/netsh-exe-commands), which Windows 11
 *   and Server 2022 have.
 *
 * What people had by user counts no longer then: it becomes the guard's own way out.
 */

import { z } from 'zod';
import type { GuardOfMachine, PartState } from '../part.ts';
import type { RunStep } from '../steps/step.ts';
import type { System } from '../system.ts';
import type { ProxyWay } from './proxy.ts';
import { isPacOfGuard, pacUrl } from './proxy-urls.ts';
import { createRegistry, type RegistryWish } from './registry.ts';
import { type WayOut, wayOutSteps } from './way-out.ts';
import { MACHINE_ENVIRONMENT } from './windows-environment.ts';

const SETTINGS = 'SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Internet Settings';
const POLICY = 'HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows\\CurrentVersion\\Internet Settings';

export function createWindowsProxy(system: System): ProxyWay {
  const registry = createRegistry(system);
  const netsh = `${system.env.SystemRoot ?? 'C:\\Windows'}\\System32\\netsh.exe`;

  return {
    async plan(guard) {
      const found = (await Promise.all((await hives()).map(wayOutOf))).flat();
      return [
        ...wayOutSteps(system, [...found, ...(await ofEnvironment(guard))]),
        ...(await registry.steps(wishes(guard))),
        ...(await winHttpSteps(guard)),
      ];
    },
    async status(guard): Promise<readonly PartState[]> {
      const held = await Promise.all(wishes(guard).map((wish) => registry.holds(wish)));
      return [
        stateOf('the proxy settings of all users (WinINET)', held.every(Boolean)),
        stateOf('the proxy settings of services (WinHTTP)', (await winHttp())?.AutoconfigUrl === pacUrl(guard)),
      ];
    },
  };

  async function winHttpSteps(guard: GuardOfMachine): Promise<readonly RunStep[]> {
    const before = await winHttp();
    // An older Windows, whose WinHTTP knows no script for the machine.
    if (!before || before.AutoconfigUrl === pacUrl(guard)) return [];
    // By user is what WinHTTP says where nothing is set for the machine.
    const earlier = before.PerUserProxySettings ? NOTHING : before;
    const set = (value: WinHttp) =>
      [netsh, 'winhttp', 'set', 'advproxy', 'setting-scope=machine', `settings=${JSON.stringify(value)}`] as const;
    return [
      {
        kind: 'run',
        says: 'Services’ proxy settings lead AI providers to the guard, and nothing else',
        command: set({ ...NOTHING, AutoconfigUrl: pacUrl(guard) }),
        undo: set({
          Proxy: earlier.Proxy,
          ProxyBypass: earlier.ProxyBypass,
          AutoconfigUrl: earlier.AutoconfigUrl,
          AutoDetect: earlier.AutoDetect,
        }),
      },
    ];
  }

  /** After words in the system's language comes an object. */
  async function winHttp(): Promise<z.infer<typeof shownSchema> | undefined> {
    const { code, out } = await system.run(netsh, ['winhttp', 'show', 'advproxy']);
    try {
      return code === 0 ? shownSchema.parse(JSON.parse(out.slice(out.indexOf('{'), out.lastIndexOf('}') + 1))) : undefined;
    } catch {
      return undefined;
    }
  }

  /** The machine's, where it counts, and those of the people who are logged in. */
  async function hives(): Promise<readonly string[]> {
    const perMachine = await registry.read({ key: POLICY, name: 'ProxySettingsPerUser' });
    if (perMachine?.data === '0') return ['HKLM'];
    const people = (await registry.keysOf('HKU')).filter((key) => /^HKEY_USERS\\S-1-(5-21|12-1)-[\d-]+$/.test(key));
    return people.map((key) => key.replace('HKEY_USERS', 'HKU'));
  }

  /** Where the guard is set up already the variable is its own, perhaps of an earlier port. */
  async function ofEnvironment({ proxyUrl }: GuardOfMachine): Promise<readonly WayOut[]> {
    const url = (await registry.read({ key: MACHINE_ENVIRONMENT, name: 'HTTPS_PROXY' }))?.data ?? '';
    if (url === '' || url === proxyUrl || (await hasOurs())) return [];
    return [{ kind: 'parentProxy', url: url.includes('://') ? url : `http://${url}`, where: 'the variable HTTPS_PROXY of all users' }];
  }

  async function hasOurs(): Promise<boolean> {
    return isPacOfGuard((await registry.read({ key: `HKLM\\${SETTINGS}`, name: 'AutoConfigURL' }))?.data ?? '');
  }

  async function wayOutOf(hive: string): Promise<readonly WayOut[]> {
    const value = async (name: string) => (await registry.read({ key: `${hive}\\${SETTINGS}`, name }))?.data ?? '';
    const where = hive === 'HKLM' ? 'the machine’s Internet Settings' : `the Internet Settings of ${hive.slice('HKU\\'.length)}`;
    const url = await value('AutoConfigURL');
    if (url !== '') return isPacOfGuard(url) ? [] : [{ kind: 'pac', url, where }];
    if ((await value('ProxyEnable')) !== '1') return [];
    // "HOST:PORT", or one for each scheme: "http=HOST:PORT;https=HOST:PORT".
    const server = await value('ProxyServer');
    const host = /(?:^|;)https=([^;]+)/i.exec(server)?.[1] ?? server;
    return [{ kind: 'parentProxy', url: `http://${host.replace(/^https?:\/\//i, '')}`, where }];
  }
}

function wishes(guard: GuardOfMachine): readonly RegistryWish[] {
  const says = 'The proxy settings of all users lead AI providers to the guard, and nothing else';
  const url = pacUrl(guard);
  const binary = { type: 'REG_BINARY', data: connectionSettings(url) } as const;
  return [
    { key: `HKLM\\${SETTINGS}`, name: 'AutoConfigURL', says, wanted: { type: 'REG_SZ', data: url } },
    { key: `HKLM\\${SETTINGS}\\Connections`, name: 'DefaultConnectionSettings', says, wanted: binary },
    { key: `HKLM\\${SETTINGS}\\Connections`, name: 'SavedLegacySettings', says, wanted: binary },
    // Last: from then on they count.
    {
      key: POLICY,
      name: 'ProxySettingsPerUser',
      says: 'The proxy settings are the machine’s, not each user’s',
      wanted: { type: 'REG_DWORD', data: '0' },
    },
  ];
}

const DIRECT = 1;
const SCRIPT = 4;

/**
 * The bytes in hex: version, counter and flags, then proxy, exceptions and script, each after its length, and 32 bytes of nothing; numbers in
 * 32 bits, little-endian. Not documented by Microsoft, and the same since Internet Explorer 6.
 */
function connectionSettings(url: string): string {
  const number = (value: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value);
    return bytes;
  };
  const head = [0x46, 1, DIRECT | SCRIPT, 0, 0, url.length].map(number);
  return Buffer.concat([...head, Buffer.from(url, 'latin1'), Buffer.alloc(32)])
    .toString('hex')
    .toUpperCase();
}

const shownSchema = z.object({
  Proxy: z.string().catch('').default(''),
  ProxyBypass: z.string().catch('').default(''),
  AutoconfigUrl: z.string().catch('').default(''),
  AutoDetect: z.boolean().catch(false).default(false),
  PerUserProxySettings: z.boolean().catch(false).default(false),
});

type WinHttp = Omit<z.infer<typeof shownSchema>, 'PerUserProxySettings'>;

const NOTHING: WinHttp = { Proxy: '', ProxyBypass: '', AutoconfigUrl: '', AutoDetect: false };

function stateOf(what: string, holds: boolean): PartState {
  return holds
    ? { what, state: 'yes', says: 'The script of the guard is what its programs go by.' }
    : { what, state: 'no', says: 'Its programs are not led to the guard. Run: holdpoint install --yes' };
}
