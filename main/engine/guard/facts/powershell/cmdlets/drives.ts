/** Items that are no files: the registry, the environment, certificates (about_Providers). */

import type { Range, Word } from '../../gathering.ts';
import { judgeUnset, judgeVariable } from '../../shell/variables.ts';
import { isRegistry, judgeRegistry } from '../../windows/registry.ts';
import type { CmdletCall } from './cmdlet.ts';

export interface ItemUse {
  readonly verb: 'read' | 'write' | 'delete';
  readonly name?: string | undefined;
  readonly value?: string | undefined;
}

/** The part of the word that names a drive of PowerShell: at least two letters, so no disk. */
export function driveOf(word: string): string | undefined {
  if (isRegistry(word)) return 'registry';
  const drive = /^(?:Microsoft\.PowerShell\.\w+\\)?([A-Za-z]\w+):/.exec(word)?.[1]?.toLowerCase();
  return drive !== undefined && /^(env|cert|certificate|function|alias|variable|wsman|ad|iis|sqlserver|environment|temp)$/.test(drive)
    ? drive
    : undefined;
}

/** Says whether the word names such an item, and what using it is. */
export function judgeDriveItem(word: Word, use: ItemUse, call: CmdletCall): boolean {
  const drive = driveOf(word.text);
  if (drive === undefined || drive === 'temp') return false;
  const { machine, state } = call;
  const { gathering } = machine;
  const range: Range = word.range;
  const item = word.text.replace(/^[^:]*:+[\\/]*/, '');
  switch (drive) {
    case 'registry':
      judgeRegistry({ key: word.text, name: use.name, value: use.value, verb: use.verb, range }, machine);
      return true;
    case 'env':
    case 'environment':
      if (use.verb === 'delete') {
        judgeUnset(item, range, machine);
        if (/^[*?]*$/.test(item) || item.includes('*')) judgeUnset('HTTPS_PROXY', range, machine);
        state.variables.delete(item.toUpperCase());
      } else if (use.verb === 'write') {
        judgeVariable({ name: item, value: use.value ?? '', range }, state, machine);
        state.variables.set(item.toUpperCase(), [use.value ?? '']);
      }
      return true;
    case 'cert':
    case 'certificate':
      if (use.verb === 'read') return true;
      gathering.effect('disable-guard', 'risk', 'changes which certificates this machine trusts, Holdpoint’s too', range);
      gathering.effect('destructive', 'risk', 'changes which certificates this machine trusts', range);
      return true;
    case 'alias':
    case 'function':
    case 'variable':
      if (use.verb === 'write' && drive === 'alias' && use.value) call.runtime.state.aliases.set(item.toLowerCase(), use.value);
      return true;
    default:
      if (use.verb !== 'read') gathering.effect('privilege', 'risk', `changes this machine’s settings (${drive}:)`, range);
      return true;
  }
}
