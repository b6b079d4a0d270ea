/**
 * Claude Code's managed settings: a file of ours beside the administrators' own (https://code.claude.com/docs/en/settings, "Settings files").
 * Read from version 2.1.197: managed-settings.json first, then each managed-settings.d/*.json in the order of their names, merged, the last
 * one wins; what they say of `env` beats what Claude Code is started with, and every other settings file. They count for nothing where the
 * company manages Claude Code another way: from Anthropic's servers, or by a macOS profile or the registry's HKLM.
 */

import { existsSync, readdirSync } from 'node:fs';
import { machinePlace } from '../machine-place.ts';
import type { GuardOfMachine, PartState } from '../part.ts';
import { pending } from '../steps/perform.ts';
import type { Step, WriteStep } from '../steps/step.ts';
import type { System } from '../system.ts';
import { membersIn } from './edit.ts';
import { machineVariables } from './environment.ts';
import { readSettings } from './files.ts';

/** After every other name that an administrator is likely to choose. */
const OURS = 'zz-holdpoint.json';
const WHAT = 'Claude Code’s managed settings';

export function claudeManagedSteps(system: System, guard: GuardOfMachine): readonly Step[] {
  return pending(system, [wanted(system, guard)]);
}

/** What Claude Code would find: all files together, not ours alone. */
export async function claudeState(system: System, guard: GuardOfMachine): Promise<PartState> {
  const { file, text } = wanted(system, guard);
  const found = environmentOf(filesOf(system));
  const env = membersIn(text, 'env');
  const missing = Object.keys(env).filter((name) => found[name] !== env[name]);
  if (missing.length === 0) {
    const other = await otherSource(system);
    if (other === undefined) return { what: WHAT, state: 'yes', says: `${file} leads Claude Code to the guard.` };
    const says = `${other} manages Claude Code on this machine, and ${file} counts for nothing beside it. Add the variables of that file there, under "env".`;
    return { what: WHAT, state: 'partly', says };
  }
  if (missing.length === Object.keys(env).length)
    return { what: WHAT, state: 'no', says: 'Claude Code is told nothing of the guard. Run: holdpoint install --yes' };
  const says = `Another file in ${folderOf(system)} sets ${missing.join(', ')} for Claude Code. Remove it there, or run: holdpoint install --yes`;
  return { what: WHAT, state: 'partly', says };
}

function wanted(system: System, guard: GuardOfMachine): WriteStep {
  const place = machinePlace(system, guard);
  // A company's authority that its own settings name is in the system's store as well; ours alone would take it away.
  const named = environmentOf(filesOf(system).filter((file) => !file.endsWith(OURS))).NODE_EXTRA_CA_CERTS;
  const authorityFile = named === undefined ? place.authorityFile : place.bundleFile;
  return {
    kind: 'write',
    says: 'Claude Code of all users is led to the guard, from wherever it is started',
    file: pathIn(system, folderOf(system), 'managed-settings.d', OURS),
    text: `${JSON.stringify({ env: Object.fromEntries(machineVariables({ ...place, authorityFile })) }, null, 2)}\n`,
    mode: 0o644,
  };
}

function folderOf({ platform }: System): string {
  if (platform === 'darwin') return '/Library/Application Support/ClaudeCode';
  return platform === 'win32' ? 'C:\\Program Files\\ClaudeCode' : '/etc/claude-code';
}

function pathIn({ platform }: System, ...parts: string[]): string {
  return parts.join(platform === 'win32' ? '\\' : '/');
}

/** In the order in which Claude Code reads them. */
function filesOf(system: System): readonly string[] {
  const folder = system.root + folderOf(system);
  const dropIns = pathIn(system, folder, 'managed-settings.d');
  return [pathIn(system, folder, 'managed-settings.json'), ...namesIn(dropIns).map((name) => pathIn(system, dropIns, name))];
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json') && !name.startsWith('.'))
      .sort();
  } catch {
    return [];
  }
}

function environmentOf(files: readonly string[]): Readonly<Record<string, string>> {
  return Object.assign({}, ...files.map((file) => membersIn(readable(file), 'env')));
}

/** What cannot be read is of no use to Claude Code either. */
function readable(file: string): string {
  try {
    return readSettings(file) ?? '';
  } catch {
    return '';
  }
}

/** Managed settings that beat files. Those from Anthropic's servers are in a person's account, and cannot be seen from here. */
async function otherSource(system: System): Promise<string | undefined> {
  if (system.platform === 'darwin') {
    const profile = '/Library/Managed Preferences/com.anthropic.claudecode.plist';
    return existsSync(system.root + profile) ? `A configuration profile (${profile})` : undefined;
  }
  if (system.platform !== 'win32') return undefined;
  const key = 'HKLM\\SOFTWARE\\Policies\\ClaudeCode';
  const { code } = await system.run('reg.exe', ['query', key, '/v', 'Settings']);
  return code === 0 ? `The registry (${key})` : undefined;
}
