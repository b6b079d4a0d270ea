/** Cmdlets that read, write and pack files. */

import type { Word } from '../../gathering.ts';
import { gravest, HOLE, isOpen } from '../../holes.ts';
import { holdingOf } from '../../shell/machine.ts';
import { copyFiles, readFiles, writeFiles } from '../../windows/actions.ts';
import { environmentVariable, holdingOfNames } from '../../windows/environment.ts';
import { inputWords } from '../binding.ts';
import { EMPTY, flowOf, itemsOf, listOf, text, unknown, type Value } from '../values.ts';
import { type Cmdlet, type CmdletCall, rows } from './cmdlet.ts';
import { driveOf, judgeDriveItem } from './drives.ts';

const ENCODED = 'Encoding Width InputObject Delimiter Depth Stream Culture QuoteFields UseQuotes IncludeTypeInformation';

export const FILES: Readonly<Record<string, Cmdlet>> = {
  'get-content': {
    positional: 'Path',
    named: 'LiteralPath Encoding TotalCount Tail Head First Last ReadCount Delimiter Filter Include Exclude Stream Credential',
    switches: 'Raw Wait Force AsByteStream',
    run(call) {
      const files = pathsOf(call);
      const values = files.map((file): Value => {
        if (/^env:/i.test(file.text))
          return text(environmentVariable(file.text.replace(/^env:[\\/]*/i, ''), call.state, call.machine.gathering));
        if (judgeDriveItem(file, { verb: 'read' }, call)) return unknown();
        return readFiles([file], call, /[*?]/.test(file.text));
      });
      return listOf(values);
    },
  },
  ...rows('Set-Content Add-Content', {
    positional: 'Path Value',
    named: `LiteralPath PassThru Filter Include Exclude Credential ${ENCODED}`,
    switches: 'Force NoNewline AsByteStream PassThru',
    run(call) {
      const adds = call.name === 'add-content';
      const value = call.given('Value').length > 0 ? listOf(call.given('Value').map(({ value: one }) => one)) : call.input;
      const files = pathsOf(call, false).filter((file) => !judgeDriveItem(file, { verb: 'write', value: undefined }, call));
      writeFiles(files, flowOf(value), call, adds ? 'adds to' : 'writes', !adds && clears(call, value));
      return EMPTY;
    },
  }),
  'clear-content': {
    positional: 'Path',
    named: 'LiteralPath Filter Include Exclude Stream',
    switches: 'Force',
    run(call) {
      writeFiles(pathsOf(call), { kind: 'nothing' }, call, 'empties', true);
      return EMPTY;
    },
  },
  ...rows('Out-File Export-Csv Export-Clixml Export-Alias Export-FormatData', {
    positional: 'FilePath',
    named: `Path LiteralPath ${ENCODED}`,
    switches: 'Append Force NoClobber NoNewline NoTypeInformation UseCulture',
    run(call) {
      const value = call.value('InputObject') ?? call.input;
      writeFiles(
        [...call.words('FilePath'), ...call.words('Path'), ...call.words('LiteralPath')],
        flowOf(value),
        call,
        call.has('Append') ? 'adds to' : 'writes',
      );
      return EMPTY;
    },
  }),
  ...rows('Import-Csv Import-Clixml Import-PowerShellDataFile Get-ItemStream Import-Alias', {
    positional: 'Path',
    named: 'LiteralPath Delimiter Header Encoding',
    switches: 'UseCulture',
    run: (call) => readFiles(pathsOf(call), call),
  }),
  'get-childitem': {
    positional: 'Path Filter',
    named: 'LiteralPath Include Exclude Depth Attributes FollowSymlink',
    switches: 'Recurse File Directory Hidden Force Name ReadOnly System',
    run(call) {
      const folders = pathsOf(call, false);
      const given: readonly Word[] = folders.length > 0 ? folders : [{ text: '.', range: call.range, raw: '.' }];
      const variables = given.find(({ text: path }) => /^env:/i.test(path));
      if (variables) return { kind: 'unknown', holds: holdingOfNames(variables.text.replace(/^env:[\\/]*/i, '')) };
      const drive = given.map(({ text: path }) => driveOf(path)).find((one) => one !== undefined);
      if (drive) {
        for (const folder of given) judgeDriveItem(folder, { verb: 'read' }, call);
        return { kind: 'paths', patterns: given.map(({ text: path }) => `${path.replace(/[\\/]$/, '')}\\*`) };
      }
      const names = [...call.words('Include'), ...call.words('Filter')].map(({ text: name }) => name);
      for (const folder of given) call.machine.gathering.reads(folder, call.state.cwd);
      return { kind: 'paths', patterns: given.flatMap((folder) => foundIn(folder, names)) };
    },
  },
  ...rows('Get-Item', {
    positional: 'Path',
    named: 'LiteralPath Filter Include Exclude Stream',
    switches: 'Force',
    run(call) {
      const files = pathsOf(call);
      for (const file of files) if (!judgeDriveItem(file, { verb: 'read' }, call)) call.machine.gathering.reads(file, call.state.cwd);
      if (files.some((file) => /^env:/i.test(file.text))) return { kind: 'unknown', holds: 'variable' };
      return { kind: 'paths', patterns: files.map((file) => file.text) };
    },
  }),
  'compress-archive': {
    positional: 'Path DestinationPath',
    named: 'LiteralPath CompressionLevel',
    switches: 'Update Force PassThru',
    run(call) {
      const files = [
        ...call.words('Path'),
        ...call.words('LiteralPath'),
        ...(call.has('Path') || call.has('LiteralPath') ? [] : inputWords(call.input, call.range)),
      ];
      const flow = readFiles(files, call, true);
      // A whole folder of the project is more than the one file that somebody may want to hand out.
      const folders = files.some((file) => !/\.[A-Za-z][A-Za-z0-9]{0,5}$/.test(file.text));
      const holds = gravest(holdingOf(flow), folders ? 'private' : 'workspace');
      writeFiles(call.words('DestinationPath'), flow.kind === 'download' ? flow : { kind: 'unknown', holds }, call);
      return EMPTY;
    },
  },
  'expand-archive': {
    positional: 'Path DestinationPath',
    named: 'LiteralPath',
    switches: 'Force PassThru',
    run(call) {
      const files = [...call.words('Path'), ...call.words('LiteralPath')];
      const flow = readFiles(files, call);
      const target = call.word('DestinationPath') ?? { text: '.', range: call.range, raw: '.' };
      const place = call.machine.gathering.writes(target, call.state.cwd, 'unpacks into');
      if (flow.kind === 'download') call.machine.disk.fetched.set(place.path, flow.from);
      return EMPTY;
    },
  },
  ...rows('Set-Acl', {
    positional: 'Path AclObject',
    named: 'LiteralPath',
    switches: 'Passthru ClearCentralAccessPolicy',
    run(call) {
      for (const file of pathsOf(call)) {
        const place = call.machine.gathering.writes(file, call.state.cwd, 'changes who may use');
        if (place.where !== 'workspace')
          call.say({ effect: 'privilege', risk: 'watch', says: `changes who may use ${place.shown}` }, file.range);
      }
      return EMPTY;
    },
  }),
  'unblock-file': {
    positional: 'Path',
    named: 'LiteralPath',
    effects: [{ effect: 'privilege', risk: 'watch', says: 'lets something from elsewhere run unchecked ({command})' }],
  },
  ...rows('New-Folder', {
    positional: 'Path',
    named: 'Name Mode ItemType',
    switches: 'p Force Parents',
    rest: true,
    run(call) {
      for (const file of call.words('Path')) call.machine.gathering.writes(file, call.state.cwd);
      return { kind: 'paths', patterns: call.words('Path').map((file) => file.text) };
    },
  }),
  ...rows('Start-Transcript', {
    positional: 'Path',
    named: 'LiteralPath OutputDirectory',
    switches: 'Append Force',
    writes: 'Path LiteralPath OutputDirectory',
    gives: 'nothing',
  }),
  ...rows('Copy-Item', {
    positional: 'Path Destination',
    named: 'LiteralPath Filter Include Exclude ToSession FromSession Credential',
    switches: 'Recurse Force Container PassThru',
    run(call) {
      const to = call.word('Destination');
      copyFiles(pathsOf(call), to ?? { text: '.', range: call.range, raw: '.' }, call, 'copy', call.has('Recurse'));
      if (call.has('ToSession')) call.say({ effect: 'network', risk: 'watch', says: 'sends files to another machine ({command})' });
      return to ? { kind: 'paths', patterns: [to.text] } : EMPTY;
    },
  }),
  ...rows('Move-Item Rename-Item', {
    positional: 'Path Destination',
    named: 'LiteralPath NewName Filter Include Exclude Credential',
    switches: 'Force PassThru',
    run(call) {
      const files = pathsOf(call);
      const name = call.word('NewName') ?? (call.name === 'rename-item' ? call.word('Destination') : undefined);
      if (call.name === 'rename-item') {
        for (const file of files) {
          const folder = /^(.*[\\/])[^\\/]*$/.exec(file.text)?.[1] ?? '';
          copyFiles(
            [file],
            name && { ...name, text: isOpen(name.text) || /[\\/]/.test(name.text) ? name.text.replaceAll(HOLE, '…') : folder + name.text },
            call,
            'move',
          );
        }
        return EMPTY;
      }
      copyFiles(files, call.word('Destination') ?? { text: '.', range: call.range, raw: '.' }, call, 'move');
      return EMPTY;
    },
  }),
};

/** What the cmdlet is to work on: its own paths, else what comes down the pipeline. */
export function pathsOf(call: CmdletCall, piped = true): Word[] {
  const own = [...call.words('Path'), ...call.words('LiteralPath')];
  if (own.length > 0 || call.has('Path') || call.has('LiteralPath')) return own;
  return piped && itemsOf(call.input).length > 0 ? inputWords(call.input, call.range) : [];
}

/** The files that a search may give, as patterns. */
function foundIn(folder: Word, names: readonly string[]): string[] {
  const plain = folder.text.replace(/[\\/]\*$/, '').replace(/(?<=.)[\\/]$/, '');
  const pattern = /[*?]/.test(plain);
  if (names.length > 0) {
    const start = pattern ? plain.replace(/[\\/]?[^\\/]*[*?].*$/, '') || '.' : plain;
    // One name that has no star is that very file or folder, wherever it lies.
    return names.map((name) => `${start}/${name.replace(/^.*[\\/]/, '')}`);
  }
  if (pattern) return [plain];
  return [`${plain}/*`];
}

/** `Set-Content a.ts ''`, `$null`: what was there is gone. */
function clears(call: CmdletCall, value: Value): boolean {
  return call.has('Value') && (value.kind === 'nothing' || (value.kind === 'text' && value.text === ''));
}
