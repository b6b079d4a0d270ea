/** Commands within code of languages that nobody reads here: what such code hands to the system is a command all the same. */

import type { Word } from '../gathering.ts';
import { readable } from '../holes.ts';
import { copyOf, type Invocation, NOTHING } from './machine.ts';

type Given = Pick<Invocation, 'name' | 'words' | 'range' | 'stdin' | 'state' | 'machine'>;

/** Calls by which languages run a command: Lisps, ML, Haskell, Erlang, Octave, gnuplot, m4, Tcl, Java, D, Nim. */
const CALLS =
  /(?:\b(?:system\*?|shell(?:_?output|-command(?:-to-string)?)?|exec(?:Shell|Cmd\w*|Process\w*|ute\w*)?|os[:.](?:cmd|system|execute)|e?syscmd|run-(?:program|shell-command|command)|call(?:Command|Process|-process)|(?:read|raw)(?:Process|SystemWith\w*)|Sys\.command|open-(?:input-|output-)?pipe|uiop:run-program|popen\w*|spawn\w*|Process\.\w+|unix|dos|pipe|command|start-process|sh)|!)[\s(:#]*["'`]([^"'`\n]{1,400})["'`]?/g;
/** Backticks, and `%(…)` of rpm's macros. */
const QUOTED = /^`([^`\n]{1,400})`$|%\(([^()\n]{1,400})\)/g;
/** dc, ed and their like: a line that begins with it is a command. */
const BANG = /^\s*!\s*([^\n!=]{2,400})$/gm;
/** Deletes by the language's own means. */
const DELETES =
  /\b(?:rm|unlink|delete-(?:directory|file)(?:-recursive(?:ly)?)?|delete-directory-tree|removeDirectoryRecursive|removeFile|rmdir|rmtree|file:del(?:ete|_dir_r)|confirm_recursive_rmdir|FileSystem\.delete\w*|Files\.delete\w*|Sys\.remove|removeDir|os\.remove\w*)\s*[\s(]+["']([~/][^"'\n]{1,400})["']/g;
/** Fetches what it then has others run. */
const INSTALLS =
  /\b(?:pkg\s+install|Pkg\.(?:add|clone|develop)|install[._-]packages?|ql:quickload|package-install|PlugInstall|PackerSync|Lazy\s+(?:install|sync)|MasonInstall|TSInstall|CocInstall|GoInstallBinaries)\b/;

const CMAKE: Readonly<Record<string, string>> = {
  remove_directory: 'rm -r',
  remove: 'rm',
  rename: 'mv',
  copy: 'cp',
  copy_directory: 'cp -r',
};

export function judgeEmbedded(given: Given): void {
  const { words, range, stdin, state, machine, name } = given;
  const texts: Word[] = [...words, ...(stdin.kind === 'text' ? [{ text: stdin.text, raw: stdin.text, range }] : [])];
  // `cmake -E rm -rf x` is rm in all systems.
  if (name === 'cmake' && words[0]?.text === '-E' && words[1]) {
    const [, verb, ...rest] = words;
    const [first, ...more] = (CMAKE[verb!.text] ?? verb!.text).split(' ').map((text) => ({ ...verb!, text }));
    if (/^(rm|remove\w*|rename|env|time|copy\w*|touch|create_symlink)$/.test(verb!.text))
      machine.runWords([first!, ...more, ...rest], copyOf(state), NOTHING, range);
    return;
  }
  for (const { text, range: where } of texts) {
    if (text.length < 4 || text.length > 20_000) continue;
    for (const pattern of [CALLS, QUOTED, ...(/^(dc|ed|ex|bc|gnuplot|sqlplus|gdb|mail|ftp|less)$/.test(name) ? [BANG] : [])])
      for (const match of text.matchAll(pattern)) {
        const command = match.slice(1).find(Boolean);
        if (command && /\s|^[\w./-]+$/.test(command)) machine.runText(command, copyOf(state), NOTHING, () => where);
      }
    for (const match of text.matchAll(DELETES))
      machine.gathering.deletes({ text: match[1]!, raw: match[1]!, range: where }, state.cwd, 'whole');
    if (INSTALLS.test(text))
      machine.gathering.effect('install-package', 'watch', `installs what others wrote (${readable(text, 60)})`, where);
  }
}
