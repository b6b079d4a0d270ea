/** Redirections: where a command's bytes go to and come from. */

import type { Redirection, Word as WordNode } from 'unbash';
import type { Gathering, Word } from '../gathering.ts';
import { readable } from '../holes.ts';
import { type Disk, type Flow, NOTHING, type ShellState, together, UNKNOWN } from './machine.ts';
import { expandQuoted, expandText, type WordWorld } from './words.ts';

export interface RedirectContext {
  readonly state: ShellState;
  readonly stdin: Flow;
  /** The simple command's own words; absent for a compound command. */
  readonly words: readonly Word[] | undefined;
  readonly gathering: Gathering;
  readonly disk: Disk;
  readonly world: WordWorld;
  readonly wordsOf: (node: WordNode) => readonly Word[];
}

/** Gives what the command reads, and `out`, which puts what it prints where it goes and gives what is left for a pipe. */
export function judgeRedirects(redirects: readonly Redirection[], context: RedirectContext): { stdin: Flow; out: (printed: Flow) => Flow } {
  const { state, gathering, disk, world, wordsOf } = context;
  const empties = context.words !== undefined && isEmpty(context.words);
  let stdin = context.stdin;
  const targets: string[] = [];
  for (const node of redirects) {
    if (node.type === 'HereDoc') {
      const body = node.body.parts ? expandQuoted(node.body.parts, world) : node.body.text;
      stdin = { kind: 'text', text: node.operator === '<<-' ? body.replace(/^\t+/gm, '') : body };
      continue;
    }
    if (!node.target) continue;
    if (node.type === 'HereString') {
      stdin = { kind: 'text', text: `${expandText(node.target, world)}\n` };
      continue;
    }
    const [word] = wordsOf(node.target);
    if (!word) continue;
    if (/^[<>]&$/.test(node.operator) && /^(\d+-?|-)$/.test(word.text)) continue;
    const dial = /^\/dev\/(tcp|udp)\/([^/]+)\/(.+)$/.exec(word.text);
    if (dial) {
      gathering.host(readable(dial[2]!));
      gathering.effect('network', 'risk', `opens a raw connection to ${readable(dial[2]!)}:${readable(dial[3]!)}`, word.range);
      disk.sources.push(`what ${readable(dial[2]!)}:${readable(dial[3]!)} sends`);
      stdin = { kind: 'download', from: disk.sources.at(-1)! };
      continue;
    }
    if (node.operator === '<') {
      gathering.reads(word, state.cwd);
      stdin = fileFlow(word, context);
      continue;
    }
    const clears = empties && !node.operator.includes('>>');
    const place = gathering.writes(word, state.cwd, clears ? 'empties' : 'writes');
    if (clears && place.where !== 'outside' && place.kind !== 'generated') {
      gathering.effect('destructive', 'watch', `empties ${place.shown}`, word.range);
    }
    if (node.descriptor?.type === 'FileDescriptor' && node.descriptor.value !== 1) continue;
    targets.push(place.path);
  }
  const out = (printed: Flow): Flow => {
    for (const path of targets) disk.files.set(path, together(disk.files.get(path) ?? NOTHING, printed));
    return targets.length > 0 ? NOTHING : printed;
  };
  return { stdin, out };
}

function fileFlow(word: Word, { state, gathering, disk }: RedirectContext): Flow {
  const path = gathering.paths.absolute(word.text, state.cwd);
  return (path !== undefined && disk.files.get(path)) || UNKNOWN;
}

/** `> file`, `: > file`, `cat /dev/null > file`. */
function isEmpty(words: readonly Word[]): boolean {
  const [name, ...rest] = words.map(({ text }) => text);
  return name === undefined || name === ':' || name === 'true' || (name === 'cat' && rest.join(' ') === '/dev/null');
}
