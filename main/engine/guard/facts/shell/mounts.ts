/** Containers: what they get of this machine, and what the command inside then does to it. */

import { createGathering, type Word } from '../gathering.ts';
import { readable } from '../holes.ts';
import type { Special } from '../programs/program.ts';
import { copyOf, type Handler, type Invocation, UNKNOWN } from './machine.ts';
import { parseWords } from './options.ts';

interface Mount {
  readonly word: Word;
  readonly here: string;
  readonly there: string;
}

const VALUES =
  '-v --volume --mount -e --env --env-file -p --publish -w --workdir -u --user --name --network --net --entrypoint -l --label --label-file --platform --memory -m --cpus -c --cpu-shares --restart --gpus --hostname -h --add-host --cap-add --cap-drop --device --dns --expose --health-cmd --ip --ipc --link --log-driver --log-opt --pid --pull --security-opt --shm-size --stop-signal --tmpfs --ulimit --userns --uts --volumes-from --cidfile -a --attach --annotation --runtime';

export const MOUNTS: Readonly<Record<Extract<Special, 'mounts'>, Handler>> = {
  /** `docker run [OPTIONS] IMAGE [CMD …]` */
  mounts(invocation) {
    const { words, machine, state } = invocation;
    const { gathering } = machine;
    const mounts = mountsIn(words);
    for (const { word, here } of mounts) {
      const { kind, shown, starts } = gathering.paths.place(here, state.cwd);
      const mounted = { ...word, text: here };
      if (kind === 'secret') gathering.reads(mounted, state.cwd);
      // The root itself is in the table of programs.
      else if (kind === 'everything' && here !== '/')
        gathering.effect('privilege', 'risk', `gives a container ${shown} of this machine`, word.range);
      else if (starts && !/:ro(,|$)/.test(word.text)) gathering.writes(mounted, state.cwd, 'lets a container change');
    }
    for (const [index, word] of words.entries()) {
      const file = /^--env-file(?:=(.+))?$/.exec(word.text);
      const path = file?.[1] ?? (file ? words[index + 1]?.text : undefined);
      if (path) gathering.reads({ ...word, text: path }, state.cwd);
    }
    const { operands, options } = parseWords(words, { values: VALUES, style: 'words' }, 'operand');
    const [, ...command] = operands;
    const entry = options.find(({ name }) => name === '--entrypoint')?.value;
    const line = entry ? [entry, ...command] : command;
    if (line.length > 0 && mounts.length > 0) judgeInside(line, mounts, invocation);
    return UNKNOWN;
  },
};

function mountsIn(words: readonly Word[]): Mount[] {
  return words.flatMap((word, index) => {
    const before = words[index - 1]?.text ?? '';
    const given = /^(?:-v|--volume|--mount)$/.test(before) ? word.text : /^(?:-v|--volume=|--mount=)(.+)$/.exec(word.text)?.[1];
    if (given === undefined) return [];
    const named = /(?:^|,)(?:source|src)=([^,]+)/.exec(given)?.[1];
    const target = /(?:^|,)(?:target|destination|dst)=([^,]+)/.exec(given)?.[1];
    const [here = '', there = ''] = named ? [named, target ?? ''] : given.split(':');
    return /[/~]/.test(here) ? [{ word, here, there: there || here }] : [];
  });
}

/** The command is read with the folders' names of this machine, and counts as far as it reaches them. */
function judgeInside(command: readonly Word[], mounts: readonly Mount[], { machine, state, range }: Invocation): void {
  const { gathering } = machine;
  const apart = createGathering(gathering.paths);
  const here = command.map((word) => ({ ...word, text: mounts.reduce((text, mount) => moved(text, mount), word.text) }));
  machine.apart(apart).runWords(here, copyOf(state), { kind: 'nothing' }, range);
  const facts = apart.facts();
  const roots = mounts.flatMap((mount) => gathering.paths.absolute(mount.here, state.cwd) ?? []);
  const by = command[0]!;
  for (const { path, use } of facts.paths) {
    if (!roots.some((root) => path === root || path.startsWith(root === '/' ? '/' : `${root}/`))) continue;
    const word = { text: path, raw: readable(path), range: by.range };
    const lost = facts.effects.some(({ effect }) => effect === 'destructive');
    if (use === 'delete') gathering.deletes(word, state.cwd, lost ? 'whole' : undefined);
    else if (use === 'write') gathering.writes(word, state.cwd);
    else gathering.reads(word, state.cwd);
  }
}

function moved(text: string, { here, there }: Mount): string {
  if (there === '' || there === '/') return text;
  const place = there.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\/$/, '');
  return text.replaceAll(new RegExp(`(?<![\\w./-])${place}(?=$|[/\\s'"*;&|)])`, 'g'), () => here.replace(/(.)\/$/, '$1'));
}
