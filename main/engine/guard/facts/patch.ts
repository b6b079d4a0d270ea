/** Patches: which files they touch. Codex's apply_patch format, and unified diffs. */

import type { Gathering, Word } from './gathering.ts';

const HEADER = /^\*\*\* (Add File|Update File|Delete File|Move to): (.+)$|^(?:\+\+\+|---) (?!\/dev\/null)(?:[ab]\/)?([^\t\n]+)/gm;

/** `at` says where in the shown text the patch's own offset lies. Says `unresolved` where no file is named. */
export function judgePatch(
  patch: string,
  cwd: string | undefined,
  gathering: Gathering,
  at: (start: number, end: number) => Word['range'],
): void {
  const all = at(0, patch.length);
  const ours = /^\*\*\* Begin Patch/m.test(patch);
  let named = false;
  for (const match of patch.matchAll(HEADER)) {
    const path = (match[2] ?? match[3]!).trim();
    // In apply_patch's format a line that begins with `+++` or `---` is content.
    if (ours && match[2] === undefined) continue;
    named = true;
    const start = match.index + match[0].indexOf(path);
    const word: Word = { text: path, raw: path, range: at(start, start + path.length) };
    if (match[1] === 'Delete File') gathering.deletes(word, cwd);
    else gathering.writes(word, cwd, match[1] === 'Add File' ? 'writes' : 'changes');
  }
  if (!named) gathering.effect('unresolved', 'watch', 'applies a patch whose files can’t be told', all);
}
