/** What is known of a program, as data: its options, what its operands are, and what running it means. */

import type { Effect, Risk } from '../../../../contract/action.ts';

/**
 * An effect in words. Placeholders: `{name}` the program, `{command}` the simple command as written, `{1}` the first operand,
 * `{operands}` all of them, `{host}` where it connects to. Risk is `plain` where it is not given.
 */
export interface Said {
  readonly effect: Effect;
  readonly risk?: Risk;
  readonly says: string;
}

/** What a program does with its operands. Two words joined by `-then-` divide them: the last operand, or the first for `text`. */
export type OperandUse =
  | 'none'
  | 'list'
  | 'read'
  | 'shred'
  | 'write'
  | 'write-then-read'
  | 'delete'
  | 'delete-whole'
  | 'empty'
  | 'text-then-read'
  | 'text-then-write'
  | 'read-then-write'
  | 'move-then-write'
  | 'link-then-write'
  | 'url'
  | 'host'
  | 'remote-copy';

export interface When {
  /** Space-separated: any of these options is given. */
  readonly options?: string;
  /** Space-separated: none of these options is given. */
  readonly without?: string;
  /** Some word of the command matches. */
  readonly word?: RegExp;
  /** All words, joined by one space, match. */
  readonly phrase?: RegExp;
  readonly operands?: 'none' | 'some';
  /** Every operand matches, and there is one. */
  readonly only?: RegExp;
  readonly effects: readonly Said[];
}

/** A program that runs another one, named by its operands. */
export interface Wraps {
  /** Operands before the command: `timeout 5 CMD` has one. */
  readonly skip?: number;
  /** `NAME=value` words may come before the command. */
  readonly assignments?: true;
  /** The command begins where a program is named that is known: what comes before has a grammar of its own. */
  readonly loose?: true;
  /** The words together are shell text, as in `watch 'a | b'`. */
  readonly text?: true;
}

/** Programs whose meaning does not fit a table row; each has a function of that name in `shell/`. */
export type Special =
  | 'alias'
  | 'apply-patch'
  | 'at'
  | 'awk'
  | 'cat'
  | 'cd'
  | 'dd'
  | 'debugger'
  | 'declare'
  | 'dirname'
  | 'decoder'
  | 'download'
  | 'echo'
  | 'eval'
  | 'extract'
  | 'fd'
  | 'find'
  | 'git-apply'
  | 'git-clone'
  | 'editor-commands'
  | 'env'
  | 'environment'
  | 'expect'
  | 'flock'
  | 'git-config'
  | 'git-push'
  | 'git-remote'
  | 'git-rev-parse'
  | 'git-settings'
  | 'hands-over'
  | 'httpie'
  | 'interpreter'
  | 'mail'
  | 'netcat'
  | 'parallel'
  | 'openssl'
  | 'pwd'
  | 'read'
  | 'recursive-change'
  | 'remote-shell'
  | 'run-package'
  | 'sed'
  | 'sends-files'
  | 'sends-stdin'
  | 'set'
  | 'shell'
  | 'shift'
  | 'snippet'
  | 'source'
  | 'ssh-keygen'
  | 'sql'
  | 'ssh'
  | 'systemd-run'
  | 'tee'
  | 'texts'
  | 'terminal'
  | 'unset'
  | 'uploads'
  | 'kill'
  | 'container-copy'
  | 'container-exec'
  | 'mounts'
  | 'make'
  | 'git-rm'
  | 'trap'
  | 'windows'
  | 'xargs'
  | 'zip';

export interface Program {
  /** `words`: one dash starts a whole word (`find -delete`), and letters are never bundled. */
  readonly style?: 'words';
  /** Space-separated options that take a value of no interest. */
  readonly values?: string;
  /** Space-separated options whose value is a path that is read, or written, or a command that is run. */
  readonly reads?: string;
  readonly writes?: string;
  readonly runs?: string;
  /** Options whose value is the folder to work in. */
  readonly goes?: string;
  readonly operands?: OperandUse;
  /** Space-separated options with which it only says what it would do. `--dry-run` is understood everywhere. */
  readonly rehearses?: string;
  /** Options whose value is a program that helps: it is given words or bytes that are not known. */
  readonly helps?: string;
  /** Options whose value is a pager or an editor: a command that is given what there is to be shown. */
  readonly pages?: string;
  /** What running it means, whatever its arguments. */
  readonly effects?: readonly Said[];
  /** Of these the first that fits counts, on top of `effects`. */
  readonly when?: readonly When[];
  /** By sub-command. `''` is the program without one, `*` any that is not listed; without `*` an unlisted one is unknown. */
  readonly commands?: Readonly<Record<string, Program>>;
  readonly wraps?: Wraps;
  readonly special?: Special;
  /**
   * What its standard output is, for what reads it: `name` is one path segment at most (a date, a number), `paths` are
   * below its operands, `scratch` a fresh file's name below /tmp, `stdin` what came in. `identity` tells who or where this is,
   * `measure` is of no interest (a size, a sum, a yes), `data`, `private` and `secret` are local data of that weight. Absent: made of
   * what it reads.
   */
  readonly gives?: 'name' | 'paths' | 'scratch' | 'stdin' | 'nothing' | 'identity' | 'measure' | 'data' | 'private' | 'secret';
}

/** Gives each of the space-separated names the same row. */
export function rows(names: string, program: Program): Record<string, Program> {
  return Object.fromEntries(names.split(' ').map((name) => [name, program]));
}
