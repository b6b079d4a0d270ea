/** Values of the Windows registry, by reg.exe (https://learn.microsoft.com/windows-server/administration/windows-commands/reg): set so that they can be put back. */

import { HoldpointError } from '../../main/contract/errors.ts';
import type { RunStep, ToolCall } from '../steps/step.ts';
import type { System } from '../system.ts';

export type RegistryType = 'REG_SZ' | 'REG_EXPAND_SZ' | 'REG_DWORD' | 'REG_BINARY';

export interface RegistryData {
  readonly type: RegistryType;
  /** As reg.exe takes it: a number in decimal, bytes in hex. */
  readonly data: string;
}

export interface RegistryPlace {
  readonly key: string;
  readonly name: string;
}

/** A value that is wanted; undefined data: that it is not there. */
export interface RegistryWish extends RegistryPlace {
  readonly says: string;
  readonly wanted: RegistryData | undefined;
}

export interface Registry {
  /** Undefined where there is no such value. Throws HoldpointError `settings-unusable` where it is of a kind that could not be put back. */
  read(place: RegistryPlace): Promise<RegistryData | undefined>;
  /** Names of a key's keys, whole. */
  keysOf(key: string): Promise<readonly string[]>;
  /** What has to be done, with what undoes it: nothing for what is so already. */
  steps(wishes: readonly RegistryWish[]): Promise<readonly RunStep[]>;
  holds(wish: RegistryWish): Promise<boolean>;
}

export function createRegistry({ run, env }: System): Registry {
  const reg = `${env.SystemRoot ?? 'C:\\Windows'}\\System32\\reg.exe`;

  return {
    read,
    async keysOf(key) {
      const { out } = await run(reg, ['query', key, '/reg:64']);
      return out
        .split(/\r?\n/)
        .map((line) => line.trim())
        .filter((line) => line.startsWith('HKEY_'));
    },
    async steps(wishes) {
      const steps = await Promise.all(wishes.map(stepFor));
      return steps.flatMap((step) => step ?? []);
    },
    holds: async (wish) => isSame(await read(wish), wish.wanted),
  };

  async function stepFor(wish: RegistryWish): Promise<RunStep | undefined> {
    const before = await read(wish);
    if (isSame(before, wish.wanted)) return undefined;
    return {
      kind: 'run',
      says: wish.says,
      command: setting(wish, wish.wanted),
      undo: setting(wish, before),
      undoMayFail: before === undefined,
    };
  }

  function setting({ key, name }: RegistryPlace, value: RegistryData | undefined): ToolCall {
    if (!value) return [reg, 'delete', key, '/v', name, '/f', '/reg:64'];
    return [reg, 'add', key, '/v', name, '/t', value.type, '/d', value.data, '/f', '/reg:64'];
  }

  /** Its messages are in the system's language; names of types are not. What its console cannot show would not be put back as it was. */
  async function read({ key, name }: RegistryPlace): Promise<RegistryData | undefined> {
    const { code, out } = await run(reg, ['query', key, '/v', name, '/reg:64']);
    if (code !== 0) return undefined;
    const line = out.split(/\r?\n/).find((each) => each.trim().toLowerCase().startsWith(name.toLowerCase()));
    const [, type = '', data = ''] = /^\s+.*?\s{4}(REG_\w+)(?:\s{4}(.*))?$/.exec(line ?? '') ?? [];
    if (!isType(type) || !/^[\x20-\x7e]*$/.test(data))
      throw new HoldpointError(
        'settings-unusable',
        `The value ${name} of ${key} cannot be put back later as it is now. Note and remove it, then install again.`,
      );
    return { type, data: type === 'REG_DWORD' ? String(Number(data)) : data };
  }
}

function isSame(a: RegistryData | undefined, b: RegistryData | undefined): boolean {
  return a?.type === b?.type && a?.data.toLowerCase() === b?.data.toLowerCase();
}

function isType(text: string): text is RegistryType {
  return ['REG_SZ', 'REG_EXPAND_SZ', 'REG_DWORD', 'REG_BINARY'].includes(text);
}
