/**
 * Managed settings on Windows: the registry's policies, which only administrators and group policy can write. A setting
 * `approvals.timeoutSeconds` is the value `timeoutSeconds` of the subkey `approvals`; `Settings` at the top may hold all of them as JSON.
 */

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ManagedReading, ReadManaged } from '../../main/contract/settings/layers.ts';
import { parseRegFile } from './reg-file.ts';
import { settingsOfRegistry } from './registry-values.ts';
import { type RunTool, runTool } from './run.ts';

const POLICIES = 'HKLM\\SOFTWARE\\Policies';
export const WINDOWS_MANAGED_KEY = `${POLICIES}\\Holdpoint`;

export interface WindowsManagedOptions {
  readonly run?: RunTool;
  /** Folder of the system's own programs. */
  readonly systemRoot?: string;
}

export function createWindowsManaged({
  run = runTool,
  systemRoot = process.env.SystemRoot ?? 'C:\\Windows',
}: WindowsManagedOptions = {}): ReadManaged {
  const reg = `${systemRoot}\\System32\\reg.exe`;
  return async () => {
    // Its messages are in the system's language, so that a missing key is told by its parent, which is always there.
    const parent = await run(reg, ['query', POLICIES, '/reg:64']);
    if (parent.code !== 0) return unusable(`${POLICIES} cannot be listed`);
    if (!parent.output.split(/\r?\n/).some((line) => /\\SOFTWARE\\Policies\\Holdpoint$/i.test(line.trim()))) return { state: 'none' };
    const text = await exported();
    const keys = text === undefined ? undefined : parseRegFile(text);
    if (keys === undefined) return unusable('it cannot be read; check its permissions');
    const read = settingsOfRegistry(keys, `HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Holdpoint`);
    // Group policy that is taken back can leave the key without a value.
    if (read.state === 'none') return { state: 'none' };
    if (read.state === 'unusable') return unusable(read.why);
    return { state: 'settings', json: read.json, source: WINDOWS_MANAGED_KEY, base: 'C:\\' };
  };

  /** As a file, since what reg.exe prints has lost every letter that the console's code page does not have. */
  async function exported(): Promise<string | undefined> {
    const folder = await mkdtemp(join(tmpdir(), 'holdpoint-policies-'));
    try {
      const file = join(folder, 'policies.reg');
      const { code } = await run(reg, ['export', WINDOWS_MANAGED_KEY, file, '/y', '/reg:64']);
      return code === 0 ? await readFile(file, 'utf16le') : undefined;
    } catch {
      return undefined;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  function unusable(why: string): ManagedReading {
    return { state: 'unusable', source: WINDOWS_MANAGED_KEY, why: `The managed settings ${WINDOWS_MANAGED_KEY} cannot be used: ${why}.` };
  }
}
