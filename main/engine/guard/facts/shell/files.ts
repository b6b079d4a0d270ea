/** Files that are run: scripts by their path, and what is known of how they came there. */

import type { Range, Word } from '../gathering.ts';
import { isDownloaded, isOpen, readable } from '../holes.ts';
import { EMPTIES_DATABASE } from '../programs/code.ts';
import { copyOf, type Disk, type Flow, type Machine, type ShellState, UNKNOWN } from './machine.ts';
import { judgeSnippet } from './snippets.ts';

interface Run {
  readonly state: ShellState;
  readonly stdin: Flow;
  readonly machine: Machine;
  readonly range: Range;
}

/** Scripts that frameworks put into a project. */
const FRAMEWORK = /(^|\/)(manage\.py|artisan|bin\/(rails|rake|console|cake)|console|craft|yii)$/;

/** `./x.sh`, `sh x.sh`, `python x.py`. A script that this very command line has written is read; one that it has fetched is a download. */
export function runFile(
  file: Word,
  parameters: readonly Word[],
  { state, stdin, machine, range }: Run,
  language: 'shell' | 'other' | 'any' = 'any',
  interpreter = '',
): Flow {
  const { gathering, disk } = machine;
  if (isDownloaded(file.text)) return downloaded(file, disk.sources.at(-1), machine);
  if (isOpen(file.text)) {
    gathering.effect('unresolved', 'watch', `runs what can’t be told before it runs: ${readable(file.raw)}`, file.range);
    return UNKNOWN;
  }
  const place = gathering.paths.place(file.text, state.cwd);
  if (/^\/dev\/(stdin|fd\/0)$/.test(file.text) && stdin.kind !== 'nothing') return runStdin(file, { state, stdin, machine, range });
  if (FRAMEWORK.test(file.text) && parameters.some(({ text }) => EMPTIES_DATABASE.test(text)))
    gathering.effect(
      'destructive',
      'watch',
      `empties or drops a database (${readable(`${file.raw} ${parameters.map(({ raw }) => raw).join(' ')}`, 60)})`,
      range,
    );
  if (place.kind === 'secret') gathering.reads(file, state.cwd);
  const flow = disk.files.get(place.path);
  if (flow?.kind === 'download') return downloaded(file, flow.from, machine);
  const fetched = fetchedFrom(place.path, disk);
  if (fetched !== undefined) return downloaded(file, fetched, machine);
  if (flow?.kind === 'text' && language !== 'other' && (language === 'shell' || isShellScript(flow.text))) {
    const inner = copyOf(state);
    inner.parameters = parameters.map(({ text }) => text);
    gathering.effect('runs-code', 'plain', `runs ${place.shown}`, range);
    return machine.runText(flow.text, inner, stdin, () => file.range);
  }
  if (flow?.kind === 'text') {
    const name = interpreter || interpreterOf(flow.text, place.path);
    if (name) judgeSnippet(flow.text, name, () => file.range, copyOf(state), machine);
  }
  if (place.kind === 'nothing') {
    gathering.effect('unresolved', 'watch', 'runs what it is given, which can’t be told before it runs', file.range);
  } else if (place.where === 'workspace') {
    gathering.effect('runs-code', 'plain', `runs ${place.shown}`, file.range);
  } else {
    gathering.effect('runs-code', 'watch', `runs ${place.shown}, not in this project`, file.range);
  }
  return UNKNOWN;
}

/** `. /dev/stdin`: what comes in is the script. */
function runStdin(file: Word, { state, stdin, machine }: Run): Flow {
  if (stdin.kind === 'download' || (stdin.kind === 'text' && isDownloaded(stdin.text)))
    return downloaded(file, machine.disk.sources.at(-1), machine);
  if (stdin.kind === 'text') return machine.runText(stdin.text, copyOf(state), { kind: 'nothing' }, () => file.range);
  machine.gathering.effect('unresolved', 'watch', 'runs what it is given, which can’t be told before it runs', file.range);
  return UNKNOWN;
}

/** By its first line, else by its name. */
function interpreterOf(text: string, path: string): string | undefined {
  const [, named] = /^#!.*?\b(python|node|perl|ruby|php|deno|bun|osascript|lua)/.exec(text) ?? [];
  const [, ending] = /\.(py|m?js|cjs|ts|pl|rb|php|lua)$/.exec(path) ?? [];
  return named ?? (ending && { py: 'python', pl: 'perl', rb: 'ruby', php: 'php', lua: 'lua' }[ending]) ?? (ending && 'node');
}

/** Where the folder that holds this path was filled from, if this command line did that. */
export function fetchedFrom(path: string, { fetched }: Disk): string | undefined {
  return [...fetched].find(([folder]) => path === folder || path.startsWith(`${folder}/`) || path.startsWith(`${folder}\\`))?.[1];
}

function downloaded(file: Word, from: string | undefined, { gathering }: Machine): Flow {
  gathering.effect('download-execute', 'risk', `downloads ${from ?? 'something'} and runs it`, file.range);
  return UNKNOWN;
}

/** Without a `#!` line a shell runs the file itself. */
function isShellScript(text: string): boolean {
  return !/^#!/.test(text) || /^#!.*\b(ba|z|da|k)?sh\b/.test(text);
}
