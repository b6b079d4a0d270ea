/** tar, zip and 7z: what is packed is in the archive, and what is unpacked from a download is one. */

import type { Word } from '../gathering.ts';
import { gravest, type Holding, readable } from '../holes.ts';
import type { Special } from '../programs/program.ts';
import { copyOf, type Flow, fileFlow, type Handler, holdingOf, type Invocation, madeOf, NOTHING, UNKNOWN } from './machine.ts';

type Archiver = Extract<Special, 'extract' | 'zip'>;

export const ARCHIVERS: Readonly<Record<Archiver, Handler>> = {
  /** `tar xzf A -C D`, `tar -czf A FILES`, `unzip A -d D`. */
  extract(invocation) {
    const { name, words, machine, state, stdin } = invocation;
    const { gathering } = machine;
    if (!/tar/.test(name))
      return unpack(
        invocation,
        words.find(({ text }) => !text.startsWith('-')),
        after(words, /^-d$/),
        /^(-l|-t|-p|-Z)/,
      );
    const letters = words
      .filter(({ text }, index) => /^-\w/.test(text) || index === 0)
      .map(({ text }) => (text.startsWith('--') ? '' : text))
      .join('');
    const has = (letter: string, long: string) => letters.includes(letter) || words.some(({ text }) => text === long);
    for (const word of words) {
      const action = /^--checkpoint-action=exec=(.+)$/s.exec(word.text)?.[1];
      if (!action) continue;
      machine.runText(action, copyOf(state), NOTHING, () => word.range);
      gathering.effect('unresolved', 'watch', `runs a command while it packs (${readable(word.raw, 60)})`, word.range);
    }
    const archive =
      after(words, /^-?\w*f$|^--file$/) ??
      words.flatMap((word) => (word.text.startsWith('--file=') ? [{ ...word, text: word.text.slice(7) }] : []))[0];
    const folder = after(words, /^(-C|--directory)$/);
    if (has('c', '--create') || has('r', '--append') || has('u', '--update')) {
      const files = words.slice(1).filter((word) => word !== archive && word !== folder && !word.text.startsWith('-'));
      const inner = copyOf(state);
      if (folder) inner.cwd = gathering.paths.absolute(folder.text, state.cwd);
      return pack(files, archive, { ...invocation, state: inner }, state.cwd);
    }
    if (archive && archive.text !== '-') gathering.reads(archive, state.cwd);
    if (!has('x', '--extract')) return madeOf(archive ? UNKNOWN : stdin);
    if (has('P', '--absolute-names')) gathering.effect('unresolved', 'watch', 'unpacks to wherever the archive says', invocation.range);
    unpackInto(archive, folder, invocation);
    return has('O', '--to-stdout') ? madeOf(archive ? fileFlow(archive.text, state, machine) : stdin) : NOTHING;
  },

  /** `zip [-r] A FILES`, `7z a A FILES`, `7z x A -oD`. */
  zip(invocation) {
    const { name, operands, words, state } = invocation;
    if (name === 'zip') return pack(operands.slice(1), operands[0], invocation, state.cwd);
    const [verb, archive, ...files] = operands;
    if (/^(a|u|m)$/.test(verb?.text ?? '')) return pack(files, archive, invocation, state.cwd);
    const folder = words.flatMap((word) => (/^-o./.test(word.text) ? [{ ...word, text: word.text.slice(2) }] : []))[0];
    return unpack(invocation, archive, folder, /^[lt]$/);
  },
};

function pack(
  files: readonly Word[],
  archive: Word | undefined,
  { machine, state, stdin, words }: Invocation,
  home: string | undefined,
): Flow {
  const { gathering, disk } = machine;
  let holds: Holding | undefined = files.length > 0 ? 'data' : holdingOf(stdin);
  for (const file of files) {
    gathering.reads(file, state.cwd, true);
    // The originals go; the archive may be anywhere.
    if (words.some(({ text }) => /^(--remove-files|-sdel|--move)$/.test(text))) gathering.deletes(file, state.cwd, 'whole');
    holds = gravest(holds, holdingOf(fileFlow(file.text, state, machine)));
  }
  const packed: Flow = { kind: 'unknown', holds };
  if (!archive || archive.text === '-') return packed;
  const place = gathering.writes(archive, home);
  disk.files.set(place.path, packed);
  return NOTHING;
}

function unpack(invocation: Invocation, archive: Word | undefined, folder: Word | undefined, lists: RegExp): Flow {
  const { machine, state, words } = invocation;
  if (archive) machine.gathering.reads(archive, state.cwd);
  if (words.some(({ text }) => lists.test(text))) return madeOf(archive ? fileFlow(archive.text, state, machine) : UNKNOWN);
  unpackInto(archive, folder, invocation);
  return NOTHING;
}

function unpackInto(archive: Word | undefined, folder: Word | undefined, { machine, state, stdin, range }: Invocation): void {
  const { gathering, disk } = machine;
  const place = gathering.writes(folder ?? { text: '.', range, raw: '.' }, state.cwd, 'unpacks into');
  const flow = archive && archive.text !== '-' ? fileFlow(archive.text, state, machine) : stdin;
  if (flow.kind === 'download') disk.fetched.set(place.path, flow.from);
}

function after(words: readonly Word[], pattern: RegExp): Word | undefined {
  return words.find((_, index) => index > 0 && pattern.test(words[index - 1]!.text));
}
