/** Cmdlets on items of any drive: files, registry keys, variables of the environment, certificates. */

import type { Word } from '../../gathering.ts';
import { deleteFiles, writeFiles } from '../../windows/actions.ts';
import { isRegistry, judgeRegistry } from '../../windows/registry.ts';
import { EMPTY, flowOf, text, textOfValue, unknown } from '../values.ts';
import { type Cmdlet, type CmdletCall, rows } from './cmdlet.ts';
import { driveOf, judgeDriveItem } from './drives.ts';
import { pathsOf } from './files.ts';

export const ITEMS: Readonly<Record<string, Cmdlet>> = {
  'remove-item': {
    positional: 'Path',
    named: 'LiteralPath Filter Include Exclude Stream Credential',
    switches: 'Recurse Force',
    run(call) {
      const own = call.has('Path') || call.has('LiteralPath');
      const names = [...call.words('Include'), ...call.words('Filter')];
      for (const file of pathsOf(call)) {
        if (judgeDriveItem(file, { verb: 'delete' }, call)) continue;
        const found = !own && call.input.kind !== 'text';
        if (names.length > 0 && own) {
          for (const name of names)
            deleteFiles([{ ...file, text: `${file.text.replace(/[\\/]?\*$/, '') || '.'}/${name.text}` }], call, 'found');
          continue;
        }
        deleteFiles([file], call, found && /[*?]/.test(file.text) ? 'found' : call.has('Recurse') ? 'whole' : undefined);
      }
      return EMPTY;
    },
  },
  'clear-item': {
    positional: 'Path',
    named: 'LiteralPath Filter Include Exclude',
    switches: 'Force',
    run(call) {
      const files = pathsOf(call).filter((file) => !judgeDriveItem(file, { verb: 'delete' }, call));
      writeFiles(files, { kind: 'nothing' }, call, 'empties', true);
      return EMPTY;
    },
  },
  'clear-recyclebin': {
    positional: 'DriveLetter',
    switches: 'Force',
    effects: [{ effect: 'destructive', risk: 'risk', says: 'empties the recycle bin' }],
  },
  'new-item': {
    positional: 'Path',
    named: 'Name ItemType Type Value Target Credential Options',
    switches: 'Force',
    run(call) {
      const folders = call.words('Path');
      const name = call.word('Name');
      const base = folders.length > 0 ? folders : [{ text: '.', range: call.range, raw: call.raw }];
      const kind = (call.word('ItemType') ?? call.word('Type'))?.text ?? '';
      const value = call.value('Value') ?? call.value('Target') ?? (kind === '' && call.input.kind !== 'nothing' ? call.input : undefined);
      for (const folder of base) {
        const item: Word = name
          ? { ...name, text: folders.length > 0 ? `${folder.text.replace(/[\\/]$/, '')}/${name.text}` : name.text }
          : folder;
        if (judgeDriveItem(item, { verb: 'write', value: value && textOfValue(value) }, call)) continue;
        if (/^(symboliclink|junction|hardlink)$/i.test(kind)) linked(call, item);
        else if (/^dir/i.test(kind)) call.machine.gathering.writes(item, call.state.cwd);
        else writeFiles([item], value ? flowOf(value) : { kind: 'nothing' }, call);
      }
      return { kind: 'paths', patterns: base.map((folder) => (name ? `${folder.text}/${name.text}` : folder.text)) };
    },
  },
  'set-item': {
    positional: 'Path Value',
    named: 'LiteralPath Filter Include Exclude Options',
    switches: 'Force PassThru',
    run(call) {
      const value = call.value('Value') ?? call.input;
      for (const file of pathsOf(call, false)) {
        if (value.kind === 'block' && driveOf(file.text) === 'function') {
          call.runtime.state.functions.set(file.text.replace(/^[^:]*:[\\/]*/, '').toLowerCase(), value);
          continue;
        }
        if (!judgeDriveItem(file, { verb: 'write', value: textOfValue(value) }, call)) writeFiles([file], flowOf(value), call);
      }
      return EMPTY;
    },
  },
  ...rows(
    'Set-ItemProperty New-ItemProperty Remove-ItemProperty Clear-ItemProperty Rename-ItemProperty Copy-ItemProperty Move-ItemProperty',
    {
      positional: 'Path Name Value',
      named: 'LiteralPath PropertyType Type Filter Include Exclude InputObject NewName Destination',
      switches: 'Force PassThru',
      run(call) {
        const verb = /^(remove|clear)/.test(call.name) ? 'delete' : 'write';
        for (const file of pathsOf(call)) {
          const use = { verb, name: call.word('Name')?.text, value: call.word('Value')?.text } as const;
          if (isRegistry(file.text))
            judgeRegistry({ key: file.text, ...use, verb: verb === 'delete' ? 'delete' : 'write', range: file.range }, call.machine);
          else if (!judgeDriveItem(file, use, call)) call.machine.gathering.writes(file, call.state.cwd, 'changes');
        }
        return EMPTY;
      },
    },
  ),
  ...rows('Get-ItemProperty Get-ItemPropertyValue', {
    positional: 'Path Name',
    named: 'LiteralPath Filter Include Exclude',
    run(call) {
      for (const file of pathsOf(call))
        if (!judgeDriveItem(file, { verb: 'read' }, call)) call.machine.gathering.reads(file, call.state.cwd);
      return unknown();
    },
  }),
  ...rows('Set-Location Push-Location', {
    positional: 'Path',
    named: 'LiteralPath StackName',
    switches: 'PassThru',
    run(call) {
      const target = pathsOf(call)[0] ?? (call.name === 'set-location' ? { text: '~' } : undefined);
      if (call.name === 'push-location') call.runtime.state.variables.set('\0stack', text(call.state.cwd ?? ''));
      if (target)
        call.state.cwd =
          /^[-+]$/.test(target.text) || driveOf(target.text)
            ? undefined
            : call.machine.gathering.paths.absolute(target.text, call.state.cwd);
      return EMPTY;
    },
  }),
  'pop-location': {
    named: 'StackName',
    switches: 'PassThru',
    run(call) {
      const before = call.runtime.state.variables.get('\0stack');
      call.state.cwd = (before && textOfValue(before)) || undefined;
      return EMPTY;
    },
  },
  'new-psdrive': {
    positional: 'Name PSProvider Root',
    named: 'Description Scope Credential',
    switches: 'Persist',
    run(call) {
      const root = call.word('Root');
      if (root && /^\\\\/.test(root.text))
        call.say({ effect: 'network', risk: 'watch', says: 'connects a folder of another machine ({command})' });
      else if (root) call.machine.gathering.reads(root, call.state.cwd);
      return EMPTY;
    },
  },
  'remove-psdrive': { positional: 'Name', switches: 'Force', gives: 'nothing' },
};

/** What is written to the link later is written there. */
function linked(call: CmdletCall, item: Word): void {
  call.machine.gathering.writes(item, call.state.cwd);
  for (const target of [...call.words('Value'), ...call.words('Target')]) {
    const place = call.machine.gathering.paths.place(target.text, call.state.cwd);
    if (place.where === 'workspace' || place.kind === 'scratch') call.machine.gathering.reads(target, call.state.cwd);
    else call.machine.gathering.writes(target, call.state.cwd, 'gives another name to');
  }
}
