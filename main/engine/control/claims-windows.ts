/**
 * Whose a folder is on Windows: the owner in its security descriptor, told by PowerShell.
 * https://learn.microsoft.com/en-us/powershell/module/microsoft.powershell.security/get-acl
 */

import { win32 } from 'node:path';
import { z } from 'zod';
import type { FolderOwner } from './claims.ts';

/** Runs a program to its end, and gives what it wrote; '' where it failed. */
export type Run = (file: string, args: readonly string[], signal: AbortSignal) => Promise<string>;

const toldSchema = z.looseObject({
  sid: z.string().regex(/^S-1-\d+(-\d+){1,15}$/),
  name: z.string().max(512).nullable(),
  /** Of the folder itself: a junction or a symbolic link is a reparse point. */
  attributes: z.string(),
});

/**
 * The system, and the group that owns what an elevated administrator makes.
 * https://learn.microsoft.com/en-us/windows-server/identity/ad-ds/manage/understand-security-identifiers
 */
const ADMINS: ReadonlySet<string> = new Set(['S-1-5-18', 'S-1-5-32-544']);
const PATIENCE_MS = 15_000;

export function createWindowsOwners(run: Run, systemRoot = process.env.SystemRoot ?? 'C:\\Windows') {
  const powershell = win32.join(systemRoot, 'System32', 'WindowsPowerShell', 'v1.0', 'powershell.exe');
  return async (path: string): Promise<FolderOwner | undefined> => {
    const args = ['-NoLogo', '-NoProfile', '-NonInteractive', '-Command', script(path)];
    return ownerIn(await run(powershell, args, AbortSignal.timeout(PATIENCE_MS)));
  };
}

/** A quote within single quotes is doubled; nothing else has a meaning there. */
function script(path: string): string {
  return [
    "$ErrorActionPreference = 'Stop'",
    '[Console]::OutputEncoding = New-Object System.Text.UTF8Encoding $false',
    `$path = '${path.replaceAll("'", "''")}'`,
    '$sid = (Get-Acl -LiteralPath $path).GetOwner([System.Security.Principal.SecurityIdentifier])',
    '$name = try { $sid.Translate([System.Security.Principal.NTAccount]).Value } catch { $null }',
    '@{ sid = $sid.Value; name = $name; attributes = [string](Get-Item -LiteralPath $path -Force).Attributes } | ConvertTo-Json -Compress',
  ].join('; ');
}

/** Undefined where it is no plain folder, or what was told is not understood. The name is without its domain, as a process's user is. */
export function ownerIn(output: string): FolderOwner | undefined {
  let told: z.infer<typeof toldSchema> | undefined;
  try {
    told = toldSchema.safeParse(JSON.parse(output)).data;
  } catch {
    return undefined;
  }
  const attributes = told?.attributes.split(/,\s*/) ?? [];
  if (!told || !attributes.includes('Directory') || attributes.includes('ReparsePoint')) return undefined;
  return { name: told.name?.split('\\').at(-1) || told.sid, admin: ADMINS.has(told.sid), id: told.sid };
}
