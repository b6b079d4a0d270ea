/** What tells this machine from others: an identifier that the operating system made when it was installed. */

import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** The machine's identifier in lower case; undefined where it has none that can be read. */
export type MachineId = () => Promise<string | undefined>;

const WAIT_MS = 5000;

/** Asks the operating system: a file on Linux (machine-id(5)), `ioreg` on macOS, the registry on Windows. */
export function systemMachineId(platform: NodeJS.Platform = process.platform): MachineId {
  return async () => {
    try {
      switch (platform) {
        case 'linux':
          return parseMachineIdFile(await readFile('/etc/machine-id', 'utf8').catch(() => readFile('/var/lib/dbus/machine-id', 'utf8')));
        case 'darwin':
          return parseIoreg(await outputOf('/usr/sbin/ioreg', ['-rd1', '-c', 'IOPlatformExpertDevice']));
        case 'win32':
          return parseRegistry(
            await outputOf(`${process.env.SystemRoot ?? 'C:\\Windows'}\\System32\\reg.exe`, [
              'query',
              'HKLM\\SOFTWARE\\Microsoft\\Cryptography',
              '/v',
              'MachineGuid',
              '/reg:64',
            ]),
          );
        default:
          return undefined;
      }
    } catch {
      // A container has none, say: the identity is then not bound to a machine.
      return undefined;
    }
  };
}

/** 32 hex digits; `uninitialized` is what an image has before its first boot. */
export function parseMachineIdFile(text: string): string | undefined {
  return /^([0-9a-f]{32})\s*$/i.exec(text)?.[1]?.toLowerCase();
}

/** `"IOPlatformUUID" = "…"` in what `ioreg` prints. */
export function parseIoreg(text: string): string | undefined {
  return /"IOPlatformUUID"\s*=\s*"([0-9a-f-]{36})"/i.exec(text)?.[1]?.toLowerCase();
}

/** `MachineGuid    REG_SZ    …` in what `reg query` prints. */
export function parseRegistry(text: string): string | undefined {
  return /^\s*MachineGuid\s+REG_SZ\s+\{?([0-9a-f-]{36})\}?\s*$/im.exec(text)?.[1]?.toLowerCase();
}

async function outputOf(file: string, args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(file, args, { timeout: WAIT_MS, maxBuffer: 1024 * 1024, windowsHide: true });
  return stdout;
}
