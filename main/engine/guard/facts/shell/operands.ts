/** Operands: what a program does with the files and addresses that it is given. */

import type { Gathering, Word } from '../gathering.ts';
import { gravest, holdingIn, isOpen, readable } from '../holes.ts';
import type { OperandUse } from '../programs/program.ts';
import { judgeSending } from '../sending.ts';
import { judgeHost, judgeRemotePath } from './hosts.ts';
import { fileFlow, type Invocation } from './machine.ts';
import { findOption, hasOption } from './options.ts';

export function useOperands(use: OperandUse, invocation: Invocation): void {
  const { operands, machine, state } = invocation;
  const { gathering } = machine;
  const cwd = state.cwd;
  const files = operands.filter(({ text }) => text !== '-' && text !== '');
  // `-e PATTERN` and `-f FILE` take the place of the first operand.
  const named = findOption(invocation.options, '-e --expression --regexp -f --file --from-file');
  // macOS's `sed -i ''` has one more.
  const texts = named ? 0 : operands[0]?.text === '' && hasOption(invocation.options, '-i') ? 2 : 1;
  const rest = operands.slice(texts).filter(({ text }) => text !== '-' && text !== '');
  switch (use) {
    case 'none':
      return;
    case 'list':
      for (const word of files) gathering.lists(word, cwd);
      return;
    case 'read':
      for (const word of files) gathering.reads(word, cwd);
      return;
    case 'shred':
      for (const word of files) {
        const place = gathering.deletes(word, cwd);
        if (!/^(scratch|nothing|generated)$/.test(place.kind))
          gathering.effect('destructive', 'risk', `overwrites ${place.shown}, so that it cannot be brought back`, word.range);
      }
      return;
    case 'write':
      for (const word of files) gathering.writes(word, cwd);
      return;
    case 'write-then-read':
      for (const word of files.slice(0, 1)) gathering.writes(word, cwd);
      for (const word of files.slice(1)) gathering.reads(word, cwd, true);
      return;
    case 'delete':
      for (const word of files) gathering.deletes(word, cwd, hasOption(invocation.options, '-r -R --recursive') ? 'whole' : undefined);
      return;
    case 'delete-whole':
      for (const word of files) gathering.deletes(word, cwd, 'whole');
      return;
    case 'empty':
      for (const word of files) emptied(word, cwd, gathering);
      return;
    case 'text-then-read':
      for (const word of rest) gathering.reads(word, cwd, searchesBelow(invocation));
      return;
    case 'text-then-write':
      for (const word of files.slice(1)) gathering.writes(word, cwd, 'changes');
      return;
    case 'read-then-write':
    case 'move-then-write':
    case 'link-then-write': {
      const target = findOption(invocation.options, '-t --target-directory')?.value;
      const sources = target || files.length === 1 ? files : files.slice(0, -1);
      for (const word of sources) {
        if (use === 'move-then-write') moved(word, cwd, gathering);
        else if (use === 'link-then-write') linked(word, linkFolder(files, cwd, gathering), gathering);
        else gathering.reads(word, cwd, hasOption(invocation.options, '-r -R -a --recursive --archive'));
      }
      const destination = target ? undefined : files.length > 1 ? files.at(-1) : undefined;
      if (destination && use === 'move-then-write') lostIn(destination, sources, invocation);
      if (destination) settled(destination, sources, use, invocation);
      return;
    }
    case 'url':
      for (const word of files) judgeHost(word, machine, cwd);
      return;
    case 'host': {
      // A pattern to send, or a record to ask about, leaves as well.
      const carried = gravest(...invocation.options.map(({ value }) => value && holdingIn(value.text)));
      if (carried && !/^(variable|workspace|identity)$/.test(carried))
        judgeSending({ holds: carried, host: undefined, range: invocation.range }, gathering);
      for (const word of files) {
        // What is put into a name leaves the machine when it is looked up.
        const holds = holdingIn(word.text);
        if (holds && !/^(variable|workspace)$/.test(holds)) judgeSending({ holds, host: undefined, range: word.range }, gathering);
        const open = isOpen(word.text) && holds !== 'variable';
        if (!isOpen(word.text) && word === files[0]) gathering.host(readable(word.text));
        gathering.effect('network', open ? 'watch' : 'plain', `asks about ${readable(open ? word.raw : word.text)}`, word.range);
      }
      return;
    }
    case 'remote-copy':
      for (const word of files) judgeRemotePath(word, word === files.at(-1) && files.length > 1, files.slice(0, -1), machine, state);
      return;
  }
}

/** `grep -r`, and the tools that always look below. */
function searchesBelow({ name, options }: Invocation): boolean {
  return /^(rg|ag|ack)$/.test(name) || hasOption(options, '-r -R --recursive --dereference-recursive');
}

function emptied(word: Word, cwd: string | undefined, gathering: Gathering): void {
  const place = gathering.writes(word, cwd, 'empties');
  const outside = place.where === 'outside' ? ', not in this project' : '';
  if (!/^(generated|scratch|nothing|device)$/.test(place.kind))
    gathering.effect('destructive', 'watch', `empties ${place.shown}${outside}`, word.range);
}

function moved(word: Word, cwd: string | undefined, gathering: Gathering): void {
  const place = gathering.writes(word, cwd, 'moves away');
  if (/^(everything|system|workspace-whole)$/.test(place.kind))
    gathering.effect('destructive', 'risk', `moves ${place.shown} away`, word.range);
}

/** What is moved into a device is nowhere. */
function lostIn(destination: Word, sources: readonly Word[], { state, machine: { gathering } }: Invocation): void {
  if (gathering.paths.place(destination.text, state.cwd).kind !== 'nothing') return;
  for (const word of sources) gathering.deletes(word, state.cwd, 'whole');
}

/** A relative target starts at the link's own folder, where the link's name has one. */
function linkFolder(files: readonly Word[], cwd: string | undefined, gathering: Gathering): string | undefined {
  const link = files.length === 2 ? files[1]!.text : '';
  const folder = link.includes('/') && !isOpen(link) ? link.slice(0, link.lastIndexOf('/')) : '';
  const absolute = folder === '' ? undefined : gathering.paths.absolute(folder, cwd);
  return absolute !== undefined && gathering.paths.place(absolute, cwd).where === 'workspace' ? absolute : cwd;
}

/** What is written to the link later is written there. */
function linked(word: Word, cwd: string | undefined, gathering: Gathering): void {
  const place = gathering.paths.place(word.text, cwd);
  if (place.where === 'workspace' || place.kind === 'scratch') gathering.reads(word, cwd);
  else gathering.writes(word, cwd, 'gives another name to');
}

/** The file that was downloaded is the same file under its new name. */
function settled(word: Word, sources: readonly Word[], use: OperandUse, { machine, state }: Invocation): void {
  const { gathering, disk } = machine;
  if (sources.some(({ text }) => text === '/dev/null')) {
    emptied(word, state.cwd, gathering);
    return;
  }
  const moves = use === 'move-then-write' && gathering.paths.place(word.text, state.cwd).where === 'outside';
  const place = gathering.writes(word, state.cwd, moves ? 'may replace' : 'writes');
  if (use === 'move-then-write' && place.where === 'outside' && !/^(scratch|nothing)$/.test(place.kind)) {
    gathering.effect('destructive', 'watch', `may replace ${place.shown}, not in this project`, word.range);
  }
  for (const source of sources) {
    const from = gathering.paths.absolute(source.text, state.cwd);
    if (from === undefined) continue;
    const flow = fileFlow(source.text, state, machine);
    disk.files.set(place.path, flow);
    disk.files.set(`${place.path}/${from.slice(from.lastIndexOf('/') + 1)}`, flow);
  }
}
